"""What the database itself does for events, endpoints and deliveries; the same on both ways."""

WRITTEN_ONCE = """
CREATE SEQUENCE events_position_seq;
CREATE FUNCTION events_refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'events are written once' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER events_event_written_once
    BEFORE UPDATE OF organization_id, type, subject_type, subject_id, sequence, order_ref, status,
        data, actor, cause, occurred_at, recorded_at ON events_event
    FOR EACH ROW EXECUTE FUNCTION events_refuse_rewriting();
CREATE TRIGGER events_event_never_deleted BEFORE DELETE ON events_event
    FOR EACH ROW EXECUTE FUNCTION events_refuse_rewriting();
REVOKE UPDATE, DELETE, TRUNCATE ON events_event FROM oms_app;
GRANT UPDATE (position, not_before, attempts, last_error, parked_at) ON events_event TO oms_app;
ALTER TABLE events_event SET (autovacuum_vacuum_scale_factor = 0.02);
"""
REWRITABLE = """
DROP TRIGGER events_event_written_once ON events_event;
DROP TRIGGER events_event_never_deleted ON events_event;
DROP FUNCTION events_refuse_rewriting();
DROP SEQUENCE events_position_seq;
"""

# Which points a channel has is known one app further up. Asked here, at the moment of the event, it
# is always right; kept on the endpoint it would have to be kept up to date (docs/adr/0023).
FAN_OUT = """
CREATE OR REPLACE FUNCTION events_fan_out() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO events_delivery (event_id, endpoint_id, subject_type, subject_id, state,
                                 finished_at)
    SELECT e.id, p.id, e.subject_type, e.subject_id,
           CASE p.state WHEN 'DISABLED' THEN 'SUPPRESSED' ELSE 'PENDING' END,
           CASE p.state WHEN 'DISABLED' THEN transaction_timestamp() END
    FROM written e
    JOIN events_endpoint p ON p.organization_id = e.organization_id
        AND p.removed_at IS NULL
        AND e.type = ANY (p.types)
        AND CASE WHEN p.is_by_points
            THEN EXISTS (SELECT FROM locations_channelpoint l
                         WHERE l.channel_id = p.channel_ref AND l.point_id = e.point_ref)
            ELSE (p.channel_ref IS NULL OR p.channel_ref = e.channel_ref)
                AND (p.point_ref IS NULL OR p.point_ref = e.point_ref) END
    ORDER BY e.id, p.id;
    RETURN NULL;
END $$;
"""
FAN_OUT_TRIGGER = """
CREATE TRIGGER events_event_fan_out AFTER INSERT ON events_event
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION events_fan_out();
ALTER TABLE events_delivery SET (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02);
ALTER TABLE events_endpointhealth SET (fillfactor = 50);
"""
NO_FAN_OUT = """
DROP TRIGGER events_event_fan_out ON events_event;
DROP FUNCTION events_fan_out();
"""

# Whoever adds an endpoint, the workers find its health: they lock that row before they claim.
HEALTH = """
CREATE FUNCTION events_give_health() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO events_endpointhealth (endpoint_id) SELECT id FROM written;
    RETURN NULL;
END $$;
CREATE TRIGGER events_endpoint_health AFTER INSERT ON events_endpoint
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION events_give_health();
"""
NO_HEALTH = """
DROP TRIGGER events_endpoint_health ON events_endpoint;
DROP FUNCTION events_give_health();
"""

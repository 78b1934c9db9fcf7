"""What an event says is never changed; the application's role may move the relay's columns only."""

from django.db import migrations

GUARD = """
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
UNGUARD = """
DROP TRIGGER events_event_written_once ON events_event;
DROP TRIGGER events_event_never_deleted ON events_event;
DROP FUNCTION events_refuse_rewriting();
DROP SEQUENCE events_position_seq;
"""


class Migration(migrations.Migration):
    dependencies = [("events", "0001_initial")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]

"""What happens to a box is news of its package, for the format whose objects are packages."""

from django.db import migrations

_HEAD = """
CREATE OR REPLACE FUNCTION events_fan_out() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO events_delivery (event_id, endpoint_id, subject_type, subject_id, state,
                                 finished_at)
    SELECT e.id, p.id, {subject},
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
                AND (p.point_ref IS NULL OR p.point_ref = e.point_ref) END{joined}
    ORDER BY e.id, p.id;
    RETURN NULL;
END $$;
"""
# The subject of a delivery is what its endpoint hears of in order (docs/adr/0027). Whose box it is
# is known two apps further up; asked here it need not be told with every event.
FAN_OUT = _HEAD.format(
    subject="coalesce(t.type, e.subject_type), coalesce(t.id, e.subject_id)",
    joined="""
    LEFT JOIN LATERAL (
        SELECT 'task' AS type, b.task_id AS id FROM fulfillment_parcel b
        WHERE p.format = 'whisperer' AND e.subject_type = 'parcel' AND b.id = e.subject_id
    ) t ON true""",
)
FAN_OUT_BEFORE = _HEAD.format(subject="e.subject_type, e.subject_id", joined="")


class Migration(migrations.Migration):
    dependencies = [("events", "0016_hooks")]
    operations = [migrations.RunSQL(FAN_OUT, FAN_OUT_BEFORE)]

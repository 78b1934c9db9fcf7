"""Deliveries are written with their event, whoever writes it (docs/adr/0013)."""

from django.db import migrations

from oms.events.migrations._sql import FAN_OUT_TRIGGER, NO_FAN_OUT

FAN_OUT = """
CREATE FUNCTION events_fan_out() RETURNS trigger LANGUAGE plpgsql AS $$
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
        AND (p.channel_ref IS NULL OR p.channel_ref = e.channel_ref)
        AND (p.point_ref IS NULL OR p.point_ref = e.point_ref)
    ORDER BY e.id, p.id;
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("events", "0003_deliveries")]
    operations = [migrations.RunSQL(FAN_OUT + FAN_OUT_TRIGGER, NO_FAN_OUT)]

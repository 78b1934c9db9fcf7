"""Endpoints that hear of the points of a channel, and what receivers hand out and refuse."""

from django.db import migrations, models

import oms.kernel.sealed
from oms.events.migrations._sql import FAN_OUT

FAN_OUT_BEFORE = """
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
        AND (p.channel_ref IS NULL OR p.channel_ref = e.channel_ref)
        AND (p.point_ref IS NULL OR p.point_ref = e.point_ref)
    ORDER BY e.id, p.id;
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0012_partial_progress"),
        ("locations", "0001_initial"),
    ]
    operations = [
        migrations.AddField(
            model_name="endpoint",
            name="is_by_points",
            field=models.BooleanField(
                db_default=False,
                default=False,
                editable=False,
                help_text="Hears of what happens at its channel's points, whatever channel it came from",
            ),
        ),
        migrations.AddConstraint(
            model_name="endpoint",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_by_points", False), ("channel_ref__isnull", False), _connector="OR"),
                name="events_endpoint_points_of_a_channel",
            ),
        ),
        migrations.AddField(
            model_name="endpointhealth",
            name="renewed_headers",
            field=oms.kernel.sealed.SealedField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="endpointhealth",
            name="renewed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="delivery",
            name="refusals",
            field=models.PositiveSmallIntegerField(
                db_default=0,
                help_text="Of the attempts, those the receiver refused for good reason",
            ),
        ),
        migrations.RunSQL(FAN_OUT, FAN_OUT_BEFORE),
    ]

"""The feed is read by organization: its index takes the place of the one on positions alone."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # CREATE INDEX CONCURRENTLY cannot run inside a transaction

    dependencies = [("events", "0009_endpoint_version")]
    operations = [
        AddIndexConcurrently(
            model_name="event",
            index=models.Index(
                condition=models.Q(("position__isnull", False)),
                fields=["organization", "position"],
                name="events_event_feed_idx",
            ),
        ),
        RemoveIndexConcurrently(model_name="event", name="events_event_position_idx"),
    ]

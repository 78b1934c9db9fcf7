"""What an event says is never changed; the application's role may move the relay's columns only."""

from django.db import migrations

from oms.events.migrations._sql import REWRITABLE, WRITTEN_ONCE


class Migration(migrations.Migration):
    dependencies = [("events", "0001_initial")]
    operations = [migrations.RunSQL(WRITTEN_ONCE, REWRITABLE)]

"""Numbers that people and contracts see come from sequences of their own, never from keys."""

from django.db import migrations

SEQUENCES = "fulfillment_task_number_seq,fulfillment_taskline_number_seq,fulfillment_parcel_number_seq,fulfillment_cancellation_number_seq".split(",")


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(f"CREATE SEQUENCE {name} START 1001", f"DROP SEQUENCE {name}")
        for name in SEQUENCES
    ]

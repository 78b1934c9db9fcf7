"""Numbers that people and contracts see come from sequences of their own, never from keys."""

from django.db import migrations

SEQUENCES = "orders_line_number_seq".split(",")


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(f"CREATE SEQUENCE {name} START 1001", f"DROP SEQUENCE {name}")
        for name in SEQUENCES
    ]

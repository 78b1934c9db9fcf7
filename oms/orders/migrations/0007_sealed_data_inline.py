"""Sealed data does not compress, and moving it out of line costs more than the rest of the row."""

from django.db import migrations

from oms.orders.migrations._sql import INLINE, OUT_OF_LINE


class Migration(migrations.Migration):
    dependencies = [("orders", "0006_customers")]

    operations = [migrations.RunSQL(INLINE, OUT_OF_LINE)]

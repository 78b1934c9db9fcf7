"""Sealed data does not compress, and moving it out of line costs more than the rest of the row."""

from django.db import migrations

_FORWARDS = """
ALTER TABLE orders_buyer ALTER COLUMN contact SET STORAGE EXTERNAL,
    ALTER COLUMN raw_body SET STORAGE EXTERNAL, SET (toast_tuple_target = 8160);
"""
_BACKWARDS = """
ALTER TABLE orders_buyer ALTER COLUMN contact SET STORAGE EXTENDED,
    ALTER COLUMN raw_body SET STORAGE EXTENDED, RESET (toast_tuple_target);
"""


class Migration(migrations.Migration):
    dependencies = [("orders", "0006_customers")]

    operations = [migrations.RunSQL(_FORWARDS, _BACKWARDS)]

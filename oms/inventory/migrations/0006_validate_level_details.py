"""Checks that were added to big tables without a look at their rows; all of them pass."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [("inventory", "0005_level_details")]

    operations = [
        ValidateConstraint(model_name="stocklevel", name="inventory_level_unavailable_not_negative"),
        ValidateConstraint(model_name="stocklevel", name="inventory_level_incoming_not_negative"),
        ValidateConstraint(model_name="stockmovement", name="inventory_movement_reason_known"),
        ValidateConstraint(model_name="stockmovement", name="inventory_movement_plain_kinds_are_plain"),
    ]

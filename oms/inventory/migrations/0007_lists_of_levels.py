"""Levels of an organization in the order they were made, and in that of their last change."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False

    dependencies = [("inventory", "0006_validate_level_details")]

    operations = [
        AddIndexConcurrently(
            model_name="stocklevel",
            index=models.Index(fields=["organization", "id"], name="inventory_level_made_idx"),
        ),
        AddIndexConcurrently(
            model_name="stocklevel",
            index=models.Index(
                fields=["organization", "updated_at", "id"], name="inventory_level_changed_idx"
            ),
        ),
    ]

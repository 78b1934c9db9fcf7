"""The inbox looks for requests that nobody has decided, every few seconds."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # CREATE INDEX CONCURRENTLY cannot run inside a transaction

    dependencies = [("orders", "0002_core")]

    operations = [
        AddIndexConcurrently(
            model_name="cancelrequest",
            index=models.Index(
                condition=models.Q(status="OPEN"),
                fields=["order"],
                name="orders_cancelrequest_open_idx",
            ),
        ),
    ]

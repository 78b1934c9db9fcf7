"""The list of shipments by change."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # CREATE INDEX CONCURRENTLY cannot run inside a transaction

    dependencies = [("fulfillment", "0005_shipments")]

    operations = [
        AddIndexConcurrently(
            model_name='parcel',
            index=models.Index(fields=['organization', 'changed_at', 'id'], name='fulfillment_parcel_changed_idx'),
        ),
    ]

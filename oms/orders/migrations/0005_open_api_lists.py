"""Lists by change, by SKU and by tag; and what the completion sweep looks for."""

import django.contrib.postgres.indexes
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # CREATE INDEX CONCURRENTLY cannot run inside a transaction

    dependencies = [("orders", "0004_open_api")]

    operations = [
        AddIndexConcurrently(
            model_name='order',
            index=models.Index(fields=['organization', 'changed_at', 'id'], name='orders_order_changed_idx'),
        ),
        AddIndexConcurrently(
            model_name='order',
            index=models.Index(condition=models.Q(('completed_at__isnull', True), ('delivered_at__isnull', False)), fields=['delivered_at', 'id'], name='orders_order_to_complete_idx'),
        ),
        AddIndexConcurrently(
            model_name='order',
            index=django.contrib.postgres.indexes.GinIndex(condition=models.Q(('tags', []), _negated=True), fields=['tags'], name='orders_order_tags_idx'),
        ),
        AddIndexConcurrently(
            model_name='orderline',
            index=models.Index(fields=['sku', 'order'], name='orders_line_sku_idx'),
        ),
    ]

"""Parts are found by their line, lines by their bundle; built, and what is there looked at, while
the shop is open.
"""

from django.contrib.postgres.operations import AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # CREATE INDEX CONCURRENTLY cannot run inside a transaction

    dependencies = [('orders', '0009_bundles')]

    operations = [
        AddIndexConcurrently(
            model_name='orderline',
            index=models.Index(condition=models.Q(('parent__isnull', False)), fields=['parent'], name='orders_line_parts_idx'),
        ),
        AddIndexConcurrently(
            model_name='orderline',
            index=models.Index(condition=models.Q(('bundle__isnull', False)), fields=['bundle', 'order'], name='orders_line_bundle_idx'),
        ),
        ValidateConstraint(model_name='orderline', name='orders_line_bundle_has_no_sku'),
        ValidateConstraint(model_name='orderline', name='orders_line_part_is_whole'),
    ]

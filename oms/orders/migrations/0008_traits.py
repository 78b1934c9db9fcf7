"""What scenarios choose by, besides an order's own columns."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0007_sealed_data_inline'),
    ]

    operations = [
        migrations.AddField(
            model_name='order',
            name='traits',
            field=models.JSONField(blank=True, db_default={}, default=dict, help_text='What scenarios choose by besides; see oms.orders.traits'),
        ),
    ]

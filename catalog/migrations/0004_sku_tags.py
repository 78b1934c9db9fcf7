"""Tags of SKUs, for scenarios that choose by them."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0003_longer_listing_codes'),
    ]

    operations = [
        migrations.AddField(
            model_name='sku',
            name='tags',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=64), blank=True, db_default=[], default=list, size=None),
        ),
    ]

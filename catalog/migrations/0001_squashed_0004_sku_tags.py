"""The short way of a new database to the tables of the catalog as they are (docs/adr/0029)."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

from oms.kernel.schema import AllAtOnce


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ('catalog', '0001_initial'),
        ('catalog', '0002_sku_payload'),
        ('catalog', '0003_longer_listing_codes'),
        ('catalog', '0004_sku_tags'),
    ]

    dependencies = [
        ('accounts', '0002_machines'),
        ('channels_app', '0001_initial'),
    ]

    operations = [
        AllAtOnce([
            migrations.CreateModel(
                name='Sku',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                    ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                    ('code', models.CharField(max_length=128)),
                    ('name', models.CharField(blank=True, default='', max_length=255)),
                    ('brand_code', models.CharField(blank=True, default='', max_length=128)),
                    ('brand_sku_code', models.CharField(blank=True, default='', max_length=128)),
                    ('barcodes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=64), blank=True, default=list, size=None)),
                    ('weight_g', models.PositiveIntegerField(blank=True, null=True)),
                    ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='skus', to='accounts.organization')),
                    ('payload', models.JSONField(blank=True, db_default={}, default=dict, help_text='What whoever made it told besides, read by nobody')),
                    ('tags', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=64), blank=True, db_default=[], default=list, size=None)),
                ],
                options={
                    'indexes': [
                        django.contrib.postgres.indexes.GinIndex(fields=['barcodes'], name='catalog_sku_barcodes_idx'),
                    ],
                    'constraints': [
                        models.UniqueConstraint(fields=('organization', 'code'), name='catalog_sku_code_uniq'),
                        models.UniqueConstraint(condition=models.Q(('brand_sku_code', ''), _negated=True), fields=('organization', 'brand_code', 'brand_sku_code'), name='catalog_sku_brand_uniq'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Spu',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                    ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                    ('external_id', models.CharField(max_length=128)),
                    ('name', models.CharField(max_length=255)),
                    ('category_id', models.CharField(blank=True, default='', max_length=128)),
                    ('category_name', models.CharField(blank=True, default='', max_length=1000)),
                    ('image_url', models.CharField(blank=True, default='', max_length=2048)),
                    ('status', models.CharField(choices=[('ACTIVE', 'Active'), ('INACTIVE', 'Inactive'), ('DELETED', 'Deleted')], default='ACTIVE', max_length=8)),
                    ('listed_at', models.DateTimeField(blank=True, null=True)),
                    ('changed_at', models.DateTimeField(blank=True, help_text="By the channel's clock", null=True)),
                    ('channel', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='spus', to='channels_app.channel')),
                ],
                options={
                    'constraints': [
                        models.UniqueConstraint(fields=('channel', 'external_id'), name='catalog_spu_external_uniq'),
                        models.CheckConstraint(condition=models.Q(('status__in', ['ACTIVE', 'INACTIVE', 'DELETED'])), name='catalog_spu_status_known'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Listing',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                    ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                    ('channel_sku_code', models.CharField(max_length=255)),
                    ('channel_serial_no', models.CharField(blank=True, default='', max_length=255)),
                    ('seller_sku_code', models.CharField(blank=True, default='', max_length=128)),
                    ('original_price', models.DecimalField(blank=True, decimal_places=4, max_digits=16, null=True)),
                    ('current_price', models.DecimalField(blank=True, decimal_places=4, max_digits=16, null=True)),
                    ('stock', models.IntegerField(blank=True, help_text='As the channel last said', null=True)),
                    ('status', models.CharField(choices=[('ACTIVE', 'Active'), ('INACTIVE', 'Inactive'), ('DELETED', 'Deleted')], default='ACTIVE', max_length=8)),
                    ('attributes', models.JSONField(blank=True, default=dict)),
                    ('payload', models.JSONField(blank=True, default=dict)),
                    ('channel', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='listings', to='channels_app.channel')),
                    ('sku', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='listings', to='catalog.sku')),
                    ('spu', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='listings', to='catalog.spu')),
                ],
                options={
                    'indexes': [
                        models.Index(fields=['channel', 'channel_sku_code'], name='catalog_listing_lookup_idx'),
                    ],
                    'constraints': [
                        models.UniqueConstraint(fields=('channel', 'spu', 'channel_sku_code'), name='catalog_listing_code_uniq', nulls_distinct=False),
                        models.CheckConstraint(condition=models.Q(('status__in', ['ACTIVE', 'INACTIVE', 'DELETED'])), name='catalog_listing_status_known'),
                    ],
                },
            ),
        ]),
    ]

"""The short way of a new database to channels and connectors as they are (docs/adr/0029).

The migrations of accounts stand between this and the first one.
"""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import oms.kernel.identifiers
import oms.kernel.sealed
from oms.kernel.schema import AllAtOnce, sequence


class Migration(migrations.Migration):
    replaces = [
        ('channels_app', '0002_external_systems'),
        ('channels_app', '0003_connectors'),
        ('channels_app', '0004_channel_numbers'),
        ('channels_app', '0005_refused_updates'),
    ]

    dependencies = [
        ('channels_app', '0001_initial'),
        ('accounts', '0005_usernames_of_increff'),
    ]

    operations = [
        sequence('channels_channel_number_seq', start=101),
        AllAtOnce([
            migrations.RemoveConstraint('channel', 'channels_app_channel_type_known'),
            migrations.AlterField('channel', 'type', models.CharField(choices=[('GENERAL', 'General'), ('SHOPEE', 'Shopee'), ('LAZADA', 'Lazada'), ('TIKTOK', 'TikTok'), ('SHOPIFY', 'Shopify'), ('OMNITRON', 'Omnitron'), ('SELLER_CENTER', 'Seller Center'), ('EXTERNAL_FULFILLMENT', 'External fulfillment'), ('EFS', 'External fulfilment system')], default='GENERAL', max_length=24)),
            migrations.AddConstraint('channel', models.CheckConstraint(condition=models.Q(('type__in', ['GENERAL', 'SHOPEE', 'LAZADA', 'TIKTOK', 'SHOPIFY', 'OMNITRON', 'SELLER_CENTER', 'EXTERNAL_FULFILLMENT', 'EFS'])), name='channels_app_channel_type_known')),
            migrations.AddField('channel', 'number', models.BigIntegerField(db_default=oms.kernel.identifiers.NextNumber('channels_channel_number_seq'), editable=False, unique=True)),
            migrations.CreateModel(
                name='HeldOrder',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                    ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                    ('remote_key', models.CharField(max_length=64)),
                    ('number', models.CharField(max_length=128)),
                    ('channel_key', models.CharField(blank=True, default='', max_length=64)),
                    ('reason', models.CharField(max_length=255)),
                    ('modified_at', models.DateTimeField(help_text="By the other side's clock")),
                    ('judged_by', models.CharField(blank=True, default='', max_length=64)),
                    ('attempts', models.PositiveIntegerField(default=0)),
                    ('due_at', models.DateTimeField(blank=True, null=True)),
                    ('organization', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organization')),
                ],
                options={
                    'indexes': [
                        models.Index(fields=['organization', 'judged_by'], name='channels_app_held_rules_idx'),
                    ],
                    'constraints': [
                        models.UniqueConstraint(fields=('organization', 'remote_key'), name='channels_app_heldorder_uniq'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='InboundMessage',
                fields=[
                    ('id', models.UUIDField(default=oms.kernel.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('kind', models.CharField(choices=[('ORDER', 'Order'), ('CANCELLATION_PLAN', 'Cancellation plan'), ('STORE', 'Retail store')], max_length=20)),
                    ('uuid', models.CharField(help_text='Without dashes, in lower case', max_length=32)),
                    ('body', oms.kernel.sealed.SealedField(null=True)),
                    ('state', models.CharField(choices=[('PENDING', 'To be worked off'), ('DONE', 'Done'), ('REFUSED', 'Nothing can be done about it')], default='PENDING', max_length=8)),
                    ('attempts', models.PositiveIntegerField(default=0)),
                    ('not_before', models.DateTimeField()),
                    ('received_at', models.DateTimeField()),
                    ('done_at', models.DateTimeField(blank=True, null=True)),
                    ('answer_status', models.SmallIntegerField(blank=True, null=True)),
                    ('answer', models.JSONField(blank=True, default=dict)),
                    ('last_error', models.CharField(blank=True, default='', max_length=255)),
                    ('organization', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organization')),
                ],
                options={
                    'indexes': [
                        models.Index(condition=models.Q(('state', 'PENDING')), fields=['not_before', 'id'], name='channels_app_inbound_due_idx'),
                        models.Index(fields=['received_at'], name='channels_app_inbound_old_idx'),
                    ],
                    'constraints': [
                        models.UniqueConstraint(fields=('organization', 'kind', 'uuid'), name='channels_app_inbound_uniq'),
                        models.CheckConstraint(condition=models.Q(('kind__in', ['ORDER', 'CANCELLATION_PLAN', 'STORE'])), name='channels_app_inbound_kind_known'),
                        models.CheckConstraint(condition=models.Q(('state__in', ['PENDING', 'DONE', 'REFUSED'])), name='channels_app_inbound_state_known'),
                        models.CheckConstraint(condition=models.Q(models.Q(('body__isnull', False), ('state', 'PENDING')), models.Q(models.Q(('state', 'PENDING'), _negated=True), ('body__isnull', True), ('done_at__isnull', False)), _connector='OR'), name='channels_app_inbound_done_is_empty'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='RemoteKey',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                    ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                    ('kind', models.CharField(choices=[('CHANNEL', 'Channel'), ('ORDER', 'Order'), ('COUNTRY', 'Country'), ('CITY', 'City'), ('TOWNSHIP', 'Township'), ('DISTRICT', 'District'), ('PRODUCT', 'Product'), ('STORE', 'Retail store'), ('REASON', 'Cancellation reason'), ('CARGO_COMPANY', 'Cargo company'), ('DROPPED_ITEM', 'Item that is not wanted any more')], max_length=16)),
                    ('remote_key', models.CharField(max_length=64)),
                    ('local_id', models.BigIntegerField(blank=True, null=True)),
                    ('local_code', models.CharField(blank=True, default='', max_length=255)),
                    ('data', models.JSONField(blank=True, default=dict)),
                    ('modified_at', models.DateTimeField(blank=True, help_text="Of the copy that was taken, by the other side's clock", null=True)),
                    ('organization', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organization')),
                ],
                options={
                    'indexes': [
                        models.Index(condition=models.Q(('local_id__isnull', False)), fields=['organization', 'kind', 'local_id'], name='channels_app_remote_local_idx'),
                    ],
                    'constraints': [
                        models.UniqueConstraint(fields=('organization', 'kind', 'remote_key'), name='channels_app_remotekey_uniq'),
                        models.CheckConstraint(condition=models.Q(('kind__in', ['CHANNEL', 'ORDER', 'COUNTRY', 'CITY', 'TOWNSHIP', 'DISTRICT', 'PRODUCT', 'STORE', 'REASON', 'CARGO_COMPANY', 'DROPPED_ITEM'])), name='channels_app_remotekey_kind_known'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='RemoteUpdate',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                    ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                    ('subject', models.CharField(help_text="The other side's key", max_length=64)),
                    ('body', models.JSONField()),
                    ('order_ref', models.BigIntegerField(null=True)),
                    ('event_ref', models.BigIntegerField()),
                    ('state', models.CharField(choices=[('PENDING', 'To be sent'), ('SENT', 'Sent'), ('REFUSED', 'Refused')], default='PENDING', max_length=8)),
                    ('attempts', models.PositiveIntegerField(default=0)),
                    ('not_before', models.DateTimeField()),
                    ('last_error', models.CharField(blank=True, default='', max_length=255)),
                    ('sent_at', models.DateTimeField(blank=True, null=True)),
                    ('channel', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='channels_app.channel')),
                    ('organization', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organization')),
                ],
                options={
                    'indexes': [
                        models.Index(condition=models.Q(('state', 'PENDING')), fields=['not_before', 'id'], name='channels_app_update_due_idx'),
                        models.Index(condition=models.Q(('state', 'PENDING')), fields=['organization', 'subject', 'id'], name='channels_app_update_turn_idx'),
                        models.Index(fields=['order_ref', 'id'], name='channels_app_update_order_idx'),
                        models.Index(condition=models.Q(('state', 'REFUSED')), fields=['organization', 'id'], name='channels_app_update_refused'),
                    ],
                    'constraints': [
                        models.UniqueConstraint(fields=('event_ref', 'subject'), name='channels_app_remoteupdate_uniq'),
                        models.CheckConstraint(condition=models.Q(('state__in', ['PENDING', 'SENT', 'REFUSED'])), name='channels_app_update_state_known'),
                        models.CheckConstraint(condition=models.Q(models.Q(('state', 'SENT'), _negated=True), ('sent_at__isnull', False), _connector='OR'), name='channels_app_update_sent_has_time'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='SyncMark',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                    ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                    ('kind', models.CharField(choices=[('ORDERS', 'Orders'), ('CHANNELS', 'Sales channels'), ('RETAIL_STORES', 'Retail stores'), ('ADDRESSES', 'Countries, cities, townships and districts'), ('STOCK_LOCATIONS', 'Stores as stock locations'), ('REASONS', 'Cancellation reasons')], max_length=16)),
                    ('state', models.CharField(choices=[('IDLE', 'Never run'), ('PENDING', 'Waiting for its turn'), ('RUNNING', 'Running'), ('DONE', 'Done'), ('FAILED', 'Failed')], default='IDLE', max_length=8)),
                    ('position', models.JSONField(blank=True, default=dict)),
                    ('due_at', models.DateTimeField(blank=True, null=True)),
                    ('attempts', models.PositiveIntegerField(default=0)),
                    ('failures', models.PositiveIntegerField(default=0, help_text='In a row')),
                    ('run_at', models.DateTimeField(blank=True, help_text='When it last came to its end', null=True)),
                    ('error', models.CharField(blank=True, default='', max_length=255)),
                    ('needs_authorisation', models.BooleanField(default=False)),
                    ('organization', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organization')),
                ],
                options={
                    'indexes': [
                        models.Index(condition=models.Q(('due_at__isnull', False)), fields=['due_at'], name='channels_app_syncmark_due_idx'),
                    ],
                    'constraints': [
                        models.UniqueConstraint(fields=('organization', 'kind'), name='channels_app_syncmark_uniq'),
                        models.CheckConstraint(condition=models.Q(('kind__in', ['ORDERS', 'CHANNELS', 'RETAIL_STORES', 'ADDRESSES', 'STOCK_LOCATIONS', 'REASONS'])), name='channels_app_syncmark_kind_known'),
                        models.CheckConstraint(condition=models.Q(('state__in', ['IDLE', 'PENDING', 'RUNNING', 'DONE', 'FAILED'])), name='channels_app_syncmark_state_known'),
                    ],
                },
            ),
        ]),
    ]

"""The short way of a new database to the tables of orders and customers as they are (docs/adr/0029)."""

import django.contrib.postgres.fields
import django.contrib.postgres.functions
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
from django.db import migrations, models

import oms.kernel.identifiers
import oms.kernel.sealed
from oms.kernel.schema import AllAtOnce, raise_version, sequence
from oms.orders.migrations._sql import INLINE, OUT_OF_LINE


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ('orders', '0001_number_sequences'),
        ('orders', '0002_core'),
        ('orders', '0003_open_cancel_requests'),
        ('orders', '0004_open_api'),
        ('orders', '0005_open_api_lists'),
        ('orders', '0006_customers'),
        ('orders', '0007_sealed_data_inline'),
        ('orders', '0008_traits'),
    ]

    dependencies = [
        ('accounts', '0002_machines'),
        ('catalog', '0001_initial'),
        ('channels_app', '0001_initial'),
        ('locations', '0001_initial'),
    ]

    operations = [
        sequence('orders_line_number_seq'),
        sequence('orders_order_number_seq'),
        AllAtOnce([
            migrations.CreateModel(
                name='Order',
                fields=[
                    ('id', models.BigAutoField(primary_key=True, serialize=False)),
                    ('public_id', models.UUIDField(default=oms.kernel.identifiers.uuid7, editable=False, unique=True)),
                    ('external_id', models.CharField(max_length=128, verbose_name='order number')),
                    ('status', models.CharField(choices=[('CREATED', 'Created, not paid'), ('PAID', 'Paid'), ('UNALLOCATED', 'Waiting for stock or a point'), ('ALLOCATED', 'Allocated'), ('IN_FULFILLMENT', 'In fulfillment'), ('PACKED', 'Packed'), ('SHIPPED', 'Shipped'), ('OUT_FOR_DELIVERY', 'Out for delivery'), ('DELIVERED', 'Delivered'), ('RETURNED_TO_POINT', 'Returned to the point'), ('RETURNED', 'Returned'), ('LOST', 'Lost'), ('CANCELLED', 'Cancelled')], default='CREATED', max_length=20)),
                    ('order_type', models.CharField(default='NORMAL', max_length=64)),
                    ('is_paid', models.BooleanField(default=False)),
                    ('is_cross_border', models.BooleanField(default=False)),
                    ('allow_split', models.BooleanField(default=False)),
                    ('campaign_id', models.CharField(blank=True, default='', max_length=128)),
                    ('ref_code', models.CharField(blank=True, default='', max_length=128)),
                    ('currency', models.CharField(max_length=3)),
                    ('country', models.CharField(help_text='Destination', max_length=64)),
                    ('city', models.CharField(blank=True, default='', max_length=255)),
                    ('postcode', models.CharField(blank=True, default='', max_length=32)),
                    ('customer_remark', models.TextField(blank=True, default='')),
                    ('seller_remark', models.TextField(blank=True, default='')),
                    ('goods_total', models.DecimalField(decimal_places=4, default=0, help_text='Of the lines, after their discounts', max_digits=18)),
                    ('payment', models.JSONField(help_text='As the channel sent it, read by nobody', null=True)),
                    ('placed_at', models.DateTimeField(help_text="By the channel's clock")),
                    ('channel_updated_at', models.DateTimeField(help_text="By the channel's clock")),
                    ('ship_by_at', models.DateTimeField(null=True)),
                    ('received_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow())),
                    ('changed_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow())),
                    ('allocation_due_at', models.DateTimeField(null=True)),
                    ('allocation_tried_at', models.DateTimeField(null=True)),
                    ('allocation_attempts', models.PositiveIntegerField(db_default=0, default=0)),
                    ('waiting_for', models.CharField(db_default='', default='', help_text='Why the last routing served nothing', max_length=255)),
                    ('channel', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='orders', to='channels_app.channel')),
                    ('organization', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organization')),
                    ('customer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='orders', to='orders.customer')),
                    ('cancel_note', models.TextField(blank=True, db_default='', default='')),
                    ('cancel_reason', models.CharField(blank=True, choices=[('CUSTOMER_REQUEST', 'The customer asked for it'), ('OUT_OF_STOCK', 'Out of stock'), ('FRAUD', 'Fraud'), ('UNDELIVERABLE_ADDRESS', 'The address cannot be delivered to'), ('PAYMENT_FAILED', 'The payment failed'), ('DUPLICATE', 'Ordered twice'), ('OTHER', 'Other')], db_default='', default='', max_length=24)),
                    ('cancelled_at', models.DateTimeField(null=True)),
                    ('completed_at', models.DateTimeField(null=True)),
                    ('delivered_at', models.DateTimeField(help_text='When the last of it was', null=True)),
                    ('number', models.BigIntegerField(db_default=oms.kernel.identifiers.NextNumber('orders_order_number_seq'), editable=False, help_text="Ours, for people; the channel's is the order number", unique=True)),
                    ('order_discount', models.DecimalField(db_default=0, decimal_places=4, default=0, max_digits=18)),
                    ('packaging_note', models.TextField(blank=True, db_default='', default='')),
                    ('payment_method', models.CharField(blank=True, choices=[('COD', 'On delivery'), ('BANK_TRANSFER', 'Bank transfer'), ('CARD', 'Card'), ('CASH', 'Cash'), ('QR', 'QR code'), ('ONLINE_BANKING', 'Online banking'), ('INSTALMENT', 'Instalments')], db_default='', default='', max_length=16)),
                    ('payment_status', models.CharField(choices=[('UNPAID', 'Unpaid'), ('PENDING', 'Pending'), ('PARTIALLY_PAID', 'Partially paid'), ('PAID', 'Paid'), ('REFUND_PENDING', 'Refund pending'), ('PARTIALLY_REFUNDED', 'Partially refunded'), ('REFUNDED', 'Refunded'), ('CANCELLED', 'Cancelled'), ('OVERDUE', 'Overdue')], db_default='UNPAID', default='UNPAID', max_length=20)),
                    ('preferred_point', models.ForeignKey(blank=True, db_index=False, help_text='Tried first, if it serves the channel', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='locations.fulfillmentpoint')),
                    ('shipping_fee', models.DecimalField(db_default=0, decimal_places=4, default=0, max_digits=18)),
                    ('tags', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=32), blank=True, db_default=[], default=list, size=None)),
                    ('version', models.IntegerField(db_default=1, default=1, editable=False)),
                    ('traits', models.JSONField(blank=True, db_default={}, default=dict, help_text='What scenarios choose by besides; see oms.orders.traits')),
                ],
                options={
                    'permissions': [('cancel_order', 'Can cancel orders'), ('hold_order', 'Can hold and release orders'), ('allocate_order', 'Can retry routing'), ('view_buyer_data', "Can see buyers' data unmasked")],
                    'indexes': [
                        models.Index(fields=['organization', '-placed_at', '-id'], name='orders_order_recent_idx'),
                        models.Index(fields=['channel', 'placed_at', 'id'], name='orders_order_feed_idx'),
                        models.Index(fields=['organization', 'status', '-placed_at', '-id'], name='orders_order_status_idx'),
                        models.Index(condition=models.Q(('allocation_due_at__isnull', False)), fields=['allocation_due_at', 'placed_at', 'id'], name='orders_order_due_idx'),
                        models.Index(fields=['external_id'], name='orders_order_number_idx'),
                        models.Index(fields=['organization', 'changed_at', 'id'], name='orders_order_changed_idx'),
                        models.Index(condition=models.Q(('completed_at__isnull', True), ('delivered_at__isnull', False)), fields=['delivered_at', 'id'], name='orders_order_to_complete_idx'),
                        django.contrib.postgres.indexes.GinIndex(condition=models.Q(('tags', []), _negated=True), fields=['tags'], name='orders_order_tags_idx'),
                    ],
                    'constraints': [
                        models.UniqueConstraint(fields=('channel', 'external_id'), name='orders_order_external_uniq'),
                        models.CheckConstraint(condition=models.Q(('status__in', ['CREATED', 'PAID', 'UNALLOCATED', 'ALLOCATED', 'IN_FULFILLMENT', 'PACKED', 'SHIPPED', 'OUT_FOR_DELIVERY', 'DELIVERED', 'RETURNED_TO_POINT', 'RETURNED', 'LOST', 'CANCELLED'])), name='orders_order_status_known'),
                        models.CheckConstraint(condition=models.Q(models.Q(('status', 'CANCELLED'), _negated=True), ('allocation_due_at__isnull', True), _connector='OR'), name='orders_order_cancelled_not_due'),
                        models.CheckConstraint(condition=models.Q(('payment_status__in', ['UNPAID', 'PENDING', 'PARTIALLY_PAID', 'PAID', 'REFUND_PENDING', 'PARTIALLY_REFUNDED', 'REFUNDED', 'CANCELLED', 'OVERDUE'])), name='orders_order_payment_status_known'),
                        models.CheckConstraint(condition=models.Q(('payment_method__in', ['', 'COD', 'BANK_TRANSFER', 'CARD', 'CASH', 'QR', 'ONLINE_BANKING', 'INSTALMENT'])), name='orders_order_payment_method_known'),
                        models.CheckConstraint(condition=models.Q(('cancel_reason__in', ['', 'CUSTOMER_REQUEST', 'OUT_OF_STOCK', 'FRAUD', 'UNDELIVERABLE_ADDRESS', 'PAYMENT_FAILED', 'DUPLICATE', 'OTHER'])), name='orders_order_cancel_reason_known'),
                        models.CheckConstraint(condition=models.Q(('completed_at__isnull', True), ('delivered_at__isnull', False), _connector='OR'), name='orders_order_completed_was_delivered'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Customer',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                    ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                    ('external_id', models.CharField(blank=True, max_length=128, null=True, verbose_name='number')),
                    ('channel', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='customers', to='channels_app.channel')),
                    ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organization')),
                    ('changed_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow())),
                    ('email_hash', models.BinaryField(null=True)),
                    ('erased_at', models.DateTimeField(null=True)),
                    ('name_keys', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), db_default=[], default=list, editable=False, size=None)),
                    ('personal', oms.kernel.sealed.SealedField(null=True)),
                    ('phone_hash', models.BinaryField(null=True)),
                    ('public_id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=oms.kernel.identifiers.uuid7, editable=False, unique=True)),
                    ('status', models.CharField(choices=[('ACTIVE', 'Active'), ('BLOCKED', 'Blocked')], db_default='ACTIVE', default='ACTIVE', max_length=8)),
                    ('tags', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=32), blank=True, db_default=[], default=list, size=None)),
                    ('type', models.CharField(choices=[('PERSON', 'Person'), ('COMPANY', 'Company')], db_default='PERSON', default='PERSON', max_length=8)),
                    ('version', models.IntegerField(db_default=1, default=1, editable=False)),
                ],
                options={
                    'indexes': [
                        models.Index(condition=models.Q(('channel__isnull', True)), fields=['organization', 'created_at', 'id'], name='orders_customer_recent_idx'),
                        models.Index(condition=models.Q(('channel__isnull', True)), fields=['organization', 'changed_at', 'id'], name='orders_customer_changed_idx'),
                        models.Index(condition=models.Q(('email_hash__isnull', False)), fields=['email_hash'], name='orders_customer_email_idx'),
                        models.Index(condition=models.Q(('phone_hash__isnull', False)), fields=['phone_hash'], name='orders_customer_phone_idx'),
                        django.contrib.postgres.indexes.GinIndex(condition=models.Q(('name_keys', []), _negated=True), fields=['name_keys'], name='orders_customer_name'),
                    ],
                    'constraints': [
                        models.UniqueConstraint(fields=('channel', 'external_id'), name='orders_customer_external_uniq'),
                        models.UniqueConstraint(condition=models.Q(('channel__isnull', True)), fields=('organization', 'external_id'), name='orders_customer_own_external_uniq'),
                        models.CheckConstraint(condition=models.Q(('status__in', ['ACTIVE', 'BLOCKED'])), name='orders_customer_status_known'),
                        models.CheckConstraint(condition=models.Q(('type__in', ['PERSON', 'COMPANY'])), name='orders_customer_type_known'),
                        models.CheckConstraint(condition=models.Q(('channel__isnull', True), ('external_id__isnull', False), ('erased_at__isnull', False), _connector='OR'), name='orders_customer_of_channel_has_number'),
                        models.CheckConstraint(condition=models.Q(('erased_at__isnull', True), models.Q(('email_hash__isnull', True), ('external_id__isnull', True), ('name_keys', []), ('personal__isnull', True), ('phone_hash__isnull', True), ('tags', [])), _connector='OR'), name='orders_customer_erased_is_empty'),
                    ],
                    'permissions': [('block_customer', 'Can block customers'), ('export_customer', "Can export customers' personal data")],
                },
            ),
            migrations.CreateModel(
                name='CancelRequest',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                    ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                    ('status', models.CharField(choices=[('OPEN', 'Open'), ('CLOSED', 'Closed')], default='OPEN', max_length=8)),
                    ('party', models.CharField(choices=[('CUSTOMER', 'Customer'), ('SELLER', 'Seller'), ('SYSTEM', 'System')], default='CUSTOMER', max_length=8)),
                    ('requested_by', models.CharField(default='', max_length=255)),
                    ('reason', models.TextField(blank=True, default='')),
                    ('requested_at', models.DateTimeField()),
                    ('decision', models.CharField(blank=True, choices=[('ACCEPT', 'Accepted'), ('REJECT', 'Rejected'), ('EXPIRE', 'Expired')], default='', max_length=8)),
                    ('decided_by', models.CharField(blank=True, default='', max_length=160)),
                    ('decided_at', models.DateTimeField(null=True)),
                    ('comment', models.TextField(blank=True, default='')),
                    ('order', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='cancel_requests', to='orders.order')),
                    ('public_id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=oms.kernel.identifiers.uuid7, editable=False, unique=True)),
                ],
                options={
                    'permissions': [('decide_cancelrequest', 'Can decide cancel requests')],
                    'indexes': [
                        models.Index(condition=models.Q(('status', 'OPEN')), fields=['order'], name='orders_cancelrequest_open_idx'),
                        models.Index(condition=models.Q(('status', 'OPEN')), fields=['created_at'], name='orders_cancelrequest_due_idx'),
                    ],
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('decision', ''), ('status', 'OPEN')), models.Q(('decided_at__isnull', False), ('decision__in', ['ACCEPT', 'REJECT', 'EXPIRE']), ('status', 'CLOSED')), _connector='OR'), name='orders_cancelrequest_decided_when_closed'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Hold',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                    ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                    ('reason', models.CharField(choices=[('PAYMENT', 'Awaiting payment'), ('FRAUD', 'Risk of fraud'), ('ADDRESS', 'Address is wrong'), ('STOCK', 'Stock to be checked'), ('CUSTOMER', 'Customer asked to wait'), ('OTHER', 'Other')], max_length=16)),
                    ('note', models.TextField(blank=True, default='')),
                    ('holder', models.CharField(help_text='Who placed it', max_length=160)),
                    ('placed_at', models.DateTimeField()),
                    ('expires_at', models.DateTimeField(null=True)),
                    ('released_at', models.DateTimeField(null=True)),
                    ('released_by', models.CharField(blank=True, default='', max_length=160)),
                    ('order', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='holds', to='orders.order')),
                ],
                options={
                    'indexes': [
                        models.Index(condition=models.Q(('expires_at__isnull', False), ('released_at__isnull', True)), fields=['expires_at'], name='orders_hold_expiry_idx'),
                    ],
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('reason__in', ['PAYMENT', 'FRAUD', 'ADDRESS', 'STOCK', 'CUSTOMER', 'OTHER'])), name='orders_hold_reason_known'),
                        models.UniqueConstraint(condition=models.Q(('released_at__isnull', True)), fields=('order', 'reason', 'holder'), name='orders_hold_open_uniq'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='OrderLine',
                fields=[
                    ('id', models.BigAutoField(primary_key=True, serialize=False)),
                    ('number', models.BigIntegerField(db_default=oms.kernel.identifiers.NextNumber('orders_line_number_seq'), unique=True)),
                    ('position', models.PositiveIntegerField()),
                    ('external_id', models.CharField(max_length=128)),
                    ('sku_code', models.CharField(help_text='As the channel sent it', max_length=128)),
                    ('channel_sku_code', models.CharField(blank=True, default='', max_length=128)),
                    ('channel_spu_id', models.CharField(blank=True, default='', max_length=128)),
                    ('name', models.CharField(blank=True, default='', max_length=255)),
                    ('remark', models.TextField(blank=True, default='')),
                    ('original_price', models.DecimalField(decimal_places=4, max_digits=16, null=True)),
                    ('unit_price', models.DecimalField(decimal_places=4, max_digits=16, null=True)),
                    ('discount_amount', models.DecimalField(decimal_places=4, max_digits=16, null=True)),
                    ('tax_amount', models.DecimalField(decimal_places=4, max_digits=16, null=True)),
                    ('extra', models.JSONField(default=dict, help_text='Members the channel sent that nobody knows')),
                    ('quantity_ordered', models.PositiveIntegerField()),
                    ('cancelled_by_customer', models.PositiveIntegerField(db_default=0, default=0)),
                    ('cancelled_by_seller', models.PositiveIntegerField(db_default=0, default=0)),
                    ('cancelled_by_system', models.PositiveIntegerField(db_default=0, default=0)),
                    ('quantity_cancelled', models.PositiveIntegerField(db_default=0, default=0)),
                    ('quantity_allocated', models.PositiveIntegerField(db_default=0, default=0)),
                    ('quantity_in_progress', models.PositiveIntegerField(db_default=0, default=0)),
                    ('quantity_packed', models.PositiveIntegerField(db_default=0, default=0)),
                    ('quantity_shipped', models.PositiveIntegerField(db_default=0, default=0)),
                    ('quantity_out_for_delivery', models.PositiveIntegerField(db_default=0, default=0)),
                    ('quantity_delivered', models.PositiveIntegerField(db_default=0, default=0)),
                    ('quantity_returned_to_point', models.PositiveIntegerField(db_default=0, default=0)),
                    ('quantity_returned', models.PositiveIntegerField(db_default=0, default=0)),
                    ('quantity_lost', models.PositiveIntegerField(db_default=0, default=0)),
                    ('order', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='orders.order')),
                    ('sku', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.sku')),
                    ('is_named', models.BooleanField(db_default=True, default=True, help_text='Off: the channel gave no id, so we made one')),
                    ('line_discount', models.DecimalField(db_default=0, decimal_places=4, default=0, help_text='Off quantity times unit price; discount_amount is told and not counted', max_digits=18)),
                ],
                options={
                    'indexes': [
                        models.Index(condition=models.Q(('quantity_allocated__lt', django.db.models.expressions.CombinedExpression(models.F('quantity_ordered'), '-', models.F('quantity_cancelled')))), fields=['sku', 'order'], name='orders_line_waiting_idx'),
                        models.Index(fields=['sku', 'order'], name='orders_line_sku_idx'),
                    ],
                    'constraints': [
                        models.UniqueConstraint(fields=('order', 'external_id'), name='orders_line_external_uniq'),
                        models.CheckConstraint(condition=models.Q(('quantity_ordered__gt', 0)), name='orders_line_ordered_positive'),
                        models.CheckConstraint(condition=models.Q(('quantity_cancelled', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('cancelled_by_customer'), '+', models.F('cancelled_by_seller')), '+', models.F('cancelled_by_system')))), name='orders_line_cancelled_adds_up'),
                        models.CheckConstraint(condition=models.Q(('quantity_allocated__lte', django.db.models.expressions.CombinedExpression(models.F('quantity_ordered'), '-', models.F('quantity_cancelled')))), name='orders_line_not_overallocated'),
                        models.CheckConstraint(condition=models.Q(('quantity_in_progress__lte', models.F('quantity_allocated'))), name='orders_line_progress_allocated'),
                        models.CheckConstraint(condition=models.Q(('quantity_packed__lte', models.F('quantity_allocated'))), name='orders_line_not_overpacked'),
                        models.CheckConstraint(condition=models.Q(('quantity_shipped__lte', models.F('quantity_packed'))), name='orders_line_not_overshipped'),
                        models.CheckConstraint(condition=models.Q(('quantity_shipped__gte', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('quantity_delivered'), '+', models.F('quantity_out_for_delivery')), '+', models.F('quantity_returned_to_point')), '+', models.F('quantity_lost')))), name='orders_line_not_overdelivered'),
                        models.CheckConstraint(condition=models.Q(('quantity_returned__lte', models.F('quantity_shipped'))), name='orders_line_not_overreturned'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='CancelRequestLine',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('reason', models.TextField(blank=True, default='')),
                    ('request', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='orders.cancelrequest')),
                    ('line', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='orders.orderline')),
                    ('quantity', models.PositiveIntegerField(null=True)),
                ],
                options={
                    'constraints': [
                        models.UniqueConstraint(fields=('request', 'line'), name='orders_cancelrequestline_uniq'),
                        models.CheckConstraint(condition=models.Q(('quantity__isnull', True), ('quantity__gt', 0), _connector='OR'), name='orders_cancelrequestline_positive'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Buyer',
                fields=[
                    ('order', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='buyer', serialize=False, to='orders.order')),
                    ('sealed_for', models.UUIDField(help_text='Public id of the order')),
                    ('contact', oms.kernel.sealed.SealedField(null=True)),
                    ('raw_body', oms.kernel.sealed.SealedField(null=True)),
                    ('email_hash', models.BinaryField(null=True)),
                    ('phone_hash', models.BinaryField(null=True)),
                    ('erased_at', models.DateTimeField(null=True)),
                ],
                options={
                    'indexes': [
                        models.Index(condition=models.Q(('email_hash__isnull', False)), fields=['email_hash'], name='orders_buyer_email_idx'),
                        models.Index(condition=models.Q(('phone_hash__isnull', False)), fields=['phone_hash'], name='orders_buyer_phone_idx'),
                    ],
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('erased_at__isnull', True), models.Q(('contact__isnull', True), ('email_hash__isnull', True), ('phone_hash__isnull', True), ('raw_body__isnull', True)), _connector='OR'), name='orders_buyer_erased_is_empty'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='CustomerAddress',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('public_id', models.UUIDField(default=oms.kernel.identifiers.uuid7, editable=False, unique=True)),
                    ('position', models.PositiveSmallIntegerField()),
                    ('is_default', models.BooleanField(default=False)),
                    ('address', oms.kernel.sealed.SealedField()),
                    ('customer', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='addresses', to='orders.customer')),
                ],
                options={
                    'constraints': [
                        models.UniqueConstraint(fields=('customer', 'position'), name='orders_customeraddress_position_uniq'),
                        models.UniqueConstraint(condition=models.Q(('is_default', True)), fields=('customer',), name='orders_customeraddress_one_default'),
                    ],
                },
            ),
        ]),
        migrations.RunSQL(INLINE, OUT_OF_LINE),
        raise_version('orders_order', trigger='orders_order_version'),
        raise_version('orders_customer', trigger='orders_customer_version'),
    ]

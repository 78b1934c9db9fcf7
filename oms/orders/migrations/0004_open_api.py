"""What the open API tells of orders, their lines and cancel requests."""

import django.contrib.postgres.fields
import django.contrib.postgres.functions
import django.contrib.postgres.indexes
import django.db.models.deletion
import oms.kernel.identifiers
from django.db import migrations, models

from oms.kernel.schema import raise_version


FILL = """
UPDATE orders_order SET payment_status = CASE WHEN is_paid THEN 'PAID' ELSE payment_status END,
    delivered_at = CASE WHEN status = 'DELIVERED' THEN changed_at END,
    cancelled_at = CASE WHEN status = 'CANCELLED' THEN changed_at END
WHERE is_paid OR status IN ('DELIVERED', 'CANCELLED');
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_machines'),
        ('catalog', '0001_initial'),
        ('channels_app', '0001_initial'),
        ('locations', '0001_initial'),
        ('orders', '0003_open_cancel_requests'),
    ]

    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE orders_order_number_seq START 1001",
            "DROP SEQUENCE orders_order_number_seq",
        ),
        migrations.RemoveConstraint(
            model_name='cancelrequest',
            name='orders_cancelrequest_decided_when_closed',
        ),
        migrations.AddField(
            model_name='cancelrequest',
            name='public_id',
            field=models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=oms.kernel.identifiers.uuid7, editable=False, unique=True),
        ),
        migrations.AddField(
            model_name='cancelrequestline',
            name='quantity',
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='order',
            name='cancel_note',
            field=models.TextField(blank=True, db_default='', default=''),
        ),
        migrations.AddField(
            model_name='order',
            name='cancel_reason',
            field=models.CharField(blank=True, choices=[('CUSTOMER_REQUEST', 'The customer asked for it'), ('OUT_OF_STOCK', 'Out of stock'), ('FRAUD', 'Fraud'), ('UNDELIVERABLE_ADDRESS', 'The address cannot be delivered to'), ('PAYMENT_FAILED', 'The payment failed'), ('DUPLICATE', 'Ordered twice'), ('OTHER', 'Other')], db_default='', default='', max_length=24),
        ),
        migrations.AddField(
            model_name='order',
            name='cancelled_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='order',
            name='completed_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='order',
            name='delivered_at',
            field=models.DateTimeField(help_text='When the last of it was', null=True),
        ),
        migrations.AddField(
            model_name='order',
            name='number',
            field=models.BigIntegerField(db_default=oms.kernel.identifiers.NextNumber('orders_order_number_seq'), editable=False, help_text="Ours, for people; the channel's is the order number", unique=True),
        ),
        migrations.AddField(
            model_name='order',
            name='order_discount',
            field=models.DecimalField(db_default=0, decimal_places=4, default=0, max_digits=18),
        ),
        migrations.AddField(
            model_name='order',
            name='packaging_note',
            field=models.TextField(blank=True, db_default='', default=''),
        ),
        migrations.AddField(
            model_name='order',
            name='payment_method',
            field=models.CharField(blank=True, choices=[('COD', 'On delivery'), ('BANK_TRANSFER', 'Bank transfer'), ('CARD', 'Card'), ('CASH', 'Cash'), ('QR', 'QR code'), ('ONLINE_BANKING', 'Online banking'), ('INSTALMENT', 'Instalments')], db_default='', default='', max_length=16),
        ),
        migrations.AddField(
            model_name='order',
            name='payment_status',
            field=models.CharField(choices=[('UNPAID', 'Unpaid'), ('PENDING', 'Pending'), ('PARTIALLY_PAID', 'Partially paid'), ('PAID', 'Paid'), ('REFUND_PENDING', 'Refund pending'), ('PARTIALLY_REFUNDED', 'Partially refunded'), ('REFUNDED', 'Refunded'), ('CANCELLED', 'Cancelled'), ('OVERDUE', 'Overdue')], db_default='UNPAID', default='UNPAID', max_length=20),
        ),
        migrations.AddField(
            model_name='order',
            name='preferred_point',
            field=models.ForeignKey(blank=True, db_index=False, help_text='Tried first, if it serves the channel', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='locations.fulfillmentpoint'),
        ),
        migrations.AddField(
            model_name='order',
            name='shipping_fee',
            field=models.DecimalField(db_default=0, decimal_places=4, default=0, max_digits=18),
        ),
        migrations.AddField(
            model_name='order',
            name='tags',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=32), blank=True, db_default=[], default=list, size=None),
        ),
        migrations.AddField(
            model_name='order',
            name='version',
            field=models.IntegerField(db_default=1, default=1, editable=False),
        ),
        migrations.AddField(
            model_name='orderline',
            name='is_named',
            field=models.BooleanField(db_default=True, default=True, help_text='Off: the channel gave no id, so we made one'),
        ),
        migrations.AddField(
            model_name='orderline',
            name='line_discount',
            field=models.DecimalField(db_default=0, decimal_places=4, default=0, help_text='Off quantity times unit price; discount_amount is told and not counted', max_digits=18),
        ),
        migrations.AlterField(
            model_name='cancelrequest',
            name='decision',
            field=models.CharField(blank=True, choices=[('ACCEPT', 'Accepted'), ('REJECT', 'Rejected'), ('EXPIRE', 'Expired')], default='', max_length=8),
        ),
        migrations.AlterField(
            model_name='order',
            name='goods_total',
            field=models.DecimalField(decimal_places=4, default=0, help_text='Of the lines, after their discounts', max_digits=18),
        ),
        migrations.AddIndex(
            model_name='cancelrequest',
            index=models.Index(condition=models.Q(('status', 'OPEN')), fields=['created_at'], name='orders_cancelrequest_due_idx'),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name='cancelrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('decision', ''), ('status', 'OPEN')), models.Q(('decided_at__isnull', False), ('decision__in', ['ACCEPT', 'REJECT', 'EXPIRE']), ('status', 'CLOSED')), _connector='OR'), name='orders_cancelrequest_decided_when_closed'),
        ),
        migrations.AddConstraint(
            model_name='cancelrequestline',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__isnull', True), ('quantity__gt', 0), _connector='OR'), name='orders_cancelrequestline_positive'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(('payment_status__in', ['UNPAID', 'PENDING', 'PARTIALLY_PAID', 'PAID', 'REFUND_PENDING', 'PARTIALLY_REFUNDED', 'REFUNDED', 'CANCELLED', 'OVERDUE'])), name='orders_order_payment_status_known'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(('payment_method__in', ['', 'COD', 'BANK_TRANSFER', 'CARD', 'CASH', 'QR', 'ONLINE_BANKING', 'INSTALMENT'])), name='orders_order_payment_method_known'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(('cancel_reason__in', ['', 'CUSTOMER_REQUEST', 'OUT_OF_STOCK', 'FRAUD', 'UNDELIVERABLE_ADDRESS', 'PAYMENT_FAILED', 'DUPLICATE', 'OTHER'])), name='orders_order_cancel_reason_known'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(('completed_at__isnull', True), ('delivered_at__isnull', False), _connector='OR'), name='orders_order_completed_was_delivered'),
        ),
        raise_version("orders_order", trigger="orders_order_version"),
    ]

"""The short way of a new database to the tables of returns as they are (docs/adr/0029)."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import oms.kernel.identifiers
from oms.kernel.schema import AllAtOnce, raise_version, sequence


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ('returns', '0001_returns'),
        ('returns', '0002_codes_of_points'),
    ]

    dependencies = [
        ('accounts', '0002_machines'),
        ('catalog', '0001_initial'),
        ('channels_app', '0001_initial'),
        ('locations', '0002_public_names_of_points'),
        ('orders', '0006_customers'),
    ]

    operations = [
        sequence('returns_return_number_seq'),
        AllAtOnce([
            migrations.CreateModel(
                name='ReturnOrder',
                fields=[
                    ('id', models.BigAutoField(primary_key=True, serialize=False)),
                    ('public_id', models.UUIDField(default=oms.kernel.identifiers.uuid7, editable=False, unique=True)),
                    ('number', models.CharField(db_default=oms.kernel.identifiers.PrefixedNumber('RT', 'returns_return_number_seq'), editable=False, max_length=32)),
                    ('version', models.IntegerField(db_default=1, default=1, editable=False)),
                    ('order_external_id', models.CharField(max_length=128, verbose_name='order number')),
                    ('external_id', models.CharField(blank=True, max_length=128, null=True, verbose_name='return number')),
                    ('type', models.CharField(choices=[('CUSTOMER_RETURN', 'Sent back by the customer'), ('UNDELIVERED', 'Came back undelivered')], default='CUSTOMER_RETURN', max_length=16)),
                    ('status', models.CharField(choices=[('EXPECTED', 'Expected'), ('RECEIVED', 'Received'), ('INSPECTED', 'Inspected'), ('CLOSED', 'Closed'), ('CANCELLED', 'Cancelled')], default='EXPECTED', max_length=12)),
                    ('carrier_code', models.CharField(blank=True, default='', max_length=255)),
                    ('tracking_number', models.CharField(blank=True, default='', max_length=255)),
                    ('refund_decision', models.CharField(choices=[('PENDING', 'Not decided'), ('APPROVED', 'Approved'), ('REJECTED', 'Rejected')], default='PENDING', max_length=8)),
                    ('note', models.TextField(blank=True, default='')),
                    ('created_at', models.DateTimeField()),
                    ('changed_at', models.DateTimeField()),
                    ('received_at', models.DateTimeField(help_text='When the first of it arrived', null=True)),
                    ('inspected_at', models.DateTimeField(help_text='When the last of it was judged', null=True)),
                    ('refund_decided_at', models.DateTimeField(null=True)),
                    ('refund_decided_by', models.CharField(blank=True, default='', max_length=160)),
                    ('closed_at', models.DateTimeField(null=True)),
                    ('cancelled_at', models.DateTimeField(null=True)),
                    ('channel', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='channels_app.channel')),
                    ('order', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='returns', to='orders.order')),
                    ('organization', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organization')),
                    ('point', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='locations.fulfillmentpoint')),
                ],
                options={
                    'permissions': [('receive_return', 'Can receive and inspect returns'), ('cancel_return', 'Can cancel returns'), ('decide_refund', 'Can decide refunds of returns')],
                    'indexes': [
                        models.Index(fields=['organization', '-created_at', '-id'], name='returns_return_recent_idx'),
                        models.Index(fields=['organization', 'changed_at', 'id'], name='returns_return_changed_idx'),
                        models.Index(fields=['point', '-created_at', '-id'], name='returns_return_point_idx'),
                        models.Index(condition=models.Q(('tracking_number', ''), _negated=True), fields=['tracking_number'], name='returns_return_track_idx'),
                    ],
                    'constraints': [
                        models.UniqueConstraint(fields=('number',), name='returns_return_number_uniq'),
                        models.UniqueConstraint(fields=('organization', 'external_id'), name='returns_return_external_uniq'),
                        models.CheckConstraint(condition=models.Q(('order_external_id', ''), _negated=True), name='returns_return_names_its_order'),
                        models.CheckConstraint(condition=models.Q(('external_id__isnull', True), models.Q(('external_id', ''), _negated=True), _connector='OR'), name='returns_return_external_not_empty'),
                        models.CheckConstraint(condition=models.Q(('type__in', ['CUSTOMER_RETURN', 'UNDELIVERED'])), name='returns_return_type_known'),
                        models.CheckConstraint(condition=models.Q(('status__in', ['EXPECTED', 'RECEIVED', 'INSPECTED', 'CLOSED', 'CANCELLED'])), name='returns_return_status_known'),
                        models.CheckConstraint(condition=models.Q(models.Q(('refund_decided_at__isnull', True), ('refund_decision', 'PENDING')), models.Q(('refund_decided_at__isnull', False), ('refund_decision__in', ['APPROVED', 'REJECTED'])), _connector='OR'), name='returns_return_refund_has_time'),
                        models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['RECEIVED', 'INSPECTED', 'CLOSED']), _negated=True), ('received_at__isnull', False), _connector='OR'), name='returns_return_received_has_time'),
                        models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['INSPECTED', 'CLOSED']), _negated=True), ('inspected_at__isnull', False), _connector='OR'), name='returns_return_inspected_has_time'),
                        models.CheckConstraint(condition=models.Q(models.Q(('status', 'CLOSED'), _negated=True), models.Q(('closed_at__isnull', False), models.Q(('refund_decision', 'PENDING'), _negated=True)), _connector='OR'), name='returns_return_closed_is_decided'),
                        models.CheckConstraint(condition=models.Q(models.Q(('status', 'CANCELLED'), _negated=True), models.Q(('cancelled_at__isnull', False), ('received_at__isnull', True)), _connector='OR'), name='returns_return_cancelled_never_came'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='ReturnUnit',
                fields=[
                    ('id', models.BigAutoField(primary_key=True, serialize=False)),
                    ('public_id', models.UUIDField(default=oms.kernel.identifiers.uuid7, editable=False, unique=True)),
                    ('position', models.PositiveIntegerField()),
                    ('external_id', models.CharField(blank=True, max_length=128, null=True)),
                    ('reason', models.TextField(blank=True, default='')),
                    ('status', models.CharField(choices=[('EXPECTED', 'Expected'), ('RECEIVED', 'Received'), ('INSPECTED', 'Inspected'), ('CANCELLED', 'Cancelled')], default='EXPECTED', max_length=12)),
                    ('qc_status', models.CharField(choices=[('PENDING', 'Not inspected'), ('PASS', 'Passed'), ('FAIL', 'Failed')], default='PENDING', max_length=8)),
                    ('qc_reason', models.TextField(blank=True, default='')),
                    ('image_urls', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=2048), blank=True, default=list, size=None)),
                    ('disposition', models.CharField(blank=True, choices=[('RESTOCK', 'Back on the shelf'), ('QUARANTINE', 'Set aside'), ('DISCARD', 'Thrown away')], default='', max_length=12)),
                    ('received_at', models.DateTimeField(null=True)),
                    ('inspected_at', models.DateTimeField(null=True)),
                    ('order_line', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='return_units', to='orders.orderline')),
                    ('point', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='locations.fulfillmentpoint')),
                    ('return_order', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='units', to='returns.returnorder')),
                    ('sku', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.sku')),
                    ('point_code', models.CharField(blank=True, db_default='', default='', help_text='What the point that judged it calls it, where that is not its number', max_length=255)),
                ],
                options={
                    'constraints': [
                        models.UniqueConstraint(fields=('return_order', 'position'), name='returns_unit_position_uniq'),
                        models.UniqueConstraint(fields=('return_order', 'external_id'), name='returns_unit_external_uniq'),
                        models.CheckConstraint(condition=models.Q(('external_id__isnull', True), models.Q(('external_id', ''), _negated=True), _connector='OR'), name='returns_unit_external_not_empty'),
                        models.CheckConstraint(condition=models.Q(('status__in', ['EXPECTED', 'RECEIVED', 'INSPECTED', 'CANCELLED'])), name='returns_unit_status_known'),
                        models.CheckConstraint(condition=models.Q(('disposition__in', ['', 'RESTOCK', 'QUARANTINE', 'DISCARD'])), name='returns_unit_disposition_known'),
                        models.CheckConstraint(condition=models.Q(models.Q(('point__isnull', True), ('received_at__isnull', True), ('status__in', ['EXPECTED', 'CANCELLED'])), models.Q(('point__isnull', False), ('received_at__isnull', False), ('status__in', ['RECEIVED', 'INSPECTED'])), _connector='OR'), name='returns_unit_received_somewhere'),
                        models.CheckConstraint(condition=models.Q(models.Q(('inspected_at__isnull', False), ('qc_status__in', ['PASS', 'FAIL']), ('status', 'INSPECTED')), models.Q(('disposition', ''), ('inspected_at__isnull', True), ('qc_status', 'PENDING'), ('status__in', ['EXPECTED', 'RECEIVED', 'CANCELLED'])), _connector='OR'), name='returns_unit_inspected_has_result'),
                    ],
                },
            ),
        ]),
        raise_version('returns_returnorder', trigger='returns_returnorder_version'),
    ]

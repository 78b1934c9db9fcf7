"""Transfers between points, refusals, what was not found, and configured transitions."""

import django.contrib.postgres.functions
import django.db.models.deletion
import oms.kernel.identifiers
import oms.kernel.sealed
from django.db import migrations, models


SEQUENCES = (
    "fulfillment_transfer_number_seq",
    "fulfillment_denialreason_number_seq",
    "fulfillment_transitionrule_number_seq",
)


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0006_akinon'),
        ('catalog', '0004_sku_tags'),
        ('fulfillment', '0009_scenarios'),
        ('locations', '0005_point_numbers'),
        ('orders', '0008_traits'),
    ]

    operations = [
        *(
            migrations.RunSQL(f"CREATE SEQUENCE {name} START 1001", f"DROP SEQUENCE {name}")
            for name in SEQUENCES
        ),
        migrations.CreateModel(
            name='DenialReason',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_number', models.BigIntegerField(db_default=oms.kernel.identifiers.NextNumber('fulfillment_denialreason_number_seq'), unique=True)),
                ('title', models.CharField(max_length=255)),
                ('remote_id', models.CharField(blank=True, db_default='', default='', max_length=100)),
                ('priority', models.PositiveIntegerField(blank=True, null=True)),
                ('is_active', models.BooleanField(db_default=True, default=True)),
                ('created_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow())),
                ('changed_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow())),
            ],
        ),
        migrations.CreateModel(
            name='Discrepancy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(choices=[('NOT_FOUND', 'Not found'), ('WRONG_PRODUCT', 'Wrong product')], max_length=16)),
                ('created_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow())),
                ('actor', models.CharField(max_length=160)),
            ],
            options={
                'verbose_name_plural': 'discrepancies',
            },
        ),
        migrations.CreateModel(
            name='TaskDenial',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=255)),
                ('note', models.TextField(blank=True, db_default='', default='')),
                ('created_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow())),
                ('actor', models.CharField(max_length=160)),
            ],
        ),
        migrations.CreateModel(
            name='TaskInvoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=128)),
                ('issued_at', models.DateTimeField()),
                ('kind', models.CharField(choices=[('PDF', 'PDF'), ('HTML', 'HTML'), ('URL', 'An address')], max_length=4)),
                ('url', models.CharField(blank=True, db_default='', default='', max_length=2048)),
                ('changed_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow())),
            ],
        ),
        migrations.CreateModel(
            name='TransferLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quantity', models.PositiveIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='TransferOrder',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('public_number', models.BigIntegerField(db_default=oms.kernel.identifiers.NextNumber('fulfillment_transfer_number_seq'), unique=True)),
                ('number', models.CharField(max_length=32)),
                ('status', models.CharField(choices=[('WAITING', 'Waiting to be sent'), ('READY', 'Ready for shipment'), ('IN_TRANSIT', 'In transit'), ('TRANSFERRED', 'Arrived'), ('CANCELLED', 'Cancelled')], default='WAITING', max_length=12)),
                ('carrier', models.CharField(blank=True, db_default='', default='', max_length=255)),
                ('tracking_number', models.CharField(blank=True, db_default='', default='', max_length=255)),
                ('extra', models.JSONField(blank=True, default=dict)),
                ('created_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow())),
                ('changed_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow())),
                ('dispatched_at', models.DateTimeField(blank=True, null=True)),
                ('completed_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='TransitionRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=oms.kernel.identifiers.uuid7, editable=False, unique=True)),
                ('public_number', models.BigIntegerField(db_default=oms.kernel.identifiers.NextNumber('fulfillment_transitionrule_number_seq'), unique=True)),
                ('slug', models.SlugField(db_index=False, max_length=100)),
                ('family', models.SlugField(db_index=False, max_length=100)),
                ('name', models.CharField(max_length=255)),
                ('source', models.CharField(max_length=20)),
                ('destination', models.CharField(max_length=20)),
                ('command', models.CharField(choices=[('STATE_TRANSITION', 'Change the state only'), ('COMPLETE_PACKING', 'Complete packing with shipment'), ('COMPLETE_PACKING_UNSHIPPED', 'Complete packing without shipment'), ('COMPLETE_PACKING_BY_CHANNEL', 'Complete packing as its channel'), ('REFUSE', 'Refuse with a reason'), ('ITEMS_NOT_FOUND', 'Product not found, whole package'), ('ITEMS_NOT_FOUND_ADVANCED', 'Product not found, missing items only'), ('PACK_FOR_REFUND', 'Pack for refund'), ('BLOCK', 'Block'), ('UNBLOCK', 'Unblock'), ('RELEASE_RESERVATIONS', 'Deallocate reservations'), ('REPLAN', 'Plan again'), ('UPDATE_INVOICE', 'Update the invoice'), ('ASSIGN_MANUALLY', 'Plan by hand'), ('SHIP', 'Ship'), ('SHIP_BASIC', 'Ship, basic'), ('SHIP_ADVANCED', 'Ship with numbers from outside'), ('SHIP_UNINTEGRATED', 'Ship without shipment integration'), ('UPDATE_SHIPMENT_STATUS', "Update the shipment's status"), ('UPDATE_SHIPMENT_INFO', "Update the shipment's numbers"), ('READY_FOR_PICKUP', 'Ready for pickup'), ('COLLECT', 'Collected by the customer'), ('TRANSFER_READY', 'Transfer ready for shipment'), ('TRANSFER_DISPATCH', 'Dispatch a transfer'), ('TRANSFER_COMPLETE', 'Transfer arrived'), ('TRANSFER_NOT_FOUND', 'Product for transfer not found')], max_length=32)),
                ('is_visible', models.BooleanField(db_default=True, default=True)),
                ('config', models.JSONField(blank=True, default=dict)),
                ('secrets', oms.kernel.sealed.SealedField(help_text='What `config` must not show', null=True)),
                ('created_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow())),
                ('changed_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow())),
            ],
        ),
        migrations.AddField(
            model_name='taskline',
            name='is_in_transit',
            field=models.BooleanField(db_default=False, default=False, help_text='They left there, and are reserved nowhere'),
        ),
        migrations.AddField(
            model_name='taskline',
            name='source_point',
            field=models.ForeignKey(blank=True, db_index=False, help_text='Where the units come from by transfer, until they arrive', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='locations.fulfillmentpoint'),
        ),
        migrations.AddConstraint(
            model_name='taskline',
            constraint=models.CheckConstraint(condition=models.Q(('is_in_transit', False), ('source_point__isnull', False), _connector='OR'), name='fulfillment_taskline_comes_from_somewhere'),
        ),
        migrations.AddField(
            model_name='denialreason',
            name='organization',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='denial_reasons', to='accounts.organization'),
        ),
        migrations.AddField(
            model_name='discrepancy',
            name='point',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='locations.fulfillmentpoint'),
        ),
        migrations.AddField(
            model_name='discrepancy',
            name='task_line',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='discrepancies', to='fulfillment.taskline'),
        ),
        migrations.AddField(
            model_name='taskdenial',
            name='point',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='locations.fulfillmentpoint'),
        ),
        migrations.AddField(
            model_name='taskdenial',
            name='reason',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='fulfillment.denialreason'),
        ),
        migrations.AddField(
            model_name='taskdenial',
            name='task',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='denials', to='fulfillment.fulfillmenttask'),
        ),
        migrations.AddField(
            model_name='taskinvoice',
            name='content',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='fulfillment.storedcontent'),
        ),
        migrations.AddField(
            model_name='taskinvoice',
            name='task',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='outside_invoice', to='fulfillment.fulfillmenttask'),
        ),
        migrations.AddField(
            model_name='transferline',
            name='task_line',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='transfer_lines', to='fulfillment.taskline'),
        ),
        migrations.AddField(
            model_name='transferorder',
            name='destination',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='transfers_in', to='locations.fulfillmentpoint'),
        ),
        migrations.AddField(
            model_name='transferorder',
            name='organization',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organization'),
        ),
        migrations.AddField(
            model_name='transferorder',
            name='source',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='transfers_out', to='locations.fulfillmentpoint'),
        ),
        migrations.AddField(
            model_name='transferorder',
            name='task',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='transfers', to='fulfillment.fulfillmenttask'),
        ),
        migrations.AddField(
            model_name='transferline',
            name='transfer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='fulfillment.transferorder'),
        ),
        migrations.AddField(
            model_name='transitionrule',
            name='organization',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='transition_rules', to='accounts.organization'),
        ),
        migrations.AddConstraint(
            model_name='denialreason',
            constraint=models.UniqueConstraint(fields=('organization', 'title'), name='fulfillment_denialreason_title_uniq'),
        ),
        migrations.AddConstraint(
            model_name='discrepancy',
            constraint=models.CheckConstraint(condition=models.Q(('reason__in', ['NOT_FOUND', 'WRONG_PRODUCT'])), name='fulfillment_discrepancy_reason_known'),
        ),
        migrations.AddConstraint(
            model_name='taskinvoice',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('content__isnull', True), ('kind', 'URL'), models.Q(('url', ''), _negated=True)), models.Q(('content__isnull', False), ('kind__in', ['PDF', 'HTML']), ('url', '')), _connector='OR'), name='fulfillment_taskinvoice_is_one_thing'),
        ),
        migrations.AddIndex(
            model_name='transferorder',
            index=models.Index(fields=['source', 'status', 'id'], name='fulfillment_transfer_out_idx'),
        ),
        migrations.AddIndex(
            model_name='transferorder',
            index=models.Index(fields=['organization', 'id'], name='fulfillment_transfer_list_idx'),
        ),
        migrations.AddConstraint(
            model_name='transferorder',
            constraint=models.UniqueConstraint(fields=('task', 'number'), name='fulfillment_transfer_number_uniq'),
        ),
        migrations.AddConstraint(
            model_name='transferorder',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['WAITING', 'READY', 'IN_TRANSIT', 'TRANSFERRED', 'CANCELLED'])), name='fulfillment_transfer_status_known'),
        ),
        migrations.AddConstraint(
            model_name='transferorder',
            constraint=models.CheckConstraint(condition=models.Q(('source', models.F('destination')), _negated=True), name='fulfillment_transfer_goes_elsewhere'),
        ),
        migrations.AddConstraint(
            model_name='transferline',
            constraint=models.UniqueConstraint(fields=('transfer', 'task_line'), name='fulfillment_transferline_uniq'),
        ),
        migrations.AddConstraint(
            model_name='transferline',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gt', 0)), name='fulfillment_transferline_quantity_positive'),
        ),
        migrations.AddConstraint(
            model_name='transitionrule',
            constraint=models.UniqueConstraint(fields=('organization', 'slug'), name='fulfillment_transitionrule_slug_uniq'),
        ),
        migrations.AddConstraint(
            model_name='transitionrule',
            constraint=models.UniqueConstraint(fields=('organization', 'family', 'source', 'destination'), name='fulfillment_transitionrule_family_uniq'),
        ),
        migrations.AddConstraint(
            model_name='transitionrule',
            constraint=models.CheckConstraint(condition=models.Q(('command__in', ['STATE_TRANSITION', 'COMPLETE_PACKING', 'COMPLETE_PACKING_UNSHIPPED', 'COMPLETE_PACKING_BY_CHANNEL', 'REFUSE', 'ITEMS_NOT_FOUND', 'ITEMS_NOT_FOUND_ADVANCED', 'PACK_FOR_REFUND', 'BLOCK', 'UNBLOCK', 'RELEASE_RESERVATIONS', 'REPLAN', 'UPDATE_INVOICE', 'ASSIGN_MANUALLY', 'SHIP', 'SHIP_BASIC', 'SHIP_ADVANCED', 'SHIP_UNINTEGRATED', 'UPDATE_SHIPMENT_STATUS', 'UPDATE_SHIPMENT_INFO', 'READY_FOR_PICKUP', 'COLLECT', 'TRANSFER_READY', 'TRANSFER_DISPATCH', 'TRANSFER_COMPLETE', 'TRANSFER_NOT_FOUND'])), name='fulfillment_transitionrule_command_known'),
        ),
    ]

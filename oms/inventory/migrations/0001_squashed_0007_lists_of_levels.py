"""The short way of a new database to the tables of stock as they are (docs/adr/0029)."""

import django.contrib.postgres.functions
import django.db.models.deletion
from django.db import migrations, models

import oms.kernel.identifiers
from oms.inventory.migrations._sql import APPEND_ONLY, REWRITABLE
from oms.kernel.schema import AllAtOnce, raise_version


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ('inventory', '0001_initial'),
        ('inventory', '0002_ledger_is_append_only'),
        ('inventory', '0003_lists_of_what_is_wrong'),
        ('inventory', '0004_announcements'),
        ('inventory', '0005_level_details'),
        ('inventory', '0006_validate_level_details'),
        ('inventory', '0007_lists_of_levels'),
    ]

    dependencies = [
        ('accounts', '0002_machines'),
        ('catalog', '0001_initial'),
        ('locations', '0002_public_names_of_points'),
    ]

    operations = [
        AllAtOnce([
            migrations.CreateModel(
                name='StockLevel',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('on_hand', models.IntegerField(db_default=0, default=0)),
                    ('reserved', models.IntegerField(db_default=0, default=0)),
                    ('safety', models.IntegerField(db_default=0, default=0)),
                    ('is_stocked', models.BooleanField(db_default=True, default=True, help_text='Off: the point said it does not keep this SKU')),
                    ('counted_at', models.DateTimeField(blank=True, null=True)),
                    ('updated_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow())),
                    ('organization', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organization')),
                    ('point', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='levels', to='locations.fulfillmentpoint')),
                    ('sku', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='levels', to='catalog.sku')),
                    ('incoming', models.IntegerField(db_default=0, default=0)),
                    ('unavailable', models.IntegerField(db_default=0, default=0)),
                    ('version', models.IntegerField(db_default=1, default=1, editable=False)),
                ],
                options={
                    'indexes': [
                        models.Index(fields=['point', 'sku'], name='inventory_level_point_idx'),
                        models.Index(condition=models.Q(('reserved__gt', models.F('on_hand'))), fields=['organization', 'id'], name='inventory_level_short_idx'),
                        models.Index(fields=['organization', 'id'], name='inventory_level_made_idx'),
                        models.Index(fields=['organization', 'updated_at', 'id'], name='inventory_level_changed_idx'),
                    ],
                    'constraints': [
                        models.UniqueConstraint(fields=('sku', 'point'), name='inventory_level_uniq'),
                        models.CheckConstraint(condition=models.Q(('on_hand__gte', 0)), name='inventory_level_on_hand_not_negative'),
                        models.CheckConstraint(condition=models.Q(('reserved__gte', 0)), name='inventory_level_reserved_not_negative'),
                        models.CheckConstraint(condition=models.Q(('safety__gte', 0)), name='inventory_level_safety_not_negative'),
                        models.CheckConstraint(condition=models.Q(('unavailable__gte', 0)), name='inventory_level_unavailable_not_negative'),
                        models.CheckConstraint(condition=models.Q(('incoming__gte', 0)), name='inventory_level_incoming_not_negative'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='StockMovement',
                fields=[
                    ('id', models.BigAutoField(primary_key=True, serialize=False)),
                    ('kind', models.CharField(choices=[('COUNT', 'Count'), ('RECEIPT', 'Receipt'), ('RESERVE', 'Reservation'), ('RELEASE', 'Release'), ('SHIP', 'Shipment'), ('RETURN', 'Return'), ('ADJUST', 'Adjustment')], max_length=8)),
                    ('on_hand_delta', models.IntegerField(default=0)),
                    ('reserved_delta', models.IntegerField(default=0)),
                    ('cause', models.CharField(help_text='Number of the task, count or correction', max_length=160)),
                    ('actor', models.CharField(max_length=160)),
                    ('recorded_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow())),
                    ('level', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='movements', to='inventory.stocklevel')),
                    ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organization')),
                    ('incoming_delta', models.IntegerField(db_default=0, default=0)),
                    ('reason', models.CharField(blank=True, choices=[('CYCLE_COUNT', 'Cycle count'), ('CORRECTION', 'Correction'), ('RECEIVED', 'Received'), ('DAMAGED', 'Damaged'), ('RETURNED', 'Returned'), ('SHRINKAGE', 'Shrinkage'), ('SYNC', 'Synchronisation'), ('OTHER', 'Other')], db_default='', default='', max_length=16)),
                    ('reference', models.CharField(blank=True, db_default='', default='', help_text='Theirs, such as PO-77', max_length=128)),
                    ('safety_delta', models.IntegerField(db_default=0, default=0)),
                    ('unavailable_delta', models.IntegerField(db_default=0, default=0)),
                ],
                options={
                    'indexes': [
                        models.Index(fields=['level', '-id'], name='inventory_movement_level_idx'),
                    ],
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('kind__in', ['COUNT', 'RECEIPT', 'RESERVE', 'RELEASE', 'SHIP', 'RETURN', 'ADJUST'])), name='inventory_movement_kind_known'),
                        models.CheckConstraint(condition=models.Q(models.Q(('kind', 'RESERVE'), ('on_hand_delta', 0), ('reserved_delta__gt', 0)), models.Q(('kind', 'RELEASE'), ('on_hand_delta', 0), ('reserved_delta__lt', 0)), models.Q(('kind', 'SHIP'), ('on_hand_delta__lte', 0), ('reserved_delta__lt', 0)), models.Q(('kind__in', ['COUNT', 'RECEIPT', 'RETURN', 'ADJUST']), ('reserved_delta', 0)), _connector='OR'), name='inventory_movement_deltas_fit_kind'),
                        models.CheckConstraint(condition=models.Q(('reason__in', ['', 'CYCLE_COUNT', 'CORRECTION', 'RECEIVED', 'DAMAGED', 'RETURNED', 'SHRINKAGE', 'SYNC', 'OTHER'])), name='inventory_movement_reason_known'),
                        models.CheckConstraint(condition=models.Q(('kind__in', ['COUNT', 'RECEIPT', 'RETURN', 'ADJUST']), models.Q(('incoming_delta', 0), ('safety_delta', 0), ('unavailable_delta', 0)), _connector='OR'), name='inventory_movement_plain_kinds_are_plain'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='StockAnnouncement',
                fields=[
                    ('listing', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='announcement', serialize=False, to='catalog.listing')),
                    ('quantity', models.IntegerField()),
                    ('announced_at', models.DateTimeField()),
                ],
            ),
            migrations.CreateModel(
                name='StockWatch',
                fields=[
                    ('id', models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                    ('movement_id', models.BigIntegerField(default=0)),
                    ('next_movement_id', models.BigIntegerField(default=0)),
                    ('next_transaction', models.BigIntegerField(default=0)),
                    ('looked_at', models.DateTimeField(null=True)),
                    ('compared_at', models.DateTimeField(help_text='When everything was last compared', null=True)),
                ],
                options={
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('id__in', [1, 2])), name='inventory_stockwatch_reader_known'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='LevelNews',
                fields=[
                    ('level', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='news', serialize=False, to='inventory.stocklevel')),
                    ('version', models.IntegerField()),
                    ('told_at', models.DateTimeField()),
                ],
            ),
            migrations.CreateModel(
                name='StockAdjustment',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('public_id', models.UUIDField(default=oms.kernel.identifiers.uuid7, editable=False, unique=True)),
                    ('reason', models.CharField(choices=[('CYCLE_COUNT', 'Cycle count'), ('CORRECTION', 'Correction'), ('RECEIVED', 'Received'), ('DAMAGED', 'Damaged'), ('RETURNED', 'Returned'), ('SHRINKAGE', 'Shrinkage'), ('SYNC', 'Synchronisation'), ('OTHER', 'Other')], max_length=16)),
                    ('reference', models.CharField(blank=True, default='', max_length=128)),
                    ('results', models.JSONField(default=list)),
                    ('actor', models.CharField(max_length=160)),
                    ('made_at', models.DateTimeField()),
                    ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organization')),
                ],
                options={
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('reason__in', ['CYCLE_COUNT', 'CORRECTION', 'RECEIVED', 'DAMAGED', 'RETURNED', 'SHRINKAGE', 'SYNC', 'OTHER'])), name='inventory_adjustment_reason_known'),
                    ],
                },
            ),
        ]),
        migrations.RunSQL(APPEND_ONLY, REWRITABLE),
        raise_version('inventory_stocklevel', trigger='inventory_level_version'),
    ]

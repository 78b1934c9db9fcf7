import django.db.models.deletion
import oms.kernel.identifiers
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

from oms.kernel.schema import raise_version


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_machines'),
        ('catalog', '0001_initial'),
        ('inventory', '0004_announcements'),
        ('locations', '0002_public_names_of_points'),
    ]

    operations = [
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
            ],
        ),
        migrations.RemoveConstraint(
            model_name='stockwatch',
            name='inventory_stockwatch_is_one',
        ),
        migrations.AddField(
            model_name='stocklevel',
            name='incoming',
            field=models.IntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='stocklevel',
            name='unavailable',
            field=models.IntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='stocklevel',
            name='version',
            field=models.IntegerField(db_default=1, default=1, editable=False),
        ),
        migrations.AddField(
            model_name='stockmovement',
            name='incoming_delta',
            field=models.IntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='stockmovement',
            name='reason',
            field=models.CharField(blank=True, choices=[('CYCLE_COUNT', 'Cycle count'), ('CORRECTION', 'Correction'), ('RECEIVED', 'Received'), ('DAMAGED', 'Damaged'), ('RETURNED', 'Returned'), ('SHRINKAGE', 'Shrinkage'), ('SYNC', 'Synchronisation'), ('OTHER', 'Other')], db_default='', default='', max_length=16),
        ),
        migrations.AddField(
            model_name='stockmovement',
            name='reference',
            field=models.CharField(blank=True, db_default='', default='', help_text='Theirs, such as PO-77', max_length=128),
        ),
        migrations.AddField(
            model_name='stockmovement',
            name='safety_delta',
            field=models.IntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='stockmovement',
            name='unavailable_delta',
            field=models.IntegerField(db_default=0, default=0),
        ),
        AddConstraintNotValid(
            model_name='stocklevel',
            constraint=models.CheckConstraint(condition=models.Q(('unavailable__gte', 0)), name='inventory_level_unavailable_not_negative'),
        ),
        AddConstraintNotValid(
            model_name='stocklevel',
            constraint=models.CheckConstraint(condition=models.Q(('incoming__gte', 0)), name='inventory_level_incoming_not_negative'),
        ),
        AddConstraintNotValid(
            model_name='stockmovement',
            constraint=models.CheckConstraint(condition=models.Q(('reason__in', ['', 'CYCLE_COUNT', 'CORRECTION', 'RECEIVED', 'DAMAGED', 'RETURNED', 'SHRINKAGE', 'SYNC', 'OTHER'])), name='inventory_movement_reason_known'),
        ),
        AddConstraintNotValid(
            model_name='stockmovement',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['COUNT', 'RECEIPT', 'RETURN', 'ADJUST']), models.Q(('incoming_delta', 0), ('safety_delta', 0), ('unavailable_delta', 0)), _connector='OR'), name='inventory_movement_plain_kinds_are_plain'),
        ),
        migrations.AddConstraint(
            model_name='stockwatch',
            constraint=models.CheckConstraint(condition=models.Q(('id__in', [1, 2])), name='inventory_stockwatch_reader_known'),
        ),
        migrations.AddField(
            model_name='stockadjustment',
            name='organization',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organization'),
        ),
        migrations.AddConstraint(
            model_name='stockadjustment',
            constraint=models.CheckConstraint(condition=models.Q(('reason__in', ['CYCLE_COUNT', 'CORRECTION', 'RECEIVED', 'DAMAGED', 'RETURNED', 'SHRINKAGE', 'SYNC', 'OTHER'])), name='inventory_adjustment_reason_known'),
        ),
        raise_version("inventory_stocklevel", trigger="inventory_level_version"),
    ]

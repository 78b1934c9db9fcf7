"""The short way of a new database to the tables of the back office as they are (docs/adr/0029)."""

import django.contrib.postgres.functions
import django.db.models.deletion
from django.db import migrations, models

from oms.kernel.schema import AllAtOnce


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ('backoffice', '0001_imports_and_worlds'),
        ('backoffice', '0002_bench'),
    ]

    dependencies = [
        ('channels_app', '0001_initial'),
        ('fulfillment', '0006_dock'),
        ('orders', '0002_core'),
    ]

    operations = [
        AllAtOnce([
            migrations.CreateModel(
                name='WorldApplication',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('digest', models.CharField(max_length=64)),
                    ('files', models.TextField()),
                    ('changes', models.PositiveIntegerField()),
                    ('applied_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow())),
                ],
            ),
            migrations.CreateModel(
                name='ImportedCancellation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('reference', models.CharField(help_text='Number of the cancellation', max_length=128)),
                    ('row', models.PositiveIntegerField(help_text='Row within the cancellation')),
                    ('quantity', models.PositiveIntegerField()),
                    ('channel', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='channels_app.channel')),
                    ('line', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='orders.orderline')),
                ],
                options={
                    'indexes': [
                        models.Index(fields=['channel', 'reference'], name='backoffice_cancellation_idx'),
                    ],
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('quantity__gt', 0)), name='backoffice_importedcancellation_positive'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='OrderImport',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('mapping', models.CharField(max_length=64)),
                    ('digest', models.CharField(help_text='SHA-256 of the file', max_length=64)),
                    ('file', models.TextField()),
                    ('refused_file', models.TextField()),
                    ('refused_size', models.PositiveBigIntegerField(default=0)),
                    ('rows_done', models.PositiveBigIntegerField(default=0)),
                    ('totals', models.JSONField(default=dict)),
                    ('started_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow())),
                    ('changed_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow())),
                    ('finished_at', models.DateTimeField(null=True)),
                    ('channel', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='channels_app.channel')),
                ],
                options={
                    'constraints': [
                        models.UniqueConstraint(fields=('channel', 'mapping', 'digest'), name='backoffice_orderimport_uniq'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='PackingSession',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('person', models.CharField(help_text='User name', max_length=150)),
                    ('times', models.PositiveIntegerField(default=1)),
                    ('weight_g', models.PositiveIntegerField(null=True)),
                    ('packing_until', models.DateTimeField(null=True)),
                    ('question', models.CharField(blank=True, choices=[('SHORT', 'Are the missing units not to be found?'), ('BACK', 'Were the cancelled units put back?'), ('LEAVE', 'Leave without packing?')], default='', max_length=8)),
                    ('said', models.CharField(blank=True, default='', max_length=1000)),
                    ('tone', models.CharField(choices=[('CALM', 'Nothing was scanned yet'), ('RIGHT', 'Right'), ('WRONG', 'Wrong'), ('ASK', 'Asks back')], default='CALM', max_length=8)),
                    ('opened_at', models.DateTimeField()),
                    ('changed_at', models.DateTimeField()),
                    ('ended_at', models.DateTimeField(null=True)),
                    ('end', models.CharField(blank=True, choices=[('PACKED', 'A box was packed'), ('LEFT', 'Left without packing')], default='', max_length=8)),
                    ('parcel', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='fulfillment.parcel')),
                    ('picklist', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='fulfillment.picklist')),
                    ('task', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='fulfillment.fulfillmenttask')),
                ],
                options={
                    'permissions': [('pack_at_bench', 'Can pick and pack at the bench')],
                    'default_permissions': (),
                    'indexes': [
                        models.Index(condition=models.Q(('ended_at__isnull', True)), fields=['person', 'id'], name='backoffice_session_open_idx'),
                    ],
                    'constraints': [
                        models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('task',), name='backoffice_session_one_per_task'),
                        models.CheckConstraint(condition=models.Q(models.Q(('end', ''), ('ended_at__isnull', True)), models.Q(('end__in', ['PACKED', 'LEFT']), ('ended_at__isnull', False)), _connector='OR'), name='backoffice_session_ended_has_time'),
                        models.CheckConstraint(condition=models.Q(models.Q(('end', 'PACKED'), _negated=True), ('parcel__isnull', False), _connector='OR'), name='backoffice_session_packed_has_parcel'),
                        models.CheckConstraint(condition=models.Q(('times__gt', 0)), name='backoffice_session_times_positive'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='BenchScan',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('token', models.UUIDField()),
                    ('text', models.CharField(max_length=255)),
                    ('units', models.IntegerField(default=0)),
                    ('scanned_at', models.DateTimeField()),
                    ('task_line', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='fulfillment.taskline')),
                    ('session', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='scans', to='backoffice.packingsession')),
                ],
                options={
                    'default_permissions': (),
                    'constraints': [
                        models.UniqueConstraint(fields=('session', 'token', 'task_line'), name='backoffice_scan_once', nulls_distinct=False),
                        models.CheckConstraint(condition=models.Q(models.Q(('task_line__isnull', True), ('units', 0)), models.Q(('task_line__isnull', False), models.Q(('units', 0), _negated=True)), _connector='OR'), name='backoffice_scan_counts_units'),
                    ],
                },
            ),
        ]),
    ]

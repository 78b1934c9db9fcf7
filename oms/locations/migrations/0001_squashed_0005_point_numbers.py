"""The short way of a new database to the tables of points as they are (docs/adr/0029)."""

import django.contrib.postgres.fields
import django.contrib.postgres.functions
import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
from django.db import migrations, models

import oms.kernel.identifiers
import oms.locations.models
from oms.kernel.schema import AllAtOnce, sequence


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ('locations', '0001_initial'),
        ('locations', '0002_public_names_of_points'),
        ('locations', '0003_carrier_cut_offs'),
        ('locations', '0004_calendars'),
        ('locations', '0005_point_numbers'),
    ]

    dependencies = [
        ('accounts', '0001_initial'),
        ('channels_app', '0001_initial'),
    ]

    operations = [
        sequence('locations_point_number_seq', start=101),
        AllAtOnce([
            migrations.CreateModel(
                name='ChannelPoint',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                    ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                    ('location_code', models.CharField(max_length=64)),
                    ('channel', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='point_links', to='channels_app.channel')),
                    ('point', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='channel_links', to='locations.fulfillmentpoint')),
                ],
                options={
                    'constraints': [
                        models.UniqueConstraint(fields=('channel', 'point'), name='locations_channelpoint_uniq'),
                        models.UniqueConstraint(fields=('channel', 'location_code'), name='locations_channelpoint_code_uniq'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='FulfillmentPoint',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                    ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                    ('code', models.CharField(max_length=64)),
                    ('name', models.CharField(max_length=255)),
                    ('type', models.CharField(choices=[('GENERAL', 'Warehouse with its own API client'), ('STORE', 'Store'), ('EXTERNAL', 'External fulfilment system')], default='GENERAL', max_length=16)),
                    ('line1', models.CharField(blank=True, default='', max_length=255)),
                    ('line2', models.CharField(blank=True, default='', max_length=255)),
                    ('city', models.CharField(blank=True, default='', max_length=255)),
                    ('state', models.CharField(blank=True, default='', max_length=255)),
                    ('postcode', models.CharField(blank=True, default='', max_length=32)),
                    ('country', models.CharField(blank=True, default='', max_length=64)),
                    ('timezone', models.CharField(blank=True, default='', max_length=64)),
                    ('priority', models.IntegerField(default=100, help_text='Lower is tried first')),
                    ('carriers', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=255), blank=True, default=list, size=None)),
                    ('accept_within', models.PositiveIntegerField(blank=True, help_text='Minutes; a task not accepted in time hops', null=True)),
                    ('max_quota', models.PositiveIntegerField(blank=True, help_text='Tasks a day', null=True)),
                    ('supplier_code', models.CharField(blank=True, default='', max_length=64)),
                    ('is_active', models.BooleanField(default=True)),
                    ('channels', models.ManyToManyField(related_name='points', through='locations.ChannelPoint', to='channels_app.channel')),
                    ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='points', to='accounts.organization')),
                    ('public_id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=oms.kernel.identifiers.uuid7, editable=False, unique=True)),
                    ('ward', models.CharField(blank=True, db_default='', default='', max_length=255)),
                    ('district', models.CharField(blank=True, db_default='', default='', max_length=255)),
                    ('phone', models.CharField(blank=True, db_default='', default='', max_length=32)),
                    ('conf', models.JSONField(blank=True, db_default={}, default=dict, help_text='What others keep here; read by nobody')),
                    ('email', models.EmailField(blank=True, db_default='', default='', max_length=254)),
                    ('evening_phone', models.CharField(blank=True, db_default='', default='', max_length=32)),
                    ('fax', models.CharField(blank=True, db_default='', default='', max_length=32)),
                    ('is_delivery_location', models.BooleanField(db_default=True, default=True)),
                    ('is_fast_delivery_available', models.BooleanField(db_default=False, default=False)),
                    ('is_fulfillment_center', models.BooleanField(db_default=False, default=False)),
                    ('is_pickup_location', models.BooleanField(db_default=False, default=False)),
                    ('is_return_available', models.BooleanField(db_default=False, default=False)),
                    ('latitude', models.DecimalField(blank=True, decimal_places=6, max_digits=9, null=True)),
                    ('longitude', models.DecimalField(blank=True, decimal_places=6, max_digits=9, null=True)),
                    ('tags', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=64), blank=True, db_default=[], default=list, size=None)),
                    ('number', models.BigIntegerField(db_default=oms.kernel.identifiers.NextNumber('locations_point_number_seq'), editable=False, unique=True)),
                ],
                options={
                    'constraints': [
                        models.UniqueConstraint(fields=('organization', 'code'), name='locations_point_code_uniq'),
                        models.CheckConstraint(condition=models.Q(('type__in', ['GENERAL', 'STORE', 'EXTERNAL'])), name='locations_point_type_known'),
                        models.CheckConstraint(condition=models.Q(models.Q(('latitude__isnull', True), ('longitude__isnull', True)), models.Q(('latitude__gte', -90), ('latitude__lte', 90), ('longitude__gte', -180), ('longitude__lte', 180)), _connector='OR'), name='locations_point_is_on_earth'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='CarrierCutOff',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                    ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                    ('carrier', models.CharField(max_length=255)),
                    ('time_of_day', models.TimeField(help_text='At the point')),
                    ('weekdays', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), default=oms.locations.models.every_day, help_text='Monday is 1, Sunday is 7', size=None)),
                    ('point', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='cut_offs', to='locations.fulfillmentpoint')),
                ],
                options={
                    'constraints': [
                        models.UniqueConstraint(models.F('point'), django.db.models.functions.text.Upper('carrier'), name='locations_cutoff_carrier_uniq'),
                        models.CheckConstraint(condition=models.Q(('weekdays__contained_by', [1, 2, 3, 4, 5, 6, 7]), ('weekdays__len__gt', 0)), name='locations_cutoff_weekdays_known'),
                        models.CheckConstraint(condition=models.Q(('carrier', ''), _negated=True), name='locations_cutoff_carrier_named'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='PointCalendar',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                    ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                    ('hours', models.JSONField(blank=True, db_default={}, default=dict)),
                    ('closed_days', django.contrib.postgres.fields.ArrayField(base_field=models.DateField(), blank=True, db_default=[], default=list, size=None)),
                    ('point', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='calendar', to='locations.fulfillmentpoint')),
                ],
                options={
                    'verbose_name': 'calendar of a point',
                },
            ),
        ]),
    ]

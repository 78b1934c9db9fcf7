"""Where points are, what they offer, and when they work."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('locations', '0003_carrier_cut_offs'),
    ]

    operations = [
        migrations.CreateModel(
            name='PointCalendar',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                ('hours', models.JSONField(blank=True, db_default={}, default=dict)),
                ('closed_days', django.contrib.postgres.fields.ArrayField(base_field=models.DateField(), blank=True, db_default=[], default=list, size=None)),
            ],
            options={
                'verbose_name': 'calendar of a point',
            },
        ),
        migrations.AddField(
            model_name='fulfillmentpoint',
            name='conf',
            field=models.JSONField(blank=True, db_default={}, default=dict, help_text='What others keep here; read by nobody'),
        ),
        migrations.AddField(
            model_name='fulfillmentpoint',
            name='email',
            field=models.EmailField(blank=True, db_default='', default='', max_length=254),
        ),
        migrations.AddField(
            model_name='fulfillmentpoint',
            name='evening_phone',
            field=models.CharField(blank=True, db_default='', default='', max_length=32),
        ),
        migrations.AddField(
            model_name='fulfillmentpoint',
            name='fax',
            field=models.CharField(blank=True, db_default='', default='', max_length=32),
        ),
        migrations.AddField(
            model_name='fulfillmentpoint',
            name='is_delivery_location',
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.AddField(
            model_name='fulfillmentpoint',
            name='is_fast_delivery_available',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='fulfillmentpoint',
            name='is_fulfillment_center',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='fulfillmentpoint',
            name='is_pickup_location',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='fulfillmentpoint',
            name='is_return_available',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='fulfillmentpoint',
            name='latitude',
            field=models.DecimalField(blank=True, decimal_places=6, max_digits=9, null=True),
        ),
        migrations.AddField(
            model_name='fulfillmentpoint',
            name='longitude',
            field=models.DecimalField(blank=True, decimal_places=6, max_digits=9, null=True),
        ),
        migrations.AddField(
            model_name='fulfillmentpoint',
            name='tags',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=64), blank=True, db_default=[], default=list, size=None),
        ),
        migrations.AddConstraint(
            model_name='fulfillmentpoint',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('latitude__isnull', True), ('longitude__isnull', True)), models.Q(('latitude__gte', -90), ('latitude__lte', 90), ('longitude__gte', -180), ('longitude__lte', 180)), _connector='OR'), name='locations_point_is_on_earth'),
        ),
        migrations.AddField(
            model_name='pointcalendar',
            name='point',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='calendar', to='locations.fulfillmentpoint'),
        ),
    ]

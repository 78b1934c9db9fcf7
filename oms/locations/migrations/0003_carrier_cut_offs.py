"""When carriers fetch at points."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
import oms.locations.models
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('locations', '0002_public_names_of_points'),
    ]

    operations = [
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
                'constraints': [models.UniqueConstraint(models.F('point'), django.db.models.functions.text.Upper('carrier'), name='locations_cutoff_carrier_uniq'), models.CheckConstraint(condition=models.Q(('weekdays__contained_by', [1, 2, 3, 4, 5, 6, 7]), ('weekdays__len__gt', 0)), name='locations_cutoff_weekdays_known'), models.CheckConstraint(condition=models.Q(('carrier', ''), _negated=True), name='locations_cutoff_carrier_named')],
            },
        ),
    ]

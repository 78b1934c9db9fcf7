import django.contrib.postgres.functions
import oms.kernel.identifiers
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('locations', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='fulfillmentpoint',
            name='public_id',
            field=models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=oms.kernel.identifiers.uuid7, editable=False, unique=True),
        ),
        migrations.AddField(
            model_name='fulfillmentpoint',
            name='ward',
            field=models.CharField(blank=True, db_default='', default='', max_length=255),
        ),
        migrations.AddField(
            model_name='fulfillmentpoint',
            name='district',
            field=models.CharField(blank=True, db_default='', default='', max_length=255),
        ),
        migrations.AddField(
            model_name='fulfillmentpoint',
            name='phone',
            field=models.CharField(blank=True, db_default='', default='', max_length=32),
        ),
    ]

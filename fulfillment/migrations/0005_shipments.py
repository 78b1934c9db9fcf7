"""What the open API tells of parcels: stages, money, notes, where they go, and who reported."""

import django.contrib.postgres.functions
import django.db.models.deletion
import oms.kernel.identifiers
import oms.kernel.sealed
from django.db import migrations, models

from oms.kernel.schema import raise_version

FILL = """
UPDATE fulfillment_parcel SET delivered_at = CASE WHEN status = 'DELIVERED' THEN milestone_at END,
    cancelled_at = CASE WHEN status = 'CANCELLED' THEN changed_at END
WHERE status IN ('DELIVERED', 'CANCELLED');
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_machines'),
        ('fulfillment', '0004_waybills'),
    ]

    operations = [
        migrations.CreateModel(
            name='Consignment',
            fields=[
                ('parcel', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='consignment', serialize=False, to='fulfillment.parcel')),
                ('sender', models.JSONField()),
                ('recipient', oms.kernel.sealed.SealedField(null=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='parcelmilestone',
            name='fulfillment_milestone_uniq',
        ),
        migrations.AddField(
            model_name='document',
            name='error_code',
            field=models.CharField(blank=True, db_default='', default='', help_text='As the carrier calls it', max_length=64),
        ),
        migrations.AddField(
            model_name='parcel',
            name='cancelled_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='parcel',
            name='cod_amount',
            field=models.DecimalField(db_default=0, decimal_places=4, default=0, max_digits=18),
        ),
        migrations.AddField(
            model_name='parcel',
            name='delivered_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='parcel',
            name='external_id',
            field=models.CharField(blank=True, db_default='', default='', max_length=128),
        ),
        migrations.AddField(
            model_name='parcel',
            name='insured_value',
            field=models.DecimalField(decimal_places=4, max_digits=18, null=True),
        ),
        migrations.AddField(
            model_name='parcel',
            name='note',
            field=models.TextField(blank=True, db_default='', default=''),
        ),
        migrations.AddField(
            model_name='parcel',
            name='service_level',
            field=models.CharField(choices=[('STANDARD', 'Standard'), ('EXPRESS', 'Express'), ('SAME_DAY', 'Same day'), ('ECONOMY', 'Economy')], db_default='STANDARD', default='STANDARD', max_length=8),
        ),
        migrations.AddField(
            model_name='parcel',
            name='stage',
            field=models.CharField(blank=True, choices=[('DAMAGED', 'Damaged'), ('DELIVERY_FAILED', 'Delivery failed'), ('IN_TRANSIT', 'In transit'), ('PICKUP_FAILED', 'Pickup failed'), ('RETURNING', 'On its way back')], db_default='', default='', max_length=20),
        ),
        migrations.AddField(
            model_name='parcel',
            name='tracking_url',
            field=models.CharField(blank=True, db_default='', default='', max_length=2048),
        ),
        migrations.AddField(
            model_name='parcel',
            name='version',
            field=models.IntegerField(db_default=1, default=1, editable=False),
        ),
        migrations.AddField(
            model_name='parcelmilestone',
            name='location_text',
            field=models.CharField(blank=True, db_default='', default='', max_length=255),
        ),
        migrations.AddField(
            model_name='parcelmilestone',
            name='proof_url',
            field=models.CharField(blank=True, db_default='', default='', max_length=2048),
        ),
        migrations.AddField(
            model_name='parcelmilestone',
            name='public_id',
            field=models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=oms.kernel.identifiers.uuid7, editable=False),
        ),
        migrations.AddField(
            model_name='parcelmilestone',
            name='report_key',
            field=models.CharField(blank=True, db_default='', default='', max_length=255),
        ),
        migrations.AddField(
            model_name='parcelmilestone',
            name='source',
            field=models.CharField(blank=True, choices=[('CARRIER', 'Carrier'), ('WAREHOUSE', 'Warehouse'), ('MANUAL', 'By hand'), ('PLATFORM', 'Platform')], db_default='', default='', max_length=9),
        ),
        migrations.AddField(
            model_name='parcelmilestone',
            name='source_event_id',
            field=models.CharField(blank=True, db_default='', default='', max_length=255),
        ),
        migrations.AddField(
            model_name='parcelmilestone',
            name='was_applied',
            field=models.BooleanField(db_default=True, default=True, help_text='Off: kept without moving the parcel'),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        raise_version("fulfillment_parcel", trigger="fulfillment_parcel_version"),
        migrations.AddConstraint(
            model_name='parcel',
            constraint=models.CheckConstraint(condition=models.Q(('stage', ''), models.Q(('stage', 'PICKUP_FAILED'), ('status__in', ['PACKED', 'LABELLED'])), models.Q(('stage__in', ['IN_TRANSIT', 'DELIVERY_FAILED', 'RETURNING']), ('status', 'SHIPPED')), models.Q(('stage', 'DAMAGED'), ('status', 'LOST')), _connector='OR'), name='fulfillment_parcel_stage_fits_status'),
        ),
        migrations.AddConstraint(
            model_name='parcel',
            constraint=models.CheckConstraint(condition=models.Q(('service_level__in', ['STANDARD', 'EXPRESS', 'SAME_DAY', 'ECONOMY'])), name='fulfillment_parcel_service_level_known'),
        ),
        migrations.AddConstraint(
            model_name='parcel',
            constraint=models.CheckConstraint(condition=models.Q(('cod_amount__gte', 0)), name='fulfillment_parcel_cod_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='parcelmilestone',
            constraint=models.UniqueConstraint(fields=('parcel', 'milestone', 'occurred_at', 'description', 'report_key'), name='fulfillment_milestone_uniq'),
        ),
        migrations.AddConstraint(
            model_name='parcelmilestone',
            constraint=models.UniqueConstraint(condition=models.Q(('source_event_id', ''), _negated=True), fields=('parcel', 'source_event_id'), name='fulfillment_milestone_source_uniq'),
        ),
    ]

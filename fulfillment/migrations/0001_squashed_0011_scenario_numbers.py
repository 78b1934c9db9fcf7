"""The short way of a new database to the tables of fulfillment as they are (docs/adr/0029)."""

from django.db import migrations, models

from fulfillment.migrations import _tables_of_commands, _tables_of_tasks, _tables_of_the_dock
from fulfillment.migrations._sql import PUBLISHED_CHANGES, PUBLISHED_STAYS
from oms.kernel.schema import AllAtOnce, raise_version, sequence


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ('fulfillment', '0001_number_sequences'),
        ('fulfillment', '0002_core'),
        ('fulfillment', '0003_lists_of_what_is_wrong'),
        ('fulfillment', '0004_waybills'),
        ('fulfillment', '0005_shipments'),
        ('fulfillment', '0006_shipments_by_change'),
        ('fulfillment', '0006_dock'),
        ('fulfillment', '0007_papers'),
        ('fulfillment', '0008_task_states'),
        ('fulfillment', '0009_scenarios'),
        ('fulfillment', '0010_transfers'),
        ('fulfillment', '0011_scenario_numbers'),
    ]

    dependencies = [
        ('accounts', '0006_akinon'),
        ('catalog', '0004_sku_tags'),
        ('channels_app', '0002_external_systems'),
        ('locations', '0005_point_numbers'),
        ('orders', '0008_traits'),
    ]

    operations = [
        sequence('fulfillment_task_number_seq'),
        sequence('fulfillment_taskline_number_seq'),
        sequence('fulfillment_parcel_number_seq'),
        sequence('fulfillment_cancellation_number_seq'),
        sequence('fulfillment_picklist_number_seq', kind='AS integer'),
        sequence('fulfillment_manifest_seq'),
        sequence('fulfillment_handover_seq'),
        sequence('fulfillment_transfer_number_seq'),
        sequence('fulfillment_denialreason_number_seq'),
        sequence('fulfillment_transitionrule_number_seq'),
        sequence('fulfillment_scenario_number_seq'),
        AllAtOnce([
            *_tables_of_tasks.TABLES,
            *_tables_of_the_dock.TABLES,
            *_tables_of_commands.TABLES,
        ]),
        migrations.RunSQL(PUBLISHED_STAYS, PUBLISHED_CHANGES),
        raise_version('fulfillment_parcel', trigger='fulfillment_parcel_version'),
    ]

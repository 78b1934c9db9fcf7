"""Numbers of scenarios that contracts see, never the keys."""

from django.db import migrations, models

import oms.kernel.identifiers

SEQUENCE = "fulfillment_scenario_number_seq"


class Migration(migrations.Migration):
    dependencies = [("fulfillment", "0010_transfers")]

    operations = [
        migrations.RunSQL(f"CREATE SEQUENCE {SEQUENCE} START 1001", f"DROP SEQUENCE {SEQUENCE}"),
        migrations.AddField(
            model_name="scenario",
            name="public_number",
            field=models.BigIntegerField(
                db_default=oms.kernel.identifiers.NextNumber(SEQUENCE),
                editable=False,
                unique=True,
            ),
        ),
    ]

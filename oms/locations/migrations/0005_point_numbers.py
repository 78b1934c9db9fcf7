"""Numbers of points that contracts see, never the keys."""

from django.db import migrations, models

import oms.kernel.identifiers

SEQUENCE = "locations_point_number_seq"


class Migration(migrations.Migration):
    dependencies = [("locations", "0004_calendars")]

    operations = [
        migrations.RunSQL(f"CREATE SEQUENCE {SEQUENCE} START 101", f"DROP SEQUENCE {SEQUENCE}"),
        migrations.AddField(
            model_name="fulfillmentpoint",
            name="number",
            field=models.BigIntegerField(
                db_default=oms.kernel.identifiers.NextNumber(SEQUENCE),
                editable=False,
                unique=True,
            ),
        ),
    ]

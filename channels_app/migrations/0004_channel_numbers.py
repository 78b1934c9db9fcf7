"""Numbers of channels that contracts see, never the keys."""

from django.db import migrations, models

import oms.kernel.identifiers

SEQUENCE = "channels_channel_number_seq"


class Migration(migrations.Migration):
    dependencies = [("channels_app", "0003_connectors")]

    operations = [
        migrations.RunSQL(f"CREATE SEQUENCE {SEQUENCE} START 101", f"DROP SEQUENCE {SEQUENCE}"),
        migrations.AddField(
            model_name="channel",
            name="number",
            field=models.BigIntegerField(
                db_default=oms.kernel.identifiers.NextNumber(SEQUENCE),
                editable=False,
                unique=True,
            ),
        ),
    ]

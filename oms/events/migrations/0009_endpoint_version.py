"""What the open API shows of an endpoint beside its settings."""

from django.db import migrations, models

from oms.kernel.schema import raise_version


class Migration(migrations.Migration):
    dependencies = [("events", "0008_wider_vocabulary")]
    operations = [
        migrations.AddField(
            model_name="endpoint",
            name="description",
            field=models.CharField(blank=True, db_default="", default="", max_length=255),
        ),
        migrations.AddField(
            model_name="endpoint",
            name="version",
            field=models.IntegerField(db_default=1, default=1, editable=False),
        ),
        raise_version("events_endpoint", trigger="events_endpoint_version"),
    ]

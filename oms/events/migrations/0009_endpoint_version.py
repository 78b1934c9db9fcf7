"""What the open API shows of an endpoint beside its settings."""

from django.db import migrations, models

# Tables of other apps have the same trigger, so whichever comes first makes the function.
VERSION = """
CREATE OR REPLACE FUNCTION oms_raise_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.version := OLD.version + 1;
    RETURN NEW;
END $$;
CREATE TRIGGER events_endpoint_version BEFORE UPDATE ON events_endpoint FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION oms_raise_version();
"""
UNVERSION = "DROP TRIGGER events_endpoint_version ON events_endpoint;"


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
        migrations.RunSQL(VERSION, UNVERSION),
    ]

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("channels_app", "0004_channel_numbers")]

    operations = [
        migrations.AddIndex(
            model_name="remoteupdate",
            index=models.Index(
                fields=["organization", "id"],
                condition=Q(state="REFUSED"),
                name="channels_app_update_refused",
            ),
        ),
    ]

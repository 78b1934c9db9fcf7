"""The stock ledger can be added to and read, by anybody; the application's role is not even asked.

The trigger stops everyone, the owner included; the missing privilege stops the role the
application runs under before it gets that far. Levels change in place and often: room in each
page keeps those updates off the indexes.
"""

from django.db import migrations

from oms.inventory.migrations._sql import APPEND_ONLY, REWRITABLE


class Migration(migrations.Migration):
    dependencies = [("inventory", "0001_initial")]
    operations = [migrations.RunSQL(APPEND_ONLY, REWRITABLE)]

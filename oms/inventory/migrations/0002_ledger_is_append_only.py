"""The stock ledger can be added to and read, by anybody; the application's role is not even asked.

The trigger stops everyone, the owner included; the missing privilege stops the role the
application runs under before it gets that far. Levels change in place and often: room in each
page keeps those updates off the indexes.
"""

from django.db import migrations

GUARD = """
CREATE FUNCTION inventory_refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the stock ledger is append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER inventory_movement_append_only BEFORE UPDATE OR DELETE ON inventory_stockmovement
    FOR EACH ROW EXECUTE FUNCTION inventory_refuse_rewriting();
REVOKE UPDATE, DELETE, TRUNCATE ON inventory_stockmovement FROM oms_app;
ALTER TABLE inventory_stocklevel SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02);
"""
UNGUARD = """
DROP TRIGGER inventory_movement_append_only ON inventory_stockmovement;
DROP FUNCTION inventory_refuse_rewriting();
"""


class Migration(migrations.Migration):
    dependencies = [("inventory", "0001_initial")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]

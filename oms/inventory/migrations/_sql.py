"""What the database itself guards of the stock ledger; the same on both ways."""

APPEND_ONLY = """
CREATE FUNCTION inventory_refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the stock ledger is append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER inventory_movement_append_only BEFORE UPDATE OR DELETE ON inventory_stockmovement
    FOR EACH ROW EXECUTE FUNCTION inventory_refuse_rewriting();
REVOKE UPDATE, DELETE, TRUNCATE ON inventory_stockmovement FROM oms_app;
ALTER TABLE inventory_stocklevel SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02);
"""
REWRITABLE = """
DROP TRIGGER inventory_movement_append_only ON inventory_stockmovement;
DROP FUNCTION inventory_refuse_rewriting();
"""

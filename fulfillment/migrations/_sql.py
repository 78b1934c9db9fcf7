"""What the database itself guards of scenarios; the same on both ways."""

PUBLISHED_STAYS = """
CREATE FUNCTION fulfillment_version_is_published() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a published version of a scenario is never changed'
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER fulfillment_scenarioversion_written_once
    BEFORE UPDATE ON fulfillment_scenarioversion FOR EACH ROW
    WHEN (OLD.state <> 'DRAFT' AND (OLD.rules IS DISTINCT FROM NEW.rules
        OR OLD.number <> NEW.number OR OLD.scenario_id <> NEW.scenario_id
        OR NEW.state = 'DRAFT' OR (OLD.state = 'RETIRED' AND NEW.state <> 'RETIRED')))
    EXECUTE FUNCTION fulfillment_version_is_published();
"""
PUBLISHED_CHANGES = """
DROP TRIGGER fulfillment_scenarioversion_written_once ON fulfillment_scenarioversion;
DROP FUNCTION fulfillment_version_is_published();
"""

"""What migrations have in common: tables made together, sequences, versions of rows."""

from collections.abc import Sequence

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import RunSQL
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

_RAISE_VERSION = """
CREATE OR REPLACE FUNCTION oms_raise_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.version := OLD.version + 1;
    RETURN NEW;
END $$;
CREATE TRIGGER {trigger} BEFORE UPDATE ON {table} FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION oms_raise_version();
"""


class AllAtOnce(Operation):
    """Steps between two states of the models, without the states in between.

    After each step of a migration Django builds every model anew that is related to what the step
    changed, in our schema nearly all of them. Here the models are built once, after the last step
    (docs/adr/0029). Each step therefore finds the models as they end up: an index or constraint
    is either named by the step that creates its table or added by a step of its own, never both.
    """

    def __init__(self, operations: Sequence[Operation]) -> None:
        self.operations = operations

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Take all steps; models built before are forgotten, so that no step builds any."""
        if "apps" in state.__dict__:
            del state.apps
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Take the steps in the order given."""
        for operation in self.operations:
            operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Take back the last step first."""
        for operation in reversed(self.operations):
            operation.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        """Shown by `migrate --plan`."""
        return "; ".join(operation.describe() for operation in self.operations)


def sequence(name: str, *, start: int = 1001, kind: str = "") -> RunSQL:
    """A sequence for numbers that people and contracts see; `kind` such as `AS integer`."""
    return RunSQL(f"CREATE SEQUENCE {name} {kind} START {start}", f"DROP SEQUENCE {name}")


def raise_version(table: str, *, trigger: str) -> RunSQL:
    """Each change of a row of this table raises its `version` by one.

    Tables of several apps have this trigger, so whichever comes first makes the function.
    """
    return RunSQL(
        _RAISE_VERSION.format(table=table, trigger=trigger), f"DROP TRIGGER {trigger} ON {table};"
    )

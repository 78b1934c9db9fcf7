"""Steps of a migration that are taken together."""

import pytest
from django.db import connection, migrations, models
from django.db.migrations.state import ProjectState

from oms.kernel.schema import AllAtOnce

pytestmark = pytest.mark.django_db
TABLES = {"made_up_box", "made_up_shelf"}


@pytest.fixture
def _as_owner():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE NONE")


def reference(to, **options):
    return models.ForeignKey(to=to, on_delete=models.CASCADE, **options)


@pytest.fixture
def migration():
    """Shelves and boxes that know each other, and a column that comes later."""
    made = migrations.Migration("0001_shelves", "made_up")
    shelf = migrations.CreateModel(
        "Shelf",
        fields=[
            ("id", models.BigAutoField(primary_key=True)),
            ("front", reference("made_up.box", null=True, related_name="+")),
        ],
    )
    box = migrations.CreateModel(
        "Box",
        fields=[
            ("id", models.BigAutoField(primary_key=True)),
            ("shelf", reference("made_up.shelf")),
        ],
        options={"constraints": [models.UniqueConstraint(fields=["shelf"], name="made_up_uniq")]},
    )
    later = migrations.AddField("shelf", "code", models.CharField(default="", max_length=8))
    made.operations = [AllAtOnce([shelf, box]), AllAtOnce([later])]
    return made


def run(step, state):
    with connection.schema_editor() as editor:
        return step(state, editor)


def made_up():
    """Tables of the migration, and their columns and constraints."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_name = ANY (%s) ORDER BY table_name, ordinal_position",
            [list(TABLES)],
        )
        columns = [f"{table}.{column}" for table, column in cursor.fetchall()]
        cursor.execute(
            "SELECT conrelid::regclass::text, contype::text FROM pg_constraint"
            " WHERE conrelid::regclass::text = ANY (%s) AND contype <> 'n' ORDER BY 1, 2",
            [list(TABLES)],
        )
        return columns, cursor.fetchall()


@pytest.mark.usefixtures("_as_owner")
def test_tables_are_made_whatever_they_refer_to(migration):
    run(migration.apply, ProjectState())

    assert made_up() == (
        [
            "made_up_box.id",
            "made_up_box.shelf_id",
            "made_up_shelf.id",
            "made_up_shelf.front_id",
            "made_up_shelf.code",
        ],
        [
            ("made_up_box", "f"),
            ("made_up_box", "p"),
            ("made_up_box", "u"),
            ("made_up_shelf", "f"),
            ("made_up_shelf", "p"),
        ],
    )


@pytest.mark.usefixtures("_as_owner")
def test_they_are_unmade_again(migration):
    run(migration.apply, ProjectState())

    run(migration.unapply, ProjectState())

    assert made_up() == ([], [])


def test_no_model_is_built_while_the_state_changes(migration):
    state = ProjectState()
    assert list(state.apps.get_models()) == []

    migration.mutate_state(state, preserve=False)

    assert "apps" not in state.__dict__
    assert {model._meta.db_table for model in state.apps.get_models()} == TABLES


def test_the_plan_names_each_step(migration):
    said = [operation.describe() for operation in migration.operations]

    assert said == ["Create model Shelf; Create model Box", "Add field code to shelf"]

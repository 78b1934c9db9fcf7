"""Row-level security, over the catalogue: no table shows or takes another organization's rows."""

import pytest
from django.apps import apps
from django.db import DatabaseError, transaction

from oms.backoffice import walls
from oms.kernel import walls as wall
from oms.orders import index_searches
from oms.orders.models import Order
from tests.invented_rows import as_owner, asked, insert, invent, lift_constraints

pytestmark = pytest.mark.django_db

TABLES = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}
WITH_ORGANIZATION = sorted(
    name
    for name, model in TABLES.items()
    if any(field.column == "organization_id" for field in model._meta.local_fields)
)
WALLED = sorted({*WITH_ORGANIZATION, *walls.PARENTS, "accounts_organization"} - walls.CLOSED)
OURS, THEIRS = 901, 902


@pytest.fixture(autouse=True)
def _leave():
    yield
    wall.outside()


def teller(table):
    """The column that tells whose a row is."""
    if table in walls.PARENTS:
        return walls.PARENTS[table][0]
    return "id" if table == "accounts_organization" else "organization_id"


def ours_and_theirs(table):
    """Invent a row of each organization; their values."""
    with as_owner():
        lift_constraints(table)
        return invent(table, OURS), invent(table, THEIRS)


def allow_everything(table):
    with as_owner():
        asked(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO oms_tenant")


@pytest.mark.parametrize("table", WALLED)
def test_it_shows_an_organization_its_own_rows_only(table):
    own, _foreign = ours_and_theirs(table)
    seen_outside = asked(f"SELECT count(*) FROM {table}")

    wall.inside(OURS)

    assert asked(f"SELECT {teller(table)} FROM {table}") == [(own[teller(table)],)]
    assert seen_outside == [(2,)]


@pytest.mark.parametrize("table", WALLED)
def test_it_shows_nothing_while_no_organization_is_named(table):
    ours_and_theirs(table)

    asked("SET LOCAL ROLE oms_tenant")

    assert asked(f"SELECT count(*) FROM {table}") == [(0,)]
    asked("SET LOCAL ROLE oms_app")


@pytest.mark.parametrize("table", sorted(set(WALLED) - walls.WRITTEN_WITH_PARENT))
def test_it_refuses_a_new_row_for_another_organization(table):
    own, foreign = ours_and_theirs(table)
    with as_owner():
        asked(f"DELETE FROM {table}")

    wall.inside(OURS)

    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        insert(table, foreign)
    insert(table, own)
    assert asked(f"SELECT count(*) FROM {table}") == [(1,)]


@pytest.mark.parametrize("table", WALLED)
def test_it_changes_no_row_of_another_organization(table):
    column = teller(table)
    _own, foreign = ours_and_theirs(table)
    allow_everything(table)

    wall.inside(OURS)
    asked(f"UPDATE {table} SET {column} = {column} WHERE {column} = %s", [foreign[column]])
    asked(f"DELETE FROM {table}")

    wall.outside()
    assert asked(f"SELECT {column} FROM {table}") == [(foreign[column],)]


@pytest.mark.parametrize("table", sorted(set(WALLED) - walls.WRITTEN_WITH_PARENT))
def test_it_gives_no_row_to_another_organization(table):
    column = teller(table)
    own, foreign = ours_and_theirs(table)
    allow_everything(table)
    with as_owner():
        asked(f"DELETE FROM {table} WHERE {column} = %s", [foreign[column]])

    wall.inside(OURS)

    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        asked(f"UPDATE {table} SET {column} = %s", [foreign[column]])
    assert asked(f"SELECT {column} FROM {table}") == [(own[column],)]


def test_every_table_with_an_organization_has_a_wall_or_is_closed():
    found = asked(
        """
        SELECT c.relname FROM pg_class c
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'organization_id'
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
          AND NOT a.attisdropped
          AND NOT (c.relrowsecurity AND EXISTS (
              SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'oms_tenant_own'))
        """
    )

    assert {name for (name,) in found} == walls.CLOSED


def test_every_other_table_is_a_child_shared_or_closed_to_organizations():
    has_right = "has_table_privilege('oms_tenant', c.oid, 'SELECT, INSERT, UPDATE, DELETE')"
    found = asked(
        f"""
        SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
        AND c.relkind IN ('r', 'p') AND NOT c.relrowsecurity AND {has_right}
        """
    )

    assert {name for (name,) in found} == walls.SHARED
    assert set(walls.PARENTS) <= set(TABLES)


@pytest.mark.parametrize(
    "table",
    ["accounts_user", "accounts_user_organizations", "django_session", "django_admin_log",
     "auth_group", "oauth2_provider_accesstoken", "accounts_oauthapplication"],
)  # fmt: skip
def test_people_and_their_sessions_are_closed(table):
    wall.inside(1)

    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        asked(f"SELECT 1 FROM {table}")


def test_an_organization_may_do_no_more_than_the_application():
    found = asked(
        """
        SELECT table_name, privilege_type FROM information_schema.role_table_grants
        WHERE grantee = 'oms_tenant'
        EXCEPT SELECT table_name, privilege_type FROM information_schema.role_table_grants
        WHERE grantee = 'oms_app'
        """
    )

    assert found == []


def test_the_application_is_no_member_of_the_walled_role():
    assert asked("SELECT pg_has_role('oms_app', 'oms_tenant', 'MEMBER')") == [(False,)]


def test_building_again_changes_nothing():
    with as_owner():
        assert walls.build() == []


def test_a_new_table_gets_its_wall_with_the_next_migration():
    with as_owner():
        asked("CREATE TABLE made_up (id bigint PRIMARY KEY, organization_id bigint NOT NULL)")
        built = walls.build()
        asked("INSERT INTO made_up VALUES (1, 901), (2, 902)")

    wall.inside(901)

    assert built == ["made_up"]
    assert asked("SELECT id FROM made_up") == [(1,)]


def test_a_right_the_application_lost_is_taken_away_here_too():
    with as_owner():
        asked("REVOKE UPDATE ON orders_hold FROM oms_app")
        asked("GRANT UPDATE (note) ON orders_hold TO oms_app")
        walls.build()

    said = "SELECT has_table_privilege('oms_tenant', 'orders_hold', 'UPDATE'), "
    assert asked(f"{said} has_column_privilege('oms_tenant', 'orders_hold', 'note', 'UPDATE')") == [
        (False, True)
    ]


@pytest.fixture
def found():
    """An order with a tag and a customer with a name, for each organization: their ids."""
    made = {}
    with as_owner():
        lift_constraints("orders_order")
        lift_constraints("orders_customer")
        for organization_id in (OURS, THEIRS):
            order = invent("orders_order", organization_id)["id"]
            customer = invent("orders_customer", organization_id)["id"]
            asked("UPDATE orders_order SET tags = '{vip}' WHERE id = %s", [order])
            asked("UPDATE orders_customer SET name_keys = '{7}' WHERE id = %s", [customer])
            made[organization_id] = [(order,)], [(customer,)]
    return made


def searched(organization_id):
    tagged = asked("SELECT orders_order_tagged(%s::bigint, 'vip', 9)", [organization_id])
    named = asked("SELECT orders_customer_named(%s::bigint, '{7}', 9)", [organization_id])
    return tagged, named


def test_a_search_behind_the_wall_finds_one_organizations_rows(found):
    assert searched(OURS) == found[OURS]
    assert searched(THEIRS) == found[THEIRS]


def test_a_search_behind_the_wall_keeps_to_it(found):
    wall.inside(OURS)

    assert searched(OURS) == found[OURS]
    assert searched(THEIRS) == ([], [])


@pytest.mark.parametrize(("rare", "is_narrowed"), [(3, True), (2, False)])
def test_a_search_for_what_is_common_is_not_narrowed(rare, is_narrowed):
    with as_owner():
        lift_constraints("orders_order")
        for _ in range(2):
            invent("orders_order", OURS)
        asked("UPDATE orders_order SET tags = '{vip}'")

    few = index_searches.tagged("vip", organization_id=OURS, rare=rare)

    assert bool(few) is is_narrowed
    assert Order.objects.filter(few).count() == 2

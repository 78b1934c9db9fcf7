"""Row-level security, over the catalogue: no table shows or takes another organization's rows."""

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from oms.backoffice import walls
from oms.kernel import walls as wall
from oms.orders import index_searches
from oms.orders.models import Customer, Order
from tests.factories import make_channel, make_organization
from tests.invented_rows import as_owner, asked, insert, invent, lift_constraints

pytestmark = pytest.mark.django_db

TABLES = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}
WITH_ORGANIZATION = sorted(
    name
    for name, model in TABLES.items()
    if any(field.column == "organization_id" for field in model._meta.local_fields)
)
WALLED = sorted({*WITH_ORGANIZATION, *walls.PARENTS, "accounts_organization"} - walls.CLOSED)
CHILDREN_WITH_PARENT = walls.WRITTEN_WITH_PARENT


@pytest.fixture
def rivals():
    """Two organizations by their ids; rows can be invented for both."""
    with as_owner():
        lift_constraints()
    return 901, 902


@pytest.fixture(autouse=True)
def _leave():
    yield
    wall.outside()


def own_and_foreign(table, rivals):
    """A row of each; the column they are told apart by, and its two values."""
    with as_owner():
        own, foreign = (invent(table, organization_id) for organization_id in rivals)
    column = "id" if "id" in own else walls.PARENTS[table][0]
    return column, own, foreign


def is_organizations(table):
    return table not in walls.PARENTS and table != "accounts_organization"


@pytest.mark.parametrize("table", WALLED)
def test_it_shows_an_organization_its_own_rows_only(rivals, table):
    column, own, _foreign = own_and_foreign(table, rivals)
    everybody = asked(f"SELECT count(*) FROM {table}")

    wall.inside(rivals[0])

    assert asked(f"SELECT {column} FROM {table}") == [(own[column],)]
    assert everybody == [(2,)]


@pytest.mark.parametrize("table", WALLED)
def test_it_shows_nothing_while_no_organization_is_named(rivals, table):
    own_and_foreign(table, rivals)

    asked("SET LOCAL ROLE oms_tenant")

    assert asked(f"SELECT count(*) FROM {table}") == [(0,)]
    asked("SET LOCAL ROLE oms_app")


@pytest.mark.parametrize("table", sorted(set(WALLED) - walls.WRITTEN_WITH_PARENT))
def test_it_refuses_a_new_row_for_another_organization(rivals, table):
    _column, own, foreign = own_and_foreign(table, rivals)
    with as_owner():
        asked(f"DELETE FROM {table}")

    wall.inside(rivals[0])

    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        insert(table, foreign)
    insert(table, own)
    assert asked(f"SELECT count(*) FROM {table}") == [(1,)]


@pytest.mark.parametrize("table", WALLED)
def test_it_changes_no_row_of_another_organization(rivals, table):
    column, own, foreign = own_and_foreign(table, rivals)
    with as_owner():
        asked(f"GRANT UPDATE, DELETE ON {table} TO oms_tenant")

    wall.inside(rivals[0])
    asked(f"UPDATE {table} SET {column} = {column} WHERE {column} = %s", [foreign[column]])
    asked(f"DELETE FROM {table}")

    wall.outside()
    assert asked(f"SELECT {column} FROM {table}") == [(foreign[column],)]
    assert own[column] != foreign[column]


@pytest.mark.parametrize("table", sorted(set(WALLED) - walls.WRITTEN_WITH_PARENT))
def test_it_gives_no_row_to_another_organization(rivals, table):
    _column, own, foreign = own_and_foreign(table, rivals)
    told = walls.PARENTS.get(table, ("organization_id" if is_organizations(table) else "id",))[0]
    with as_owner():
        asked(f"DELETE FROM {table} WHERE {told} = %s", [foreign[told]])
        asked(f"GRANT UPDATE ON {table} TO oms_tenant")

    wall.inside(rivals[0])

    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        asked(f"UPDATE {table} SET {told} = %s", [foreign[told]])
    assert asked(f"SELECT {told} FROM {table}") == [(own[told],)]


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


@pytest.mark.parametrize("is_inside", [False, True])
def test_searches_behind_the_wall_keep_to_it(is_inside):
    ours, theirs = make_channel(), make_channel()
    rows = {}
    with as_owner():
        lift_constraints()
    for channel in (ours, theirs):
        values = {"tags": ["vip"], "channel_id": channel.pk}
        with as_owner():
            row = invent("orders_order", channel.organization_id)
            asked("UPDATE orders_order SET tags = '{vip}' WHERE id = %s", [row["id"]])
            customer = invent("orders_customer", channel.organization_id)
            asked("UPDATE orders_customer SET name_keys = '{7}' WHERE id = %s", [customer["id"]])
        rows[channel.organization_id] = (row["id"], customer["id"], values)

    if is_inside:
        wall.inside(ours.organization_id)

    for organization_id, (order_id, customer_id, _values) in rows.items():
        is_seen = not is_inside or organization_id == ours.organization_id
        tagged = asked("SELECT orders_order_tagged(%s::bigint, 'vip', 9)", [organization_id])
        named = asked("SELECT orders_customer_named(%s::bigint, '{7}', 9)", [organization_id])
        assert tagged == ([(order_id,)] if is_seen else [])
        assert named == ([(customer_id,)] if is_seen else [])


def test_a_search_for_what_is_common_is_not_narrowed(settings):
    organization = make_organization()
    with as_owner():
        lift_constraints()
        for _ in range(3):
            row = invent("orders_order", organization.pk)
            asked("UPDATE orders_order SET tags = '{vip}' WHERE id = %s", [row["id"]])

    few = index_searches.tagged("vip", organization_id=organization.pk)

    assert Order.objects.filter(few).count() == 3
    assert few.children
    assert connection.in_atomic_block
    assert Customer.objects.count() == 0

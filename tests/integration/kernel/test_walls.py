"""Raising and lowering the wall, with connections that come and go."""

import psycopg
import pytest
from django.core.signals import request_finished
from django.db import connection, transaction
from django.test import Client

from oms.kernel import walls
from tests import live
from tests.conftest import leave_the_wall
from tests.factories import make_organization
from tests.v1_client import V1

pytestmark = pytest.mark.django_db
commits = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _leave():
    yield
    walls.outside()


@pytest.fixture
def as_a_server():
    """Calls leave the thread as a server's thread is left."""
    request_finished.disconnect(leave_the_wall)
    yield
    request_finished.connect(leave_the_wall)


def asked(query):
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


def standing():
    """The role and the organization, as the database has them."""
    return asked(
        "SELECT current_user::text, coalesce(current_setting('oms.organization', true), '')"
    )[0]


def elsewhere(query):
    """Ask in a session of its own, as the owner."""
    with psycopg.connect(live.test_database_url(), autocommit=True) as session:
        return session.execute(query).fetchall()


def test_a_thread_is_outside_first():
    assert standing() == ("oms_app", "")
    assert walls.organization() is None


def test_inside_a_thread_is_one_organizations():
    walls.inside(7)

    assert standing() == ("oms_tenant", "7")
    assert walls.organization() == 7


def test_the_next_organization_takes_the_place_of_the_last():
    walls.inside(7)
    walls.inside(8)

    assert standing() == ("oms_tenant", "8")


def test_outside_everything_is_as_before():
    walls.inside(7)
    walls.outside()

    assert standing() == ("oms_app", "")


def test_the_same_organization_again_costs_no_statement():
    walls.inside(7)
    [(pid,)] = asked("SELECT pg_backend_pid()")
    walls.inside(7)

    [(last,)] = elsewhere(f"SELECT query FROM pg_stat_activity WHERE pid = {pid}")
    assert last == "SELECT pg_backend_pid()"


@commits
def test_a_transaction_that_is_rolled_back_leaves_the_wall_standing():
    walls.inside(7)

    with transaction.atomic():
        asked("SELECT 1")
        transaction.set_rollback(True)

    assert standing() == ("oms_tenant", "7")


@commits
def test_a_connection_made_inside_starts_inside():
    walls.inside(7)
    connection.close()

    assert standing() == ("oms_tenant", "7")


@commits
def test_a_thread_without_a_connection_can_go_inside():
    connection.close()
    walls.inside(7)

    assert standing() == ("oms_tenant", "7")


@commits
@pytest.mark.parametrize(
    ("move", "expected"),
    [
        (lambda: walls.inside(8), ("oms_tenant", "8")),
        (lambda: walls.inside(7), ("oms_tenant", "7")),
        (walls.outside, ("oms_app", "")),
    ],
)
def test_a_connection_that_died_between_two_calls_is_replaced(move, expected):
    walls.inside(7)
    [(pid,)] = asked("SELECT pg_backend_pid()")
    elsewhere(f"SELECT pg_terminate_backend({pid}, 5000)")
    connection.close_if_unusable_or_obsolete()  # what the start of a request does

    move()

    assert standing() == expected


@pytest.mark.usefixtures("as_a_server")
def test_a_call_of_a_machine_is_inside_and_the_next_of_anybody_is_judged_anew():
    ours, theirs = V1(make_organization()), V1(make_organization())
    ours.get("/orders")
    after_ours = walls.organization()
    theirs.get("/orders")
    after_theirs = walls.organization()
    theirs.get("/orders", headers={"X-API-Key": ours.api_key})

    assert after_ours == ours.machine.organization_id
    assert after_theirs == theirs.machine.organization_id
    assert standing() == ("oms_tenant", str(ours.machine.organization_id))


@pytest.mark.usefixtures("as_a_server")
@pytest.mark.parametrize("path", ["/admin/login/", "/readyz", "/metrics", "/nowhere"])
def test_a_call_of_no_machine_is_outside(path):
    V1(make_organization()).get("/orders")

    Client().get(path)

    assert standing() == ("oms_app", "")


@pytest.mark.usefixtures("as_a_server")
def test_a_refused_machine_gets_no_wall_of_its_own():
    ours, theirs = V1(make_organization()), V1(make_organization(), scopes=[])
    ours.get("/orders")

    assert theirs.get("/orders").status_code == 403
    assert walls.organization() is None

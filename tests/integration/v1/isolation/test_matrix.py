"""Every operation of `/v1` by every kind of caller, with the application's own filter and without.

The operations come from the OpenAPI document. A caller that is refused changes nothing; one of
another organization neither changes nor learns anything.
"""

import contextlib

import pytest
from django.apps import apps
from django.db import transaction
from django.utils import timezone

from oms.accounts import queries as accounts
from oms.accounts import services
from oms.accounts.models import Credential
from oms.accounts.scopes import V1 as ALL_SCOPES
from oms.backoffice.walls import CLOSED, PARENTS
from oms.kernel import walls
from oms.kernel.actors import SYSTEM
from tests.integration.v1.isolation.rows import PUBLIC, ROWS
from tests.integration.v1.isolation.sides import make_sides
from tests.invented_rows import as_owner, asked
from tests.v1_client import V1, document

pytestmark = pytest.mark.django_db

METHODS = ("get", "post", "put", "patch", "delete")
FILTERS = ("with the application's filter", "by row-level security alone")
CALLERS = ("own", "other organization", "wrong scope", "no credential", "revoked credential")
# Every call leaves its answer, and every credential the minute it was used in.
LEFT_BY_CALLS = {"api_idempotentcall", "accounts_credential"}


def operations():
    """Operation id, method and description, of the document."""
    for item in document()["paths"].values():
        for method in METHODS:
            if method in item:
                yield item[method]["operationId"], method.upper(), item[method]


OPERATIONS = {name: (method, said) for name, method, said in operations()}


@pytest.fixture(scope="module")
def sides(django_db_setup, django_db_blocker):
    """Made once; each cell is undone, and in the end they are too."""
    with contextlib.ExitStack() as stack:
        with django_db_blocker.unblock():
            transaction.get_connection().ensure_connection()
            stack.enter_context(transaction.atomic())
            made = make_sides()
            asked("SET CONSTRAINTS ALL IMMEDIATE")
        yield made
        with django_db_blocker.unblock():
            transaction.set_rollback(True)
            stack.close()


@pytest.fixture(params=FILTERS)
def filtering(request, monkeypatch):
    """The second time `visible_to` leaves nothing out any more."""
    if request.param == FILTERS[1]:
        switch_the_filter_off(monkeypatch)
    return request.param


def switch_the_filter_off(monkeypatch):
    kinds = {type(model._default_manager.all()) for model in apps.get_models()}
    filtering = [kind for kind in kinds if hasattr(kind, "visible_to")]
    assert len(filtering) > 10
    for kind in filtering:
        monkeypatch.setattr(kind, "visible_to", lambda self, _actor: self)


def scope_of(operation):
    [needed] = OPERATIONS[operation][1]["security"][0]["bearer"]
    return needed


def caller_of(kind, operation, sides):
    """Who calls about the first side's objects, and with which headers."""
    ours, theirs = sides
    if kind == "wrong scope":
        return V1(ours.organization, scopes=ALL_SCOPES - {scope_of(operation)}), {}
    if kind == "revoked credential":
        revoked = V1(ours.organization)
        credential = Credential.objects.get(client=revoked.machine)
        services.revoke_credential(credential=credential, actor=SYSTEM, now=timezone.now())
        accounts.forget_machines()
        return revoked, {}
    headers = {"X-API-Key": ""} if kind == "no credential" else {}
    return (theirs if kind == "other organization" else ours).api, headers


def expected_of(kind, operation):
    row = ROWS[operation]
    return {
        "own": row.own,
        "other organization": row.other,
        "wrong scope": 403,
        "no credential": 401,
        "revoked credential": 401,
    }[kind]


def contents(organization_id=None):
    """What is in every table, or what of it is one organization's."""
    if organization_id is not None:
        walls.inside(organization_id)
    columns = {
        model._meta.db_table
        for model in apps.get_models()
        if any(field.column == "organization_id" for field in model._meta.local_fields)
    }
    tables = sorted((columns | set(PARENTS)) - CLOSED - LEFT_BY_CALLS)
    hashed = "md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), ''))"
    found = asked(
        " UNION ALL ".join(
            f"SELECT '{table}', count(*), {hashed} FROM {table} t" for table in tables
        )
        + " ORDER BY 1"  # processes that read in parallel answer in any order
    )
    walls.outside()
    return found


def whats_kept(kind, expected, ours):
    """What a call must not change: everything when it is refused, and whatever is not its own."""
    if expected >= 400:
        return contents()
    return contents(ours.organization.pk) if kind == "other organization" else None


@pytest.mark.parametrize("kind", CALLERS)
@pytest.mark.parametrize("operation", sorted(ROWS))
def test_it_answers_each_caller_what_is_theirs(sides, filtering, operation, kind):
    ours, _theirs = sides
    caller, headers = caller_of(kind, operation, sides)
    path, body = ROWS[operation].call(ours)
    expected = expected_of(kind, operation)
    before = whats_kept(kind, expected, ours)

    answer = caller.call(OPERATIONS[operation][0], path, json=body, headers=headers)

    assert answer.status_code == expected, answer.content
    assert whats_kept(kind, expected, ours) == before
    if kind == "other organization" and expected < 400:
        sent, told = f"{path} {body}", answer.content.decode()
        assert [mark for mark in ours.marks if mark not in sent and mark in told] == []


def test_every_operation_has_a_row():
    assert set(OPERATIONS) == set(ROWS) | PUBLIC
    print(f"\nisolation: {len(ROWS)} operations x {len(CALLERS)} callers x {len(FILTERS)} filters")
    print(f"isolation: {len(ROWS) * len(CALLERS) * len(FILTERS)} cells")


READ_BY_ID = sorted(
    name for name, row in ROWS.items() if OPERATIONS[name][0] == "GET" and row.other == 404
)


@pytest.mark.parametrize("operation", READ_BY_ID)
def test_without_either_wall_it_would_be_told(sides, monkeypatch, operation):
    ours, theirs = sides
    switch_the_filter_off(monkeypatch)
    with as_owner():
        for (table,) in asked("SELECT relname FROM pg_class WHERE relrowsecurity"):
            asked(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    path, body = ROWS[operation].call(ours)

    answer = theirs.api.call("GET", path, json=body)

    assert answer.status_code == 200

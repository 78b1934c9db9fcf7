import datetime as dt

import pytest
from django.db import DatabaseError, connection

from catalog.models import Sku
from oms.api.models import IdempotentCall
from oms.api.v1.road import once
from oms.api.v1.road.problems import Problem
from tests.factories import make_organization
from tests.integration.v1.road.probes import Caller, Taken, Things, body_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def organization():
    return make_organization()


@pytest.fixture
def call(organization):
    return Caller(organization)


def things(name="lamp"):
    return Sku.objects.filter(name=name).count()


def failing(effect):
    return type("Failing", (Things,), {"effect": lambda self, _view=None: effect()})


def test_a_post_without_a_key_is_refused(call):
    answer = call("POST", {"name": "lamp"})

    assert (answer.status_code, body_of(answer)["code"]) == (400, "idempotency_key_required")
    assert things() == 0


@pytest.mark.parametrize("key", ["with space", "x" * 256, chr(34) * 2, "ü", "tab\t"])
def test_a_key_is_visible_ascii(call, key):
    answer = call.post({"name": "lamp"}, key=key)

    assert (answer.status_code, body_of(answer)["code"]) == (400, "idempotency_key_invalid")


def test_a_repeat_is_the_same_answer_byte_by_byte_and_flagged(call):
    first = call.post({"name": "lamp"}, key="k-1")

    again = call.post({"name": "lamp"}, key="k-1")

    assert first.status_code == again.status_code == 201
    assert first.content == again.content
    for name in ("Location", "ETag", "Content-Type"):
        assert first.headers[name] == again.headers[name]
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert things() == 1


def test_quoted_and_bare_keys_are_the_same(call):
    call.post({"name": "lamp"}, key="k-1")

    again = call.post({"name": "lamp"}, key='"k-1"')

    assert again.headers["Idempotency-Replayed"] == "true"


def test_another_body_under_the_same_key_is_refused(call):
    call.post({"name": "lamp"}, key="k-1")

    answer = call.post({"name": "chair"}, key="k-1")

    assert (answer.status_code, body_of(answer)["code"]) == (422, "idempotency_key_reused")
    assert things("chair") == 0


def test_keys_of_organizations_do_not_meet(call):
    call.post({"name": "lamp"}, key="k-1")

    other = Caller(make_organization()).post({"name": "lamp"}, key="k-1")

    assert "Idempotency-Replayed" not in other.headers
    assert things() == 2


def test_a_refusal_undoes_what_was_done_and_is_stored(call):
    def refuse():
        raise Taken("the lamp is taken")

    first = call.post({"name": "lamp"}, key="k-1", view=failing(refuse))
    again = call.post({"name": "lamp"}, key="k-1")

    assert (first.status_code, body_of(first)["code"]) == (409, "invalid_state")
    assert first.content == again.content
    assert again.headers["Idempotency-Replayed"] == "true"
    assert things() == 0


@pytest.mark.parametrize("status", [401, 403, 429, 502])
def test_some_failures_are_forgotten(call, status):
    codes = {401: "unauthenticated", 403: "insufficient_scope", 429: "rate_limited"}

    def refuse():
        raise Problem(status, codes.get(status, "carrier_unavailable"))

    first = call.post({"name": "lamp"}, key="k-1", view=failing(refuse))
    again = call.post({"name": "lamp"}, key="k-1")

    assert (first.status_code, again.status_code) == (status, 201)
    assert things() == 1


def test_a_fault_is_forgotten_and_tells_nothing(call):
    def fail():
        raise RuntimeError("secret text of table orders_order")

    first = call.post({"name": "lamp"}, key="k-1", view=failing(fail))
    again = call.post({"name": "lamp"}, key="k-1")

    assert body_of(first)["code"] == "internal_error"
    assert b"secret" not in first.content
    assert again.status_code == 201
    assert things() == 1


def test_the_stored_answer_cannot_be_read_in_the_database(call):
    call.post({"name": "lamp"}, key="k-1")

    row = IdempotentCall.objects.get()

    assert b"lamp" not in bytes(row.body)


def test_a_key_is_remembered_for_72_hours(call):
    call.post({"name": "lamp"}, key="k-1")
    row = IdempotentCall.objects.get()
    assert row.expires_at - row.created_at == dt.timedelta(hours=72)
    IdempotentCall.objects.update(expires_at=row.created_at)

    again = call.post({"name": "lamp"}, key="k-1")

    assert "Idempotency-Replayed" not in again.headers
    assert things() == 2


def test_purging_leaves_what_is_still_remembered(call):
    call.post({"name": "lamp"}, key="old")
    call.post({"name": "lamp"}, key="new")
    row = IdempotentCall.objects.get(key="old")
    IdempotentCall.objects.filter(key="old").update(expires_at=row.created_at)

    purged = once.purge(now=row.created_at)

    assert purged == 1
    assert IdempotentCall.objects.get().key == "new"


def test_the_database_refuses_to_keep_a_fault(call):
    call.post({"name": "lamp"}, key="k-1")

    with pytest.raises(DatabaseError), connection.cursor() as cursor:
        cursor.execute("UPDATE api_idempotentcall SET status = 500")

"""Rivals with one Idempotency-Key: one effect, and each is told the same or to come back."""

import pytest
from django.db import connection

from catalog.models import Sku
from oms.api.models import IdempotentCall
from tests.factories import make_organization
from tests.integration.v1.road.probes import Caller, body_of
from tests.races.test_stock_races import in_parallel

pytestmark = pytest.mark.django_db(transaction=True)

RIVALS = 64
KEYS = 20


def test_64_rivals_with_one_key_have_one_effect():
    call = Caller(make_organization())

    for number in range(KEYS):
        name = f"lamp {number}"
        answers = in_parallel(
            lambda _, name=name: call.post({"name": name}, key=name.replace(" ", "-")),
            range(RIVALS),
        )

        made = [answer for answer in answers if answer.status_code == 201]
        told = {answer.content for answer in made}
        others = {body_of(answer)["code"] for answer in answers if answer.status_code != 201}
        assert len(told) == 1
        assert sum("Idempotency-Replayed" not in answer.headers for answer in made) <= 1
        assert others <= {"idempotency_in_progress"}
        assert Sku.objects.filter(name=name).count() == 1


def test_a_rival_of_a_call_that_hangs_is_told_to_come_back():
    call = Caller(make_organization())
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '200ms'")
    connection.set_autocommit(False)
    try:
        first = call.post({"name": "lamp"}, key="k-1")
        rival = in_parallel(lambda _: call.post({"name": "lamp"}, key="k-1"), [1])[0]
    finally:
        connection.commit()
        connection.set_autocommit(True)

    later = call.post({"name": "lamp"}, key="k-1")

    assert first.status_code == 201
    assert (rival.status_code, body_of(rival)["code"]) == (409, "idempotency_in_progress")
    assert rival.headers["Retry-After"] == "1"
    assert later.content == first.content


def test_a_call_that_dies_before_its_commit_never_was():
    call = Caller(make_organization())
    connection.set_autocommit(False)
    try:
        lost = call.post({"name": "lamp"}, key="k-1")
    finally:
        connection.close()

    again = call.post({"name": "lamp"}, key="k-1")

    assert (lost.status_code, again.status_code) == (201, 201)
    assert "Idempotency-Replayed" not in again.headers
    assert Sku.objects.filter(name="lamp").count() == 1
    assert IdempotentCall.objects.count() == 1

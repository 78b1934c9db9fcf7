"""Counts, adjustments and reservations of the same levels at once, over the API."""

import copy
import random
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.test import Client

from oms.api.v1.locations.mapping import location_id
from oms.backoffice.invariants import ledger, verify
from oms.inventory import services
from oms.kernel.actors import SYSTEM
from tests.factories import level_of, make_point, make_sku
from tests.v1_client import V1, document

pytestmark = pytest.mark.django_db(transaction=True)

RIVALS = 16


class Rival:
    """One of many clients with the same key, each with connections of its own."""

    def __init__(self, v1, number):
        self.v1 = copy.copy(v1)
        self.v1._http = Client(raise_request_exception=False)
        self.chance = random.Random(number)


def in_parallel(v1, work):
    """Every rival does its work; what each answers."""
    document()  # made once, and not by several threads

    def run(number):
        try:
            return work(Rival(v1, number))
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=RIVALS) as pool:
        return list(pool.map(run, range(RIVALS)))


def deadlocks():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return cursor.fetchone()[0]


def reserve(point, sku, quantity):
    need = services.StockNeed(sku_id=sku.pk, point_id=point.pk, quantity=quantity, cause="FT1")
    try:
        with transaction.atomic():
            services.reserve_stock(needs=[need], actor=SYSTEM)
    except services.StockShortage:
        return 0
    return quantity


def test_reserved_units_are_never_sold_twice_whatever_is_counted_meanwhile():
    point = make_point()
    skus = [make_sku(point=point, on_hand=20) for _ in range(3)]
    place = location_id(point.public_id)
    v1 = V1(point.organization, rate_limit=0)
    before = deadlocks()

    def adjust(rival):
        items = [
            {"sku": sku.code, "location_id": place, "delta": rival.chance.choice([-3, -1, 1, 2])}
            for sku in rival.chance.sample(skus, 2)
        ]
        answer = rival.v1.post("/inventory/adjustments", {"reason": "correction", "items": items})
        assert answer.status_code in {201, 409}, answer.content

    def count(rival):
        sku = rival.chance.choice(skus)
        body = {"on_hand": rival.chance.randint(0, 25), "reason": "cycle_count"}
        answer = rival.v1.put(f"/inventory/{sku.code}/locations/{place}", body)
        assert answer.status_code == 200, answer.content

    def count_all(rival):
        rows = [
            {"sku": sku.code, "location_id": place, "on_hand": rival.chance.randint(0, 25)}
            for sku in reversed(skus)
        ]
        answer = rival.v1.put("/inventory/bulk", {"levels": rows, "reason": "sync"})
        assert answer.status_code == 200, answer.content

    def look(rival):
        for level in rival.v1.get("/inventory").json()["data"]:
            free = level["on_hand"] - level["reserved"] - level["safety_stock"]
            assert level["available"] == max(0, free)

    def play(rival):
        taken = dict.fromkeys((sku.pk for sku in skus), 0)
        for _ in range(12):
            rival.chance.choice([adjust, adjust, count, count_all, look])(rival)
            sku = rival.chance.choice(skus)
            taken[sku.pk] += reserve(point, sku, rival.chance.randint(1, 3))
        return taken

    sold = in_parallel(v1, play)

    assert verify(ledger.NEVER_OVERSOLD).rows == ()
    assert verify(ledger.LEVEL_IS_SUM_OF_MOVEMENTS).rows == ()
    assert deadlocks() == before
    for sku in skus:
        assert level_of(point, sku).reserved == sum(taken[sku.pk] for taken in sold) > 0


def test_no_count_overwrites_one_it_has_not_seen():
    point = make_point()
    sku = make_sku(point=point, on_hand=1)
    path = f"/inventory/{sku.code}/locations/{location_id(point.public_id)}"
    v1 = V1(point.organization, rate_limit=0)

    def raise_by_one(rival):
        done = 0
        for _ in range(10):
            [level] = rival.v1.get(f"/inventory/{sku.code}").json()["levels"]
            body = {"on_hand": level["on_hand"] + 1, "reason": "correction"}
            tag = {"If-Match": f'"v{level["version"]}"'}
            answer = rival.v1.put(path, body, headers=tag)
            assert answer.status_code in {200, 412}
            done += answer.status_code == 200
        return done

    done = in_parallel(v1, raise_by_one)

    assert level_of(point, sku).on_hand == 1 + sum(done)
    assert sum(done) >= 10


def test_a_scarce_unit_is_taken_once_by_an_adjustment_or_a_reservation():
    point = make_point()
    sku = make_sku(point=point, on_hand=10)
    item = {"sku": sku.code, "location_id": location_id(point.public_id), "delta": -1}
    v1 = V1(point.organization, rate_limit=0)

    def take(rival):
        body = {"reason": "shrinkage", "items": [item]}
        answers = [rival.v1.post("/inventory/adjustments", body) for _ in range(2)]
        return sum(answer.status_code == 201 for answer in answers)

    taken = in_parallel(v1, take)

    assert (sum(taken), level_of(point, sku).on_hand) == (10, 0)

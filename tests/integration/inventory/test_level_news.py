"""Who listens hears how much is where: the newest numbers, at most every five seconds."""

import datetime as dt
import threading
import time

import pytest
from django.db import connection, transaction

from oms.accounts.choices import ClientKind
from oms.accounts.models import ApiClient
from oms.events.choices import EndpointFormat, EndpointState, EventType
from oms.events.models import Endpoint, Event
from oms.inventory import services, tasks
from oms.inventory.models import StockMovement, StockWatch
from oms.inventory.services import StockNeed, level_news
from oms.kernel.actors import SYSTEM
from tests.factories import NOW, count_units, level_of, make_point, make_sku
from tests.statements import count_statements

SECOND = dt.timedelta(seconds=1)


class Warehouse:
    """A point with SKUs, and a round of news whenever it is asked for."""

    def __init__(self, *, skus=1, listens=True):
        self.point = make_point()
        self.skus = [make_sku(point=self.point, on_hand=10) for _ in range(skus)]
        self.seconds = 0.0
        if listens:
            self.listen()
        self.tell()

    def listen(self, **overrides):
        values = {
            "organization": self.point.organization,
            "name": "erp",
            "url": "https://erp.example/hooks",
            "format": EndpointFormat.STANDARD,
            "types": [EventType.LEVEL_CHANGED],
            "state": EndpointState.ACTIVE,
        }
        return Endpoint.objects.create(**(values | overrides))

    def read_feed(self, **overrides):
        values = {"name": "reader", "kind": ClientKind.ORGANIZATION, "scopes": ["events:read"]}
        return ApiClient.objects.create(
            organization=self.point.organization, **(values | overrides)
        )

    def tell(self, *, after=5.0):
        self.seconds += after
        return services.tell_levels_due(now=NOW + self.seconds * SECOND)

    def reserve(self, quantity, sku=None):
        need = StockNeed(
            sku_id=(sku or self.skus[0]).pk,
            point_id=self.point.pk,
            quantity=quantity,
            cause="FT1",
        )
        with transaction.atomic():
            services.reserve_stock(needs=[need], actor=SYSTEM)


def told():
    events = Event.objects.filter(type=EventType.LEVEL_CHANGED).order_by("pk")
    return [(event.data["sku"], event.data["available"]) for event in events]


@pytest.fixture
def warehouse(db):
    return Warehouse()


def test_ten_changes_are_one_fact_with_the_last_numbers(warehouse):
    for _ in range(10):
        warehouse.reserve(1)

    assert warehouse.tell() == 1
    assert warehouse.tell() == 0
    assert told() == [(warehouse.skus[0].code, 0)]


def test_a_fact_says_everything_of_a_level_in_public_words(warehouse):
    warehouse.reserve(3)
    warehouse.tell()

    event = Event.objects.get(type=EventType.LEVEL_CHANGED)
    level = level_of(warehouse.point, warehouse.skus[0])
    assert (event.subject_type, event.subject_id) == ("level", level.pk)
    assert (event.point_ref, event.channel_ref) == (warehouse.point.pk, None)
    assert event.data == {
        "sku": warehouse.skus[0].code,
        "point": warehouse.point.code,
        "on_hand": 10,
        "reserved": 3,
        "unavailable": 0,
        "incoming": 0,
        "safety": 0,
        "available": 7,
        "version": 2,
    }


def test_rounds_are_five_seconds_apart(warehouse):
    warehouse.reserve(1)

    assert warehouse.tell(after=4.9) == 0
    assert warehouse.tell(after=0.1) == 1


def test_a_safety_stock_that_changes_is_told_too(warehouse):
    count = services.StockCount(sku_id=warehouse.skus[0].pk, on_hand=10, safety=4)
    services.count_stock(
        point=warehouse.point, counts=[count], actor=SYSTEM, now=NOW, cause="count"
    )
    warehouse.tell()

    assert told() == [(warehouse.skus[0].code, 6)]


def test_facts_of_a_level_have_no_gap(warehouse):
    for _ in range(3):
        warehouse.reserve(1)
        warehouse.tell()

    events = Event.objects.filter(subject_type="level").order_by("pk")
    assert list(events.values_list("sequence", flat=True)) == [1, 2, 3]


def test_nobody_is_told_of_what_was_there_before(db):
    Warehouse(skus=3)

    assert told() == []


def test_a_client_that_reads_the_feed_listens(db):
    warehouse = Warehouse(listens=False)
    warehouse.read_feed()
    warehouse.reserve(1)

    assert warehouse.tell() == 1


@pytest.mark.parametrize(
    "listen",
    [
        lambda warehouse: warehouse.listen(types=[EventType.ORDER_PLACED]),
        lambda warehouse: warehouse.listen(removed_at=NOW),
        lambda warehouse: warehouse.read_feed(scopes=["orders:read"]),
        lambda warehouse: warehouse.read_feed(is_active=False),
        lambda warehouse: Warehouse().listen(name="elsewhere"),
    ],
)
def test_where_nobody_listens_nothing_is_written(db, listen):
    warehouse = Warehouse(listens=False)
    listen(warehouse)
    warehouse.tell()
    warehouse.reserve(1)

    assert warehouse.tell() == 0
    own = Event.objects.filter(organization=warehouse.point.organization)
    assert own.filter(type=EventType.LEVEL_CHANGED).exists() is False


def test_a_round_tells_a_part_and_the_next_one_the_rest(db, monkeypatch):
    warehouse = Warehouse(skus=3)
    monkeypatch.setattr(level_news, "MOST_LEVELS", 2)
    for sku in warehouse.skus:
        warehouse.reserve(1, sku)

    rounds = [warehouse.tell(), warehouse.tell(), warehouse.tell()]

    assert rounds == [2, 1, 0]
    assert [code for code, _ in told()] == [sku.code for sku in warehouse.skus]


def test_the_work_does_not_grow_with_what_is_told(db):
    warehouse = Warehouse(skus=12)
    warehouse.reserve(1)
    with count_statements() as one:
        warehouse.tell()
    for sku in warehouse.skus:
        warehouse.reserve(1, sku)
    with count_statements() as twelve:
        warehouse.tell()

    assert len(told()) == 1 + 12
    assert len(twelve) == len(one)


@pytest.mark.django_db(transaction=True)
def test_a_movement_that_commits_late_is_not_missed():
    warehouse = Warehouse(skus=2)
    for _ in range(3):
        warehouse.tell()
    inside, go_on = threading.Event(), threading.Event()

    def slow():
        try:
            with transaction.atomic():
                warehouse.reserve(1, warehouse.skus[0])
                inside.set()
                go_on.wait(10)
        finally:
            connection.close()

    late = threading.Thread(target=slow)
    late.start()
    inside.wait(10)
    warehouse.reserve(2, warehouse.skus[1])
    seen = [warehouse.tell(), warehouse.tell(), warehouse.tell()]
    go_on.set()
    late.join()

    assert seen == [1, 0, 0]
    assert warehouse.tell() == 1
    assert told() == [(warehouse.skus[1].code, 8), (warehouse.skus[0].code, 9)]


def place_read():
    return StockWatch.objects.get(pk=StockWatch.LEVELS).movement_id


@pytest.mark.django_db(transaction=True)
def test_a_reader_that_was_away_for_long_catches_up_in_steps(monkeypatch):
    warehouse = Warehouse()
    monkeypatch.setattr(level_news, "MOST_MOVEMENTS", 2)
    for units in range(11, 16):
        count_units(point=warehouse.point, sku=warehouse.skus[0], on_hand=units)

    rounds = [warehouse.tell() for _ in range(6)]

    assert rounds == [1, 0, 0, 0, 0, 0]
    newest = StockMovement.objects.latest("pk").pk
    # Transactions of other databases of the server hold the reader back, too: it goes on after.
    patience = time.monotonic() + 120
    while place_read() < newest and time.monotonic() < patience:
        assert warehouse.tell() == 0
    assert place_read() == newest


@pytest.mark.django_db(transaction=True)
def test_the_job_may_run_twice():
    warehouse = Warehouse()
    warehouse.reserve(1)

    tasks.tell_levels_due()
    tasks.tell_levels_due(later_argument=1)

    assert told() == [(warehouse.skus[0].code, 9)]

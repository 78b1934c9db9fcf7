"""What channels are told to have: the newest number, at most once a second, never nothing."""

import datetime as dt
import threading
import time

import pytest
from django.db import connection, transaction

from catalog.models import Listing, Spu
from channels_app.choices import ChannelType
from oms.events.choices import EndpointFormat, EndpointState, EventType
from oms.events.models import Endpoint, Event
from oms.inventory import services, tasks
from oms.inventory.models import StockMovement, StockWatch
from oms.inventory.services import StockNeed
from oms.kernel.actors import SYSTEM
from oms.locations.models import ChannelPoint
from tests.factories import NOW, count_units, make_channel, make_point, make_sku
from tests.statements import count_statements

SECOND = dt.timedelta(seconds=1)


class Shop:
    """A channel with an endpoint, one point, and products of one variant."""

    def __init__(self, *, on_hand=10, products=1, listens=True, **channel):
        self.point = make_point()
        self.channel = make_channel(points=[self.point], **channel)
        if listens:
            self.listen()
        self.skus = [make_sku(point=self.point, on_hand=on_hand) for _ in range(products)]
        for number, sku in enumerate(self.skus, 1):
            self.list(sku, spu=f"SPU-{number}")
        self.rounds = 0

    def listen(self, **overrides):
        values = {
            "organization": self.channel.organization,
            "name": "shop",
            "url": "https://shop.example/hooks",
            "format": EndpointFormat.STANDARD,
            "types": [EventType.STOCK_CHANGED],
            "state": EndpointState.ACTIVE,
        }
        return Endpoint.objects.create(**(values | overrides))

    def list(self, sku, *, spu, code="RED"):
        product, _ = Spu.objects.get_or_create(
            channel=self.channel, external_id=spu, defaults={"name": spu}
        )
        return Listing.objects.create(
            channel=self.channel, spu=product, sku=sku, channel_sku_code=code, seller_sku_code="S"
        )

    def announce(self, *, after=1.0):
        """A round some seconds after the one before."""
        self.rounds += after
        return services.announce_due(now=NOW + self.rounds * SECOND)

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
    """Product and numbers of every fact, in order."""
    events = Event.objects.filter(type=EventType.STOCK_CHANGED).order_by("pk")
    return [(event.data["spu"], [sku["stock"] for sku in event.data["skus"]]) for event in events]


@pytest.fixture
def shop(db):
    shop = Shop()
    shop.announce()
    assert told() == [("SPU-1", [10])]
    return shop


def test_ten_changes_within_a_second_are_one_fact_with_the_last_number(shop):
    for _ in range(10):
        shop.reserve(1)

    assert shop.announce() == 1
    assert shop.announce() == 0
    assert told()[1:] == [("SPU-1", [0])]


def test_a_fact_names_the_product_and_its_channel(shop):
    event = Event.objects.get(type=EventType.STOCK_CHANGED)

    assert (event.subject_id, event.channel_ref, event.status) == (
        Spu.objects.get().pk,
        shop.channel.pk,
        "ACTIVE",
    )
    assert event.data == {
        "spu": "SPU-1",
        "skus": [{"sku": "RED", "seller_sku_code": "S", "stock": 10}],
    }


def test_rounds_are_a_second_apart(shop):
    shop.reserve(1)

    assert shop.announce(after=0.9) == 0
    assert shop.announce(after=0.1) == 1


def test_what_comes_back_to_the_same_number_is_no_news(shop):
    shop.reserve(2)
    count_units(point=shop.point, sku=shop.skus[0], on_hand=12)

    assert shop.announce() == 0


@pytest.mark.parametrize(
    "move",
    [
        lambda shop: count_units(point=shop.point, sku=shop.skus[0], on_hand=7),
        lambda shop: services.adjust_stock(
            point=shop.point, sku_id=shop.skus[0].pk, delta=-3, reason="x", actor=SYSTEM, now=NOW
        ),
        lambda shop: shop.reserve(3),
    ],
)
def test_every_kind_of_movement_is_seen(shop, move):
    move(shop)
    shop.announce()

    assert told()[1:] == [("SPU-1", [7])]


def test_the_sum_is_over_the_active_points_and_a_debt_counts_as_nothing(shop):
    sku = shop.skus[0]
    second, third = (make_point(organization=shop.channel.organization) for _ in range(2))
    for point in (second, third):
        ChannelPoint.objects.create(channel=shop.channel, point=point, location_code=point.code)
        count_units(point=point, sku=sku, on_hand=5)
    shop.reserve(8)
    count_units(point=shop.point, sku=sku, on_hand=1)
    third.is_active = False
    third.save()

    shop.announce()

    assert told()[1:] == [("SPU-1", [5])]


def test_all_variants_of_a_product_are_told_together(shop):
    blue = make_sku(point=shop.point, on_hand=4)
    shop.list(blue, spu="SPU-1", code="BLUE")
    shop.reserve(1, blue)

    shop.announce()

    assert told()[1:] == [("SPU-1", [10, 3])]


def test_only_the_products_that_changed_are_told(db):
    shop = Shop(products=3)
    shop.announce()
    shop.reserve(1, shop.skus[1])

    assert shop.announce() == 1
    assert told()[3:] == [("SPU-2", [9])]


@pytest.mark.parametrize(
    "shop",
    [
        {"listens": False},
        {"type": ChannelType.SHOPEE},
        {"is_active": False},
    ],
)
@pytest.mark.django_db
def test_others_are_told_nothing(shop):
    shop = Shop(**shop)

    assert shop.announce() == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    "endpoint",
    [{"types": [EventType.ORDER_PLACED]}, {"channel_ref": 0}, {"removed_at": NOW}],
)
def test_nor_who_did_not_subscribe(endpoint):
    shop = Shop(listens=False)
    shop.listen(**endpoint)

    assert shop.announce() == 0


def test_the_work_does_not_grow_with_what_is_told(db):
    shop = Shop(products=12)
    shop.announce()

    shop.reserve(1)
    with count_statements() as one:
        shop.announce()
    for sku in shop.skus:
        shop.reserve(1, sku)
    with count_statements() as twelve:
        shop.announce()

    assert len(told()) == 12 + 1 + 12
    assert len(twelve) == len(one)


@pytest.mark.django_db(transaction=True)
def test_what_no_movement_says_is_found_within_a_minute():
    shop = Shop()
    shop.announce()
    # Of a SKU that never moved: how long a movement is read again depends on what other
    # transactions of the server are open.
    shop.list(make_sku(point=shop.point), spu="SPU-NEW")

    assert shop.announce() == 0
    assert shop.announce(after=60) == 1
    assert told()[1:] == [("SPU-NEW", [0])]


@pytest.mark.django_db(transaction=True)
def test_a_movement_that_commits_late_is_not_missed():
    shop = Shop(products=2)
    for _ in range(3):
        shop.announce()
    inside, go_on = threading.Event(), threading.Event()

    def slow():
        try:
            with transaction.atomic():
                shop.reserve(1, shop.skus[0])
                inside.set()
                go_on.wait(10)
        finally:
            connection.close()

    late = threading.Thread(target=slow)
    late.start()
    inside.wait(10)
    shop.reserve(1, shop.skus[1])
    seen = [shop.announce(), shop.announce(), shop.announce()]
    go_on.set()
    late.join()

    assert seen == [1, 0, 0]
    assert shop.announce() == 1
    assert told()[2:] == [("SPU-2", [9]), ("SPU-1", [9])]


@pytest.mark.django_db(transaction=True)
def test_what_was_looked_at_for_certain_is_not_read_again():
    shop = Shop()
    newest = StockMovement.objects.latest("pk").pk

    # Transactions of other databases of the server hold the reader back, too: it goes on after.
    patience = time.monotonic() + 120
    while place_read() < newest and time.monotonic() < patience:
        shop.announce()

    assert place_read() == newest


def place_read():
    watch = StockWatch.objects.filter(pk=StockWatch.LISTINGS).first()
    return watch.movement_id if watch else 0


@pytest.mark.django_db(transaction=True)
def test_the_job_may_run_twice():
    shop = Shop()

    tasks.announce_due()
    tasks.announce_due(later_argument=1)

    assert told() == [("SPU-1", [10])]
    assert shop.channel.spus.count() == 1

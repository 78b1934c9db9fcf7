"""What must survive many rivals at once: nothing oversold, nobody passed over, no deadlock."""

import random
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection, transaction
from django.db.models import Sum

from fulfillment.models import TaskLine
from fulfillment.services import allocation
from oms.inventory import services as inventory
from oms.inventory.models import StockLevel, StockMovement
from oms.kernel.actors import SYSTEM
from oms.kernel.contention import Busy
from oms.orders import services as orders
from oms.orders.models import Order
from tests.factories import (
    NOW,
    count_units,
    level_of,
    make_channel,
    make_draft,
    make_point,
    make_sku,
    relay_everything,
)

pytestmark = pytest.mark.django_db(transaction=True)

CLIENTS = 64


def in_parallel(work: Callable[[object], object], items: Iterable[object]) -> list[object]:
    """Run the work in CLIENTS threads, each with a database connection of its own."""

    def run(item: object) -> object:
        try:
            return work(item)
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=CLIENTS) as pool:
        return list(pool.map(run, items))


def insist(work: Callable[[], object]) -> None:
    """Do as every client does that is told to try again soon."""
    while True:
        try:
            work()
        except Busy:
            continue
        return


def deadlocks() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return cursor.fetchone()[0]


def drain_allocation() -> None:
    while allocation.allocate_due(now=NOW):
        pass


def assert_ledger_holds() -> None:
    for level in StockLevel.objects.all():
        sums = StockMovement.objects.filter(level=level).aggregate(
            on_hand=Sum("on_hand_delta"), reserved=Sum("reserved_delta")
        )
        assert (level.on_hand, level.reserved) == (sums["on_hand"] or 0, sums["reserved"] or 0)
        owed = TaskLine.objects.filter(sku_id=level.sku_id, task__point_id=level.point_id)
        assert level.reserved == (owed.aggregate(units=Sum("quantity"))["units"] or 0)


def test_a_thousand_units_go_to_exactly_a_thousand_of_ten_thousand_orders():
    point = make_point()
    sku = make_sku(point=point, on_hand=1000)
    channel = make_channel(points=[point])
    before = deadlocks()

    def sell(hundred: int) -> None:
        drafts = [
            make_draft(
                channel=channel,
                lines=[(sku, 1)],
                external_id=f"{hundred}-{number}",
                placed_at=NOW + timedelta(seconds=100 * hundred + number),
            )
            for number in range(100)
        ]
        placed = orders.place_orders(drafts=drafts, actor=SYSTEM, now=NOW)
        for start in range(0, 100, 10):
            ten = [intake.order_id for intake in placed[start : start + 10]]
            insist(partial(allocation.allocate_orders, order_ids=ten, actor=SYSTEM, now=NOW))

    in_parallel(sell, range(100))

    assert Order.objects.count() == 10_000
    assert Order.objects.filter(status="ALLOCATED").count() == 1000
    assert Order.objects.filter(status="UNALLOCATED").count() == 9000
    assert level_of(point, sku).reserved == 1000
    assert deadlocks() == before
    assert_ledger_holds()

    waiting = Order.objects.filter(status="UNALLOCATED").order_by("received_at", "placed_at", "id")
    next_in_line = list(waiting.values_list("pk", flat=True)[:500])
    count_units(point=point, sku=sku, on_hand=1500)
    relay_everything()
    drain_allocation()

    assert Order.objects.filter(status="ALLOCATED").count() == 1500
    served = Order.objects.filter(pk__in=next_in_line, status="ALLOCATED")
    assert served.count() == 500
    assert level_of(point, sku).reserved == 1500
    assert_ledger_holds()


def test_shuffled_baskets_never_deadlock():
    points = [make_point()]
    points.append(make_point(organization=points[0].organization))
    skus = [make_sku(point=points[0], on_hand=30) for _ in range(50)]
    for sku in skus[::2]:
        count_units(point=points[1], sku=sku, on_hand=30)
    channel = make_channel(points=points)
    before = deadlocks()

    def sell(seed: int) -> None:
        chance = random.Random(seed)
        basket = chance.sample(skus, chance.randint(1, 8))
        draft = make_draft(
            channel=channel,
            lines=[(sku, chance.randint(1, 3)) for sku in basket],
            external_id=str(seed),
            allow_split=chance.random() < 0.5,
        )
        intake = orders.place_order(draft=draft, actor=SYSTEM, now=NOW)
        route = partial(allocation.allocate_order, actor=SYSTEM, now=NOW)
        insist(partial(route, order_id=intake.order_id))
        if seed % 10 == 0:
            sku = chance.choice(skus)
            adjust = partial(inventory.adjust_stock, point=points[0], sku_id=sku.pk, delta=1)
            insist(partial(adjust, reason="found", actor=SYSTEM, now=NOW))

    in_parallel(sell, range(1000))

    assert deadlocks() == before
    assert StockLevel.objects.with_available().filter(available_now__lt=0).exists() is False
    assert_ledger_holds()


def test_equal_orders_sent_at_once_are_one_order():
    channel = make_channel(points=[make_point()])
    drafts = [make_draft(channel=channel, lines=[("X", 1)], external_id="ONE") for _ in range(64)]

    outcomes = in_parallel(
        lambda draft: orders.place_order(draft=draft, actor=SYSTEM, now=NOW).outcome, drafts
    )

    assert outcomes.count("placed") == 1
    assert Order.objects.count() == 1


def test_counts_and_reservations_of_one_level_queue_up():
    point = make_point()
    sku = make_sku(point=point, on_hand=10)
    channel = make_channel(points=[point])

    def work(number: int) -> None:
        if number % 4 == 0:
            insist(partial(count_units, point=point, sku=sku, on_hand=10 + number))
            return
        draft = make_draft(channel=channel, lines=[(sku, 1)], external_id=str(number))
        intake = orders.place_order(draft=draft, actor=SYSTEM, now=NOW)
        route = partial(allocation.allocate_order, actor=SYSTEM, now=NOW)
        insist(partial(route, order_id=intake.order_id))

    in_parallel(work, range(200))

    assert_ledger_holds()


def test_stock_that_arrives_while_an_order_is_routed_is_not_overlooked():
    point = make_point()
    sku = make_sku(point=point)  # no level yet, so routing has nothing to lock
    channel = make_channel(points=[point])
    draft = make_draft(channel=channel, lines=[(sku, 1)])
    order_id = orders.place_order(draft=draft, actor=SYSTEM, now=NOW).order_id
    planned, arrived = threading.Event(), threading.Event()

    def route() -> None:
        with transaction.atomic():
            allocation.allocate_due(now=NOW)
            planned.set()
            arrived.wait(timeout=10)
            time.sleep(0.3)

    def receive() -> None:
        planned.wait(timeout=10)
        count_units(point=point, sku=sku, on_hand=1)
        arrived.set()
        relay_everything()

    in_parallel(lambda work: work(), [route, receive])
    drain_allocation()

    assert Order.objects.get(pk=order_id).status == "ALLOCATED"

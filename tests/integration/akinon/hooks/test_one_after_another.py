"""News of one package goes one after another, oldest first, whichever hook it is for (3.4)."""

import pytest

from fulfillment.services import commands
from oms.events.choices import DeliveryState
from oms.events.models import Delivery, EndpointHealth
from oms.events.sending.claiming import PATIENCE
from tests.factories import point_actor
from tests.integration.akinon.hooks.builders import Shop
from tests.integration.events.builders import SECOND
from tests.simulators.hook_receiver import HookReceiver

FIXED = {"retry_countdown_config": {"choice": "fixed", "kwargs": {"seconds": 5}}}
PACKED, SHIPPED = "package.status.packed", "package.status.shipped"
MOVED = "shipment.status.updated"


@pytest.fixture
def elsewhere():
    """A receiver of another origin."""
    with HookReceiver() as running:
        yield running
    assert running.problems == []


def listen(shop: Shop) -> None:
    """A hook for each word, at paths of one receiver."""
    for word in (PACKED, SHIPPED, MOVED):
        shop.listen(word, path=f"/{word}", options=FIXED)


def pack_and_ship(shop: Shop, external_id: str = "A-1"):
    order = shop.order(external_id)
    shop.pick(order)
    shop.pack(order)
    task = shop.task_of(order)
    commands.ship_task(task_id=task.pk, actor=point_actor(shop.point), now=shop.clock())
    return task


def taken(receiver: HookReceiver) -> list[str]:
    return [call.word for call in receiver.calls if call.status == 200]


def test_what_happens_to_a_box_is_news_of_its_package(shop):
    listen(shop)

    task = pack_and_ship(shop)

    rows = Delivery.objects.order_by("pk").values_list("subject_type", "subject_id")
    assert set(rows) == {("task", task.pk)}
    assert len(rows) == 3


def test_a_hook_waits_for_what_another_was_to_be_told_before(shop):
    listen(shop)
    shop.receiver.script[f"/{PACKED}"] = [503, 503]
    pack_and_ship(shop)

    shop.push()
    before = taken(shop.receiver)
    shop.pass_seconds(5)
    still = taken(shop.receiver)
    shop.pass_seconds(5)

    assert (before, still) == ([], [])
    assert taken(shop.receiver)[0] == PACKED
    assert sorted(taken(shop.receiver)) == sorted([PACKED, SHIPPED, MOVED])


def test_another_package_does_not_wait(shop):
    listen(shop)
    shop.receiver.script[f"/{PACKED}"] = [503]
    pack_and_ship(shop, "A-1")
    shop.push()

    pack_and_ship(shop, "A-2")
    shop.push()

    told = [call.payload["order_number"] for call in shop.receiver.calls if call.status == 200]
    assert set(told) == {"A-2"}
    assert len(told) == 3


def test_another_receiver_does_not_wait(shop, elsewhere):
    shop.receiver.failing["/packed"] = 503
    shop.listen(PACKED, path="/packed", options=FIXED)
    shop.listen(SHIPPED, name="elsewhere", url=elsewhere.url("/shipped"), options=FIXED)

    pack_and_ship(shop)
    shop.push()

    assert [call.word for call in elsewhere.of("/shipped")] == [SHIPPED]


def test_a_hook_that_is_switched_off_holds_up_nobody(shop):
    shop.receiver.failing["/packed"] = 503
    packed = shop.listen(PACKED, path="/packed", options=FIXED)
    shop.listen(SHIPPED, path="/shipped", options=FIXED)
    pack_and_ship(shop)
    packed.state = "PAUSED"
    packed.save(update_fields=["state"])

    shop.push()

    assert taken(shop.receiver) == [SHIPPED]


def test_what_fails_for_long_holds_up_its_own_hook_only(shop):
    packed = shop.listen(PACKED, path="/packed", options=FIXED)
    shop.listen(SHIPPED, path="/shipped", options=FIXED)
    pack_and_ship(shop)
    shop.push_nothing()
    stuck = Delivery.objects.filter(endpoint=packed)
    later = shop.clock() + 3600 * SECOND
    stuck.update(attempts=PATIENCE, not_before=later)
    shop.pass_seconds(1)
    before = taken(shop.receiver)

    stuck.update(attempts=PATIENCE + 1)
    EndpointHealth.objects.update(tokens_at=shop.clock())
    shop.pass_seconds(1)

    assert before == []
    assert taken(shop.receiver) == [SHIPPED]
    assert stuck.get().state == DeliveryState.PENDING

"""Telling the source how far its items are: durable, in order per item, doubled nowhere."""

import datetime as dt

import pytest
from django.db import transaction

from channels_app.choices import UpdateState
from channels_app.models import RemoteUpdate
from fulfillment import services as fulfillment
from fulfillment.models import FulfillmentTask
from oms.api.akinon.sync import pushing
from oms.events.choices import EventType, SubjectType
from oms.events.models import Event
from oms.events.outbox import Fact, record
from oms.kernel.actors import SYSTEM
from oms.orders.models import Order
from tests.factories import relay_everything
from tests.integration.akinon.builders import Shop, a_basket
from tests.simulators.omnitron import Fault, Sold


def an_order(shop: Shop, number: str = "1", quantity: int = 1) -> FulfillmentTask:
    """Pulled, and given to the point."""
    shop.books.place(a_basket(number, Sold(sku="SKU-A", quantity=quantity)))
    shop.pull()
    fulfillment.allocate_due(now=shop.now)
    relay_everything()
    return FulfillmentTask.objects.get(order__external_id=number)


def reach(shop: Shop, task: FulfillmentTask, kind: EventType, **data: object) -> Event:
    """Say that a task reached a state, as services do."""
    fact = Fact(
        organization_id=shop.organization.pk,
        type=kind,
        subject_type=SubjectType.TASK,
        subject_id=task.pk,
        order_ref=task.order_id,
        channel_id=task.channel_id,
        point_id=task.point_id,
        status=task.status,
        data={"order": task.order.external_id, "task": task.number, **data},
    )
    with transaction.atomic():
        record([fact], actor=SYSTEM, now=shop.now)
    relay_everything()
    return Event.objects.filter(type=kind).order_by("pk").last()


def history(shop: Shop) -> list[str]:
    [statuses] = shop.books.histories.values()
    return statuses


def test_a_packed_item_is_preparing_for_its_source(shop):
    task = an_order(shop, quantity=2)
    reach(shop, task, EventType.TASK_PACKED)

    shop.push()

    assert [item["status"] for item in shop.books.items.values()] == ["450", "450"]
    assert len(shop.omnitron.calls_of("PATCH", "/order_items/bulk_status_update/")) == 1
    assert {update.state for update in RemoteUpdate.objects.all()} == {UpdateState.SENT}


@pytest.mark.parametrize(
    ("kinds", "told"),
    [
        ((EventType.TASK_PACKED, EventType.TASK_READY_FOR_PICKUP), ["400", "450", "520"]),
        ((EventType.TASK_SHIPPED, EventType.TASK_ATTEMPTED), ["400", "500", "540"]),
        ((EventType.TASK_SHIPPED, EventType.TASK_DELIVERED), ["400", "500", "550"]),
    ],
)
def test_states_are_told_one_after_the_other(shop, kinds, told):
    task = an_order(shop)
    for kind in kinds:
        reach(shop, task, kind)

    while shop.push():
        pass

    assert history(shop) == told
    assert shop.books.repeats == []


def test_a_transition_may_say_that_nothing_is_told(shop):
    task = an_order(shop)

    reach(shop, task, EventType.TASK_PACKED, is_synced=False)

    assert not RemoteUpdate.objects.exists()


def test_an_event_that_is_relayed_twice_is_told_once(shop):
    task = an_order(shop)
    event = reach(shop, task, EventType.TASK_PACKED)

    pushing.note_statuses(event, now=shop.now)

    assert RemoteUpdate.objects.count() == 1


def test_the_status_may_be_chosen_otherwise(shop):
    shop.set("OMNITRON_SYNC_SETTINGS", {"item_statuses": {"task.shipped": "510"}})
    task = an_order(shop)

    reach(shop, task, EventType.TASK_SHIPPED)

    assert RemoteUpdate.objects.get().body["status"] == "510"


def test_ten_minutes_of_outage_lose_nothing_and_double_nothing(shop):
    task = an_order(shop)
    reach(shop, task, EventType.TASK_PACKED)
    shop.omnitron.go_down()
    ends = shop.now + dt.timedelta(minutes=10)
    tries = 0
    while shop.now < ends:
        tries += shop.push()
        shop.later(seconds=5)
    reach(shop, task, EventType.TASK_SHIPPED)
    shop.omnitron.come_up()
    shop.later(minutes=10)

    while shop.push():
        pass

    assert tries == 7
    assert history(shop) == ["400", "450", "500"]
    assert shop.books.repeats == []


def test_an_error_of_the_other_side_is_tried_again(shop):
    task = an_order(shop)
    reach(shop, task, EventType.TASK_PACKED)
    shop.omnitron.misbehave(Fault(path="bulk_status_update", status=500))
    shop.push()
    waiting = RemoteUpdate.objects.get()
    shop.later(seconds=6)

    shop.push()

    assert (waiting.state, waiting.last_error) == (
        UpdateState.PENDING,
        "order_item_bulk_update: HTTP 500",
    )
    assert history(shop) == ["400", "450"]


def test_a_token_that_has_ended_is_renewed_once(shop):
    task = an_order(shop)
    reach(shop, task, EventType.TASK_PACKED)
    shop.omnitron.misbehave(Fault(path="bulk_status_update", ends_tokens=True))
    logins = shop.omnitron.logins

    shop.push()

    assert shop.omnitron.logins == logins + 1
    assert history(shop) == ["400", "450"]


def test_an_answer_that_was_lost_is_asked_for_again(shop):
    task = an_order(shop)
    reach(shop, task, EventType.TASK_PACKED)
    shop.omnitron.misbehave(Fault(path="bulk_status_update", is_lost=True))
    shop.push()
    shop.later(seconds=6)

    shop.push()

    assert RemoteUpdate.objects.get().state == UpdateState.SENT
    assert history(shop) == ["400", "450"]


def test_a_wrong_item_does_not_keep_the_others_from_being_told(shop):
    task = an_order(shop, quantity=3)
    first = task.lines.order_by("pk")[0].order_line.external_id
    shop.books.items[int(first)]["status"] = "550"
    reach(shop, task, EventType.TASK_PACKED)

    shop.push()

    states = dict(RemoteUpdate.objects.values_list("subject", "state"))
    assert states.pop(first) == UpdateState.REFUSED
    assert set(states.values()) == {UpdateState.SENT}
    assert RemoteUpdate.objects.get(subject=first).last_error.startswith(
        "order_item_bulk_update: HTTP 400 orderitem_set"
    )


def test_a_refused_update_can_be_sent_again(shop):
    task = an_order(shop)
    item = task.lines.get().order_line.external_id
    shop.books.items[int(item)]["status"] = "550"
    reach(shop, task, EventType.TASK_PACKED)
    shop.push()
    shop.books.items[int(item)]["status"] = "400"

    count = pushing.send_again(update_ids=[RemoteUpdate.objects.get().pk], now=shop.now)

    assert count == 1
    assert shop.push() == 1
    assert RemoteUpdate.objects.get().state == UpdateState.SENT


def test_a_worker_that_came_back_too_late_changes_nothing(shop):
    task = an_order(shop)
    reach(shop, task, EventType.TASK_PACKED)
    [late] = pushing._claim(now=shop.now, limit=10)
    shop.later(seconds=200)
    [taken] = pushing._claim(now=shop.now, limit=10)

    pushing._sent([late], now=shop.now)

    assert (late.pk, late.attempts, taken.attempts) == (taken.pk, 1, 2)
    assert RemoteUpdate.objects.get().state == UpdateState.PENDING


def test_channels_of_other_kinds_are_told_nothing(shop):
    task = an_order(shop)
    shop.channel.type = "GENERAL"
    shop.channel.save()

    reach(shop, task, EventType.TASK_PACKED)

    assert not RemoteUpdate.objects.exists()
    assert Order.objects.count() == 1

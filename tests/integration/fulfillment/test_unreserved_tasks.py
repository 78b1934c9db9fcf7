"""Units nobody can serve stand at the default point, hold no stock and are routed on."""

from datetime import timedelta

import pytest

from fulfillment import services
from fulfillment.models import FulfillmentTask
from fulfillment.queries import TaskNotFound, get_task
from oms.events.models import Event
from oms.inbox import services as inbox
from oms.inbox.models import Entry
from oms.kernel.actors import SYSTEM
from oms.orders.choices import CancelParty
from tests.factories import (
    NOW,
    count_units,
    level_of,
    make_channel,
    make_point,
    make_sku,
    point_actor,
    relay_everything,
)
from tests.integration.fulfillment.scenarios import (
    broken,
    make_scenario,
    place_with,
    route,
    tasks_of,
)

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(minutes=30)


def world(*, on_hand=0, **rules):
    """A point that may have units, and a default point that never ships."""
    point = make_point(priority=1)
    default = make_point(priority=9, organization=point.organization, code="DEFAULT")
    sku = make_sku(point=point, on_hand=on_hand)
    make_scenario(point.organization, default_point="DEFAULT", split="by_unit", **rules)
    return point, default, sku, make_channel(points=[point, default])


def test_what_nobody_serves_stands_at_the_default_point_and_waits():
    point, default, sku, channel = world(on_hand=1)
    order = place_with(channel, [(sku, 3)])

    route(order)

    assert tasks_of(order) == [
        (point.pk, "CREATED", True, 1),
        (default.pk, "OUT_OF_STOCK", False, 2),
    ]
    assert (order.status, order.allocation_due_at) == ("UNALLOCATED", LATER)
    assert order.lines.get().quantity_allocated == 1
    assert level_of(point, sku).reserved == 1
    assert broken() == []


def test_a_repeated_routing_leaves_it_as_it_is():
    _, default, sku, channel = world()
    order = place_with(channel, [(sku, 2)])
    route(order)
    events = Event.objects.count()

    route(order, now=LATER)

    assert tasks_of(order) == [(default.pk, "OUT_OF_STOCK", False, 2)]
    assert Event.objects.count() == events


def test_stock_takes_units_from_the_default_point_until_its_task_ends():
    point, default, sku, channel = world()
    order = place_with(channel, [(sku, 2)])
    route(order)

    count_units(point=point, sku=sku, on_hand=1)
    relay_everything()
    route(order)
    after_one = tasks_of(order)
    count_units(point=point, sku=sku, on_hand=2)
    relay_everything()
    route(order)

    assert after_one == [(default.pk, "OUT_OF_STOCK", False, 1), (point.pk, "CREATED", True, 1)]
    assert tasks_of(order) == [
        (default.pk, "CANCELLED", False, 0),
        (point.pk, "CREATED", True, 1),
        (point.pk, "CREATED", True, 1),
    ]
    ended = FulfillmentTask.objects.get(point=default)
    last = Event.objects.filter(subject_type="task", subject_id=ended.pk).order_by("sequence")
    assert last.last().type == "task.hopped"
    assert order.status == "ALLOCATED"
    assert broken() == []


def test_a_default_point_may_ship_once_it_has_stock_itself():
    _, default, sku, channel = world()
    order = place_with(channel, [(sku, 1)])
    route(order)

    count_units(point=default, sku=sku, on_hand=1)
    relay_everything()
    route(order)

    assert tasks_of(order)[-1] == (default.pk, "CREATED", True, 1)


def test_cancelling_the_order_ends_its_unreserved_tasks():
    _, _default, sku, channel = world(on_hand=1)
    order = place_with(channel, [(sku, 3)])
    route(order)

    request = services.CancelOrder(order_id=order.pk, party=CancelParty.CUSTOMER)
    services.cancel_order(request=request, actor=SYSTEM, now=NOW)

    assert [status for _, status, _, _ in tasks_of(order)] == ["CANCELLED", "CANCELLED"]
    order.refresh_from_db()
    assert order.status == "CANCELLED"
    assert broken() == []


def test_cancelling_a_line_takes_its_units_from_the_default_point():
    _, default, sku, channel = world()
    order = place_with(channel, [(sku, 1), (sku, 2)])
    route(order)
    line = order.lines.order_by("position").last()

    request = services.CancelOrder(
        order_id=order.pk, party=CancelParty.CUSTOMER, line_ids=(line.pk,)
    )
    services.cancel_order(request=request, actor=SYSTEM, now=NOW)

    assert tasks_of(order) == [(default.pk, "OUT_OF_STOCK", False, 1)]
    assert broken() == []


def test_the_default_points_machine_is_not_told_of_it():
    _, default, sku, channel = world()
    order = place_with(channel, [(sku, 1)])
    route(order)
    number = order.tasks.get().number

    with pytest.raises(TaskNotFound):
        get_task(number=number, actor=point_actor(default))

    created = Event.objects.get(type="task.created", order_ref=order.pk)
    assert (created.point_ref, created.status) == (None, "OUT_OF_STOCK")


def test_it_cannot_be_packed():
    _, _, sku, channel = world()
    order = place_with(channel, [(sku, 1)])
    route(order)
    task = order.tasks.get()
    box = services.PackedParcel(
        point_parcel_no="1",
        packed_at=NOW,
        line_numbers=tuple(task.lines.values_list("number", flat=True)),
        carrier="J&T",
        tracking_number="T",
    )

    with pytest.raises(services.TaskEnded):
        services.pack_parcels(
            request=services.PackRequest(task_number=task.number, parcels=(box,)),
            actor=SYSTEM,
            now=NOW,
        )


def test_an_unknown_seller_is_one_entry_of_the_inbox():
    _, default, sku, channel = world(on_hand=5)
    order = place_with(channel, [(sku, 1), (sku, 1)], sellers=["NOBODY", "NOBODY"])

    route(order)
    inbox.reconcile_due(now=NOW)

    assert tasks_of(order) == [(default.pk, "OUT_OF_STOCK", False, 2)]
    entry = Entry.objects.get(kind="unknown_seller")
    assert entry.reason == "No point ships for seller NOBODY"


def test_a_task_without_stock_is_not_hidden_from_people():
    _, _, sku, channel = world()
    order = place_with(channel, [(sku, 1)])

    route(order)

    assert get_task(number=order.tasks.get().number, actor=SYSTEM).is_reserved is False

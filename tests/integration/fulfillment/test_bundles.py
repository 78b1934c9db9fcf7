"""Bundles at points: their parts are routed, packed, shipped and cancelled as sets."""

import pytest

from fulfillment import services
from fulfillment.choices import ParcelStatus
from fulfillment.models import FulfillmentTask
from fulfillment.services.dock import short_picks
from oms.events.models import Event
from oms.inventory.models import StockLevel
from oms.kernel.actors import SYSTEM
from oms.orders import services as orders
from oms.orders.choices import CancelDecision, CancelParty
from tests.factories import (
    NOW,
    channel_actor,
    count_units,
    level_of,
    make_bundle,
    make_channel,
    make_draft,
    make_point,
    make_sku,
    place,
)
from tests.integration.fulfillment.boxes import box
from tests.integration.fulfillment.builders import OWN, milestone, pack, packed
from tests.integration.fulfillment.gifts import broken_invariants, gifts

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _bundles_agree(db):
    yield
    assert broken_invariants() == []


def test_reserving_it_reserves_its_parts():
    case = gifts(sets=3)

    assert case.status() == ("ALLOCATED", "CREATED")
    assert case.stock() == [(10, 3), (20, 6)]
    assert list(case.task.lines.order_by("pk").values_list("quantity", flat=True)) == [3, 6]
    assert case.quantities("allocated") == [3, 3, 6]


def test_it_waits_for_its_scarcest_part_and_is_woken_by_it():
    point = make_point()
    mug, spoon = make_sku(point=point, on_hand=5), make_sku(point=point, on_hand=3)
    bundle = make_bundle(parts=[(mug, 1), (spoon, 2)])
    channel = make_channel(points=[point])
    order = place(channel=channel, lines=[(bundle.code, 2)])
    services.allocate_due(now=NOW)
    order.refresh_from_db()
    waits = ", ".join(sorted([mug.code, spoon.code]))
    assert (order.status, order.waiting_for) == ("UNALLOCATED", f"Out of stock: {waits}")

    count_units(point=point, sku=spoon, on_hand=4)
    services.wake_waiting_orders(organization_id=order.organization_id, sku_ids=[spoon.pk])
    services.allocate_due(now=NOW)

    order.refresh_from_db()
    assert order.status == "ALLOCATED"
    assert [level_of(point, sku).reserved for sku in (mug, spoon)] == [2, 4]


def test_a_set_is_not_put_together_from_two_points():
    first, second = make_point(), None
    second = make_point(organization=first.organization)
    mug = make_sku(point=first, on_hand=1)
    spoon = make_sku(point=second, on_hand=2)
    bundle = make_bundle(parts=[(mug, 1), (spoon, 2)])
    channel = make_channel(points=[first, second])

    order = place(channel=channel, lines=[(bundle.code, 1)], allow_split=True)
    services.allocate_due(now=NOW)

    assert not FulfillmentTask.objects.filter(order=order).exists()
    assert not StockLevel.objects.filter(reserved__gt=0).exists()


def test_it_is_packed_when_its_parts_are_and_shipped_when_complete():
    case = gifts(delivery=OWN)
    seen = []

    pack(case)
    seen.append((case.status(), case.quantities("packed")))
    milestone(case, ParcelStatus.SHIPPED)
    seen.append((case.status(), case.quantities("shipped")))
    milestone(case, ParcelStatus.DELIVERED, minutes=5)
    seen.append((case.status(), case.quantities("delivered")))

    assert seen == [
        (("PACKED", "PACKED"), [2, 2, 4]),
        (("SHIPPED", "SHIPPED"), [2, 2, 4]),
        (("DELIVERED", "DELIVERED"), [2, 2, 4]),
    ]
    assert case.stock() == [(8, 0), (16, 0)]


def test_a_set_in_two_boxes_has_left_with_the_second():
    case = gifts(sets=1, delivery=OWN, allow_split=True)
    mug, *spoons = case.lines
    pack(case, packed("PK-1", [mug], carrier="Own"), packed("PK-2", spoons, carrier="Own"))

    milestone(case, ParcelStatus.SHIPPED)
    between = case.quantities("shipped")
    milestone(case, ParcelStatus.SHIPPED, point_parcel_no="PK-2")

    assert between == [0, 1, 0]
    assert case.quantities("shipped") == [1, 1, 2]


def test_sets_are_packed_by_the_number_of_its_line():
    case = gifts(sets=3, allow_split=True)

    first = box(case, {0: 2})

    assert sorted(first.items.values_list("task_line__sku", "quantity")) == sorted(
        [(case.skus[0].pk, 1)] * 2 + [(case.skus[1].pk, 1)] * 4
    )
    assert case.quantities("packed") == [2, 2, 4]
    with pytest.raises(services.UnitsExceeded) as refusal:
        box(case, {0: 2})
    assert (refusal.value.line, refusal.value.remaining) == (case.line().number, 1)


def cancel(case, *line_ids):
    request = services.CancelOrder(
        order_id=case.order.pk, line_ids=line_ids, party=CancelParty.CUSTOMER
    )
    services.cancel_order(request=request, actor=case.actor, now=NOW)


@pytest.mark.parametrize("named", ["line", "part"])
def test_cancelling_it_gives_all_its_parts_back(named):
    case = gifts(beside=1)
    line = case.line() if named == "line" else case.parts()[1]

    cancel(case, line.pk)

    assert case.quantities("cancelled") == [2, 2, 4]
    assert case.stock() == [(10, 1), (20, 0)]
    assert case.status() == ("ALLOCATED", "CREATED")
    told = Event.objects.get(type="order.lines_cancelled").data["lines"]
    assert [(each["line"], each["quantity"]) for each in told] == [(case.line().external_id, 2)]


def test_one_that_has_left_in_part_is_not_cancelled():
    case = gifts(sets=1, delivery=OWN, allow_split=True)
    mug, *_ = case.lines
    pack(case, packed("PK-1", [mug], carrier="Own"))
    milestone(case, ParcelStatus.SHIPPED)

    with pytest.raises(services.ParcelHasLeft):
        cancel(case, case.line().pk)

    assert case.quantities("cancelled") == [0, 0, 0]


def wish(case, sets):
    line = case.line()
    asked = orders.CancelWish(
        order_id=case.order.pk,
        party=CancelParty.CUSTOMER,
        requested_by="buyer",
        requested_at=NOW,
        lines={line.pk: ""},
        quantities={line.pk: sets},
    )
    request = orders.open_cancel_request(wish=asked, actor=case.actor, now=NOW)
    return services.decide_cancellation(
        request_id=request.pk, decision=CancelDecision.ACCEPT, comment="", actor=SYSTEM, now=NOW
    )


def test_some_sets_are_cancelled_by_a_wish():
    case = gifts(sets=3)

    too_late = wish(case, 2)

    assert too_late == {}
    assert case.quantities("cancelled") == [2, 2, 4]
    assert case.stock() == [(10, 1), (20, 2)]


def test_sets_of_which_a_part_has_left_are_too_late():
    case = gifts(sets=3, delivery=OWN, allow_split=True)
    mugs = list(case.task.lines.filter(sku=case.skus[0]).values_list("number", flat=True))
    pack(case, packed("PK-1", mugs[:2], carrier="Own"))
    milestone(case, ParcelStatus.SHIPPED)

    too_late = wish(case, 2)

    assert too_late == {case.line().pk: 1}
    assert case.quantities("cancelled") == [1, 1, 2]


def test_a_part_that_was_not_found_comes_from_another_point():
    case = gifts(sets=2)
    other = make_point(organization=case.point.organization)
    case.channel.point_links.create(point=other)
    count_units(point=other, sku=case.skus[1], on_hand=1)

    short_picks.report_short_pick(
        task_id=case.task.pk, units={case.task_line(1).pk: 1}, actor=case.actor, now=NOW
    )
    case.order.allow_split = True
    case.order.save(update_fields=["allow_split"])
    services.allocate_due(now=NOW)

    second = FulfillmentTask.objects.exclude(pk=case.task.pk).get(order=case.order)
    assert list(second.lines.values_list("sku", "quantity")) == [(case.skus[1].pk, 1)]
    assert case.quantities("allocated") == [2, 2, 4]


def refuse(case, totals):
    return services.refuse_units(
        task_number=case.task.number,
        totals={case.skus[place].pk: units for place, units in totals.items()},
        actor=case.actor,
        now=NOW,
    )


@pytest.mark.parametrize(
    ("totals", "left"), [({1: 1}, [1, 1, 2]), ({1: 3}, [2, 2, 4]), ({0: 1}, [1, 1, 2])]
)
def test_a_part_nobody_can_supply_takes_its_set_along(totals, left):
    case = gifts(sets=2, beside=1)

    refuse(case, totals)

    assert case.quantities("cancelled") == left
    assert case.line().cancelled_by_seller == left[0]
    assert case.status()[0] == "ALLOCATED"


def test_refusing_the_same_again_changes_nothing():
    case = gifts(sets=3)
    refuse(case, {1: 1})

    again = refuse(case, {1: 2, 0: 1})

    assert again == 0
    assert case.quantities("cancelled") == [1, 1, 2]


def test_a_set_of_which_a_part_is_packed_is_not_given_up():
    case = gifts(sets=1, allow_split=True)
    mug, *_ = case.lines
    pack(case, packed("PK-1", [mug]))

    with pytest.raises(orders.BundleBroken):
        refuse(case, {1: 1})

    assert case.quantities("cancelled") == [0, 0, 0]
    assert case.stock() == [(10, 1), (20, 2)]


def test_a_dry_run_knows_bundles():
    case = gifts(sets=1)
    other = make_point(organization=case.point.organization)

    draft = services.draft_of_order(order_id=case.order.pk, actor=SYSTEM)
    answer = services.dry_run(draft=draft, version_id=None, actor=SYSTEM, now=NOW)

    assert other.code not in [task.point for task in answer.tasks]
    [task] = answer.tasks
    assert task.units == {case.skus[0].code: 1, case.skus[1].code: 2}


def test_stock_that_is_needed_at_once_is_asked_by_sets():
    point = make_point()
    mug, spoon = make_sku(point=point, on_hand=5), make_sku(point=point, on_hand=3)
    bundle = make_bundle(parts=[(mug, 1), (spoon, 2)])
    channel = make_channel(points=[point])

    draft = make_draft(channel=channel, lines=[(mug, 1), (bundle.code, 2)])
    with pytest.raises(services.StockShort) as refusal:
        services.place_new_order(
            draft=draft, needs_stock=True, actor=channel_actor(channel), now=NOW
        )

    assert refusal.value.lines == [(0, 5), (1, 1)]

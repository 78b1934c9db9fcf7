import pytest

from fulfillment import services
from fulfillment.models import CancellationTask, Document, FulfillmentTask, Parcel
from fulfillment.services import LineOverride
from oms.events.models import Event
from oms.kernel.actors import Actor
from oms.orders import services as orders
from oms.orders.choices import CancelDecision, CancelParty
from tests.factories import NOW, make_channel, make_point, make_sku, place
from tests.integration.fulfillment.builders import (
    SINGLE,
    cancel,
    facts,
    milestone,
    pack,
    packed,
    routed,
)

pytestmark = pytest.mark.django_db


def wish(case, *line_ids):
    wish = orders.CancelWish(
        order_id=case.order.pk,
        party=CancelParty.CUSTOMER,
        requested_by="Buyer",
        requested_at=NOW,
        reason="ordered twice",
        lines=dict.fromkeys(line_ids, ""),
    )
    [request] = orders.request_cancel(wish=wish, actor=case.actor, now=NOW)
    return request


def decide(request, decision):
    services.decide_cancel_request(
        request_id=request.pk, decision=decision, comment="", actor=staff(), now=NOW
    )


def staff():
    return Actor(kind="user", ref="staff")


def test_a_whole_order_gives_everything_back():
    case = routed(quantities=(2, 1))

    cancel(case, reason="no longer needed")

    assert case.status() == ("CANCELLED", "CANCELLED")
    assert case.stock() == [(10, 0), (10, 0)]
    ct = CancellationTask.objects.get()
    assert (ct.task, ct.status, ct.closed_at, ct.reason) == (
        case.task,
        "CLOSED",
        NOW,
        "no longer needed",
    )
    assert sorted(ct.lines.values_list("task_line__number", "quantity")) == [
        (case.lines[0], 2),
        (case.lines[1], 1),
    ]
    assert facts(ct) == ["cancellation.created", "cancellation.closed"]
    assert facts(case.task) == ["task.created", "task.cancelled"]


def test_one_line_leaves_the_others():
    case = routed(quantities=(2, 1))

    cancel(case, case.order_lines[0])

    assert case.status() == ("ALLOCATED", "CREATED")
    assert case.stock() == [(10, 0), (10, 1)]
    assert CancellationTask.objects.get().status == "OPEN"
    assert facts(case.task) == ["task.created", "task.lines_cancelled"]


def test_a_cancelled_line_again_is_a_success_without_effect():
    case = routed(quantities=(1, 1))
    cancel(case, case.order_lines[0])

    cancel(case, case.order_lines[0])

    assert CancellationTask.objects.count() == 1
    assert case.stock() == [(10, 0), (10, 1)]


def test_every_cancellation_of_a_task_has_a_number_of_its_own():
    case = routed(quantities=(1, 1))

    for line in case.order_lines:
        cancel(case, line)

    assert case.status() == ("CANCELLED", "CANCELLED")
    assert list(CancellationTask.objects.values_list("status", flat=True)) == ["CLOSED", "CLOSED"]


def test_a_packed_line_voids_its_parcel_and_label():
    case = routed(quantities=(1, 1))
    [parcel] = pack(case)
    services.fetch_due_labels(now=NOW)

    cancel(case, case.order_lines[0])

    parcel.refresh_from_db()
    assert (parcel.status, Document.objects.get().status) == ("CANCELLED", "VOID")
    assert case.status() == ("IN_FULFILLMENT", "PICKED")
    assert case.task.packed_at is None
    assert facts(parcel)[-2:] == ["parcel.voided", "label.voided"]
    assert facts(case.task)[-2:] == ["task.lines_cancelled", "task.reopened"]


def test_the_other_lines_of_a_voided_parcel_can_be_packed_again():
    case = routed(quantities=(1, 1))
    pack(case)
    cancel(case, case.order_lines[0])

    with pytest.raises(services.ParcelNumberTaken):
        pack(case, packed("PK-1", case.lines[1:]))
    pack(case, packed("PK-2", case.lines[1:]))

    assert case.status() == ("PACKED", "PACKED")
    assert list(Document.objects.order_by("id").values_list("status", flat=True)) == [
        "VOID",
        "PENDING",
    ]


def test_what_is_left_of_a_single_parcel_is_planned_again():
    case = routed(delivery=SINGLE, quantities=(1, 1))
    pack(case)

    cancel(case, case.order_lines[0])

    void, planned = Parcel.objects.order_by("id")
    assert (void.status, planned.status) == ("CANCELLED", "PLANNED")
    assert planned.items.get().task_line.number == case.lines[1]
    assert list(Document.objects.order_by("id").values_list("parcel", "status")) == [
        (void.pk, "VOID"),
        (planned.pk, "PENDING"),
    ]


def test_a_planned_parcel_loses_the_line():
    case = routed(delivery=SINGLE, quantities=(1, 1))

    cancel(case, case.order_lines[0])

    parcel = Parcel.objects.get()
    assert (parcel.status, parcel.items.count()) == ("PLANNED", 1)
    assert Document.objects.get().status == "PENDING"


def test_a_planned_parcel_without_lines_is_void():
    case = routed(delivery=SINGLE)

    cancel(case)

    assert Parcel.objects.get().status == "CANCELLED"
    assert Document.objects.get().status == "VOID"


def test_cancelling_what_was_not_packed_completes_the_task():
    case = routed(quantities=(1, 1), allow_split=True)
    pack(case, packed("PK-1", case.lines[:1]))

    cancel(case, case.order_lines[1])

    assert case.status() == ("PACKED", "PACKED")


def test_a_line_that_has_left_is_refused_and_nothing_changes():
    case = routed(quantities=(1, 1), allow_split=True)
    pack(case, packed("PK-1", case.lines[:1]))
    milestone(case, "SHIPPED")
    before, events = case.status(), Event.objects.count()

    with pytest.raises(services.ParcelHasLeft):
        cancel(case)

    assert case.status() == before
    assert Event.objects.count() == events
    assert case.stock() == [(9, 0), (10, 1)]


def test_what_is_left_at_the_point_can_still_be_cancelled():
    case = routed(quantities=(1, 1), allow_split=True)
    pack(case, packed("PK-1", case.lines[:1]))
    milestone(case, "SHIPPED")

    cancel(case, case.order_lines[1])

    assert case.status() == ("SHIPPED", "SHIPPED")
    assert case.stock() == [(9, 0), (10, 0)]
    assert CancellationTask.objects.get().status == "OPEN"


def test_a_cancellation_task_closes_when_its_task_ends():
    case = routed(quantities=(1, 1))
    cancel(case, case.order_lines[0])
    pack(case, packed("PK-1", case.lines[1:]))

    milestone(case, "DELIVERED")

    ct = CancellationTask.objects.get()
    assert (ct.status, ct.closed_at) == ("CLOSED", NOW)
    assert facts(ct) == ["cancellation.created", "cancellation.closed"]


def test_each_task_that_loses_lines_is_told():
    near, far = make_point(priority=1), make_point(priority=2)
    far.organization = near.organization
    far.save()
    skus = [make_sku(point=near, on_hand=1), make_sku(point=far, on_hand=1)]
    channel = make_channel(points=[near, far])
    order = place(channel=channel, lines=[(sku, 1) for sku in skus], allow_split=True)
    services.allocate_due(now=NOW)
    request = services.CancelOrder(order_id=order.pk, party=CancelParty.SELLER)

    services.cancel_order(request=request, actor=staff(), now=NOW)

    assert CancellationTask.objects.values("task").distinct().count() == 2
    assert set(FulfillmentTask.objects.values_list("status", flat=True)) == {"CANCELLED"}


def test_an_order_without_tasks_is_cancelled_too():
    channel = make_channel()
    order = place(channel=channel, lines=[("NOPE", 2)])
    request = services.CancelOrder(order_id=order.pk, party=CancelParty.SYSTEM)

    services.cancel_order(request=request, actor=staff(), now=NOW)

    order.refresh_from_db()
    assert (order.status, order.lines.get().cancelled_by_system) == ("CANCELLED", 2)


def test_a_line_may_name_another_party():
    case = routed(quantities=(1, 1))
    first, second = case.order_lines
    overrides = (LineOverride(line_id=second, party=CancelParty.SELLER),)

    cancel(case, first, second, overrides=overrides)

    lines = case.order.lines.order_by("position")
    assert list(lines.values_list("cancelled_by_customer", "cancelled_by_seller")) == [
        (1, 0),
        (0, 1),
    ]


def test_an_unknown_line_is_not_found():
    case, other = routed(), routed()

    with pytest.raises(services.LineNotInOrder):
        cancel(case, *case.order_lines, *other.order_lines)

    assert case.status() == ("ALLOCATED", "CREATED")


def test_an_accepted_wish_cancels():
    case = routed(quantities=(1, 1))
    request = wish(case, case.order_lines[0])

    decide(request, CancelDecision.ACCEPT)

    request.refresh_from_db()
    assert (request.status, request.decision) == ("CLOSED", "ACCEPT")
    assert case.stock() == [(10, 0), (10, 1)]
    assert CancellationTask.objects.get().reason == "ordered twice"


def test_a_rejected_wish_changes_nothing():
    case = routed()
    request = wish(case)

    decide(request, CancelDecision.REJECT)

    assert case.status() == ("ALLOCATED", "CREATED")
    with pytest.raises(orders.RequestAlreadyDecided):
        decide(request, CancelDecision.ACCEPT)


def test_a_wish_that_comes_too_late_stays_open():
    case = routed()
    request = wish(case)
    pack(case)
    milestone(case, "SHIPPED")

    with pytest.raises(services.ParcelHasLeft):
        decide(request, CancelDecision.ACCEPT)

    request.refresh_from_db()
    assert request.status == "OPEN"

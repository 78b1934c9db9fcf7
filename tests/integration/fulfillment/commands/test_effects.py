"""What commands do besides the move."""

import datetime as dt

import pytest

from fulfillment import queries, services
from fulfillment.choices import DiscrepancyReason, InvoiceDocument, ParcelStatus
from fulfillment.choices import TaskStatus as T
from fulfillment.models import (
    Discrepancy,
    FulfillmentTask,
    Parcel,
    TaskDenial,
    TaskInvoice,
)
from fulfillment.services import commands, leaving_out
from fulfillment.services.commands import Group, InvoiceDraft, ShipmentNumbers, WholePacking
from fulfillment.services.contents import DocumentTooLarge
from fulfillment.services.packing_rules import LineNotInTask, TaskStopped
from oms.events.models import Event
from oms.inventory.services import StockShortage
from oms.orders import services as orders
from oms.orders.models import Order
from tests.factories import NOW, count_units, level_of, make_point
from tests.integration.fulfillment.builders import MULTI, SINGLE, facts, routed
from tests.integration.fulfillment.builders import pack as pack_parcels
from tests.integration.fulfillment.commands.stages import (
    case_at,
    miss,
    pack,
    reason_of,
    refuse,
    told,
)

pytestmark = pytest.mark.django_db

A_DAY = dt.timedelta(hours=24)


def another_point(case, **overrides):
    point = make_point(organization=case.point.organization, priority=200, **overrides)
    case.channel.point_links.create(point=point, location_code=point.code)
    for sku in case.skus:
        count_units(point=point, sku=sku, on_hand=10)
    return point


def last_event(subject_id, event_type) -> Event:
    return Event.objects.filter(subject_id=subject_id, type=event_type).latest("id")


def test_preparing_tells_that_the_point_has_the_task():
    case = routed()

    commands.start_preparing(**told(case))

    case.task.refresh_from_db()
    assert case.task.received_at == NOW
    assert facts(case.task) == ["task.created", "task.received", "task.accepted"]


def test_released_reservations_stay_in_our_books_until_the_goods_leave():
    case = routed(quantities=(2,))

    commands.release_reservations(**told(case))

    assert case.stock() == [(10, 2)]


def test_a_confirmed_task_has_its_whole_time_to_be_accepted():
    case = case_at(T.WAITING_REMOTE, point=make_point(accept_within=30))
    FulfillmentTask.objects.update(accept_by=NOW - dt.timedelta(hours=1))

    commands.confirm_remote(**told(case))

    case.task.refresh_from_db()
    assert case.task.accept_by == NOW + dt.timedelta(minutes=30)


@pytest.mark.parametrize(
    "state", [T.WAITING_REMOTE, T.WAITING_TRANSFER, T.NEEDS_REPLANNING, T.BLOCKED]
)
def test_nothing_is_packed_of_a_task_that_is_stopped(state):
    case = case_at(state)

    with pytest.raises(TaskStopped):
        pack_parcels(case)

    assert case.status()[1] == state


@pytest.mark.parametrize("state", [T.WAITING_REMOTE, T.WAITING_TRANSFER, T.BLOCKED])
def test_reports_of_work_do_not_move_a_task_that_is_stopped(state):
    case = case_at(state)
    report = services.ActivityReport(
        task_number=case.task.number, milestone="PICKING", description="", occurred_at=NOW
    )

    services.report_activity(report=report, actor=case.actor, now=NOW)

    assert case.status()[1] == state


@pytest.mark.parametrize("before", [T.CREATED, T.WAITING_REMOTE, T.ACCEPTED, T.PICKING, T.PICKED])
def test_an_unblocked_task_is_where_it_was(before):
    case = case_at(before)
    commands.block_task(**told(case), note="Under review")

    case.task.refresh_from_db()
    assert (case.task.blocked_from, case.task.held_reason) == (before, "Under review")
    commands.unblock_task(**told(case))

    case.task.refresh_from_db()
    assert (case.task.status, case.task.blocked_from, case.task.held_reason) == (before, "", "")
    assert facts(case.task)[-2:] == ["task.blocked", "task.unblocked"]


def test_a_blocked_task_keeps_its_reservation():
    case = case_at(T.BLOCKED)

    assert case.stock() == [(10, 1), (10, 2)]


def test_a_refusal_is_kept_and_another_point_gets_the_units():
    case = routed(quantities=(1, 2), delivery=MULTI)
    other = another_point(case)

    refuse(case)
    services.allocate_due(now=NOW)

    denial = TaskDenial.objects.get()
    assert (denial.task, denial.point, denial.title) == (case.task, case.point, "Too busy")
    assert case.status()[1] == T.CANCELLED
    task = FulfillmentTask.objects.exclude(pk=case.task.pk).get()
    assert (task.point, task.status) == (other, T.CREATED)
    assert case.stock() == [(10, 0), (10, 0)]
    assert level_of(other, case.skus[1]).reserved == 2
    assert facts(case.task)[1:3] == ["task.refused", "task.needs_replanning"]
    assert last_event(case.task.pk, "task.refused").data["reason"] == "Too busy"


def test_a_reason_nobody_uses_any_more_refuses_nothing():
    case = routed()
    reason = reason_of(case)
    type(reason).objects.update(is_active=False)

    with pytest.raises(commands.DenialReasonUnknown):
        commands.refuse_task(**told(case), reason_number=reason.public_number)

    assert case.status()[1] == T.CREATED


def test_the_point_is_left_out_for_a_day():
    case = routed(quantities=(1,))
    refuse(case)

    ask = {"order_line_ids": case.order_lines}
    within = leaving_out.points_left_out(**ask, now=NOW + A_DAY - dt.timedelta(seconds=1))
    after = leaving_out.points_left_out(**ask, now=NOW + A_DAY)

    assert within == {case.order_lines[0]: frozenset({case.point.pk})}
    assert after == {}


def test_missing_items_leave_the_task_and_the_rest_stays():
    case = routed(quantities=(1, 2), delivery=MULTI)
    other = another_point(case)

    miss(case, case.lines[1], is_whole=False)
    services.allocate_due(now=NOW)

    assert case.status()[1] == T.CREATED
    assert case.stock() == [(10, 1), (10, 0)]
    gone = Discrepancy.objects.get()
    assert (gone.task_line.number, gone.point, gone.reason) == (
        case.lines[1],
        case.point,
        DiscrepancyReason.NOT_FOUND,
    )
    task = FulfillmentTask.objects.exclude(pk=case.task.pk).get()
    assert (task.point, task.lines.get().quantity) == (other, 2)


def test_of_a_task_that_misses_items_as_a_whole_nothing_stays():
    case = routed(quantities=(1, 2), delivery=MULTI)
    other = another_point(case)

    miss(case, case.lines[1])
    assert case.status()[1] == T.OUT_OF_STOCK
    services.allocate_due(now=NOW)

    assert case.status()[1] == T.CANCELLED
    assert case.stock() == [(10, 0), (10, 0)]
    task = FulfillmentTask.objects.exclude(pk=case.task.pk).get()
    assert (task.point, task.lines.count()) == (other, 2)


def test_missing_items_are_lines_of_the_task():
    case = routed()

    with pytest.raises(LineNotInTask):
        miss(case, 1)
    with pytest.raises(commands.ItemsNotNamed):
        commands.report_missing_items(
            **told(case), line_numbers=(), reason=DiscrepancyReason.NOT_FOUND, is_whole=True
        )

    assert case.status()[1] == T.CREATED


def test_what_is_packed_for_refund_is_cancelled_by_the_seller():
    case = case_at(T.OUT_OF_STOCK)

    commands.pack_for_refund(**told(case))

    assert case.status() == ("CANCELLED", T.PACKED_FOR_REFUND)
    assert [line.cancelled_by_seller for line in case.order.lines.order_by("position")] == [1, 2]
    assert case.stock() == [(10, 0), (10, 0)]
    assert Discrepancy.objects.count() == 0


def test_replanning_gives_back_what_a_short_point_still_held():
    case = routed(quantities=(2,), on_hand=2)
    count_units(point=case.point, sku=case.skus[0], on_hand=1)
    services.flag_unserved(point_id=case.point.pk, actor=case.actor, now=NOW)
    assert case.status()[1] == T.OUT_OF_STOCK

    commands.replan_task(**told(case))

    case.task.refresh_from_db()
    assert (case.task.status, case.task.is_reserved) == (T.OUT_OF_STOCK, False)
    assert case.stock() == [(1, 0)]
    assert Order.objects.get(pk=case.order.pk).allocation_due_at == NOW


@pytest.mark.parametrize("state", [T.CREATED, T.NEEDS_REPLANNING, T.OUT_OF_STOCK])
def test_groups_become_tasks_where_somebody_wants_them(state):
    case = case_at(state)
    other = another_point(case)
    groups = [
        Group(line_numbers=(case.lines[0],), point_code=case.point.code),
        Group(line_numbers=(case.lines[1],), point_code=other.code),
    ]

    numbers = commands.assign_manually(**told(case), groups=groups)

    tasks = list(FulfillmentTask.objects.filter(number__in=numbers).order_by("pk"))
    assert [(task.point, task.status, task.lines.get().quantity) for task in tasks] == [
        (case.point, T.CREATED, 1),
        (other, T.CREATED, 2),
    ]
    assert case.status() == ("ALLOCATED", T.CANCELLED)
    assert case.stock() == [(10, 1), (10, 0)]
    assert level_of(other, case.skus[1]).reserved == 2


def test_groups_name_every_item_once():
    case = routed(quantities=(1, 2))
    first, second = case.lines
    for lines in ([(first,)], [(first, second), (second,)], [(first, second), ()]):
        groups = [Group(line_numbers=each, point_code=case.point.code) for each in lines]

        with pytest.raises(commands.GroupsIncomplete):
            commands.assign_manually(**told(case), groups=groups)

    assert case.status()[1] == T.CREATED


def test_a_group_needs_a_point_with_all_of_it():
    case = routed(quantities=(1,))
    bare = make_point(organization=case.point.organization)
    for code, refusal in (("nowhere", commands.GroupPointUnknown), (bare.code, StockShortage)):
        groups = [Group(line_numbers=tuple(case.lines), point_code=code)]

        with pytest.raises(refusal):
            commands.assign_manually(**told(case), groups=groups)

    assert case.status()[1] == T.CREATED
    assert case.stock() == [(10, 1)]


def test_without_a_shipment_a_box_has_no_label():
    case = routed(quantities=(1, 2), delivery=SINGLE)

    pack(case)

    box = Parcel.objects.exclude(status=ParcelStatus.CANCELLED).get()
    assert (box.status, box.carrier) == (ParcelStatus.PACKED, "self")
    assert box.documents.exclude(status="VOID").count() == 0
    assert case.status() == ("PACKED", T.PACKED)


def test_units_are_dealt_out_to_as_many_boxes_as_there_are():
    case = routed(quantities=(1, 2))
    packing = WholePacking(with_shipment=False, parcel_count=2, weight_g=3000)

    commands.pack_whole(**told(case), packing=packing)

    boxes = list(Parcel.objects.order_by("pk"))
    assert [[item.quantity for item in box.items.order_by("pk")] for box in boxes] == [[1, 1], [1]]
    assert [str(box.weight_kg) for box in boxes] == ["1.5000", "1.5000"]


def test_no_box_is_empty():
    case = routed(quantities=(2,))

    with pytest.raises(commands.ParcelsTooMany):
        commands.pack_whole(**told(case), packing=WholePacking(with_shipment=False, parcel_count=3))

    assert case.status()[1] == T.CREATED


def test_an_order_on_hold_is_not_packed():
    case = routed()
    orders.hold_order(
        order_id=case.order.pk,
        reason="OTHER",
        note="",
        holder="x",
        expires_at=None,
        actor=case.actor,
        now=NOW,
    )

    with pytest.raises(services.OrderOnHold):
        pack(case)

    assert case.status()[1] == T.CREATED


def test_numbers_from_outside_go_with_the_shipment():
    case = case_at(T.PACKED)
    numbers = ShipmentNumbers(carrier="ups", tracking_number="TRK1")

    commands.ship_task(**told(case), numbers=numbers)

    box = Parcel.objects.get()
    assert (box.carrier, box.tracking_number, box.status) == ("ups", "TRK1", "SHIPPED")
    assert facts(case.task)[-2:] == ["task.shipment_changed", "task.shipped"]
    assert case.stock() == [(9, 0), (8, 0)]


def test_what_is_collected_leaves_the_stock():
    case = case_at(T.READY_FOR_PICKUP)
    assert case.stock() == [(10, 1), (10, 2)]

    commands.collect_task(**told(case))

    assert case.status() == ("DELIVERED", T.DELIVERED)
    assert case.stock() == [(9, 0), (8, 0)]


def test_an_attempt_is_seen_at_the_parcel():
    case = case_at(T.ATTEMPTED)

    box = Parcel.objects.get()
    assert (box.status, box.stage) == ("SHIPPED", "DELIVERY_FAILED")
    assert facts(case.task)[-2:] == ["task.shipped", "task.attempted"]


def test_another_carrier_gets_another_label():
    case = case_at(T.PACKED)
    numbers = ShipmentNumbers(carrier="platform", tracking_number="T2", query_number="Q2")

    commands.change_shipment(**told(case), numbers=numbers)

    box = Parcel.objects.get()
    assert (box.carrier, box.tracking_number, box.external_id) == ("platform", "T2", "Q2")
    assert [label.status for label in box.documents.all()] == ["PENDING"]
    assert last_event(case.task.pk, "task.shipment_changed").data["tracking_number"] == "T2"


@pytest.mark.parametrize(
    ("kind", "content"), [(InvoiceDocument.PDF, b"%PDF-1.7 x"), (InvoiceDocument.HTML, b"<p>x</p>")]
)
def test_the_last_invoice_told_counts(kind, content):
    case = case_at(T.PACKED)
    first = InvoiceDraft(
        number="A-1", issued_at=NOW, kind=InvoiceDocument.URL, url="https://erp.example/1"
    )
    second = InvoiceDraft(number="A-2", issued_at=NOW, kind=kind, content=content)

    commands.change_invoice(**told(case), invoice=first)
    commands.change_invoice(**told(case), invoice=second)

    invoice = TaskInvoice.objects.get()
    assert (invoice.number, invoice.kind, invoice.url) == ("A-2", kind, "")
    assert queries.content_bytes(invoice.content) == content
    assert last_event(case.task.pk, "task.invoice_changed").data["invoice"] == "A-2"


@pytest.mark.parametrize(
    ("kind", "content", "url", "refusal"),
    [
        (InvoiceDocument.PDF, b"<p>", "", commands.InvoiceDocumentUnreadable),
        (InvoiceDocument.HTML, b"%PDF-", "", commands.InvoiceDocumentUnreadable),
        (InvoiceDocument.HTML, b"", "", commands.InvoiceDocumentUnreadable),
        (InvoiceDocument.HTML, b" " * (5 * 1024 * 1024 + 1), "", DocumentTooLarge),
        (InvoiceDocument.URL, b"", "file:///etc/passwd", commands.InvoiceDocumentUnreadable),
    ],
)
def test_an_unreadable_invoice_is_not_kept(kind, content, url, refusal):
    case = case_at(T.PACKED)
    draft = InvoiceDraft(number="A-1", issued_at=NOW, kind=kind, content=content, url=url)

    with pytest.raises(refusal):
        commands.change_invoice(**told(case), invoice=draft)

    assert TaskInvoice.objects.count() == 0

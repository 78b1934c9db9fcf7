"""Tasks brought to each state there is, by what really leads there."""

from collections.abc import Callable
from dataclasses import replace

from django.db import transaction

from fulfillment import services
from fulfillment.choices import DiscrepancyReason
from fulfillment.choices import TaskStatus as T
from fulfillment.models import DenialReason, FulfillmentTask, TransferOrder
from fulfillment.services import ActivityReport, commands, facts, transfers
from fulfillment.services.commands import WholePacking
from fulfillment.services.work import load
from oms.events import outbox
from oms.events.choices import EventType
from oms.inventory import services as inventory
from oms.orders import services as orders
from tests.factories import NOW, count_units, make_point
from tests.integration.fulfillment.builders import MULTI, Case, cancel, routed

UNSHIPPED = WholePacking(with_shipment=False)


def case_at(status: T, **overrides) -> Case:
    """A routed order whose only task is in a state."""
    values = {"quantities": (1, 2), "delivery": MULTI, **overrides}
    case = routed(**values)
    _WAYS[status](case)
    assert case.status()[1] == status
    return case


def told(case: Case) -> dict[str, object]:
    """What every command is told; by somebody who sees the whole organization."""
    return {"task_id": case.task.pk, "actor": replace(case.actor, point_ids=None), "now": NOW}


def reason_of(case: Case, title: str = "Too busy") -> DenialReason:
    reason, _ = DenialReason.objects.get_or_create(
        organization=case.point.organization, title=title
    )
    reason.refresh_from_db()
    return reason


def refuse(case: Case) -> None:
    commands.refuse_task(**told(case), reason_number=reason_of(case).public_number)


def miss(case: Case, *numbers: int, is_whole: bool = True) -> None:
    commands.report_missing_items(
        **told(case),
        line_numbers=numbers or case.lines[:1],
        reason=DiscrepancyReason.NOT_FOUND,
        is_whole=is_whole,
    )


def pack(case: Case) -> None:
    commands.pack_whole(**told(case), packing=UNSHIPPED)


def put(case: Case, status: T) -> None:
    """A state that routing gives a task from its first moment on."""
    with transaction.atomic():
        work = load(orders.lock_order(order_id=case.order.pk))
        task = work.tasks[case.task.pk]
        FulfillmentTask.objects.filter(pk=task.id).update(status=status)
        said = facts.task_fact(EventType.TASK_REOPENED, order=work.order, task=task, status=status)
        outbox.record([said], actor=case.actor, now=NOW)


def bring(case: Case, *, on_hand: int = 10) -> TransferOrder:
    """Let another point send everything of a task, before its point may begin."""
    source = make_point(organization=case.point.organization, priority=50)
    case.channel.point_links.create(point=source, location_code=source.code)
    for sku in case.skus:
        count_units(point=source, sku=sku, on_hand=on_hand)
    with transaction.atomic():
        work = load(orders.lock_order(order_id=case.order.pk))
        task = work.tasks[case.task.pk]
        lines = task.live_lines
        held = [need for line in lines for need in task.reservation(line, quantity=line.reserved)]
        inventory.release_stock(needs=held, actor=case.actor)
        said = transfers.open_transfer(
            work, task, lines, source_point_id=source.pk, actor=case.actor, now=NOW
        )
        outbox.record([said], actor=case.actor, now=NOW)
    put(case, T.WAITING_TRANSFER)
    return TransferOrder.objects.get(task=case.task)


def _pick(case: Case) -> None:
    report = ActivityReport(
        task_number=case.task.number, milestone="PICKING", description="", occurred_at=NOW
    )
    services.report_activity(report=report, actor=case.actor, now=NOW)


def _then(*steps: Callable[..., None]) -> Callable[[Case], None]:
    def walk(case: Case) -> None:
        for step in steps:
            step(**told(case))

    return walk


def _packed_and(*steps: Callable[..., None]) -> Callable[[Case], None]:
    def walk(case: Case) -> None:
        pack(case)
        _then(*steps)(case)

    return walk


_WAYS: dict[T, Callable[[Case], None]] = {
    T.CREATED: _then(),
    T.WAITING_REMOTE: lambda case: put(case, T.WAITING_REMOTE),
    T.WAITING_TRANSFER: lambda case: bring(case) and None,
    T.ACCEPTED: _then(commands.start_preparing),
    T.PICKING: _pick,
    T.PICKED: _then(commands.start_preparing, commands.make_ready_for_packing),
    T.PACKED: pack,
    T.READY_FOR_PICKUP: _packed_and(commands.make_ready_for_pickup),
    T.SHIPPED: _packed_and(commands.ship_task),
    T.ATTEMPTED: _packed_and(commands.ship_task, commands.record_attempt),
    T.DELIVERY_FAILED: _packed_and(commands.ship_task, commands.record_delivery_failure),
    T.DELIVERED: _packed_and(commands.ship_task, commands.deliver_task),
    T.NEEDS_REPLANNING: refuse,
    T.OUT_OF_STOCK: miss,
    T.BLOCKED: _then(commands.block_task),
    T.PACKED_FOR_REFUND: _then(commands.pack_for_refund),
    T.CANCELLED: cancel,
}
STATES = tuple(_WAYS)

"""Goods that go from one point to another before they are shipped: opening and dropping it."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from fulfillment.choices import TaskStatus, TransferStatus
from fulfillment.models import TaskLine, TransferLine, TransferOrder
from fulfillment.services.work import LineWork, OrderWork, TaskWork
from oms.events.choices import EventType, SubjectType
from oms.events.outbox import Fact
from oms.inventory import services as inventory
from oms.inventory.services import StockNeed
from oms.kernel import errors, sql
from oms.kernel.actors import Actor
from oms.orders.models import Order

_OPEN = (TransferStatus.WAITING, TransferStatus.READY)
_DIGITS = slice(2, None)  # a task's number without its letters


class LineComesAlready(errors.Conflict):
    """A line is on its way to the task already, or its units are reserved at its point."""

    code = "line_comes_already"


def package_number(task_number: str) -> str:
    """A task's number in digits only."""
    return task_number[_DIGITS]


def open_transfer(
    work: OrderWork,
    task: TaskWork,
    lines: Sequence[LineWork],
    *,
    source_point_id: int,
    actor: Actor,
    now: datetime,
) -> Fact:
    """Have a point send all live units of these lines to the task's point. Returns what to report.

    They are reserved at the source, and nowhere before: lines come without a reservation of their
    own. In the caller's transaction, which holds the order's lock. Raises LineComesAlready,
    inventory.StockShortage.
    """
    sql.require_transaction()
    if any(line.source_point_id for line in lines):
        raise LineComesAlready("A line comes by transfer already", task=task.number)
    transfer = TransferOrder.objects.create(
        number=f"{package_number(task.number)}T{_counter(task)}",
        organization_id=work.order.organization_id,
        task_id=task.id,
        source_id=source_point_id,
        destination_id=task.point_id,
        created_at=now,
        changed_at=now,
    )
    TransferLine.objects.bulk_create(
        TransferLine(transfer=transfer, task_line_id=line.id, quantity=line.live) for line in lines
    )
    TaskLine.objects.filter(pk__in=[line.id for line in lines]).update(
        source_point_id=source_point_id
    )
    for line in lines:
        line.source_point_id = source_point_id
    needs = [need for line in lines for need in task.reservation(line, quantity=line.reserved)]
    inventory.reserve_stock(needs=needs, actor=actor)
    transfer.refresh_from_db(fields=["public_number"])
    return transfer_fact(EventType.TRANSFER_CREATED, transfer, order=work.order, task=task)


def _counter(task: TaskWork) -> int:
    return TransferOrder.objects.filter(task_id=task.id).count() + 1


def drop_unneeded(
    work: OrderWork, task: TaskWork, lines: Iterable[LineWork], *, now: datetime
) -> list[Fact]:
    """Cancel transfers that did not leave and have nothing to bring any more.

    `lines` are those that lost units. A task that waited for the last of its transfers, and has
    lines left, goes on. Returns what to report; the caller settles. What travels arrives, and is
    stock of the destination.
    """
    if not any(line.source_point_id for line in lines):
        return []
    live = {line.id for line in task.live_lines}
    waiting = TransferOrder.objects.filter(task_id=task.id, status__in=_OPEN)
    said = [
        end_transfer(work, task, transfer, TransferStatus.CANCELLED, now=now)
        for transfer in waiting.prefetch_related("lines").order_by("pk")
        if not live & {entry.task_line_id for entry in transfer.lines.all()}
    ]
    go_on(task)
    return said


def go_on(task: TaskWork) -> None:
    """A task for which nothing is under way any more is its point's work. The caller settles."""
    comes = any(line.source_point_id for line in task.live_lines)
    if task.status == TaskStatus.WAITING_TRANSFER and not comes:
        task.status = TaskStatus.CREATED


_SAID = {
    TransferStatus.READY: EventType.TRANSFER_READY,
    TransferStatus.IN_TRANSIT: EventType.TRANSFER_DISPATCHED,
    TransferStatus.TRANSFERRED: EventType.TRANSFER_COMPLETED,
    TransferStatus.CANCELLED: EventType.TRANSFER_CANCELLED,
}


def end_transfer(
    work: OrderWork,
    task: TaskWork,
    transfer: TransferOrder,
    target: TransferStatus,
    *,
    now: datetime,
) -> Fact:
    """Store another state of a transfer. Returns what to report."""
    before = transfer.status
    transfer.status, transfer.changed_at = target, now
    transfer.save(update_fields=["status", "changed_at"])
    return transfer_fact(_SAID[target], transfer, order=work.order, task=task, before=before)


def transfer_fact(
    event_type: EventType,
    transfer: TransferOrder,
    *,
    order: Order,
    task: TaskWork,
    **data: object,
) -> Fact:
    """A fact about a transfer, with the state it is in after it."""
    return Fact(
        organization_id=order.organization_id,
        type=event_type,
        subject_type=SubjectType.TRANSFER,
        subject_id=transfer.pk,
        order_ref=order.pk,
        channel_id=task.channel_id,
        point_id=task.point_id,
        status=transfer.status,
        data={
            "order": order.external_id,
            "task": task.number,
            "channel_id": task.channel_id,
            "point_id": task.point_id,
            "transfer": transfer.number,
            **task.told,
            **data,
        },
    )


def needs_at(lines: Sequence[LineWork], *, point_id: int, task: TaskWork) -> list[StockNeed]:
    """Live, unshipped units of lines as stock of a point."""
    return [
        StockNeed(sku_id=line.sku_id, point_id=point_id, quantity=line.reserved, cause=task.number)
        for line in lines
        if line.reserved
    ]

"""What is said about a task, a parcel or a cancellation when something happened to it."""

from collections.abc import Mapping, Sequence

from fulfillment import lifecycle
from fulfillment.choices import CancellationStatus, TaskStatus
from fulfillment.services.work import LineWork, ParcelWork, TaskWork
from oms.events.choices import EventType, SubjectType
from oms.events.outbox import Fact
from oms.orders.models import Order

_REACHED: dict[TaskStatus, EventType] = {
    TaskStatus.CREATED: EventType.TASK_REOPENED,
    TaskStatus.WAITING_REMOTE: EventType.TASK_REOPENED,
    TaskStatus.WAITING_TRANSFER: EventType.TASK_REOPENED,
    TaskStatus.ACCEPTED: EventType.TASK_ACCEPTED,
    TaskStatus.PICKING: EventType.TASK_PICKING,
    TaskStatus.PICKED: EventType.TASK_PICKED,
    TaskStatus.PACKED: EventType.TASK_PACKED,
    TaskStatus.READY_FOR_PICKUP: EventType.TASK_READY_FOR_PICKUP,
    TaskStatus.SHIPPED: EventType.TASK_SHIPPED,
    TaskStatus.DELIVERED: EventType.TASK_DELIVERED,
    TaskStatus.OUT_OF_STOCK: EventType.TASK_OUT_OF_STOCK,
    TaskStatus.NEEDS_REPLANNING: EventType.TASK_NEEDS_REPLANNING,
    TaskStatus.BLOCKED: EventType.TASK_BLOCKED,
    TaskStatus.ATTEMPTED: EventType.TASK_ATTEMPTED,
    TaskStatus.DELIVERY_FAILED: EventType.TASK_DELIVERY_FAILED,
    TaskStatus.RETURNED_TO_POINT: EventType.TASK_RETURNED_TO_POINT,
    TaskStatus.LOST: EventType.TASK_LOST,
    TaskStatus.PACKED_FOR_REFUND: EventType.TASK_PACKED_FOR_REFUND,
    TaskStatus.CANCELLED: EventType.TASK_CANCELLED,
}
_NAMED_ALWAYS = frozenset(
    {TaskStatus.OUT_OF_STOCK, TaskStatus.NEEDS_REPLANNING, TaskStatus.BLOCKED}
)


def reached(before: TaskStatus, after: TaskStatus) -> EventType:
    """The event of a state reached; going back to one that was passed is said as such."""
    back = lifecycle.TASK_RANK[after] < lifecycle.TASK_RANK[before]
    if before == TaskStatus.OUT_OF_STOCK and after in {TaskStatus.CREATED, TaskStatus.ACCEPTED}:
        return EventType.TASK_REOPENED
    if before == TaskStatus.BLOCKED and after in lifecycle.UNBLOCKED:
        return EventType.TASK_UNBLOCKED
    return EventType.TASK_REOPENED if back and after not in _NAMED_ALWAYS else _REACHED[after]


def task_fact(
    event_type: EventType, *, order: Order, task: TaskWork, status: str, **data: object
) -> Fact:
    """A fact about a task, with the state it is in after it."""
    return Fact(
        organization_id=order.organization_id,
        type=event_type,
        subject_type=SubjectType.TASK,
        subject_id=task.id,
        order_ref=order.pk,
        channel_id=task.channel_id,
        point_id=task.point_id if task.is_told else None,
        status=status,
        data={**_task_data(order, task), **task.told, **data},
    )


def lines_cancelled(order: Order, task: TaskWork, lines: Sequence[LineWork]) -> list[Fact]:
    """Units of a task were cancelled and it has others left; without any it is the task that ends,
    which is a fact of its own.
    """
    if not task.live_lines:
        return []
    numbers = [line.number for line in lines]
    cancelled = EventType.TASK_LINES_CANCELLED
    return [task_fact(cancelled, order=order, task=task, status=task.stored, task_lines=numbers)]


def parcel_fact(
    event_type: EventType,
    *,
    order: Order,
    task: TaskWork,
    parcel: ParcelWork,
    status: str = "",
    **data: object,
) -> Fact:
    """A fact about a parcel, with the state it is in after it: its own, or `status`."""
    return Fact(
        organization_id=order.organization_id,
        type=event_type,
        subject_type=SubjectType.PARCEL,
        subject_id=parcel.id,
        order_ref=order.pk,
        channel_id=task.channel_id,
        point_id=task.point_id,
        status=status or parcel.status,
        data={
            **_task_data(order, task),
            "parcel": parcel.number,
            "point_parcel_no": parcel.point_parcel_no,
            **data,
        },
    )


def cancellation_facts(
    *,
    order: Order,
    task: TaskWork,
    cancellation_id: int,
    number: str,
    status: CancellationStatus,
    lines: Sequence[LineWork] | None,
    parties: Mapping[int, str] | None = None,
) -> list[Fact]:
    """A cancellation task was made (when it names lines), and closed (when it is).

    `parties` says by order line who cancelled it; without one, its units go to another point.
    """

    def fact(event_type: EventType, state: CancellationStatus, **data: object) -> Fact:
        return Fact(
            organization_id=order.organization_id,
            type=event_type,
            subject_type=SubjectType.CANCELLATION,
            subject_id=cancellation_id,
            order_ref=order.pk,
            channel_id=task.channel_id,
            point_id=task.point_id,
            status=state,
            data={**_task_data(order, task), "cancellation": number, **data},
        )

    facts = []
    if lines is not None:
        made = fact(
            EventType.CANCELLATION_CREATED,
            CancellationStatus.OPEN,
            task_lines=[line.number for line in lines],
            units=[
                {
                    "task_line": line.number,
                    "quantity": line.quantity,
                    "party": (parties or {}).get(line.order_line_id, ""),
                }
                for line in lines
            ],
            released_sku_ids=sorted({line.sku_id for line in lines}),
        )
        facts.append(made)
    if status == CancellationStatus.CLOSED:
        facts.append(fact(EventType.CANCELLATION_CLOSED, CancellationStatus.CLOSED))
    return facts


def _task_data(order: Order, task: TaskWork) -> dict[str, object]:
    return {
        "order": order.external_id,
        "task": task.number,
        "channel_id": task.channel_id,
        "point_id": task.point_id,
    }

"""Passing a wish to cancel on to the points that are at work."""

from datetime import datetime

from django.db import transaction

from fulfillment import lifecycle, queries
from fulfillment.models import FulfillmentTask
from fulfillment.queries import TaskCancelRequest
from oms.events import outbox
from oms.events.choices import EventType, SubjectType
from oms.events.models import Event
from oms.kernel.actors import Actor
from oms.orders import services as orders
from oms.orders.models import CancelRequest


@transaction.atomic
def pass_on_wish(*, request_id: int, actor: Actor, now: datetime) -> int:
    """Record for each task still at work which of its lines somebody wishes to cancel.

    Returns how many tasks. Nothing is said twice, and nothing of a wish that is decided.
    Raises CancelRequestNotFound.
    """
    found = CancelRequest.objects.filter(pk=request_id).values_list("order_id", flat=True).first()
    if found is None:
        raise orders.CancelRequestNotFound("No such cancel request")
    order = orders.lock_order(order_id=found)
    at_work = FulfillmentTask.objects.filter(order=order).exclude(status__in=lifecycle.TASK_ENDED)
    told = set(
        Event.objects.filter(
            subject_type=SubjectType.TASK,
            subject_id__in=list(at_work.values_list("pk", flat=True)),
            type=EventType.TASK_CANCEL_REQUESTED,
            data__cancel_request_id=request_id,
        ).values_list("subject_id", flat=True)
    )
    wishes = [
        wish
        for wish in queries.cancel_requests(at_work.select_related("order"))
        if wish.request.pk == request_id
        and wish.request.decided_at is None
        and wish.task.pk not in told
    ]
    outbox.record([_fact(wish) for wish in wishes], actor=actor, now=now)
    return len(wishes)


def _fact(wish: TaskCancelRequest) -> outbox.Fact:
    task = wish.task
    return outbox.Fact(
        organization_id=task.organization_id,
        type=EventType.TASK_CANCEL_REQUESTED,
        subject_type=SubjectType.TASK,
        subject_id=task.pk,
        order_ref=task.order_id,
        channel_id=task.channel_id,
        point_id=task.point_id,
        status=task.status,
        data={
            "order": task.order.external_id,
            "task": task.number,
            "channel_id": task.channel_id,
            "point_id": task.point_id,
            "cancel_request_id": wish.request.pk,
            "requested_at": wish.request.requested_at,
            "lines": [{"task_line": line.number, "quantity": line.quantity} for line in wish.lines],
        },
    )

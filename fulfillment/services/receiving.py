"""The first time a point takes its tasks."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from fulfillment.models import FulfillmentTask
from oms.events import outbox
from oms.events.choices import EventType, SubjectType
from oms.kernel.actors import Actor
from oms.kernel.contention import retried
from oms.orders.models import Order


@retried
def mark_received(*, task_ids: Sequence[int], actor: Actor, now: datetime) -> int:
    """Note that tasks (primary keys) were handed to their point. Returns how many were new.

    Points ask for the same tasks again and again, so the usual answer takes one read and no lock.
    """
    fresh = FulfillmentTask.objects.filter(pk__in=task_ids, received_at__isnull=True)
    order_ids = set(fresh.values_list("order_id", flat=True))
    if not order_ids:
        return 0
    with transaction.atomic():
        list(Order.objects.filter(pk__in=order_ids).locked().values_list("pk"))
        received = list(fresh.select_related("order").order_by("pk"))
        FulfillmentTask.objects.filter(pk__in=[task.pk for task in received]).update(
            received_at=now, changed_at=now
        )
        outbox.record([_received(task) for task in received], actor=actor, now=now)
    return len(received)


def _received(task: FulfillmentTask) -> outbox.Fact:
    return outbox.Fact(
        organization_id=task.organization_id,
        type=EventType.TASK_RECEIVED,
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
        },
    )

"""Telling points that the terms of their work changed: a hold, or the time to ship by."""

from django.db import transaction

from fulfillment import lifecycle
from fulfillment.models import FulfillmentTask
from oms.events import outbox
from oms.events.choices import EventType, SubjectType
from oms.events.models import Event
from oms.kernel.actors import Actor
from oms.orders import services as orders


@transaction.atomic
def announce_terms(*, order_id: int, cause: Event, actor: Actor) -> int:
    """Record for each task of an order that has not left its point that its terms changed.

    `cause` is the event that says so; nothing is said twice about it. Returns how many tasks.
    Raises OrderNotFound.
    """
    order = orders.lock_order(order_id=order_id)
    ended = lifecycle.TASK_ENDED | lifecycle.TASK_LEFT
    tasks = list(FulfillmentTask.objects.filter(order=order).exclude(status__in=ended))
    told = set(
        Event.objects.filter(
            order_ref=order.pk, type=EventType.TASK_TERMS_CHANGED, cause=_word(cause)
        ).values_list("subject_id", flat=True)
    )
    facts = [
        outbox.Fact(
            organization_id=task.organization_id,
            type=EventType.TASK_TERMS_CHANGED,
            subject_type=SubjectType.TASK,
            subject_id=task.pk,
            order_ref=order.pk,
            channel_id=task.channel_id,
            point_id=task.point_id,
            status=task.status,
            cause=_word(cause),
            data={
                "order": order.external_id,
                "task": task.number,
                "channel_id": task.channel_id,
                "point_id": task.point_id,
            },
        )
        for task in sorted(tasks, key=lambda task: task.pk)
        if task.pk not in told
    ]
    outbox.record(facts, actor=actor, now=cause.occurred_at)
    return len(facts)


def _word(cause: Event) -> str:
    return f"event:{cause.public_id}"

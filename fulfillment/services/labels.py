"""Labels: planned with a task or asked for at packing, voided with their parcel."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from fulfillment import hints
from fulfillment.choices import DocumentStatus
from fulfillment.models import Document, FulfillmentTask, Parcel
from fulfillment.queries import DocumentNotFound
from fulfillment.services import label_jobs
from fulfillment.services.label_jobs import Labelled
from oms.events import outbox
from oms.events.choices import EventType
from oms.kernel import errors, sql
from oms.kernel.actors import Actor
from oms.orders import services as orders

# Routing plans hundreds of parcels at once, so parcels and items are one statement.
_PLAN = """
WITH planned AS (
    INSERT INTO fulfillment_parcel
        (organization_id, task_id, point_id, status, carrier, delivery_type, created_at,
         changed_at)
    SELECT t.organization_id, t.id, t.point_id, 'PLANNED', t.carrier, t.delivery_type, %(now)s,
           %(now)s
    FROM fulfillment_fulfillmenttask t
    WHERE t.id = ANY(%(task_ids)s::bigint[])
      AND EXISTS (SELECT FROM fulfillment_taskline l
                  WHERE l.task_id = t.id AND l.quantity > l.quantity_cancelled)
    ORDER BY t.id
    RETURNING id, number, task_id, carrier
), items AS (
    INSERT INTO fulfillment_parcelitem (parcel_id, task_line_id, quantity)
    SELECT p.id, l.id, l.quantity - l.quantity_cancelled
    FROM planned p JOIN fulfillment_taskline l ON l.task_id = p.task_id
    WHERE l.quantity > l.quantity_cancelled
      AND NOT EXISTS (SELECT FROM fulfillment_parcelitem i
                      JOIN fulfillment_parcel other ON other.id = i.parcel_id
                      WHERE i.task_line_id = l.id AND other.status <> 'CANCELLED')
)
SELECT p.id, p.number, 'PLANNED', NULL, p.carrier, t.number, t.channel_id, t.point_id, o.id,
       o.external_id, o.organization_id
FROM planned p
JOIN fulfillment_fulfillmenttask t ON t.id = p.task_id
JOIN orders_order o ON o.id = t.order_id
ORDER BY p.id
"""


class LabelNotFailed(errors.Conflict):
    """Only a label that was given up can be tried again by hand; the others come by themselves."""

    code = "label_not_failed"


def plan_parcels(*, tasks: Sequence[FulfillmentTask], now: datetime, actor: Actor) -> None:
    """Plan one parcel for each task, with its live lines in no other parcel, and ask for its label.

    In the caller's transaction, which holds the orders' locks.
    """
    sql.require_transaction()
    params: dict[str, object] = {"task_ids": [task.pk for task in tasks], "now": now}
    names = Labelled.__dataclass_fields__
    parcels = [Labelled(**dict(zip(names, row, strict=True))) for row in sql.rows(_PLAN, params)]
    said = [label_jobs.label_fact(EventType.PARCEL_PLANNED, parcel) for parcel in parcels]
    said += label_jobs.ask_for_labels(parcels, now=now)
    outbox.record(said, actor=actor, now=now)


def request_label(*, parcels: Sequence[Parcel], actor: Actor, now: datetime) -> None:
    """Ask for a label for each parcel that has no live one.

    In the caller's transaction, which holds the orders' locks.
    """
    sql.require_transaction()
    said = label_jobs.ask_for_labels(described(parcels), now=now)
    outbox.record(said, actor=actor, now=now)


def void_labels(*, parcels: Sequence[Parcel], actor: Actor, now: datetime) -> None:
    """Void every live label of the parcels, also one that is being fetched right now.

    In the caller's transaction, which holds the orders' locks.
    """
    sql.require_transaction()
    said = label_jobs.void_labels_of(described(parcels), now=now)
    outbox.record(said, actor=actor, now=now)


@transaction.atomic
def retry_label(*, document_id: int, actor: Actor, now: datetime) -> None:
    """Try a failed label again, now. Raises DocumentNotFound, LabelNotFailed.

    The carrier is asked for what we may have bought before, as after every first attempt.
    """
    document = Document.objects.select_related("parcel__task").filter(pk=document_id).first()
    if document is None:
        raise DocumentNotFound("No such label")
    orders.lock_order(order_id=document.box.task.order_id)
    outbox.record([try_again(document, now=now)], actor=actor, now=now)


def try_again(document: Document, *, now: datetime) -> outbox.Fact:
    """Make a failed label due. Returns what to report. Raises LabelNotFailed.

    In the caller's transaction, which holds the order's lock.
    """
    sql.require_transaction()
    failed = Document.objects.filter(pk=document.pk, status=DocumentStatus.FAILED)
    if not failed.update(status=DocumentStatus.PENDING, not_before=now, changed_at=now):
        raise LabelNotFailed("The label did not fail", document=document.reference)
    Parcel.objects.filter(pk=document.box.pk).update(changed_at=now)
    [parcel] = described([document.box])
    hints.labels_are_due()
    return label_jobs.label_fact(
        EventType.LABEL_REQUESTED, parcel, document_id=document.pk, reference=document.reference
    )


def described(parcels: Sequence[Parcel]) -> list[Labelled]:
    """What facts about labels say of parcels, read again: the objects at hand may be stale."""
    found = Parcel.objects.filter(pk__in=[parcel.pk for parcel in parcels])
    return [
        Labelled(
            parcel_id=parcel.pk,
            parcel_number=parcel.number,
            status=parcel.status,
            point_parcel_no=parcel.point_parcel_no,
            carrier=parcel.carrier,
            task_number=parcel.task.number,
            channel_id=parcel.task.channel_id,
            point_id=parcel.point_id,
            order_id=parcel.task.order_id,
            order_number=parcel.task.order.external_id,
            organization_id=parcel.organization_id,
        )
        for parcel in found.select_related("task__order").order_by("pk")
    ]

"""Taking lines from a task: what that means for its parcels, labels, and what the point is told."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from django.db.models import F

from fulfillment import lifecycle
from fulfillment.choices import CancellationStatus, ParcelStatus
from fulfillment.models import (
    CancellationLine,
    CancellationTask,
    FulfillmentTask,
    Parcel,
    ParcelItem,
    TaskLine,
)
from fulfillment.services import correcting, facts, label_jobs, paper_jobs, transfers
from fulfillment.services.label_jobs import Labelled
from fulfillment.services.work import LineWork, OrderWork, ParcelWork, TaskWork
from oms.events.choices import EventType
from oms.events.outbox import Fact
from oms.inventory.services import StockNeed
from oms.kernel import errors


class LineInvoiced(errors.Conflict):
    """A line is in a box that was invoiced: the box has to be voided first, or comes back."""

    code = "line_invoiced"


def drop_lines(
    work: OrderWork, task: TaskWork, lines: Sequence[LineWork], *, now: datetime
) -> tuple[list[Fact], list[StockNeed]]:
    """Cancel task lines whole, and void every parcel that existed with one of them in it.

    A parcel that was only planned loses the line, and is void when nothing is left in it. Other
    lines of a voided box are free to be packed again. Returns what to report, and the units that
    are no longer to be reserved. None of the lines may have left. Raises LineInvoiced.
    """
    needs = [need for line in lines for need in task.reservation(line, quantity=line.reserved)]
    dropped = {line.id for line in lines}
    TaskLine.objects.filter(pk__in=dropped).update(quantity_cancelled=F("quantity"))
    FulfillmentTask.objects.filter(pk=task.id).update(changed_at=now)
    for line in lines:
        line.cancelled = line.quantity
    said = transfers.drop_unneeded(work, task, lines, now=now)
    return said + _take_from_parcels(work, task, dropped, now=now), needs


def _take_from_parcels(
    work: OrderWork, task: TaskWork, dropped: Collection[int], *, now: datetime
) -> list[Fact]:
    void: list[ParcelWork] = []
    for parcel in task.parcels.values():
        touched = parcel.items.keys() & dropped
        if touched and (parcel.is_packed or touched == parcel.items.keys()):
            void.append(parcel)
        elif touched:
            taken = ParcelItem.objects.filter(parcel_id=parcel.id, task_line_id__in=touched)
            taken.delete()
            parcel.items = {pk: n for pk, n in parcel.items.items() if pk not in touched}
    if not void:
        return []
    check_not_invoiced(void)
    return void_parcels(work, task, void, now=now)


def check_not_invoiced(parcels: Sequence[ParcelWork]) -> None:
    """Raise LineInvoiced where a cancellation would take a box apart that has an invoice."""
    if correcting.has_invoice([parcel.id for parcel in parcels]):
        raise LineInvoiced("The units were invoiced", parcels=[box.number for box in parcels])


def void_parcels(
    work: OrderWork, task: TaskWork, parcels: Sequence[ParcelWork], *, now: datetime
) -> list[Fact]:
    """Void parcels and their labels; their units are free to be packed again.

    Their invoices are taken back by credit notes.
    """
    said = correcting.credit_boxes(work, task, parcels, reason="Parcel voided", now=now)
    paper_jobs.void_papers_of(parcel_ids=[parcel.id for parcel in parcels], now=now)
    for parcel in parcels:
        lifecycle.check_parcel(source=parcel.status, target=ParcelStatus.CANCELLED)
        parcel.status, parcel.stage = ParcelStatus.CANCELLED, ""
        del task.parcels[parcel.id]
        voided = EventType.PARCEL_VOIDED
        said.append(facts.parcel_fact(voided, order=work.order, task=task, parcel=parcel))
    Parcel.objects.filter(pk__in=[parcel.id for parcel in parcels]).update(
        status=ParcelStatus.CANCELLED, stage="", cancelled_at=now, changed_at=now
    )
    labelled = [labelled_of(work, task, parcel) for parcel in parcels]
    return said + label_jobs.void_labels_of(labelled, now=now)


def labelled_of(work: OrderWork, task: TaskWork, parcel: ParcelWork) -> Labelled:
    """What facts about labels say of a parcel at hand."""
    return Labelled(
        parcel_id=parcel.id,
        parcel_number=parcel.number,
        status=parcel.status,
        point_parcel_no=parcel.point_parcel_no,
        carrier=task.carrier,
        task_number=task.number,
        channel_id=task.channel_id,
        point_id=task.point_id,
        order_id=work.order.pk,
        order_number=work.order.external_id,
        organization_id=work.order.organization_id,
    )


def tell_point(
    work: OrderWork,
    task: TaskWork,
    lines: Sequence[LineWork],
    *,
    reason: str,
    now: datetime,
    parties: Mapping[int, str] | None = None,
) -> list[Fact]:
    """Write the cancellation task for dropped lines: closed at once when nothing else is left.

    `parties` says by order line who cancelled it; units nobody cancelled go to another point.
    """
    ended = not task.live_lines
    status = CancellationStatus.CLOSED if ended else CancellationStatus.OPEN
    [cancellation] = CancellationTask.objects.bulk_create(
        [
            CancellationTask(
                organization_id=work.order.organization_id,
                task_id=task.id,
                status=status,
                reason=reason,
                created_at=now,
                changed_at=now,
                closed_at=now if ended else None,
            )
        ]
    )
    CancellationLine.objects.bulk_create(
        CancellationLine(cancellation=cancellation, task_line_id=line.id, quantity=line.quantity)
        for line in lines
    )
    return facts.cancellation_facts(
        order=work.order,
        task=task,
        cancellation_id=cancellation.pk,
        number=cancellation.number,
        status=status,
        lines=lines,
        parties=parties,
    )

"""Packing that yields parcel, invoice and label in one step."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from channels_app.choices import ChannelType
from channels_app.models import Channel
from fulfillment.choices import Completeness, DocumentKind, DocumentStatus
from fulfillment.models import Document, FulfillmentTask, Invoice, Parcel
from fulfillment.queries import TaskNotFound
from fulfillment.services import facts, paper_jobs, unit_cancelling, voiding
from fulfillment.services.invoicing import issue_invoice
from fulfillment.services.making_papers import make_papers_now
from fulfillment.services.settling import settle
from fulfillment.services.shipment_drafts import (
    PackedShipment,
    ShipmentDraft,
    check_form,
    check_open,
    is_same,
)
from fulfillment.services.unit_packing import BoxPlan, collected, make_box
from fulfillment.services.work import OrderWork, TaskWork, lock_task, progress_of
from oms.events import outbox
from oms.inventory import services as inventory
from oms.kernel.actors import Actor
from oms.kernel.contention import retried
from oms.orders import services as orders
from oms.orders.choices import CancelParty
from oms.orders.models import Order

LEFT_OUT = "Left out of the only shipment"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stored:
    parcel_id: int
    invoice_id: int
    is_repeat: bool
    paper_id: int | None = None
    """Of an invoice that is new."""


def pack_shipment(*, draft: ShipmentDraft, actor: Actor, now: datetime) -> PackedShipment:
    """Pack a box of a task, invoice it, ask for its label, and have both papers made.

    All of it is stored in one transaction under the order's lock; the papers are made after it, in
    this process unless somebody else has begun. The same shipment again gives the first one. Units
    left out are refused, cancelled by the seller, or stay open: see `Completeness`. A GENERAL
    channel gets a label of ours also where the point brings the carrier.

    Raises TaskNotFound, ShipmentEmpty, SerialsMiscounted, TaskEnded, OrderOnHold, AlreadyInvoiced,
    OpenUnitsExceeded, ShipmentIncomplete.
    """
    stored = _store(draft, actor=actor, now=now)
    invoice = Invoice.objects.get(pk=stored.invoice_id)
    label, paper = _papers(stored, invoice, now=now)
    return PackedShipment(
        parcel=Parcel.objects.get(pk=stored.parcel_id),
        invoice=invoice,
        label=label,
        invoice_paper=paper,
        is_repeat=stored.is_repeat,
    )


def _papers(
    stored: _Stored, invoice: Invoice, *, now: datetime
) -> tuple[Document | None, Document]:
    paper_id = stored.paper_id
    if paper_id is None:
        with transaction.atomic():
            asked = paper_jobs.ask_for_paper(kind=DocumentKind.INVOICE, of=invoice, now=now)
        paper_id = asked.pk
    live = Document.objects.filter(parcel_id=stored.parcel_id, kind=DocumentKind.LABEL)
    labels = live.exclude(status=DocumentStatus.VOID).order_by("status", "pk")
    label_id = labels.values_list("pk", flat=True).last()
    wanted = [paper_id, *([label_id] if label_id else [])]
    paper, *label = make_papers_now(document_ids=wanted, now=now)
    return (label[0] if label else None), paper


@retried
@transaction.atomic
def _store(draft: ShipmentDraft, *, actor: Actor, now: datetime) -> _Stored:
    seen = FulfillmentTask.objects.visible_to(actor).filter(pk=draft.task_id)
    number = seen.values_list("number", flat=True).first()
    if number is None:
        raise TaskNotFound("No such task")
    work, task = lock_task(number=number, actor=actor)
    check_form(draft, task)
    if (earlier := _earlier(draft, task)) is not None:
        return earlier
    order = Order.objects.select_related("buyer").get(pk=work.order.pk)
    left = check_open(order, draft, task)
    return _pack(order, work, task, draft, left, actor=actor, now=now)


def _earlier(draft: ShipmentDraft, task: TaskWork) -> _Stored | None:
    """The shipment that has these contents already."""
    live = Invoice.objects.live().filter(parcel_id__in=task.parcels.keys() - draft.other_parcels)
    for invoice in live.select_related("parcel").prefetch_related("parcel__items").order_by("pk"):
        if is_same(draft, task, invoice.parcel):
            return _Stored(parcel_id=invoice.parcel_id, invoice_id=invoice.pk, is_repeat=True)
    return None


def _pack(
    order: Order,
    work: OrderWork,
    task: TaskWork,
    draft: ShipmentDraft,
    left: Mapping[int, int],
    *,
    actor: Actor,
    now: datetime,
) -> _Stored:
    if left and draft.completeness == Completeness.SINGLE_PARTIAL:
        _cancel(work, task, left, actor=actor, now=now)
    plan = BoxPlan(
        units=draft.units,
        cod=collected(order, None),
        details=_details(draft),
        serials=draft.serials,
        is_labelled=_is_general(task),
    )
    box, said = make_box(order, work, task, plan, now=now)
    settle(work, said=said, actor=actor, now=now, cause=task.number)
    # Last, because everybody else's invoices of the series wait from here to the commit.
    invoice, asked, issued = issue_invoice(work, task, box, now=now)
    outbox.record(issued, actor=actor, now=now)
    return _Stored(parcel_id=box.id, invoice_id=invoice.pk, is_repeat=False, paper_id=asked.pk)


def _is_general(task: TaskWork) -> bool:
    kinds = Channel.objects.filter(pk=task.channel_id).values_list("type", flat=True)
    return kinds.get() == ChannelType.GENERAL


def _details(draft: ShipmentDraft) -> dict[str, object]:
    """Columns of the parcel that somebody told."""
    told = {
        "weight_kg": None if draft.weight_g is None else Decimal(draft.weight_g) / 1000,
        "length_cm": draft.length_cm,
        "width_cm": draft.width_cm,
        "height_cm": draft.height_cm,
        "package_sku": draft.package_sku or None,
    }
    return {name: value for name, value in told.items() if value is not None}


def _cancel(
    work: OrderWork, task: TaskWork, left: Mapping[int, int], *, actor: Actor, now: datetime
) -> None:
    """What the only shipment leaves out is cancelled by the seller."""
    said, needs = unit_cancelling.drop_units(work, task, left, now=now)
    dropped = [replace(task.lines[pk], quantity=units) for pk, units in left.items()]
    said += facts.lines_cancelled(work.order, task, dropped)
    parties = {line.order_line_id: CancelParty.SELLER for line in dropped}
    said += voiding.tell_point(work, task, dropped, reason=LEFT_OUT, now=now, parties=parties)
    settle(work, said=said, actor=actor, now=now, cause=task.number)
    units = Counter[int]()
    for line in dropped:
        units[line.order_line_id] += line.quantity
    cancels = [
        orders.LineCancel(line_id=pk, quantity=n, party=CancelParty.SELLER, reason=LEFT_OUT)
        for pk, n in units.items()
    ]
    orders.record_cancellation(
        order=work.order, cancels=cancels, deallocate=units, actor=actor, now=now, cause=task.number
    )
    inventory.release_stock(needs=needs, actor=actor)
    work.before = progress_of(work.tasks)

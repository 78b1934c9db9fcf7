"""Giving back what was invoiced: credit notes."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import Sum

from fulfillment.choices import DocumentKind, InvoiceKind
from fulfillment.models import Invoice, InvoiceLine
from fulfillment.services import paper_jobs, taxes
from fulfillment.services.invoicing import draw_number, invoice_fact, store
from fulfillment.services.taxes import Priced, Share, Taken
from fulfillment.services.work import OrderWork, ParcelWork, TaskWork, load
from oms.events import outbox
from oms.events.choices import EventType
from oms.events.outbox import Fact
from oms.kernel import errors
from oms.kernel.actors import Actor
from oms.kernel.contention import retried
from oms.orders import services as orders
from oms.orders.models import Order


class InvoiceNotFound(errors.NotFound):
    """There is no such invoice, or it is a credit note."""

    code = "invoice_not_found"


class LineNotInvoiced(errors.InvalidInput):
    """The invoice has no such order line."""

    code = "line_not_invoiced"


class CorrectionExceeded(errors.Conflict):
    """More units than the invoice has left, or nothing is left of it at all."""

    code = "correction_exceeded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What to give back of an invoice: units by primary key of OrderLine; none: all that is left.

    `cause` names what it is for (a return's number): the same cause again gives the same note.
    """

    invoice_id: int
    units: Mapping[int, int] = field(default_factory=dict)
    reason: str = ""
    cause: str = ""


@retried
@transaction.atomic
def correct_invoice(*, correction: Correction, actor: Actor, now: datetime) -> Invoice:
    """Issue a credit note and ask for its paper. Returns the note.

    An invoice of which nothing is left counts as void. Takes the order's lock; where a caller has
    locks of its own, those come later in the global order. Raises InvoiceNotFound, LineNotInvoiced,
    CorrectionExceeded.
    """
    seen = Invoice.objects.visible_to(actor).filter(kind=InvoiceKind.INVOICE)
    invoice = seen.select_related("parcel", "seller").filter(pk=correction.invoice_id).first()
    if invoice is None:
        raise InvoiceNotFound("No such invoice")
    order = orders.lock_order(order_id=invoice.order_id)
    earlier = invoice.corrections.exclude(cause="").filter(cause=correction.cause).first()
    if earlier is not None:
        return earlier
    task = load(order).tasks[invoice.parcel.task_id]
    note = _credit(invoice, correction, now=now)
    said = _corrected(invoice, note, order=order, task=task, parcel_number=invoice.parcel.number)
    outbox.record([said], actor=actor, now=now)
    return note


def credit_boxes(
    work: OrderWork, task: TaskWork, boxes: Sequence[ParcelWork], *, reason: str, now: datetime
) -> list[Fact]:
    """Take back what is left of the invoices of boxes that are being voided.

    In the caller's transaction, which holds the order's lock. Returns what to report.
    """
    numbers = {box.id: box.number for box in boxes}
    live = Invoice.objects.live().filter(parcel_id__in=numbers).select_related("seller")
    said = []
    for invoice in live.order_by("pk"):
        note = _credit(invoice, Correction(invoice_id=invoice.pk, reason=reason), now=now)
        number = numbers[invoice.parcel_id]
        said.append(_corrected(invoice, note, order=work.order, task=task, parcel_number=number))
    return said


def has_invoice(parcel_ids: Sequence[int]) -> bool:
    """Whether any of these boxes is invoiced and not taken back."""
    return Invoice.objects.live().filter(parcel_id__in=parcel_ids).exists()


def units_to_leave(*, order_id: int) -> Counter[int]:
    """Units of an order that are invoiced and have not left, by primary key of OrderLine."""
    lines = InvoiceLine.objects.filter(
        invoice__order_id=order_id,
        invoice__kind=InvoiceKind.INVOICE,
        invoice__voided_at__isnull=True,
        invoice__parcel__shipped_at__isnull=True,
    )
    sums = lines.values("order_line_id").annotate(units=Sum("quantity"))
    return Counter(dict(sums.values_list("order_line_id", "units")))


def _credit(invoice: Invoice, correction: Correction, *, now: datetime) -> Invoice:
    lines = {line.order_line_id: line for line in invoice.lines.all()}
    before = _credited(invoice)
    left = {pk: line.quantity - before.get(pk, Taken()).quantity for pk, line in lines.items()}
    units = dict(correction.units) or {pk: count for pk, count in left.items() if count}
    _check(units, left)
    shares = {
        pk: _share(lines[pk], count, before.get(pk, Taken()), invoice.currency)
        for pk, count in units.items()
    }
    note = Invoice(
        organization_id=invoice.organization_id,
        seller=invoice.seller,
        kind=InvoiceKind.CREDIT_NOTE,
        parcel_id=invoice.parcel_id,
        order_id=invoice.order_id,
        corrects=invoice,
        reason=correction.reason[:255],
        cause=correction.cause,
        issued_at=now,
        currency=invoice.currency,
    )
    if all(count == units.get(pk, 0) for pk, count in left.items()):
        Invoice.objects.filter(pk=invoice.pk).update(voided_at=now)
    drawn = draw_number(
        organization_id=invoice.organization_id,
        seller=invoice.seller,
        kind=InvoiceKind.CREDIT_NOTE,
        now=now,
    )
    store(note, drawn, shares)
    paper_jobs.ask_for_paper(kind=DocumentKind.CREDIT_NOTE, of=note, now=now)
    return note


def _check(units: Mapping[int, int], left: Mapping[int, int]) -> None:
    if unknown := units.keys() - left.keys():
        raise LineNotInvoiced("The invoice has no such line", unknown=len(unknown))
    if not units or any(count < 1 or count > left[pk] for pk, count in units.items()):
        raise CorrectionExceeded("More than what is left of the invoice")


def _share(line: InvoiceLine, units: int, taken: Taken, currency: str) -> Share:
    [tax] = line.taxes
    whole = Priced(
        quantity=line.quantity,
        gross=line.gross_total,
        tax=line.tax_total,
        tax_type=tax["type"],
        rate=taxes.read_rate(tax["rate"]),
    )
    return taxes.share(whole, units=units, taken=taken, currency=currency)


def _credited(invoice: Invoice) -> dict[int, Taken]:
    """What was given back of each line already."""
    lines = InvoiceLine.objects.filter(invoice__corrects=invoice)
    sums = lines.values("order_line_id").annotate(
        units=Sum("quantity"), gross=Sum("gross_total"), tax=Sum("tax_total")
    )
    return {
        row["order_line_id"]: Taken(quantity=row["units"], gross=row["gross"], tax=row["tax"])
        for row in sums
    }


def _corrected(
    invoice: Invoice,
    note: Invoice,
    *,
    order: Order,
    task: TaskWork,
    parcel_number: int,
) -> Fact:
    return invoice_fact(
        EventType.INVOICE_CORRECTED,
        note,
        order,
        task,
        parcel_number,
        invoice=invoice.code,
        credit_note=note.code,
    )


@retried
@transaction.atomic
def credit_returned(
    *, order_id: int, units: Mapping[int, int], cause: str, reason: str, actor: Actor, now: datetime
) -> list[Invoice]:
    """Credit units of an order that came back, by primary key of OrderLine: first invoice first.

    Units nobody invoiced are left out; a cause counts once. Returns the notes that were issued.
    Raises OrderNotFound.
    """
    orders.lock_order(order_id=order_id)
    if Invoice.objects.filter(order_id=order_id, cause=cause).exists():
        return []
    missing = Counter(units)
    notes = []
    for invoice in Invoice.objects.live().filter(order_id=order_id).order_by("pk"):
        left = _left(invoice)
        taken = {pk: min(count, missing[pk]) for pk, count in left.items()}
        if wanted := {pk: count for pk, count in taken.items() if count > 0}:
            correction = Correction(invoice_id=invoice.pk, units=wanted, reason=reason, cause=cause)
            notes.append(correct_invoice(correction=correction, actor=actor, now=now))
            missing.subtract(wanted)
    return notes


def _left(invoice: Invoice) -> dict[int, int]:
    """Units by order line that were not given back yet."""
    before = _credited(invoice)
    lines = invoice.lines.values_list("order_line_id", "quantity")
    return {pk: units - before.get(pk, Taken()).quantity for pk, units in lines}

"""Invoices of boxes: what they say, and numbers without gaps (docs/adr/0022)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import Sum

from channels_app.models import Seller
from fulfillment.choices import DocumentKind, InvoiceKind
from fulfillment.models import Document, Invoice, InvoiceLine, PaperSettings
from fulfillment.services import paper_jobs, taxes
from fulfillment.services.pricing import prices_of
from fulfillment.services.taxes import Share, Taken
from fulfillment.services.work import OrderWork, ParcelWork, TaskWork
from oms.accounts.models import Organization
from oms.events.choices import EventType, SubjectType
from oms.events.outbox import Fact
from oms.kernel import sql
from oms.locations.models import FulfillmentPoint
from oms.orders.models import Order, OrderLine

# The row stays locked until the transaction ends, so whoever comes next waits and sees the number
# only if it was used.
_DRAW = """
INSERT INTO fulfillment_invoiceseries AS s (organization_id, seller_id, kind, year, last_number)
VALUES (%(organization_id)s::bigint, %(seller_id)s::bigint, %(kind)s::text, %(year)s::int, 1)
ON CONFLICT (organization_id, seller_id, kind, year)
    DO UPDATE SET last_number = s.last_number + 1
RETURNING s.id, s.last_number
"""
_PREFIX = {InvoiceKind.INVOICE: "INV", InvoiceKind.CREDIT_NOTE: "CN"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A number of a series."""

    series_id: int
    number: int
    code: str


def settings_of(organization_id: int) -> PaperSettings:
    """An organization's settings of papers, or those that hold for whoever set none."""
    found = PaperSettings.objects.filter(organization_id=organization_id).first()
    return found or PaperSettings(organization_id=organization_id)


def draw_number(
    *, organization_id: int, seller: Seller | None, kind: InvoiceKind, now: datetime
) -> Drawn:
    """The next number of this year's series. The last thing a transaction does, or near to it:
    everybody else's invoices of the series wait for its end.
    """
    sql.require_transaction()
    zone = Organization.objects.values_list("timezone", flat=True).get(pk=organization_id)
    year = now.astimezone(ZoneInfo(zone)).year
    params: dict[str, object] = {
        "organization_id": organization_id,
        "seller_id": seller.pk if seller else None,
        "kind": str(kind),
        "year": year,
    }
    [[series_id, number]] = sql.rows(_DRAW, params)
    parts = [_PREFIX[kind], *([seller.code] if seller else []), str(year), f"{number:06d}"]
    return Drawn(series_id=series_id, number=number, code="-".join(parts))


def issue_invoice(
    work: OrderWork, task: TaskWork, box: ParcelWork, *, now: datetime
) -> tuple[Invoice, Document, list[Fact]]:
    """Store the invoice of a box that was just packed, and ask for its paper.

    In the caller's transaction, which holds the order's lock; near its end (see `draw_number`).
    Returns also what to report.
    """
    order = Order.objects.get(pk=work.order.pk)
    shares = _shares(order, _units(task, box))
    seller = _seller(order.organization_id, task.point_id)
    drawn = draw_number(
        organization_id=order.organization_id, seller=seller, kind=InvoiceKind.INVOICE, now=now
    )
    invoice = Invoice(
        organization_id=order.organization_id,
        seller=seller,
        kind=InvoiceKind.INVOICE,
        parcel_id=box.id,
        order_id=order.pk,
        issued_at=now,
        currency=order.currency,
    )
    store(invoice, drawn, shares)
    paper = paper_jobs.ask_for_first_paper(kind=DocumentKind.INVOICE, of=invoice, now=now)
    issued = invoice_fact(
        EventType.INVOICE_ISSUED, invoice, work.order, task, box.number, invoice=invoice.code
    )
    return invoice, paper, [issued]


def store(invoice: Invoice, drawn: Drawn, shares: Mapping[int, Share]) -> None:
    """Write an invoice or credit note with its number, lines and totals."""
    invoice.series_id, invoice.number, invoice.code = drawn.series_id, drawn.number, drawn.code
    invoice.net_total = sum((share.net for share in shares.values()), Decimal(0))
    invoice.tax_total = sum((share.tax for share in shares.values()), Decimal(0))
    invoice.gross_total = invoice.net_total + invoice.tax_total
    invoice.save(force_insert=True)
    InvoiceLine.objects.bulk_create(
        InvoiceLine(
            invoice=invoice,
            order_line_id=line_id,
            quantity=share.quantity,
            unit_net=share.unit_net,
            unit_tax=share.unit_tax,
            unit_gross=share.unit_gross,
            net_total=share.net,
            tax_total=share.tax,
            gross_total=share.gross,
            taxes=share.taxes,
        )
        for line_id, share in sorted(shares.items())
    )


def invoice_fact(
    event_type: EventType,
    about: Invoice,
    order: Order,
    task: TaskWork,
    parcel_number: int,
    **data: str,
) -> Fact:
    """A fact about an invoice, with the totals of `about`: itself, or the note that corrects it."""
    return Fact(
        organization_id=order.organization_id,
        type=event_type,
        subject_type=SubjectType.INVOICE,
        subject_id=about.corrects_id or about.pk,
        order_ref=order.pk,
        channel_id=task.channel_id,
        point_id=task.point_id,
        data={
            "order": order.external_id,
            "task": task.number,
            "parcel": parcel_number,
            "currency": about.currency,
            "net_total": _text(about.net_total),
            "tax_total": _text(about.tax_total),
            "gross_total": _text(about.gross_total),
            **data,
        },
    )


def _text(amount: Decimal) -> str:
    return f"{amount.normalize():f}"


def _units(task: TaskWork, box: ParcelWork) -> dict[int, int]:
    """Units of a box by order line."""
    units: dict[int, int] = {}
    for line_id, quantity in box.items.items():
        order_line_id = task.lines[line_id].order_line_id
        units[order_line_id] = units.get(order_line_id, 0) + quantity
    return units


def _shares(order: Order, units: Mapping[int, int]) -> dict[int, Share]:
    lines = OrderLine.goods.filter(pk__in=units).in_bulk()
    settings = settings_of(order.organization_id)
    before = _invoiced(units)
    prices = prices_of(lines.values(), settings, order.currency)
    return {
        line_id: taxes.share(
            prices[line_id],
            units=quantity,
            taken=before.get(line_id, Taken()),
            currency=order.currency,
        )
        for line_id, quantity in units.items()
    }


def _invoiced(line_ids: Mapping[int, int]) -> dict[int, Taken]:
    """What live invoices say of these order lines."""
    lines = InvoiceLine.objects.filter(
        order_line_id__in=line_ids,
        invoice__kind=InvoiceKind.INVOICE,
        invoice__voided_at__isnull=True,
    )
    sums = lines.values("order_line_id").annotate(
        units=Sum("quantity"), gross=Sum("gross_total"), tax=Sum("tax_total")
    )
    return {
        row["order_line_id"]: Taken(quantity=row["units"], gross=row["gross"], tax=row["tax"])
        for row in sums
    }


def _seller(organization_id: int, point_id: int) -> Seller | None:
    """Whose goods a point ships: the seller of its supplier code, else the organization itself."""
    code = FulfillmentPoint.objects.values_list("supplier_code", flat=True).get(pk=point_id)
    if not code:
        return None
    return Seller.objects.filter(organization_id=organization_id, supplier_code=code).first()

"""The data set *Online Retail* (Daqing Chen, UCI Machine Learning Repository, CC BY 4.0).

One invoice is one order, one row is one line; the same stock code twice is two lines. Decisions:

- Stock codes differ in letter case without meaning (`85123A`, `85123a`): they are one SKU, whose
  code is in upper case. A line keeps the code as the file has it.
- POST, DOT, C2, M, D, S, BANK CHARGES and AMAZONFEE are no goods. In an invoice they are kept as
  `charges` of the order's payment; an invoice of nothing else is refused, and so is a row that
  credits one: no goods come back with it.
- An invoice whose number starts with C cancels by customer, stock code and price, latest order
  first, over as many orders as it takes. Without a customer nobody can say whose goods they are.
- A quantity of zero or less outside a cancellation corrects stock: refused, as an import of
  orders changes no stock.
- A row that cannot be read refuses its whole invoice, so that a mended one comes in complete.
- Times are those of the shop, in London.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from oms.backoffice.imports import fields
from oms.backoffice.imports.base import (
    Cancellation,
    CancelledRow,
    Document,
    Refused,
    Row,
    Target,
)
from oms.backoffice.imports.bodies import body_of
from oms.orders.services import ContactDraft, LineDraft, OrderDraft

CHARGES = frozenset({"POST", "DOT", "C2", "M", "D", "S", "BANK CHARGES", "AMAZONFEE"})
LONDON = ZoneInfo("Europe/London")

STOCK_CORRECTION = "stock correction"
CHARGES_ONLY = "charges only"
CREDITED_CHARGE = "credited charge"
UNREADABLE = "unreadable"
WHOLE_INVOICE = "invoice has an unreadable row"
WITHOUT_CUSTOMER = "cancellation without customer"
POSITIVE_CANCELLATION = "cancellation with a positive quantity"


class OnlineRetail:
    """Invoices of a shop, with cancellations that do not name the invoice they cancel."""

    name = "online_retail"
    columns = (
        "InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice",
        "CustomerID", "Country",
    )  # fmt: skip

    def number_of(self, row: Row) -> str:
        """Rows of one invoice are one document."""
        return row["InvoiceNo"]

    def read(self, number: str, rows: Sequence[Row], target: Target) -> Document:
        """An invoice becomes an order, a C-invoice a cancellation."""
        if problems := _problems(number, rows):
            return Document(number=number, refused=problems)
        if number.upper().startswith("C"):
            return _cancellation(number, rows)
        return _order(number, rows, target)


def _problems(number: str, rows: Sequence[Row]) -> list[Refused]:
    """Every row refused when one cannot be read; nothing when all can."""
    found: dict[int, str] = {}
    for index, row in enumerate(rows):
        try:
            _check(row)
        except fields.Unreadable as exc:
            found[index] = str(exc)
    if not found:
        return []
    return [
        Refused(row, UNREADABLE, found[index])
        if index in found
        else Refused(row, WHOLE_INVOICE, f"invoice {number}")
        for index, row in enumerate(rows)
    ]


def _check(row: Row) -> None:
    fields.text(row, "InvoiceNo", 128, required=True)
    fields.text(row, "StockCode", 128, required=True)
    fields.text(row, "Description", 255)
    fields.text(row, "CustomerID", 128)
    fields.text(row, "Country", 64)
    fields.integer(row, "Quantity")
    fields.moment(row, "InvoiceDate", LONDON)
    if fields.price(row, "UnitPrice") < 0:
        raise fields.Unreadable("UnitPrice is negative")


def _is_charge(row: Row) -> bool:
    return row["StockCode"].upper() in CHARGES


def _time(rows: Sequence[Row]) -> datetime:
    return fields.moment(rows[0], "InvoiceDate", LONDON)


def _order(number: str, rows: Sequence[Row], target: Target) -> Document:
    document = Document(number=number)
    sold = []
    for row in rows:
        if fields.integer(row, "Quantity") <= 0:
            document.refused.append(Refused(row, STOCK_CORRECTION))
        else:
            sold.append(row)
    goods = [row for row in sold if not _is_charge(row)]
    charges = [row for row in sold if _is_charge(row)]
    if not goods:
        document.refused += [Refused(row, CHARGES_ONLY) for row in charges]
        return document
    document.line_rows, document.charge_rows = goods, charges
    document.order = _draft(number, sold, goods, charges, target)
    return document


def _draft(
    number: str,
    rows: Sequence[Row],
    goods: Sequence[Row],
    charges: Sequence[Row],
    target: Target,
) -> OrderDraft:
    placed_at = _time(rows)
    return OrderDraft(
        organization_id=target.organization_id,
        channel_id=target.channel_id,
        external_id=number,
        is_paid=True,
        currency="GBP",
        country=rows[0]["Country"],
        placed_at=placed_at,
        channel_updated_at=placed_at,
        customer_id=rows[0]["CustomerID"],
        lines=tuple(_line(row) for row in goods),
        contact=ContactDraft(),
        payment={"charges": [_charge(row) for row in charges]} if charges else None,
        raw_body=body_of(rows),
    )


def _line(row: Row) -> LineDraft:
    code = row["StockCode"]
    return LineDraft(
        external_id=str(row.position),
        sku_codes=tuple(dict.fromkeys((code.upper(), code))),
        sku_code=code,
        quantity=fields.integer(row, "Quantity"),
        unit_price=fields.price(row, "UnitPrice"),
        name=row["Description"],
    )


def _charge(row: Row) -> dict[str, object]:
    return {
        "row": row.position,
        "code": row["StockCode"],
        "description": row["Description"],
        "quantity": fields.integer(row, "Quantity"),
        "unit_price": str(fields.price(row, "UnitPrice")),
        "amount": str(fields.price(row, "UnitPrice") * fields.integer(row, "Quantity")),
    }


def _cancellation(number: str, rows: Sequence[Row]) -> Document:
    document = Document(number=number)
    taken = []
    for row in rows:
        if reason := _why_not(row):
            document.refused.append(Refused(row, reason))
        else:
            taken.append(row)
    if taken:
        document.cancellation = Cancellation(
            reference=number,
            customer_id=taken[0]["CustomerID"],
            cancelled_at=_time(rows),
            rows=tuple(_cancelled(row) for row in taken),
        )
    return document


def _why_not(row: Row) -> str:
    if _is_charge(row):
        return CREDITED_CHARGE
    if not row["CustomerID"]:
        return WITHOUT_CUSTOMER
    return POSITIVE_CANCELLATION if fields.integer(row, "Quantity") >= 0 else ""


def _cancelled(row: Row) -> CancelledRow:
    price: Decimal = fields.price(row, "UnitPrice")
    return CancelledRow(
        row=row,
        sku_code=row["StockCode"],
        unit_price=price,
        quantity=-fields.integer(row, "Quantity"),
    )

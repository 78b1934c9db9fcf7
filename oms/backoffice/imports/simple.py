"""Orders as anybody can write them in a spreadsheet: one row per line, columns by name.

Needed: `order_number`, `placed_at` (ISO 8601; without an offset the organization's time), `sku`,
`quantity`. Known beside them: `line_id` (default: the row's place in the order), `name`,
`unit_price`, `paid` (true or false; default true), `currency` (default: the organization's),
`order_type`, `customer_id`, `customer_name`, `customer_email`, `customer_phone`, and the delivery:
`recipient`, `phone`, `email`, `address`, `district`, `city`, `state`, `postcode`, `country`.
What belongs to the whole order is read from its first row. Other columns stay in the raw body.
"""

from collections.abc import Sequence

from oms.backoffice.imports import fields
from oms.backoffice.imports.base import Document, Refused, Row, Target
from oms.backoffice.imports.bodies import body_of
from oms.orders.services import ContactDraft, LineDraft, OrderDraft

UNREADABLE = "unreadable"
WHOLE_ORDER = "order has an unreadable row"
_PAID = {"": True, "true": True, "false": False}


class Simple:
    """One row per line; a row that cannot be read refuses its whole order."""

    name = "simple"
    columns = ("order_number", "placed_at", "sku", "quantity")

    def number_of(self, row: Row) -> str:
        """Rows of one order number are one document."""
        return row["order_number"]

    def read(self, number: str, rows: Sequence[Row], target: Target) -> Document:
        """An order, or every row refused when one cannot be read."""
        lines: list[LineDraft] = []
        problems: dict[int, str] = {}
        for row in rows:
            try:
                lines.append(_line(row, lines))
            except fields.Unreadable as exc:
                problems[row.position] = str(exc)
        order = None
        try:
            order = _order(rows[0], rows, lines, target)
        except fields.Unreadable as exc:
            problems.setdefault(rows[0].position, str(exc))
        if problems:
            return Document(number=number, refused=[_refused(row, problems) for row in rows])
        return Document(number=number, order=order, line_rows=list(rows))


def _refused(row: Row, problems: dict[int, str]) -> Refused:
    if row.position in problems:
        return Refused(row, UNREADABLE, problems[row.position])
    return Refused(row, WHOLE_ORDER)


def _line(row: Row, others: Sequence[LineDraft]) -> LineDraft:
    quantity = fields.integer(row, "quantity")
    if quantity < 1:
        raise fields.Unreadable("quantity is less than one")
    line_id = fields.text(row, "line_id", 128) or str(row.position)
    if any(other.external_id == line_id for other in others):
        raise fields.Unreadable(f"line_id {line_id} stands twice in the order")
    sku = fields.text(row, "sku", 128, required=True)
    return LineDraft(
        external_id=line_id,
        sku_codes=(sku,),
        sku_code=sku,
        quantity=quantity,
        unit_price=fields.price(row, "unit_price") if row["unit_price"] else None,
        name=fields.text(row, "name", 255),
    )


def _order(row: Row, rows: Sequence[Row], lines: Sequence[LineDraft], target: Target) -> OrderDraft:
    placed_at = fields.moment(row, "placed_at", target.zone)
    paid = row["paid"].lower()
    if paid not in _PAID:
        raise fields.Unreadable(f"paid is neither true nor false: {paid!r}")
    currency = fields.text(row, "currency", 3) or target.currency
    return OrderDraft(
        organization_id=target.organization_id,
        channel_id=target.channel_id,
        external_id=fields.text(row, "order_number", 128, required=True),
        is_paid=_PAID[paid],
        currency=currency,
        country=fields.text(row, "country", 64),
        placed_at=placed_at,
        channel_updated_at=placed_at,
        order_type=fields.text(row, "order_type", 64) or "NORMAL",
        customer_id=fields.text(row, "customer_id", 128),
        lines=tuple(lines),
        contact=_contact(row),
        raw_body=body_of(rows),
    )


def _contact(row: Row) -> ContactDraft:
    def read(column: str, longest: int = 255) -> str | None:
        return fields.text(row, column, longest) or None

    return ContactDraft(
        customer_name=read("customer_name"),
        customer_email=read("customer_email"),
        customer_phone=read("customer_phone", 64),
        name=read("recipient"),
        phone=read("phone", 64),
        email=read("email"),
        address=read("address", 1000),
        district=read("district"),
        city=read("city"),
        state=read("state"),
        postcode=read("postcode", 32),
    )

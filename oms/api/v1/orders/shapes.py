"""What an order, a patch of one and a request to cancel consist of (contract 4.7, 4.8, 4.11a)."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache

from django.utils.translation import gettext as _

from oms.api.v1.orders import mapping
from oms.api.v1.orders.reading import Check, Findings, Shape, Values, listed, text, whole, word
from oms.api.v1.road.fields import Money
from oms.kernel.currencies import minor_digits

MOST_LINES = 200
MOST_UNITS = 100_000
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = datetime(9999, 1, 1, tzinfo=UTC)
_AMOUNT = re.compile(r"-?(?:0|[1-9][0-9]{0,11})(?:\.[0-9]{1,4})?")
_CURRENCY = re.compile(r"[A-Z]{3}")
_COUNTRY = re.compile(r"[A-Z]{2}")
_PHONE = re.compile(r"\+[1-9][0-9]{6,14}")
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]+\.[^@\s]+")
_SKU = re.compile(r"[A-Za-z0-9._/-]{1,64}")
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?"
    r"([Zz]|[+-][0-9]{2}:[0-9]{2})"
)


def _matching(pattern: re.Pattern[str], wanted: str, *, longest: int = 254) -> Check:
    plain = text(longest)

    def check(value: object, at: str, found: Findings) -> str:
        if isinstance(value, str) and pattern.fullmatch(value) and len(value) <= longest:
            return value
        before = len(found.errors)
        plain(value, at, found)
        if len(found.errors) == before:
            found.add(at, "invalid_format", _(wanted))
        return ""

    return check


def money(value: object, at: str, found: Findings) -> Money | None:
    """An amount that is not negative, with no more digits than its currency has."""
    if isinstance(value, dict) and value.keys() == _MONEY.members.keys():
        amount, currency = value["amount"], value["currency"]
        if isinstance(amount, str) and isinstance(currency, str):
            known = _sound(amount, currency)
            if known is not None:
                return known
    return _judged(value, at, found)


@lru_cache(maxsize=4096)
def _sound(amount: str, currency: str) -> Money | None:
    """Money nothing is wrong with; prices repeat, and an order has two a line."""
    found = Findings()
    read = _judged({"amount": amount, "currency": currency}, "", found)
    return None if found.errors else read


def _judged(value: object, at: str, found: Findings) -> Money | None:
    mistakes = len(found.errors) + len(found.unknown)
    said = _MONEY(value, at, found)
    if len(found.errors) + len(found.unknown) > mistakes:
        return None
    amount, currency = said["amount"], said["currency"]
    if not _AMOUNT.fullmatch(amount):
        found.add(f"{at}/amount", "invalid_format", _("must be a decimal number as text"))
        return None
    read, digits = Decimal(amount), minor_digits(currency)
    if read < 0:
        found.add(f"{at}/amount", "out_of_range", _("must be at least %(least)s") % {"least": 0})
    elif "." in amount and read != round(read, digits):
        most = _("at most %(most)s digits after the point") % {"most": digits}
        found.add(f"{at}/amount", "invalid_format", most)
    else:
        return Money(amount=read, currency=currency)
    return None


def moment(value: object, at: str, found: Findings) -> datetime | None:
    """A time with its distance from UTC (RFC 3339)."""
    if not isinstance(value, str):
        found.add(at, "invalid_type", _("must be text"))
        return None
    try:
        read = datetime.fromisoformat(value.upper()) if _MOMENT.fullmatch(value) else None
        if read is not None and EARLIEST <= read < LATEST:
            return read.astimezone(UTC)
    except (ValueError, OverflowError):
        read = None  # no such day
    if read is None:
        found.add(at, "invalid_format", _("must be a time as in RFC 3339"))
    else:
        found.add(at, "out_of_range", _("is too far away"))
    return None


_currency = _matching(_CURRENCY, "must be three capital letters", longest=3)
_MONEY = Shape({"amount": text(20), "currency": _currency}, required=("amount", "currency"))

_MAY_BE_NULL = frozenset(
    {"email", "line2", "ward", "district", "province", "ward_code", "district_code",
     "province_code", "postal_code"}
)  # fmt: skip
_ADDRESS = Shape(
    {
        "full_name": text(120, shortest=1),
        "phone": _matching(_PHONE, "E.164 expected", longest=16),
        "email": _matching(_EMAIL, "must be an e-mail address"),
        "line1": text(200, shortest=1),
        "line2": text(200),
        "ward": text(120, shortest=1),
        "district": text(120),
        "province": text(120, shortest=1),
        "ward_code": text(20),
        "district_code": text(20),
        "province_code": text(20),
        "postal_code": text(20),
        "country": _matching(_COUNTRY, "must be two capital letters", longest=2),
    },
    required=("full_name", "phone", "line1", "country"),
    nullable=_MAY_BE_NULL,
)


def address(value: object, at: str, found: Findings) -> Values:
    """An address; in Vietnam it has a ward and a province."""
    said = _ADDRESS(value, at, found)
    if said.get("country") == "VN":
        for name in ("ward", "province"):
            if not said.get(name):
                found.add(f"{at}/{name}", "required", _("is missing"))
    return said


_LINE = {
    "external_line_id": text(64, shortest=1),
    "sku": _matching(_SKU, "must be letters, digits and ._/-", longest=64),
    "name": text(255),
    "quantity": whole(1, MOST_UNITS),
    "unit_price": money,
    "discount": money,
}
_LINE_REQUIRED = ("sku", "quantity", "unit_price")
_LINE_NEVER = frozenset(
    {"total", "quantity_allocated", "quantity_shipped", "quantity_cancelled", "quantity_returned"}
)
LINE = Shape(_LINE, required=_LINE_REQUIRED)
LINE_EDIT = Shape(
    {"id": text(40), **_LINE},
    required=_LINE_REQUIRED,
    nullable=frozenset({"external_line_id"}),
    never=_LINE_NEVER,
)
HOLD = Shape({"reason": word(mapping.HOLD_REASON), "note": text(1000)}, required=("reason",))

_tags = listed(text(32, shortest=1), most=20)
_BOTH: dict[str, Check] = {
    "payment_status": word(mapping.PAYMENT_STATUS),
    "ship_to": address,
    "bill_to": address,
    "shipping_fee": money,
    "order_discount": money,
    "location_id": text(40),
    "note": text(1000),
    "packaging_note": text(1000),
    "requested_ship_by": moment,
    "tags": _tags,
}
CREATE = Shape(
    {
        "external_id": text(64, shortest=1),
        "channel": text(64, shortest=1),
        "type": word(mapping.ORDER_TYPE),
        "payment_method": word(mapping.PAYMENT_METHOD),
        "currency": _currency,
        "customer_id": text(40),
        "lines": listed(LINE, most=MOST_LINES, least=1),
        **_BOTH,
    },
    required=("external_id", "channel", "payment_method", "currency", "ship_to", "lines"),
)
PATCH = Shape(
    {"lines": listed(LINE_EDIT, most=MOST_LINES, least=1), "hold": HOLD, **_BOTH},
    nullable=frozenset(
        {"bill_to", "shipping_fee", "order_discount", "location_id", "note", "packaging_note",
         "requested_ship_by", "hold", "tags"}
    ),
    never=frozenset(
        {"id", "number", "external_id", "channel", "type", "status", "payment_method", "currency",
         "customer_id", "subtotal", "total", "cod_amount", "cancellation", "backordered",
         "shipment_ids", "version", "created_at", "updated_at"}
    ),
)  # fmt: skip
CANCEL = Shape({"reason": word(mapping.CANCEL_REASON), "note": text(1000)}, required=("reason",))
WISH = Shape(
    {
        "reason": text(1000, shortest=1),
        "requested_by": text(120, shortest=1),
        "lines": listed(
            Shape(
                {"order_line_id": text(40), "quantity": whole(1, MOST_UNITS)},
                required=("order_line_id", "quantity"),
            ),
            most=MOST_LINES,
            least=1,
        ),
    },
    required=("reason",),
)
DECISION = Shape({"decision": word(mapping.DECISION), "note": text(1000)}, required=("decision",))

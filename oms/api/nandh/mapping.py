"""Their words <-> ours: the only file that knows both, besides `statuses`."""

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from oms.orders.choices import PaymentMethod, PaymentStatus

CURRENCY = "VND"
PAYMENT_STATUS: Mapping[int, PaymentStatus] = {
    100: PaymentStatus.UNPAID,
    110: PaymentStatus.PENDING,
    120: PaymentStatus.PENDING,
    150: PaymentStatus.PARTIALLY_PAID,
    200: PaymentStatus.PAID,
    250: PaymentStatus.REFUND_PENDING,
    300: PaymentStatus.REFUNDED,
    310: PaymentStatus.PARTIALLY_REFUNDED,
    500: PaymentStatus.CANCELLED,
    550: PaymentStatus.CANCELLED,
    600: PaymentStatus.OVERDUE,
}
PAYMENT_STATUS_OUT: Mapping[str, int] = {
    PaymentStatus.UNPAID: 100,
    PaymentStatus.PENDING: 120,
    PaymentStatus.PARTIALLY_PAID: 150,
    PaymentStatus.PAID: 200,
    PaymentStatus.REFUND_PENDING: 250,
    PaymentStatus.REFUNDED: 300,
    PaymentStatus.PARTIALLY_REFUNDED: 310,
    PaymentStatus.CANCELLED: 500,
    PaymentStatus.OVERDUE: 600,
}
PAYMENT_METHOD: Mapping[int, PaymentMethod] = {
    1: PaymentMethod.COD,
    2: PaymentMethod.BANK_TRANSFER,
    3: PaymentMethod.CARD,
    4: PaymentMethod.CASH,
    5: PaymentMethod.QR,
    6: PaymentMethod.ONLINE_BANKING,
    7: PaymentMethod.INSTALMENT,
}
PAYMENT_METHOD_OUT: Mapping[str, int] = {ours: number for number, ours in PAYMENT_METHOD.items()}
# Orders of other languages have kinds of their own; here they are sales to people.
ORDER_TYPE: Mapping[str, str] = {"b2c": "NORMAL", "b2b": "B2B"}
SHIPPING_FEE = "buyer_shipping_fee"
PLATFORM_DISCOUNT = "total_platform_discount"
FEES = (SHIPPING_FEE, PLATFORM_DISCOUNT)
REASONS = (
    "item_damaged", "wrong_item", "not_receipt", "warranty", "different_description",
    "mutual_agree", "change_mind", "expectation_failed", "item_fake", "physical_dmg",
    "functional_dmg", "other",
)  # fmt: skip
INSURANCE = "insurance"  # the tag of orders that came with `use_insurance`

_ORDER_CODE = re.compile(r"NHOV([0-9]{7,18})")
_SHIPMENT_CODE = re.compile(r"NHSVC([0-9]{7,18})")
_SEPARATORS = re.compile(r"[\s().-]")
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_VIETNAM = "84"
_NATIONAL = re.compile(r"0[0-9]{8,10}")
_WITHOUT_PLUS = re.compile(r"84[0-9]{8,10}")


def order_code(number: int) -> str:
    """`NHOV0000001`."""
    return f"NHOV{number:07d}"


def order_number(code: str) -> int | None:
    """The number in the code of an order; None for every other text."""
    return _number(_ORDER_CODE, code, order_code)


def shipment_code(number: int) -> str:
    """`NHSVC0000001`."""
    return f"NHSVC{number:07d}"


def shipment_number(code: str) -> int | None:
    """The number in the code of a shipment; None for every other text."""
    return _number(_SHIPMENT_CODE, code, shipment_code)


def _number(pattern: "re.Pattern[str]", code: str, written: Callable[[int], str]) -> int | None:
    found = pattern.fullmatch(code)
    if found is None:
        return None
    number = int(found[1])
    return number if written(number) == code else None


def product_code(key: int) -> str:
    """`NHSIN501`."""
    return f"NHSIN{key}"


def location_id(code: str) -> int | str:
    """The code a channel has for a point, as a number where it is one."""
    is_number = code.isascii() and code.isdigit() and str(int(code)) == code
    return int(code) if is_number else code


def phone(text: str, country: str) -> str | None:
    """E.164 of a number in national or international form; None for what is neither."""
    bare = _SEPARATORS.sub("", text)
    if bare.startswith("00"):
        bare = f"+{bare[2:]}"
    elif country == "VN" and _NATIONAL.fullmatch(bare):
        bare = f"+{_VIETNAM}{bare[1:]}"
    elif country == "VN" and _WITHOUT_PLUS.fullmatch(bare):
        bare = f"+{bare}"
    return bare if _E164.fullmatch(bare) else None


def payment_status(numbers: Sequence[int]) -> PaymentStatus:
    """The state of all payments together: theirs if they agree; part is paid if some of it is."""
    states = [PAYMENT_STATUS[number] for number in numbers]
    if len(set(states)) == 1:
        return states[0]
    some_paid = {PaymentStatus.PAID, PaymentStatus.PARTIALLY_PAID} & set(states)
    return PaymentStatus.PARTIALLY_PAID if some_paid else states[0]


def order_type(ours: str) -> str:
    """`b2b`, or `b2c` for everything else."""
    return "b2b" if ours == ORDER_TYPE["b2b"] else "b2c"


def unix(value: dt.datetime | None) -> int | None:
    """Unix seconds."""
    return None if value is None else int(value.timestamp())


def whole(amount: Decimal) -> int:
    """Money as an integer, as bodies of calls have it."""
    return round(amount)


def decimals(amount: Decimal) -> str:
    """Money as `250000.00`, as shipments have it."""
    return f"{amount:.2f}"

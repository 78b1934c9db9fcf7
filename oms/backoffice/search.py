"""Search by whatever number a person holds. Every arm is one exact, indexed look-up.

Only the order number is also matched from its beginning. Results are keys; who may see them is
decided by the list that shows them.
"""

import re
import uuid
from collections.abc import Iterator
from typing import Any

from django.db.models import Q, QuerySet

from catalog.models import Sku
from channels_app.models import Channel
from fulfillment.models import CancellationTask, FulfillmentTask, Parcel
from oms.kernel.crypto import fingerprint
from oms.locations.models import FulfillmentPoint
from oms.orders import numbers
from oms.orders.models import Buyer, Customer, Order

LIMIT = 1_000
PREFIX_FROM = 3  # characters; a shorter beginning would match everything
_LAST_CHARACTER = "\U0010ffff"
_BIGGEST = 2**53
_PHONE = re.compile(r"\+?[0-9][0-9 ()./-]{4,}")

HELP = (
    "Order number or its beginning, NH, FT or CT number, parcel or tracking number, customer id, "
    "e-mail, phone, or public id"
)


def normal_email(text: str) -> str:
    """As it is fingerprinted."""
    return text.strip().lower()


def normal_phone(text: str) -> str:
    """Digits and plus only, as it is fingerprinted."""
    return re.sub(r"[^0-9+]", "", text)


def find_orders(text: str) -> list[int]:
    """Keys of the orders a number leads to, at most LIMIT of them."""
    term = text.strip().replace("\x00", "")
    if not term:
        return []
    first, *others = _arms(term)
    found = first.union(*others, all=True) if others else first
    return sorted({key for (key,) in found[: LIMIT + len(others) + 1]})[:LIMIT]


def find_tasks(text: str) -> list[int]:
    """Keys of tasks: the one with this number, else those of the orders found."""
    term = text.strip().upper()
    exact = FulfillmentTask.objects.filter(number=term).values_list("pk", flat=True)
    if found := list(exact):
        return found
    tasks = FulfillmentTask.objects.filter(order_id__in=find_orders(text))
    return list(tasks.values_list("pk", flat=True)[:LIMIT])


def find_parcels(text: str) -> list[int]:
    """Keys of parcels: those with this number, else those of the orders found."""
    arms = list(_parcel_arms(text.strip(), "pk"))
    if arms and (found := sorted({key for (key,) in arms[0].union(*arms[1:], all=True)})):
        return found
    parcels = Parcel.objects.filter(task__order_id__in=find_orders(text))
    return list(parcels.values_list("pk", flat=True)[:LIMIT])


def find_skus(text: str) -> list[int]:
    """Keys of SKUs by code or its beginning, barcode, or the brand's code."""
    term = text.strip()
    if not term:
        return []
    code = Q(code=term)
    if len(term) >= PREFIX_FROM:
        code |= _begins_with("code", term)
    found = Sku.objects.filter(code).values_list("pk")[:LIMIT]
    other = Sku.objects.filter(Q(barcodes__contains=[term])).values_list("pk")[:LIMIT]
    brand = Sku.objects.exclude(brand_sku_code="").filter(brand_sku_code=term).values_list("pk")
    return sorted({key for (key,) in found.union(other, brand[:LIMIT], all=True)})[:LIMIT]


def _begins_with(column: str, term: str) -> Q:
    """A range serves an index of any collation; `startswith` keeps the answer exact."""
    bounds = {f"{column}__gte": term, f"{column}__lt": term + _LAST_CHARACTER}
    return Q(**bounds, **{f"{column}__startswith": term})


def _arms(term: str) -> Iterator[QuerySet[Any, Any]]:
    """One look-up per kind of number the term can be."""
    yield Order.objects.filter(external_id=term).values_list("pk")[:LIMIT]
    if len(term) >= PREFIX_FROM:
        yield Order.objects.filter(_begins_with("external_id", term)).values_list("pk")[:LIMIT]
    if (number := numbers.read(term)) is not None:
        yield Order.objects.filter(number=number).values_list("pk")
    yield FulfillmentTask.objects.filter(number=term.upper()).values_list("order_id")
    closed = CancellationTask.objects.filter(number=term.upper())
    yield closed.values_list("task__order_id")
    yield from _parcel_arms(term, "task__order_id")
    channels = Channel.objects.values("pk")
    customers = Customer.objects.filter(channel_id__in=channels, external_id=term).values("pk")
    yield Order.objects.filter(customer_id__in=customers).values_list("pk")[:LIMIT]
    yield from _personal_arms(term)
    try:
        yield Order.objects.filter(public_id=uuid.UUID(term)).values_list("pk")
    except ValueError:
        return


def _parcel_arms(term: str, column: str) -> Iterator[QuerySet[Any, Any]]:
    if not term:
        return
    if term.isascii() and term.isdigit() and int(term) < _BIGGEST:
        yield Parcel.objects.filter(number=int(term)).values_list(column)
    points = FulfillmentPoint.objects.values("pk")
    named = Parcel.objects.filter(point_id__in=points, point_parcel_no=term)
    yield named.values_list(column)[:LIMIT]
    tracked = Parcel.objects.exclude(tracking_number="").filter(tracking_number=term)
    yield tracked.values_list(column)[:LIMIT]
    shopped = Parcel.objects.exclude(channel_parcel_no="").filter(channel_parcel_no=term)
    yield shopped.values_list(column)[:LIMIT]


def _personal_arms(term: str) -> Iterator[QuerySet[Any, Any]]:
    """E-mail and phone match whole or not at all: only their fingerprints are kept."""
    if "@" in term:
        digest = fingerprint(normal_email(term), purpose="buyer.email")
        yield Buyer.objects.filter(email_hash=digest).values_list("order_id")[:LIMIT]
    elif _PHONE.fullmatch(term):
        digest = fingerprint(normal_phone(term), purpose="buyer.phone")
        yield Buyer.objects.filter(phone_hash=digest).values_list("order_id")[:LIMIT]

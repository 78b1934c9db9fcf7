"""What an extension is sent, and what it answers, as documents. No network, no tables.

Members and statuses are those of contract 7.3; what it leaves open is chosen in docs/adr/0032.
"""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from fulfillment.carriers.base import Content, Destination, Journey, LabelRequest, ShipmentDetails
from oms.api.akinon.carriers.records import Record
from oms.api.akinon.rendering.buyers import names
from oms.api.akinon.sync import words

CUSTOMER, PICK_UP_LOCATION = "CUSTOMER", "PICK_UP_LOCATION"
DELETED = "DELETED"
JOURNEYS: Mapping[str, Journey] = {
    "CREATED": Journey.WAITING,
    DELETED: Journey.DELETED,
    "SHIPPING": Journey.LEFT,
    "DELIVERED": Journey.DELIVERED,
    "NOT_DELIVERED": Journey.ATTEMPTED,
    "ATTEMPTED": Journey.ATTEMPTED,
    "RETURNED": Journey.RETURNED,
}
_COLLECTING = frozenset({"OMNITRON", "SELLER_CENTER"})
_NUMBERS = ("awbNumber", "awb_number", "trackingNumber", "tracking_number", "barcode")
_ADDRESSES = ("trackingUrl", "tracking_url")
_LISTS = ("history", "statuses", "results", "data")
_INSTANTS = ("date", "createdAt", "created_at", "created_date", "timestamp", "time")
_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_REGION = 2  # letters
_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What the other side calls a place: its key, and the code of a country."""

    key: int
    name: str
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """The places of a destination that are known there."""

    country: Place | None = None
    city: Place | None = None
    township: Place | None = None
    district: Place | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipment:
    """A shipment as the extension tells it; what it does not tell is empty."""

    status: str
    number: str = ""
    url: str = field(default="", repr=False)

    @property
    def journey(self) -> Journey:
        """How far it is; a word nobody knows moves nothing."""
        return JOURNEYS.get(self.status, Journey.WAITING)


def shipment_body(
    request: LabelRequest, details: ShipmentDetails, *, record: Record, places: Places
) -> dict[str, Any]:
    """The body of `POST` and `PATCH`; what is not known is left out."""
    is_collected = details.channel_type in _COLLECTING and details.has_preferred_point
    body: dict[str, Any] = {
        "shipmentId": request.reference,
        "orderNumber": request.order_number,
        "locale": locale_of(details),
        "deliveryNote": details.note,
        "type": PICK_UP_LOCATION if is_collected else CUSTOMER,
        "destination": destination(details.destination, places),
        "products": [_product(content) for content in details.contents],
    }
    if record.origin_id:
        body["originId"] = record.origin_id
    if record.with_payment and details.cod_amount > 0:
        body["payment"] = {
            "paymentId": request.reference,
            "amount": float(details.cod_amount.quantize(_CENT)),  # a number there, of two decimals
            "currency": details.currency.upper(),
        }
    return body


def destination(to: Destination, places: Places) -> dict[str, Any]:
    """Where it goes, with the other side's keys where they are known."""
    first, last = names(to.name)
    told = {
        "name": first or "",
        "surname": last or "",
        "tel": to.phone,
        "country": _country(to, places.country),
        "city": _place(to.province or to.district, places.city),
        "township": _place(to.district if to.province else "", places.township),
        "district": _place(to.ward, places.district),
        "zipcode": to.postal_code,
        "addressLine": to.line,
    }
    return {name: value for name, value in told.items() if value is not None}


def locale_of(details: ShipmentDetails) -> str:
    """The buyer's language where the channel told it, else that of our papers, as BCP 47."""
    said = str(details.told.get("language_code") or "").strip().replace("_", "-")
    tag = said if _TAG.fullmatch(said) else details.language
    language, *rest = tag.split("-")
    regions = [part.upper() if len(part) == _REGION else part for part in rest]
    return "-".join([language.lower(), *regions])


def read_shipment(document: Mapping[str, Any]) -> Shipment:
    """What an answer says of a shipment."""
    url = _first(document, _ADDRESSES, longest=2048)
    return Shipment(
        status=words.text(document.get("status"), 64).upper(),
        number=_first(document, _NUMBERS, longest=128),
        url=url if url.startswith(("https://", "http://")) else "",
    )


def read_instant(answer: object, status: str) -> dt.datetime | None:
    """When a shipment came to a status, by its history; None where that does not tell."""
    known = [at for entry in _entries(answer) if (at := _at(entry, status)) is not None]
    return max(known, default=None)


def _entries(answer: object) -> Iterator[Mapping[str, Any]]:
    if isinstance(answer, dict):
        answer = next((answer[name] for name in _LISTS if name in answer), None)
    yield from (
        (entry for entry in answer if isinstance(entry, dict)) if isinstance(answer, list) else ()
    )


def _at(entry: Mapping[str, Any], status: str) -> dt.datetime | None:
    said = _first(entry, _INSTANTS, longest=64)
    if not said or words.text(entry.get("status"), 64).upper() != status:
        return None
    try:
        return words.instant(said, "date")
    except words.DocumentUnreadable:
        return None


def _first(document: Mapping[str, Any], members: tuple[str, ...], *, longest: int) -> str:
    said = (document.get(member) for member in members)
    texts = (words.text(value, longest) for value in said if isinstance(value, str | int))
    return next(filter(None, texts), "")


def _country(to: Destination, known: Place | None) -> dict[str, Any] | None:
    if known is not None:
        return {"id": known.key, "code": known.code or to.country, "name": known.name}
    if not to.country:
        return None
    is_code = len(to.country) == _REGION
    return {"code": to.country, "name": to.country} if is_code else {"name": to.country}


def _place(name: str, known: Place | None) -> dict[str, Any] | None:
    if not name:
        return None
    return {"name": name} if known is None else {"id": known.key, "name": name}


def _product(content: Content) -> dict[str, Any]:
    told = {
        "sku": content.sku,
        "barcode": content.barcode,
        "name": content.name,
        "quantity": content.quantity,
    }
    return {name: value for name, value in told.items() if value != ""}

"""What each paper shows, as texts: the only thing a template gets to see."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from fulfillment.choices import DocumentKind
from fulfillment.models import Document, Handover, Invoice, Manifest, PaperSettings, Parcel
from fulfillment.papers import wording
from fulfillment.services import consignments
from fulfillment.services.invoicing import settings_of
from oms.kernel import sealed
from oms.locations.models import FulfillmentPoint
from oms.orders.addresses import Address
from oms.orders.models import Order

Data = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What goes on a paper, and since when that stands."""

    data: Data
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scene:
    """In whose words and time it is said."""

    settings: PaperSettings
    zone: str

    @property
    def language(self) -> str:
        return self.settings.language

    def money(self, amount: Decimal, currency: str) -> str:
        return wording.shown_money(amount, currency, self.language)

    def count(self, number: int) -> str:
        return wording.shown_number(number, self.language)


def sheet_of(document: Document) -> Sheet:
    """Everything a paper shows. Raises crypto.SealBroken."""
    return _BY_KIND[DocumentKind(document.kind)](document)


def _scene(organization_id: int, point: FulfillmentPoint) -> _Scene:
    zone = point.timezone or point.organization.timezone
    return _Scene(settings=settings_of(organization_id), zone=zone)


def _common(scene: _Scene, number: str, at: datetime, point: FulfillmentPoint) -> Data:
    said = scene.settings
    address = [line for line in said.issuer_address.splitlines() if line.strip()]
    return {
        "language": scene.language,
        "number": number,
        "bars": list(wording.bars(number)),
        "issued_at": wording.shown_time(at, scene.zone, scene.language),
        "issuer": {
            "name": said.issuer_name or point.organization.name,
            "lines": address,
            "tax_code": said.issuer_tax_code,
        },
        "ship_from": _party(consignments.address_of_point(point)),
        "footnote": said.footnote,
    }


def _party(address: Address | None) -> Data | None:
    if address is None:
        return None
    area = " ".join(filter(None, (address.postal_code, address.province)))
    lines = (address.line1, address.line2, address.ward, address.district, area, address.country)
    return {"name": address.full_name, "lines": [line for line in lines if line]}


_PARCEL = "parcel__task__order__buyer", "parcel__task__channel", "parcel__consignment"
_POINT = "parcel__point__organization"


def _invoice(document: Document) -> Sheet:
    rows = Invoice.objects.select_related(*_PARCEL, _POINT, "corrects", "seller")
    invoice = rows.get(documents=document)
    parcel, order = invoice.parcel, invoice.parcel.task.order
    scene = _scene(invoice.organization_id, parcel.point)
    data = _common(scene, invoice.code, invoice.issued_at, parcel.point)
    if invoice.seller is not None:
        data["issuer"] = {"name": invoice.seller.name, "lines": [], "tax_code": ""}
    data |= {
        "kind": str(invoice.kind),
        "order": order.external_id,
        "channel": parcel.task.channel.name,
        "parcel": str(parcel.number),
        "corrects": invoice.corrects.code if invoice.corrects else "",
        "reason": invoice.reason,
        "bill_to": _party(consignments.recipient_of(parcel)),
        "currency": invoice.currency,
        "totals": {
            "net": scene.money(invoice.net_total, invoice.currency),
            "tax": scene.money(invoice.tax_total, invoice.currency),
            "gross": scene.money(invoice.gross_total, invoice.currency),
        },
        **_priced(scene, invoice),
    }
    return Sheet(data=data, at=invoice.issued_at)


def _priced(scene: _Scene, invoice: Invoice) -> Data:
    """Lines, and the tax of each type and rate."""
    lines = []
    taxes: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    found = invoice.lines.select_related("order_line__sku").order_by("order_line__position", "pk")
    for place, line in enumerate(found, 1):
        for tax in line.taxes:
            taxes[tax["type"], tax["rate"]] += Decimal(tax["tax_total"])
        rates = [wording.shown_rate(Decimal(tax["rate"]), scene.language) for tax in line.taxes]
        row = {
            "n": str(place),
            "code": line.order_line.sku_code,
            "name": line.order_line.name or line.order_line.sku_code,
            "quantity": scene.count(line.quantity),
            "unit_price": scene.money(line.unit_gross, invoice.currency),
            "rate": ", ".join(rates),
            "net": scene.money(line.net_total, invoice.currency),
            "tax": scene.money(line.tax_total, invoice.currency),
            "gross": scene.money(line.gross_total, invoice.currency),
        }
        lines.append(row)
    summed = [
        {
            "type": kind,
            "rate": wording.shown_rate(Decimal(rate), scene.language),
            "tax": scene.money(amount, invoice.currency),
        }
        for (kind, rate), amount in sorted(taxes.items())
    ]
    return {"lines": lines, "taxes": summed}


def _packing_slip(document: Document) -> Sheet:
    rows = Parcel.objects.select_related(
        "task__order__buyer", "task__channel", "consignment", "point__organization"
    )
    parcel = rows.get(documents=document)
    scene = _scene(parcel.organization_id, parcel.point)
    at = parcel.packed_at or parcel.created_at
    items = list(parcel.items.select_related("task_line__order_line").order_by("task_line_id"))
    data = _common(scene, f"P{parcel.number}", at, parcel.point) | {
        "kind": str(document.kind),
        "order": parcel.task.order.external_id,
        "channel": parcel.task.channel.name,
        "carrier": parcel.carrier,
        "tracking": parcel.tracking_number,
        "ship_to": _party(consignments.recipient_of(parcel)),
        "note": parcel.task.packing_instruction,
        "units": scene.count(sum(item.quantity for item in items)),
        "lines": [
            {
                "n": str(place),
                "code": item.task_line.order_line.sku_code,
                "name": item.task_line.order_line.name or item.task_line.order_line.sku_code,
                "quantity": scene.count(item.quantity),
            }
            for place, item in enumerate(items, 1)
        ],
    }
    return Sheet(data=data, at=at)


def _manifest(document: Document) -> Sheet:
    rows = Manifest.objects.select_related("point__organization", "channel")
    manifest = rows.get(documents=document)
    scene = _scene(manifest.organization_id, manifest.point)
    data = _common(scene, manifest.number, manifest.created_at, manifest.point)
    keys = list(manifest.entries.order_by("pk").values_list("parcel_id", flat=True))
    data |= _collected(scene, manifest, document.kind, keys)
    return Sheet(data=data, at=manifest.created_at)


def _handover(document: Document) -> Sheet:
    rows = Handover.objects.select_related("point__organization", "channel")
    handover = rows.get(documents=document)
    scene = _scene(handover.organization_id, handover.point)
    data = _common(scene, handover.number, handover.handed_over_at, handover.point)
    keys = list(handover.entries.order_by("pk").values_list("parcel_id", flat=True))
    data |= _collected(scene, handover, document.kind, keys)
    data |= {
        "vehicle": handover.vehicle_number,
        "remarks": handover.remarks,
        "lr_number": handover.lr_number,
        "eway_bill": sealed.read(handover, "eway_bill"),
    }
    return Sheet(data=data, at=handover.handed_over_at)


def _collected(
    scene: _Scene, of: Manifest | Handover, kind: str, parcel_ids: Iterable[int]
) -> Data:
    """Whose boxes, and which."""
    keys = list(parcel_ids)
    rows = Parcel.objects.select_related("task__order").prefetch_related("items").in_bulk(keys)
    return {
        "kind": str(kind),
        "carrier": of.carrier,
        "channel": of.channel.name if of.channel else "",
        "count": scene.count(len(keys)),
        "parcels": [_box(scene, place, rows[key]) for place, key in enumerate(keys, 1)],
    }


def _box(scene: _Scene, place: int, parcel: Parcel) -> Data:
    weight = parcel.weight_kg
    order: Order = parcel.task.order
    return {
        "n": str(place),
        "order": order.external_id,
        "parcel": str(parcel.number),
        "tracking": parcel.tracking_number,
        "units": scene.count(sum(item.quantity for item in parcel.items.all())),
        "weight": ""
        if weight is None
        else f"{wording.shown_number(weight.normalize(), scene.language)} kg",
    }


_BY_KIND: Mapping[DocumentKind, Callable[[Document], Sheet]] = {
    DocumentKind.INVOICE: _invoice,
    DocumentKind.CREDIT_NOTE: _invoice,
    DocumentKind.PACKING_SLIP: _packing_slip,
    DocumentKind.MANIFEST: _manifest,
    DocumentKind.HANDOVER: _handover,
}

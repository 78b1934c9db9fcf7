"""What a pack call is answered with (contract API 7). The shape is flat: `invoice` is text."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from fulfillment.models import Invoice, InvoiceLine, Parcel
from oms.api.increff.codes import SkuName
from oms.api.increff.rendering import combo_lines
from oms.api.increff.rendering.papers import Paper
from oms.api.increff.rendering.times import with_offset
from oms.locations import queries as locations


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A shipment as it is now that its documents are there, and its invoice's lines."""

    parcel: Parcel
    invoice: Invoice
    lines: list[InvoiceLine]

    @property
    def sku_ids(self) -> set[int]:
        return {line.order_line.sku_id for line in self.lines if line.order_line.sku_id}

    @property
    def bundle_ids(self) -> set[int]:
        parents = (line.order_line.parent for line in self.lines)
        return {parent.bundle_id for parent in parents if parent and parent.bundle_id}


def source_of(invoice: Invoice) -> Source:
    """Everything a pack call is answered with, but its papers."""
    return Source(
        parcel=Parcel.objects.select_related("point__organization").get(pk=invoice.parcel_id),
        invoice=invoice,
        lines=list(
            invoice.lines.select_related("order_line__parent")
            .prefetch_related("order_line__parent__parts")
            .order_by("order_line__position", "pk")
        ),
    )


def packed(
    source: Source,
    *,
    label: Paper | None,
    paper: Paper,
    names: Mapping[int, SkuName],
    bundle_names: Mapping[int, SkuName],
) -> dict[str, Any]:
    """Shipment, label and invoice; the caller adds what the request named."""
    parcel, invoice = source.parcel, source.invoice
    clock = locations.clock_of(parcel.point)
    return {
        "shipmentCode": parcel.channel_parcel_no or str(parcel.number),
        "shipmentId": parcel.number,
        "shippingLabel": None if label is None else _label(parcel, label),
        **paper.members(url="invoiceUrl", content="invoice"),
        "invoiceCode": invoice.code,
        "invoiceDate": with_offset(invoice.issued_at, clock),
        "invoiceDetails": _details(combo_lines.gathered(source.lines), names, bundle_names),
    }


def _label(parcel: Parcel, label: Paper) -> dict[str, Any]:
    return {
        "transporter": parcel.carrier,
        "awbNumber": parcel.tracking_number,
        **label.members(url="shippingLabelUrl", content="shippingLabel"),
    }


def _details(
    lines: Iterable[InvoiceLine],
    names: Mapping[int, SkuName],
    bundle_names: Mapping[int, SkuName],
) -> list[dict[str, Any]]:
    """One entry per SKU or combo and price, in the order of the lines, which come with their order
    lines.
    """
    same: dict[tuple[object, ...], list[InvoiceLine]] = defaultdict(list)
    for line in lines:
        rates = tuple((tax["type"], tax["rate"], tax["tax_per_unit"]) for tax in line.taxes)
        what = (line.order_line.sku_id, line.order_line.bundle_id)
        key = (*what, line.unit_net, line.unit_tax, line.unit_gross, rates)
        same[key].append(line)
    return [_detail(entry, names, bundle_names) for entry in same.values()]


def _detail(
    lines: list[InvoiceLine],
    names: Mapping[int, SkuName],
    bundle_names: Mapping[int, SkuName],
) -> dict[str, Any]:
    first = lines[0]
    ordered = first.order_line
    name = names.get(ordered.sku_id or 0) or bundle_names.get(ordered.bundle_id or 0)
    return {
        "channelSkuCode": name.channel_sku_code if name else first.order_line.sku_code,
        "clientSkuId": name.client_sku_id if name else first.order_line.sku_code,
        "quantity": sum(line.quantity for line in lines),
        "netTaxAmountPerUnit": float(first.unit_tax),
        "netTaxAmountTotal": _total(line.tax_total for line in lines),
        "baseSellingPricePerUnit": float(first.unit_net),
        "baseSellingPriceTotal": _total(line.net_total for line in lines),
        "actualSellingPricePerUnit": float(first.unit_gross),
        "actualSellingPriceTotal": _total(line.gross_total for line in lines),
        "taxItems": [
            {
                "type": tax["type"],
                "rate": float(tax["rate"]),
                "taxPerUnit": float(tax["tax_per_unit"]),
                "taxTotal": _total(Decimal(line.taxes[place]["tax_total"]) for line in lines),
            }
            for place, tax in enumerate(first.taxes)
        ],
    }


def _total(amounts: Iterable[Decimal]) -> float:
    return float(sum(amounts, Decimal(0)))

"""Packing a sub-order: shipment, invoice and label in one call (contract API 7)."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from django.http import HttpResponse
from rest_framework.request import Request

from fulfillment import services as fulfillment
from fulfillment.choices import Completeness
from oms.api.increff import (
    codes,
    combo_packing,
    dock_answers,
    dock_bodies,
    documents,
    errors,
    labels,
    packing,
    suborders,
)
from oms.api.increff.reader import Values
from oms.api.increff.rendering import shipments
from oms.api.increff.schema import operation
from oms.api.increff.settings import document_mode
from oms.api.increff.suborders import SubOrder
from oms.api.increff.views.dock import DockView

if TYPE_CHECKING:
    from fulfillment.services import PackedShipment, ShipmentDraft

COMPLETENESS: Mapping[str, Completeness] = {
    dock_bodies.BLOCK_COMPLETE: Completeness.BLOCK_COMPLETE,
    dock_bodies.SINGLE_SHIPMENT_PARTIAL: Completeness.SINGLE_PARTIAL,
    dock_bodies.MULTI_SHIPMENT_PARTIAL: Completeness.MULTI_PARTIAL,
}
PATIENCE = 15.0  # seconds for documents, after those that packing itself waits


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What a call wants in the box, by SKU, and how it called each SKU; the same of combos, whose
    sets are by key of the bundle.
    """

    units: Mapping[int, int]
    serials: Mapping[int, list[str]]
    names: Mapping[int, str]
    sets: Mapping[int, int]
    combo_names: Mapping[int, str]


class Pack(DockView):
    scopes: ClassVar = {"POST": "parcels:write"}
    shape = dock_bodies.PACK

    @operation("pack", dock_bodies.PACK, dock_answers.PACKED)
    def post(self, _request: Request) -> HttpResponse:
        """Pack a shipment and get its invoice and label."""
        values = self.values()
        _check_serials(values["shipmentItems"])
        asked = self.asked(values, [values["orderCode"]])
        if (suborder := asked.suborders.get(values["orderCode"])) is None:
            raise errors.unknown_order(values["orderCode"])
        contents = self.contents(values["shipmentItems"])
        draft = _draft(suborder, contents, values)
        with _refused(suborder, contents):
            packed = fulfillment.pack_shipment(draft=draft, actor=self.actor, now=self.now)
        return self.done(
            {
                "orderCode": values["orderCode"],
                "locationCode": values["locationCode"],
                "channelId": values["channelName"],
                **self.rendered(packed),
            }
        )

    def contents(self, items: list[Values]) -> Contents:
        """400 for a SKU nobody knows, or one that is named twice, whatever by."""
        wanted = [item["channelSkuCode"] for item in items]
        known = self.sku_ids(wanted)
        bundles = self.bundle_ids(set(wanted) - known.keys())
        units: dict[int, int] = {}
        serials: dict[int, list[str]] = {}
        sets: dict[int, int] = {}
        for code, item in zip(wanted, items, strict=True):
            if (bundle_id := bundles.get(code)) is not None:
                _add_sets(sets, bundle_id, item)
                continue
            if (sku_id := known.get(code)) is None:
                raise errors.unknown_sku(code)
            if sku_id in units:
                raise errors.doubled_sku(code)
            units[sku_id] = item["quantityToPack"]
            serials[sku_id] = item["externalSerialCodes"]
        return Contents(
            units=units,
            serials=serials,
            names={known[code]: code for code in wanted if code in known},
            sets=sets,
            combo_names={pk: code for code, pk in bundles.items()},
        )

    def rendered(self, packed: "PackedShipment") -> dict[str, Any]:
        """Shipment, label and invoice. 503 while a document is late, 400 when it is refused."""
        wanted = [packed.invoice_paper, *([packed.label] if packed.label else [])]
        found = documents.made(wanted, now=self.now, patience=PATIENCE)
        for label in found[1:]:
            labels.check(label, packed, actor=self.actor, now=self.now)
        documents.check(found[0])
        mode = document_mode(self.machine)
        papers = [documents.paper(each, mode, host=self.host, now=self.now) for each in found]
        source = shipments.source_of(packed.invoice)
        return shipments.packed(
            source,
            paper=papers[0],
            label=papers[1] if packed.label else None,
            names=codes.sku_names(source.sku_ids, efs_channel_id=self.efs_channel_id),
            bundle_names=codes.bundle_names(source.bundle_ids, efs_channel_id=self.efs_channel_id),
        )


def _add_sets(sets: dict[int, int], bundle_id: int, item: Values) -> None:
    code = item["channelSkuCode"]
    if bundle_id in sets:
        raise errors.doubled_sku(code)
    if item["externalSerialCodes"]:
        raise errors.bad_data(f"Serial codes belong to the SKUs of a combo: {code}")
    sets[bundle_id] = item["quantityToPack"]


def _check_serials(items: list[Values]) -> None:
    problems = [
        (
            f"shipmentItems[{place}].externalSerialCodes",
            "must have as many entries as quantityToPack",
        )
        for place, item in enumerate(items)
        if item["externalSerialCodes"]
        and len(item["externalSerialCodes"]) != item["quantityToPack"]
    ]
    if problems:
        raise errors.invalid_fields(problems)


def _draft(suborder: SubOrder, contents: Contents, values: Values) -> "ShipmentDraft":
    lines = suborders.lines_of(suborder)
    of_order = {line.sku_id for line in lines}
    for sku_id, code in contents.names.items():
        if sku_id not in of_order:
            raise errors.unknown_sku(code)
    in_combos = {line.bundle_id for line in lines}
    for bundle_id, code in contents.combo_names.items():
        if bundle_id not in in_combos:
            raise errors.unknown_sku(code)
    units = combo_packing.shared(contents.units, contents.sets, lines)
    if combo_packing.is_broken(units, lines):
        raise errors.bad_data(f"Combos are packed in whole sets: {suborder.code}")
    size: dict[str, Decimal | None] = values["packageDetails"]
    return fulfillment.ShipmentDraft(
        task_id=suborder.task_id,
        units=units,
        completeness=COMPLETENESS[values["fulfillmentType"]],
        weight_g=values["weight"],
        package_sku=values["packageSku"],
        serials=packing.split_serials(contents.serials, units, lines),
        length_cm=size.get("length"),
        width_cm=size.get("breadth"),
        height_cm=size.get("height"),
    )


@contextmanager
def _refused(suborder: SubOrder, contents: Contents) -> Iterator[None]:
    """Turn refusals of packing into the contract's words."""
    code = suborder.code
    try:
        yield
    except fulfillment.TaskStopped as refusal:
        raise errors.on_hold(code) from refusal
    except fulfillment.TaskEnded as refusal:
        raise errors.cancelled(code) from refusal
    except fulfillment.OrderOnHold as refusal:
        raise errors.on_hold(code) from refusal
    except fulfillment.AlreadyInvoiced as refusal:
        raise errors.invoiced(code) from refusal
    except fulfillment.ShipmentIncomplete as refusal:
        raise errors.bad_data(f"Order must be packed completely: {code}") from refusal
    except fulfillment.OpenUnitsExceeded as refusal:
        raise errors.too_many_units(_name_of(refusal.task_line_id, suborder, contents)) from refusal


def _name_of(task_line_id: int, suborder: SubOrder, contents: Contents) -> str:
    """What the call named a line by: its SKU, or its combo."""
    [line] = [each for each in suborders.lines_of(suborder) if each.id == task_line_id]
    return contents.names.get(line.sku_id) or contents.combo_names[line.bundle_id or 0]

"""The items of an order event: one entry for each SKU, and for each combo (contract API 3)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from fulfillment.models import TaskLine
from oms.api.increff.codes import SkuName
from oms.api.increff.combos import Combo
from oms.api.increff.push.suborders import SubOrder
from oms.api.increff.push.taken import Taken
from oms.api.increff.push.values import money
from oms.orders.models import OrderLine

Data = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Units:
    """So many units of an order line, and what of them was taken."""

    line: OrderLine
    quantity: int
    taken: Taken


def order_items(found: SubOrder) -> list[Data]:
    """Entries in the order of the sales channel's lines; combos where their lines are."""
    places: dict[tuple[str, int], list[Units]] = {}
    of_combos = {line.pk: combo for combo in found.combos for line in _lines(combo)}
    for line in found.lines:
        if (combo := of_combos.get(line.pk)) is None:
            units = Units(line=line.order_line, quantity=line.quantity, taken=found.taken[line.pk])
            places.setdefault(("sku", line.sku_id), []).append(units)
        elif line is combo.parts[0].lines[0]:
            key = ("combo", combo.ordered.bundle_id or 0)
            places.setdefault(key, []).append(_sets(combo, found.taken))
    for combo in found.combos:
        for sku_id, units in _loose(combo, found.taken):
            places.setdefault(("sku", sku_id), []).append(units)
    return [_entry(found, key, units) for key, units in places.items()]


def _lines(combo: Combo) -> list[TaskLine]:
    return [line for part in combo.parts for line in part.lines]


def _sets(combo: Combo, taken: Mapping[int, Taken]) -> Units:
    """Whole sets. One that lost a part here is no set any more: it went elsewhere, if nobody
    cancelled it.
    """
    lines = _lines(combo)
    left = combo.sets({line.pk: line.quantity - taken[line.pk].cancelled for line in lines})
    gone = combo.quantity - left
    by_customer = combo.sets({line.pk: taken[line.pk].by_customer for line in lines})
    by_seller = combo.sets({line.pk: taken[line.pk].by_seller for line in lines})
    short = max(
        -(-sum(taken[line.pk].short for line in part.lines) // part.per_set) for part in combo.parts
    )
    return Units(
        line=combo.ordered,
        quantity=combo.quantity,
        taken=Taken(
            cancelled=gone,
            by_customer=by_customer,
            by_seller=by_seller,
            hopped=gone - by_customer - by_seller,
            short=min(short, gone),
        ),
    )


def _loose(combo: Combo, taken: Mapping[int, Taken]) -> list[tuple[int, Units]]:
    """Units that make no set here, by SKU: given without the others, or left when these went."""
    gone = _sets(combo, taken).taken.cancelled
    found = []
    for part in combo.parts:
        quantity = sum(line.quantity for line in part.lines) - combo.quantity * part.per_set
        cancelled = sum(taken[line.pk].cancelled for line in part.lines) - gone * part.per_set
        quantity += max(-cancelled, 0)
        if quantity:
            lost = max(cancelled, 0)
            said = Taken(cancelled=lost, hopped=lost)
            units = Units(line=part.lines[0].order_line, quantity=quantity, taken=said)
            found.append((part.sku_id, units))
    return found


def _entry(found: SubOrder, key: tuple[str, int], units: list[Units]) -> Data:
    kind, pk = key
    is_virtual = kind == "combo"
    name: SkuName = (found.bundle_names if is_virtual else found.names)[pk]
    taken = sum((each.taken for each in units), Taken())
    return {
        "orderItemCodes": [each.line.external_id for each in units if each.line.is_named],
        "clientSkuId": name.client_sku_id,
        "channelSkuCode": name.channel_sku_code,
        "barcode": name.barcode,
        "orderedQuantity": sum(each.quantity for each in units),
        "cancelledQuantity": taken.cancelled,
        "customerCancelledQty": taken.by_customer or None,
        "sellerCancelledQty": taken.by_seller or None,
        "sellerRejectQty": taken.short or None,
        "hoppedQuantity": taken.hopped or None,
        "sellingPricePerUnit": _per_unit(units, [_price(each.line) for each in units]),
        "giftChargePerUnit": 0.0,
        "channelDiscount": 0.0,
        "sellerDiscount": _per_unit(units, [_discount(each.line) for each in units]),
        "shippingCharge": 0.0,
        "isVirtual": is_virtual,
        "externalItemCodes": [],
        "orderItemCustomAttributes": None,
    }


def _price(line: OrderLine) -> Decimal | None:
    """Of one unit; of a part of a combo its share, without what is off."""
    if line.price_share is None:
        return line.unit_price
    return round(line.price_share / line.quantity_ordered, 4)


def _discount(line: OrderLine) -> Decimal:
    """What is off the price of one unit."""
    return line.line_discount / line.quantity_ordered


def _per_unit(units: list[Units], amounts: Sequence[Decimal | None]) -> float | None:
    """An amount per unit of lines that are one entry: the mean where it differs."""
    known = [amount for amount in amounts if amount is not None]
    if len(known) < len(units):
        return None
    if len(set(known)) == 1:
        return money(known[0])
    total = sum(
        (each.quantity * amount for each, amount in zip(units, known, strict=True)), Decimal()
    )
    return money(round(total / sum(each.quantity for each in units), 4))

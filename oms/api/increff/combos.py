"""Bundles on this wire: combos (contract API 3, 7, 10).

A sub-order has whole sets of a bundle, unless a location did not find a part and another was asked
for it. What makes no set is told, and taken, like any SKU.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fulfillment.models import TaskLine
from oms.api.increff.codes import SkuName
from oms.orders.models import OrderLine

Data = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ComboPart:
    """The lines of a sub-order that are one part of a combo, and its units in a set."""

    sku_id: int
    per_set: int
    lines: tuple[TaskLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Combo:
    """Units of one ordered line of a bundle, in a sub-order."""

    ordered: OrderLine
    parts: tuple[ComboPart, ...]

    def sets(self, units: Mapping[int, int]) -> int:
        """Whole sets of units by task line."""
        return min(
            sum(units.get(line.pk, 0) for line in part.lines) // part.per_set for part in self.parts
        )

    @property
    def quantity(self) -> int:
        """Sets that the sub-order was given."""
        return self.sets({line.pk: line.quantity for part in self.parts for line in part.lines})


def combos_of(lines: Iterable[TaskLine]) -> list[Combo]:
    """The combos among a task's lines, which come with their order lines and these' parents.

    One of which not all parts are here is none: only what another location did not find is.
    """
    by_line: dict[int, list[TaskLine]] = {}
    for line in lines:
        if line.order_line.parent_id is not None:
            by_line.setdefault(line.order_line.parent_id, []).append(line)
    found = []
    for mine in by_line.values():
        ordered = mine[0].order_line.parent
        combo = None if ordered is None else Combo(ordered=ordered, parts=_parts(mine))
        if combo is not None and len(combo.parts) == _part_count(combo) and combo.quantity:
            found.append(combo)
    return found


def _part_count(combo: Combo) -> int:
    return len(combo.ordered.parts.all())


def _parts(lines: Sequence[TaskLine]) -> tuple[ComboPart, ...]:
    by_sku: dict[int, list[TaskLine]] = {}
    for line in lines:
        by_sku.setdefault(line.sku_id, []).append(line)
    return tuple(
        ComboPart(sku_id=sku_id, per_set=mine[0].order_line.per_set or 1, lines=tuple(mine))
        for sku_id, mine in by_sku.items()
    )


def definitions(
    ordered: Iterable[OrderLine],
    names: Mapping[int, SkuName],
    bundle_names: Mapping[int, SkuName],
) -> list[Data] | None:
    """What combos are made of, each once; the lines come with their parts. None where none is."""
    found: dict[int, Data] = {}
    for line in ordered:
        if line.bundle_id is not None:
            name = bundle_names[line.bundle_id]
            found[line.bundle_id] = {
                "virtualParentChannelSkuId": name.channel_sku_code,
                "virtualParentBarcode": name.barcode,
                "virtualParentClientSkuCode": name.client_sku_id,
                "childSkus": [_child(part, names) for part in line.parts.all()],
            }
    return list(found.values()) or None


def _child(part: OrderLine, names: Mapping[int, SkuName]) -> Data:
    name = names.get(part.sku_id or 0)
    return {
        "channelSkuCode": name.channel_sku_code if name else part.sku_code,
        "barcode": name.barcode if name else None,
        "clientSkuCode": name.client_sku_id if name else part.sku_code,
        "qty": part.per_set,
    }

"""From the units a pack call names by SKU to the lines of its sub-order (contract API 7).

A SKU may stand in several lines of a sub-order, and a line of several units may be packed in parts,
so somebody has to choose. What has been packed keeps its place: a call that repeats an earlier one
means the units of that box again.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PackLine:
    """A line of a sub-order: `live` of its units were not cancelled, `packed` are in boxes.

    One that is a part of a combo says of which bundle, in which line of the order, and how many
    units make a set.
    """

    id: int
    sku_id: int
    live: int
    packed: int = 0
    bundle_id: int | None = None
    set_id: int | None = None
    per_set: int = 1

    @property
    def left(self) -> int:
        return max(self.live - self.packed, 0)


def by_sku(units: Mapping[int, int], lines: Sequence[PackLine]) -> dict[int, int]:
    """Units by SKU instead of by line."""
    skus = {line.id: line.sku_id for line in lines}
    found: dict[int, int] = defaultdict(int)
    for line_id, quantity in units.items():
        found[skus[line_id]] += quantity
    return dict(found)


def shared(wanted: Mapping[int, int], lines: Sequence[PackLine]) -> dict[int, int]:
    """Units by line, of wanted units by SKU: first line first, of what is in no box yet.

    Units that no line has left stay with the last line of their SKU, so that whoever packs refuses
    them and can say why. A SKU without a line is left out. Lines of combos come last.
    """
    units: dict[int, int] = {}
    missing = dict(wanted)
    last: dict[int, int] = {}
    for line in sorted(lines, key=lambda each: each.set_id is not None):
        last[line.sku_id] = line.id
        if taken := min(line.left, missing.get(line.sku_id, 0)):
            units[line.id] = taken
            missing[line.sku_id] -= taken
    for sku_id, quantity in missing.items():
        if quantity and sku_id in last:
            units[last[sku_id]] = units.get(last[sku_id], 0) + quantity
    return units


def split_serials(
    serials: Mapping[int, Sequence[str]], units: Mapping[int, int], lines: Sequence[PackLine]
) -> dict[int, tuple[str, ...]]:
    """Serials by line, of serials by SKU: in their order, as many as each line has units."""
    found: dict[int, tuple[str, ...]] = {}
    waiting = {sku_id: list(named) for sku_id, named in serials.items()}
    for line in lines:
        named = waiting.get(line.sku_id)
        if named and line.id in units:
            count = units[line.id]
            found[line.id], waiting[line.sku_id] = tuple(named[:count]), named[count:]
    return found

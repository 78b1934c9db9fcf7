"""Combos in a pack call: by their code, or by their children in whole sets (contract API 7)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from oms.api.increff import packing
from oms.api.increff.packing import PackLine


def shared(
    wanted: Mapping[int, int], sets: Mapping[int, int], lines: Sequence[PackLine]
) -> dict[int, int]:
    """Units by line, of wanted units by SKU and sets by bundle; combos take theirs first.

    As `packing.shared`, what is too much stays with the last line, for whoever packs to refuse.
    """
    units: dict[int, int] = defaultdict(int)
    for bundle_id, count in sets.items():
        mine = [line for line in lines if line.bundle_id == bundle_id]
        for line_id, quantity in _of_sets(count, mine).items():
            units[line_id] += quantity
    rest = [replace(line, packed=line.packed + units.get(line.id, 0)) for line in lines]
    for line_id, quantity in packing.shared(wanted, rest).items():
        units[line_id] += quantity
    return dict(units)


def _of_sets(count: int, lines: Sequence[PackLine]) -> dict[int, int]:
    """Units of so many sets: of the first ordered line that has some left, then of the next."""
    found: dict[int, int] = {}
    orders = list(dict.fromkeys(line.set_id for line in lines))
    for set_id in orders:
        mine = [line for line in lines if line.set_id == set_id]
        left: dict[int, int] = defaultdict(int)
        for line in mine:
            left[line.sku_id] += line.left
        per_set = {line.sku_id: line.per_set for line in mine}
        here = count if set_id == orders[-1] else min(left[sku] // n for sku, n in per_set.items())
        taken = min(count, here)
        if taken:
            found |= packing.shared({sku: n * taken for sku, n in per_set.items()}, mine)
        count -= taken
    return found


def is_broken(units: Mapping[int, int], lines: Sequence[PackLine]) -> bool:
    """Whether a box would leave a part of a set behind. Units that make no set in this sub-order
    may be packed at any time.
    """
    by_set: dict[int, list[PackLine]] = defaultdict(list)
    for line in lines:
        if line.set_id is not None:
            by_set[line.set_id].append(line)
    return any(_is_broken(units, mine) for mine in by_set.values())


def _is_broken(units: Mapping[int, int], lines: Sequence[PackLine]) -> bool:
    per_set = {line.sku_id: line.per_set for line in lines}
    live, packed = dict.fromkeys(per_set, 0), dict.fromkeys(per_set, 0)
    for line in lines:
        live[line.sku_id] += line.live
        packed[line.sku_id] += line.packed + units.get(line.id, 0)
    there = min(live[sku] // n for sku, n in per_set.items())
    done = min(packed[sku] // n for sku, n in per_set.items())
    return any(packed[sku] - done * n > live[sku] - there * n for sku, n in per_set.items())

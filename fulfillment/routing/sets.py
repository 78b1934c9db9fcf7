"""Bundles in planning: the parts that wait for a point travel as sets, and each set stays whole.

A set is a line of its own while points are chosen: what a point has of it is as much as of its
scarcest part. The plan names the parts again. Units that make no whole set, because others of it
are at a point already, are planned like any other units.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from fulfillment.routing.shapes import Plan, Share, Transfer, Wanted


def gathered(lines: Sequence[Wanted]) -> list[Wanted]:
    """Lines with sets in the place of their parts, and what is left of the parts behind them."""
    parts: dict[int, list[Wanted]] = {}
    for line in lines:
        if line.set_id is not None:
            parts.setdefault(line.set_id, []).append(line)
    found: list[Wanted] = []
    for line in lines:
        if line.set_id is None:
            found.append(line)
        elif mine := parts.pop(line.set_id, None):
            found += _set(line.set_id, mine)
    return found


def _set(set_id: int, parts: Sequence[Wanted]) -> list[Wanted]:
    count = min(part.quantity // part.per_set for part in parts)
    rest = [replace(part, quantity=part.quantity - count * part.per_set) for part in parts]
    loose = [part for part in rest if part.quantity]
    if not count:
        return loose
    first = parts[0]
    whole = replace(
        first,
        line_id=set_id,
        sku_code=" + ".join(part.sku_code for part in parts),
        quantity=count,
        tags=frozenset[str]().union(*(part.tags for part in parts)),
        parts=tuple(parts),
    )
    return [whole, *loose]


def opened(plan: Plan, lines: Iterable[Wanted]) -> None:
    """Name the parts of sets in the plan instead of the sets."""
    sets = {line.line_id: line for line in lines if line.parts}
    if sets:
        plan.shares = [_share(share, sets) for share in plan.shares]
        plan.unserved = [_share(share, sets) for share in plan.unserved]
        plan.transfers = [_transfer(transfer, sets) for transfer in plan.transfers]


def _share(share: Share, sets: Mapping[int, Wanted]) -> Share:
    return replace(share, lines=_units(share.lines, sets))


def _transfer(transfer: Transfer, sets: Mapping[int, Wanted]) -> Transfer:
    return replace(transfer, lines=_units(transfer.lines, sets))


def _units(units: Mapping[int, int], sets: Mapping[int, Wanted]) -> dict[int, int]:
    found: dict[int, int] = {}
    for line_id, quantity in units.items():
        parts = sets[line_id].parts if line_id in sets else ()
        for key, count in [(part.line_id, part.per_set) for part in parts] or [(line_id, 1)]:
            found[key] = found.get(key, 0) + quantity * count
    return found

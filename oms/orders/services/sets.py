"""Bundles in an order: what is said of sets, and what is said of the units in them.

Whoever ordered knows the bundle's line and counts sets; tasks know its parts and count units. A
set is cancelled whole or not at all, so that what the channel reads and what is shipped agree.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from oms.kernel import errors
from oms.orders.drafts import LineCancel
from oms.orders.models import OrderLine

Lines = Mapping[int, OrderLine]


class BundleBroken(errors.Conflict):
    """Units of a bundle would be cancelled while others of the same set are still to be delivered.

    `lines` are the channel's ids of the bundles' lines.
    """

    code = "bundle_broken"


def parts_of(lines: Lines) -> dict[int, list[OrderLine]]:
    """The parts among lines, by the line of their bundle."""
    parts: dict[int, list[OrderLine]] = defaultdict(list)
    for line in lines.values():
        if line.parent_id is not None:
            parts[line.parent_id].append(line)
    return parts


def whole_sets(units: Mapping[int, int], lines: Iterable[OrderLine]) -> int:
    """How many sets of one bundle these units are, by line: as many as of its scarcest part."""
    return min(units.get(line.pk, 0) // (line.per_set or 1) for line in lines)


def in_units(cancels: Sequence[LineCancel], lines: Lines) -> list[LineCancel]:
    """The same with the parts of bundles instead of their lines."""
    parts = parts_of(lines)
    return [
        part
        for cancel in cancels
        for part in (
            [
                replace(cancel, line_id=line.pk, quantity=cancel.quantity * (line.per_set or 1))
                for line in parts[cancel.line_id]
            ]
            if cancel.line_id in parts
            else [cancel]
        )
    ]


def in_sets(cancels: Sequence[LineCancel], lines: Lines) -> list[LineCancel]:
    """The same with the lines of bundles instead of all their parts, in the order they came."""
    told: dict[tuple[object, ...], LineCancel] = {}
    units: dict[tuple[object, ...], dict[int, int]] = {}
    for cancel in cancels:
        named = lines[cancel.line_id].parent_id or cancel.line_id
        key = (named, cancel.party, cancel.reason)
        told.setdefault(key, replace(cancel, line_id=named))
        mine = units.setdefault(key, defaultdict(int))
        mine[cancel.line_id] += cancel.quantity
    parts = parts_of(lines)
    return [
        replace(
            cancel,
            quantity=whole_sets(units[key], parts[cancel.line_id])
            if cancel.line_id in parts
            else units[key][cancel.line_id],
        )
        for key, cancel in told.items()
    ]


def check_whole(lines: Lines, *, columns: Collection[str]) -> None:
    """Refuse numbers of parts, such as cancelled ones, that are not the same whole sets."""
    broken = [
        lines[parent_id].external_id
        for parent_id, parts in parts_of(lines).items()
        if not all(_is_whole(parts, column) for column in columns)
    ]
    if broken:
        raise BundleBroken("A bundle is cancelled whole or not at all", lines=sorted(broken)[:10])


def _is_whole(parts: Sequence[OrderLine], column: str) -> bool:
    return len({divmod(getattr(line, column), line.per_set or 1) for line in parts}) == 1 and (
        getattr(parts[0], column) % (parts[0].per_set or 1) == 0
    )

"""Which candidate is asked first: the figures of each, and the order they make."""

import math
from collections.abc import Mapping, Sequence

from fulfillment.routing.rules import COST, DISTANCE, FEWEST_PARCELS, LOAD, Rules
from fulfillment.routing.shapes import About, Candidate, Destination, Stock, Wanted

_EARTH_KM = 6371.0
_FAR = math.inf


def distance_km(point: Candidate, destination: Destination) -> float | None:
    """Great-circle distance; None where one of the two places is not known."""
    here = (point.latitude, point.longitude)
    there = (destination.latitude, destination.longitude)
    if None in here or None in there:
        return None
    latitude, longitude = (math.radians(part or 0.0) for part in here)
    to_latitude, to_longitude = (math.radians(part or 0.0) for part in there)
    half = (
        math.sin((to_latitude - latitude) / 2) ** 2
        + math.cos(latitude) * math.cos(to_latitude) * math.sin((to_longitude - longitude) / 2) ** 2
    )
    return 2 * _EARTH_KM * math.asin(min(1.0, math.sqrt(half)))


def load_of(candidate: Candidate) -> float:
    """How busy a point is: the part of its quota that is taken, or its open tasks."""
    at_work = candidate.open_tasks or 0
    return at_work / candidate.max_quota if candidate.max_quota else float(at_work)


def units_for(candidate: Candidate, lines: Sequence[Wanted], stock: Stock, *, by_unit: bool) -> int:
    """How many of the units a candidate could ship, line by line or unit by unit."""
    return sum(given_by(candidate, lines, stock, by_unit=by_unit).values())


def given_by(
    candidate: Candidate, lines: Sequence[Wanted], stock: Stock, *, by_unit: bool
) -> dict[int, int]:
    """What a candidate could ship of each line: all of its units or, by unit, what there is."""
    free: dict[int, int] = {}
    given: dict[int, int] = {}
    for line in lines:
        if line.sku_id is None:
            continue
        for sku_id, _ in line.needs(1):
            free.setdefault(sku_id, stock.get((sku_id, candidate.point_id), 0))
        have = min(free[sku_id] // count for sku_id, count in line.needs(1))
        units = min(max(have, 0), line.quantity) if by_unit or have >= line.quantity else 0
        if units:
            for sku_id, count in line.needs(units):
                free[sku_id] -= count
            given[line.line_id] = units
    return given


def figures(
    candidate: Candidate, *, rules: Rules, ranking: Sequence[str], about: About
) -> dict[str, float]:
    """What a candidate is ranked by, as it is shown: a distance nobody knows is left out."""
    km = distance_km(candidate, about.destination)
    shown: dict[str, float] = {"priority": candidate.priority}
    if DISTANCE in ranking and km is not None:
        shown["km"] = round(km, 1)
    if COST in ranking:
        shown["cost"] = round(rules.cost.of(candidate.code, km), 2)
    if LOAD in ranking:
        shown["load"] = round(load_of(candidate), 3)
    return shown


def ranked_by(
    candidates: Sequence[Candidate],
    *,
    rules: Rules,
    ranking: Sequence[str],
    about: About,
    units: Mapping[int, int] | None = None,
) -> list[Candidate]:
    """The point the order prefers, then by each criterion in turn; ties by priority and key.

    `units` by point make FEWEST_PARCELS prefer who ships most; without, it says nothing.
    """

    def place(candidate: Candidate) -> tuple[float, ...]:
        km = distance_km(candidate, about.destination)
        by = {
            DISTANCE: _FAR if km is None else km,
            COST: rules.cost.of(candidate.code, km),
            LOAD: load_of(candidate),
            FEWEST_PARCELS: -(units or {}).get(candidate.point_id, 0),
        }
        criteria = [by.get(word, float(candidate.priority)) for word in ranking]
        is_other = candidate.point_id != about.preferred_point_id
        return (float(is_other), *criteria, candidate.priority, candidate.point_id)

    return sorted(candidates, key=place)

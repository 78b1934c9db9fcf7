"""Corrections: units that came or went, on top of what is there."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from catalog.models import Sku
from oms.events.choices import EventType
from oms.inventory.choices import MovementKind, StockReason
from oms.inventory.models import StockAdjustment, StockLevel
from oms.inventory.services.noting import Changed, MovementNote, lock_points, report
from oms.inventory.services.reserving import Level, lock_levels
from oms.inventory.services.statements import ADD, MAKE_LEVELS
from oms.kernel import errors, sql
from oms.kernel.actors import Actor
from oms.kernel.contention import retried
from oms.locations.models import FulfillmentPoint

MOST_UNITS = 1_000_000_000
_KINDS = {StockReason.RECEIVED: MovementKind.RECEIPT, StockReason.RETURNED: MovementKind.RETURN}


class NegativeStock(errors.Conflict):
    """The correction would leave fewer than zero units on hand.

    `on_hand` is what is there; `items`, of several corrections, those that do not fit: their
    `place`, and the `on_hand` and `available` they met.
    """

    code = "negative_stock"


class TooManyUnits(errors.Conflict):
    """The correction at `place` would leave more units than a level can hold."""

    code = "too_many_units"


@dataclass(frozen=True, slots=True, kw_only=True)
class StockDelta:
    """Units of one SKU at one point that came (or went, when negative)."""

    sku_id: int
    point_id: int
    on_hand: int = 0
    unavailable: int = 0


class Outcome(NamedTuple):
    """What a correction left behind: the units after it, and the level's version after all."""

    on_hand: int
    version: int


@retried
@transaction.atomic
def adjust_levels(
    *,
    deltas: Sequence[StockDelta],
    reason: StockReason,
    reference: str,
    actor: Actor,
    now: datetime,
) -> StockAdjustment:
    """Correct levels of points of one organization, all or none, in the order given.

    Two corrections of one level follow each other. Raises NegativeStock, naming all that do not
    fit, and TooManyUnits.
    """
    points = lock_points({delta.point_id for delta in deltas})
    adjustment = StockAdjustment(
        organization_id=points[0].organization_id,
        reason=reason,
        reference=reference,
        actor=str(actor),
        made_at=now,
    )
    note = MovementNote(cause=adjustment.cause, reason=reason, reference=reference)
    kind = _KINDS.get(reason, MovementKind.ADJUST)
    outcomes = _apply(kind, points, deltas, note=note, actor=actor, now=now)
    adjustment.results = _results(points, deltas, outcomes)
    adjustment.save(force_insert=True)
    return adjustment


@retried
@transaction.atomic
def adjust_stock(
    *,
    point: FulfillmentPoint,
    sku_id: int,
    delta: int,
    reason: str,
    actor: Actor,
    now: datetime,
) -> StockLevel:
    """Correct one level by hand, the reason in free words. Raises NegativeStock, TooManyUnits."""
    points = lock_points([point.pk])
    change = StockDelta(sku_id=sku_id, point_id=point.pk, on_hand=delta)
    note = MovementNote(cause=reason)
    _apply(MovementKind.ADJUST, points, [change], note=note, actor=actor, now=now)
    return StockLevel.objects.get(sku_id=sku_id, point=point)


@retried
@transaction.atomic
def return_stock(
    *, deltas: Sequence[StockDelta], cause: str, reference: str = "", actor: Actor, now: datetime
) -> None:
    """Take back units that came home: sellable ones on hand, the others as unavailable.

    The caller sees to it that each unit comes back once. Waiting orders are tried again, as after
    a count. Raises TooManyUnits.
    """
    points = lock_points({delta.point_id for delta in deltas})
    note = MovementNote(cause=cause, reason=StockReason.RETURNED, reference=reference)
    _apply(MovementKind.RETURN, points, deltas, note=note, actor=actor, now=now)


def _results(
    points: Sequence[FulfillmentPoint], deltas: Sequence[StockDelta], outcomes: Sequence[Outcome]
) -> list[dict[str, object]]:
    """What each correction did, in public words."""
    skus = Sku.objects.filter(pk__in={delta.sku_id for delta in deltas})
    codes = dict(skus.values_list("pk", "code"))
    names = {point.pk: str(point.public_id) for point in points}
    return [
        {
            "sku": codes[delta.sku_id],
            "point": names[delta.point_id],
            "delta": delta.on_hand,
            "on_hand": outcome.on_hand,
            "version": outcome.version,
        }
        for delta, outcome in zip(deltas, outcomes, strict=True)
    ]


def _apply(
    kind: MovementKind,
    points: Sequence[FulfillmentPoint],
    deltas: Sequence[StockDelta],
    *,
    note: MovementNote,
    actor: Actor,
    now: datetime,
) -> list[Outcome]:
    """Change locked levels, write the ledger and report; the points are locked already."""
    levels = _locked_levels(points, deltas)
    ids = [levels[delta.sku_id, delta.point_id].id for delta in deltas]
    before = {place: level.on_hand for place, level in levels.items()}
    afters = _afters(levels, deltas)
    versions = dict(
        sql.rows(
            ADD,
            {
                "level_ids": ids,
                "on_hands": [delta.on_hand for delta in deltas],
                "unavailables": [delta.unavailable for delta in deltas],
                "kind": str(kind),
                "cause": note.cause,
                "reason": note.reason,
                "reference": note.reference,
                "actor": str(actor),
                "now": now,
            },
        )
    )
    changed = _changed(levels, before)
    report(EventType.STOCK_ADJUSTED, points, changed, note=note, actor=actor, now=now)
    return [Outcome(after, versions[key]) for after, key in zip(afters, ids, strict=True)]


def _locked_levels(
    points: Sequence[FulfillmentPoint], deltas: Sequence[StockDelta]
) -> dict[tuple[int, int], Level]:
    """The levels by SKU and point; those that are missing are made, with nothing in them."""
    owners = {point.pk: point.organization_id for point in points}
    places = sorted({(delta.sku_id, delta.point_id) for delta in deltas})
    params: dict[str, object] = {
        "sku_ids": [sku_id for sku_id, _ in places],
        "point_ids": [point_id for _, point_id in places],
        "organization_ids": [owners[point_id] for _, point_id in places],
    }
    sql.rows(MAKE_LEVELS, params)
    return {(level.sku_id, level.point_id): level for level in lock_levels(places=places)}


def _afters(levels: Mapping[tuple[int, int], Level], deltas: Sequence[StockDelta]) -> list[int]:
    """Units on hand after each correction; the levels are moved on."""
    afters, refused = [], []
    for place, delta in enumerate(deltas):
        level = levels[delta.sku_id, delta.point_id]
        after = level.on_hand + delta.on_hand
        if after < 0:
            available = max(level.available, 0)
            refused.append({"place": place, "on_hand": level.on_hand, "available": available})
            continue
        if after > MOST_UNITS:
            raise TooManyUnits(f"A level holds at most {MOST_UNITS} units", place=place)
        level.on_hand = after
        afters.append(after)
    if refused:
        raise NegativeStock(
            "A correction cannot leave fewer than zero units",
            on_hand=refused[0]["on_hand"],
            items=refused,
        )
    return afters


def _changed(
    levels: Mapping[tuple[int, int], Level], before: Mapping[tuple[int, int], int]
) -> dict[int, Changed]:
    changed: defaultdict[int, Changed] = defaultdict(Changed)
    for (sku_id, point_id), level in levels.items():
        changed[point_id].add(
            sku_id,
            has_more=level.on_hand > before[sku_id, point_id],
            is_short=level.on_hand < level.reserved,
        )
    return changed

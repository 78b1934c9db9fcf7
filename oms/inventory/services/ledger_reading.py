"""Reading the ledger from where the last reader stopped, without missing what commits late.

Movements get their ids inside transactions, so a smaller id may appear after a larger one was
seen. Whoever writes the ledger has locked a level, and so has a transaction id, before the first
movement gets its own. Hence: once every transaction that ran at a look is over, no id up to the
largest one seen at that look can appear any more.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from oms.inventory.models import StockWatch
from oms.kernel import sql

FAR = 20_000  # movements behind which comparing everything is cheaper than reading them

_PLACE = """
SELECT coalesce((SELECT max(id) FROM inventory_stockmovement), 0),
       pg_snapshot_xmin(pg_current_snapshot())::text::bigint,
       pg_snapshot_xmax(pg_current_snapshot())::text::bigint
"""
_LEVELS = """
SELECT DISTINCT level_id FROM inventory_stockmovement
WHERE id > %(after)s AND id <= %(upto)s AND organization_id = ANY(%(organization_ids)s::bigint[])
"""
_MOVED = """
SELECT DISTINCT l.sku_id FROM inventory_stockmovement m
JOIN inventory_stocklevel l ON l.id = m.level_id WHERE m.id > %(after)s
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The end of the ledger at one look: the largest id, the oldest open transaction, and the one
    that comes next."""

    movement_id: int
    oldest_transaction: int
    next_transaction: int
    is_far: bool


def place_of(watch: StockWatch) -> Place:
    """Where the ledger ends now, in one statement's snapshot."""
    [(movement_id, oldest, following)] = sql.rows(_PLACE, {})
    return Place(
        movement_id=movement_id,
        oldest_transaction=oldest,
        next_transaction=following,
        is_far=movement_id - watch.movement_id > FAR,
    )


def moved_skus(watch: StockWatch) -> Sequence[int]:
    """SKUs with movements that were not looked at for certain."""
    return [sku_id for (sku_id,) in sql.rows(_MOVED, {"after": watch.movement_id})]


def within_reach(watch: StockWatch, place: Place, *, most: int) -> Place:
    """Not further than `most` movements on: what a reader that was away for long does in a round.

    Everything said of the largest id seen at a look is true of smaller ones.
    """
    return replace(place, movement_id=min(place.movement_id, watch.next_movement_id + most))


def moved_levels(
    watch: StockWatch, place: Place, *, organization_ids: Sequence[int]
) -> Sequence[int]:
    """Levels of these organizations with movements up to `place` that were not looked at for
    certain."""
    params: dict[str, object] = {
        "after": watch.movement_id,
        "upto": place.movement_id,
        "organization_ids": list(organization_ids),
    }
    return [level_id for (level_id,) in sql.rows(_LEVELS, params)]


def move(watch: StockWatch, place: Place) -> None:
    """Everything up to `place` was dealt with, as far as it could be seen. Not saved."""
    if place.oldest_transaction >= watch.next_transaction:
        watch.movement_id = watch.next_movement_id
        watch.next_movement_id = place.movement_id
        watch.next_transaction = place.next_transaction

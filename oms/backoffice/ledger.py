"""The ledger of one stock level: movements newest first, each with the balance after it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from oms.backoffice.formats import actor_name
from oms.inventory.choices import MovementKind, StockReason
from oms.inventory.models import StockLevel
from oms.kernel import sql

PAGE = 50

# One statement, so one snapshot: the balance of the newest row is the level itself, and every
# older one is what remains when the newer movements are taken back.
_PAGE = """
WITH page AS (
    SELECT * FROM inventory_stockmovement
    WHERE level_id = %(level)s AND id < %(below)s ORDER BY id DESC LIMIT %(limit)s
), newer AS (
    SELECT coalesce(sum(on_hand_delta), 0) AS on_hand, coalesce(sum(reserved_delta), 0) AS reserved
    FROM inventory_stockmovement
    WHERE level_id = %(level)s AND id > (SELECT max(id) FROM page)
)
SELECT p.id, p.kind, p.on_hand_delta, p.reserved_delta, p.unavailable_delta, p.incoming_delta,
       p.safety_delta, p.cause, p.reason, p.reference, p.actor, p.recorded_at,
       l.on_hand - n.on_hand - coalesce(sum(p.on_hand_delta) OVER later, 0) AS on_hand,
       l.reserved - n.reserved - coalesce(sum(p.reserved_delta) OVER later, 0) AS reserved
FROM page p, newer n, inventory_stocklevel l
WHERE l.id = %(level)s
WINDOW later AS (ORDER BY p.id DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
ORDER BY p.id DESC
"""
_NEWEST = 2**62


@dataclass(frozen=True, slots=True)
class Movement:
    """One row of the ledger and what was there after it; `besides` says what else it changed."""

    id: int
    kind: str
    label: str
    on_hand_delta: int
    reserved_delta: int
    on_hand: int
    reserved: int
    besides: str
    cause: str
    reason: str
    reference: str
    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Ledger:
    """A page of movements; `older` is the cursor of the next one, empty on the last."""

    movements: list[Movement]
    older: str
    is_newest: bool


def read(level: StockLevel, *, before: str = "") -> Ledger:
    """A page of the ledger, newest first, in one statement."""
    below = min(int(before), _NEWEST) if before.isdecimal() else _NEWEST
    params: dict[str, object] = {"level": level.pk, "below": below, "limit": PAGE + 1}
    found = [_movement(row) for row in sql.records(_PAGE, params)]
    older = str(found[PAGE - 1].id) if len(found) > PAGE else ""
    return Ledger(found[:PAGE], older, is_newest=below == _NEWEST)


def _movement(row: dict[str, Any]) -> Movement:
    return Movement(
        id=row["id"],
        kind=row["kind"],
        label=MovementKind(row["kind"]).label,
        on_hand_delta=row["on_hand_delta"],
        reserved_delta=row["reserved_delta"],
        on_hand=row["on_hand"],
        reserved=row["reserved"],
        besides=_besides(row),
        cause=row["cause"],
        reason=StockReason(row["reason"]).label if row["reason"] else "",
        reference=row["reference"],
        who=actor_name(row["actor"]),
        at=row["recorded_at"],
    )


def _besides(row: dict[str, Any]) -> str:
    """Changes of units that are not on hand, and of the safety stock, in words."""
    names = ("unavailable", "incoming", "safety")
    changes = ((name, row[f"{name}_delta"]) for name in names)
    return ", ".join(f"{name} {delta:+,}" for name, delta in changes if delta)

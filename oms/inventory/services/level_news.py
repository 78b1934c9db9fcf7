"""Telling whoever listens how much is where: one fact per level and round, however often it moved.

As with announcements to channels, nothing is written where stock moves. A sweep reads what the
ledger has gained, and records a fact for each level that is at another version than was told.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from oms.events import outbox
from oms.events.choices import EventType, SubjectType
from oms.inventory.models import StockWatch
from oms.inventory.services import ledger_reading, statements
from oms.kernel import sql
from oms.kernel.actors import SYSTEM

PACE = dt.timedelta(seconds=5)
MOST_LEVELS = 10_000
MOST_MOVEMENTS = 200_000


@transaction.atomic
def tell_levels_due(*, now: dt.datetime) -> int:
    """Record a fact for each level that has changed since it was last told. Returns how many.

    Rounds are PACE apart, so no level is told twice within that. Only organizations are told of
    that have an endpoint which asks for it, or a client that reads the feed of events. A round that
    finds more than MOST_LEVELS tells of those that waited longest and leaves the rest to the next.
    """
    if not sql.rows(statements.LEVELS_LANE, {})[0][0]:
        return 0
    watch = _watch()
    if watch.looked_at is not None and now - watch.looked_at < PACE:
        return 0
    watch.looked_at = now
    # The place is taken before anything is read: what moves meanwhile is read again next time.
    place = ledger_reading.place_of(watch)
    place = ledger_reading.within_reach(watch, place, most=MOST_MOVEMENTS)
    found = _untold(watch, place)
    if len(found) < MOST_LEVELS:
        ledger_reading.move(watch, place)
    watch.save()
    return _tell(found, now=now) if found else 0


def _watch() -> StockWatch:
    """Where the reader stands; a new one begins at the end of the ledger."""
    watch = StockWatch.objects.filter(pk=StockWatch.LEVELS).first()
    if watch is None:
        watch = StockWatch(pk=StockWatch.LEVELS)
        end = ledger_reading.place_of(watch)
        watch.next_movement_id = end.movement_id
        watch.next_transaction = end.next_transaction
        watch.movement_id = end.movement_id
        watch.save(force_insert=True)
    return watch


def _untold(watch: StockWatch, place: ledger_reading.Place) -> Sequence[dict[str, Any]]:
    """Levels that moved and are at a version nobody was told, as they are now."""
    listening = [key for (key,) in sql.rows(statements.LISTENING, {})]
    if not listening:
        return []
    moved = ledger_reading.moved_levels(watch, place, organization_ids=listening)
    if not moved:
        return []
    return sql.records(statements.UNTOLD, {"level_ids": list(moved), "limit": MOST_LEVELS})


def _tell(rows: Sequence[dict[str, Any]], *, now: dt.datetime) -> int:
    """Record the facts. Nobody else records any of levels, so the lane serializes them."""
    params: dict[str, object] = {
        "level_ids": [row["id"] for row in rows],
        "versions": [row["version"] for row in rows],
        "now": now,
    }
    sql.rows(statements.LEVELS_TOLD, params)
    outbox.record([_fact(row) for row in rows], actor=SYSTEM, now=now)
    return len(rows)


def _fact(row: dict[str, Any]) -> outbox.Fact:
    return outbox.Fact(
        organization_id=row["organization_id"],
        type=EventType.LEVEL_CHANGED,
        subject_type=SubjectType.LEVEL,
        subject_id=row["id"],
        point_id=row["point_id"],
        data={
            "sku": row["sku"],
            "point": row["point"],
            "on_hand": row["on_hand"],
            "reserved": row["reserved"],
            "unavailable": row["unavailable"],
            "incoming": row["incoming"],
            "safety": row["safety"],
            "available": max(0, row["on_hand"] - row["reserved"] - row["safety"]),
            "version": row["version"],
        },
    )

"""Telling channels what is available of the products they list.

Nothing is written where stock moves: reservations and shipments are the hottest path there is. A
sweep reads what the ledger has gained, compares the sums with what each channel was last told, and
records one fact per product that differs. Any number of movements between two sweeps is one fact.
"""

import datetime as dt
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from django.db import transaction

from catalog.models import Spu
from oms.events import outbox
from oms.events.choices import EventType, SubjectType
from oms.inventory.models import StockWatch
from oms.inventory.services import ledger_reading, statements
from oms.kernel import sql
from oms.kernel.actors import SYSTEM

PACE = dt.timedelta(seconds=1)
COMPARE_AFTER = dt.timedelta(seconds=60)
MOST_SPUS = 2_000


@transaction.atomic
def announce_due(*, now: dt.datetime) -> int:
    """Record a fact for each product whose available stock is not what its channel was told.

    Returns how many. Rounds are PACE apart, however often this is called, so no product is told
    twice within a second. Every COMPARE_AFTER all listings are compared, not only those whose
    stock moved: new ones, and points that were added, removed or switched off. A round that finds
    more than MOST_SPUS leaves the rest to the next.
    """
    if not sql.rows(statements.LANE, {})[0][0]:
        return 0
    watch, _ = StockWatch.objects.get_or_create(pk=StockWatch.LISTINGS)
    if watch.looked_at is not None and now - watch.looked_at < PACE:
        return 0
    watch.looked_at = now
    # The place is taken before anything is read: what moves meanwhile is read again next time.
    place = ledger_reading.place_of(watch)
    found = _differing(watch, place, now=now) if sql.rows(statements.IS_HEARD, {})[0][0] else []
    if len(found) < MOST_SPUS:
        ledger_reading.move(watch, place)
    watch.save()
    return _announce(found, now=now) if found else 0


def _differing(
    watch: StockWatch, place: ledger_reading.Place, *, now: dt.datetime
) -> Sequence[int]:
    """Products to tell of: by what the ledger gained, or by comparing everything."""
    is_old = watch.compared_at is None or now - watch.compared_at >= COMPARE_AFTER
    if is_old or place.is_far:
        found = sql.rows(statements.DIFFERING_OF_ALL, {"limit": MOST_SPUS})
        if len(found) < MOST_SPUS:
            watch.compared_at = now
        return [spu_id for (spu_id,) in found]
    sku_ids = ledger_reading.moved_skus(watch)
    if not sku_ids:
        return []
    params: dict[str, object] = {"sku_ids": sku_ids, "limit": MOST_SPUS}
    return [spu_id for (spu_id,) in sql.rows(statements.DIFFERING_OF_SKUS, params)]


def _announce(spu_ids: Sequence[int], *, now: dt.datetime) -> int:
    """Tell of products: the locked rows serialize their facts, the numbers are read after that."""
    locked = Spu.objects.filter(pk__in=spu_ids).order_by("pk").select_for_update(no_key=True)
    held = list(locked.values_list("pk", flat=True))
    rows = sql.records(statements.OF_SPUS, {"spu_ids": held})
    facts = [_fact(list(group)) for _, group in groupby(rows, key=lambda row: row["spu_id"])]
    params: dict[str, object] = {
        "listing_ids": [row["listing_id"] for row in rows],
        "quantities": [row["quantity"] for row in rows],
        "now": now,
    }
    sql.rows(statements.TELL, params)
    outbox.record(facts, actor=SYSTEM, now=now)
    return len(facts)


def _fact(rows: Sequence[dict[str, Any]]) -> outbox.Fact:
    """The numbers of all known variants of one product."""
    first = rows[0]
    return outbox.Fact(
        organization_id=first["organization_id"],
        type=EventType.STOCK_CHANGED,
        subject_type=SubjectType.SPU,
        subject_id=first["spu_id"],
        channel_id=first["channel_id"],
        status=first["spu_status"],
        data={
            "spu": first["spu"],
            "skus": [
                {
                    "sku": row["channel_sku_code"],
                    "seller_sku_code": row["seller_sku_code"],
                    "stock": row["quantity"],
                }
                for row in rows
            ],
        },
    )

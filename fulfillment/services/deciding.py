"""Deciding a wish to cancel where a part of it may be too late."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from fulfillment.services import correcting, facts, unit_cancelling, unreserved, voiding
from fulfillment.services.settling import settle
from fulfillment.services.work import LineWork, OrderWork, load
from oms.events.outbox import Fact
from oms.inventory import services as inventory
from oms.kernel.actors import Actor
from oms.kernel.contention import retried
from oms.orders import services as orders
from oms.orders.choices import CancelDecision, CancelParty, CancelReason
from oms.orders.models import CancelRequest, Order, OrderLine


@retried
@transaction.atomic
def decide_cancellation(
    *, request_id: int, decision: CancelDecision, comment: str, actor: Actor, now: datetime
) -> dict[int, int]:
    """Reject a wish, or accept it and cancel what can still be cancelled of it.

    Returns the units it was too late for, by line (primary keys of OrderLine); of bundles sets, of
    which only complete ones are cancelled. Unlike `decide_cancel_request`, parcels that have left
    are no reason to refuse, nor are units that were invoiced. Raises CancelRequestNotFound,
    RequestAlreadyDecided.
    """
    wish = orders.close_cancel_request(
        request_id=request_id, decision=decision, comment=comment, actor=actor, now=now
    )
    if decision != CancelDecision.ACCEPT:
        return {}
    order = orders.lock_order(order_id=wish.order_id)
    everything = {line.pk: line for line in OrderLine.every.filter(order=order).order_by("pk")}
    parts = orders.parts_of(everything)
    asked = _asked(wish, {pk: line for pk, line in everything.items() if line.parent_id is None})
    here = _here(everything.values(), invoiced=correcting.units_to_leave(order_id=order.pk))
    units = {
        pk: min(n, orders.whole_sets(here, parts[pk]) if pk in parts else here[pk])
        for pk, n in asked.items()
    }
    wanted = _of_goods(units, parts)
    if wanted:
        goods = {pk: line for pk, line in everything.items() if line.bundle_id is None}
        _cancel(order, goods, wanted, wish, actor=actor, now=now)
    return {pk: n - units[pk] for pk, n in asked.items() if n > units[pk]}


def _asked(wish: CancelRequest, lines: Mapping[int, OrderLine]) -> dict[int, int]:
    """Units that are not cancelled yet and that the wish is about."""
    rows = {row.line_id: row.quantity for row in wish.lines.all()}
    asked = {}
    for pk, line in lines.items():
        if not rows or pk in rows:
            live = line.quantity_live
            asked[pk] = min(rows.get(pk) or live, live)
    return {pk: n for pk, n in asked.items() if n}


def _here(lines: Iterable[OrderLine], *, invoiced: Mapping[int, int]) -> dict[int, int]:
    """Units that can still be cancelled, by line."""
    return {
        line.pk: max(line.quantity_live - line.quantity_shipped - invoiced.get(line.pk, 0), 0)
        for line in lines
    }


def _of_goods(units: Mapping[int, int], parts: Mapping[int, list[OrderLine]]) -> dict[int, int]:
    """The same by lines that points are given, without those of which there is nothing."""
    found = {pk: n for pk, n in units.items() if n and pk not in parts}
    for parent_id, lines in parts.items():
        if n := units.get(parent_id, 0):
            found |= {line.pk: n * (line.per_set or 1) for line in lines}
    return found


def _cancel(
    order: Order,
    lines: Mapping[int, OrderLine],
    units: Mapping[int, int],
    wish: CancelRequest,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    given = Counter(
        {pk: n for pk, total in units.items() if (n := total - lines[pk].quantity_waiting) > 0}
    )
    needs = _take_from_tasks(load(order), Counter(given), wish, actor=actor, now=now)
    cancels = [
        orders.LineCancel(line_id=pk, quantity=n, party=CancelParty(wish.party), reason=wish.reason)
        for pk, n in units.items()
    ]
    _explain(order, lines, units, wish)
    orders.record_cancellation(order=order, cancels=cancels, deallocate=given, actor=actor, now=now)
    unreserved.trim(order=order, actor=actor, now=now)
    inventory.release_stock(needs=needs, actor=actor)


def _explain(
    order: Order,
    lines: Mapping[int, OrderLine],
    units: Mapping[int, int],
    wish: CancelRequest,
) -> None:
    """Where the order ends with it, keep why."""
    if all(units.get(pk, 0) == line.quantity_live for pk, line in lines.items()):
        word = wish.reason.strip().upper()
        known = word in CancelReason.values
        order.cancel_reason = CancelReason(word) if known else CancelReason.OTHER
        order.cancel_note = "" if known else wish.reason
        order.save(update_fields=["cancel_reason", "cancel_note"])


def _take_from_tasks(
    work: OrderWork, left: Counter[int], wish: CancelRequest, *, actor: Actor, now: datetime
) -> list[inventory.StockNeed]:
    """Take so many units of order lines from their tasks. Returns what is no longer reserved."""
    said: list[Fact] = []
    needs: list[inventory.StockNeed] = []
    for task in work.tasks.values():
        taken: dict[int, int] = {}
        for line in task.live_lines if task.is_reserved else ():
            units = min(left[line.order_line_id], line.reserved)
            if units:
                taken[line.id] = units
                left[line.order_line_id] -= units
        if taken:
            told, released = unit_cancelling.drop_units(work, task, taken, now=now)
            dropped: list[LineWork] = [
                replace(task.lines[pk], quantity=units) for pk, units in taken.items()
            ]
            said += told
            needs += released
            said += facts.lines_cancelled(work.order, task, dropped)
            said += voiding.tell_point(
                work,
                task,
                dropped,
                reason=wish.reason,
                now=now,
                parties={line.order_line_id: wish.party for line in dropped},
            )
    settle(work, said=said, actor=actor, now=now, cause="")
    return needs

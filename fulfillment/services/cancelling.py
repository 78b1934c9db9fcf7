"""Cancelling lines of an order, whatever became of them so far."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from channels_app.choices import DeliveryScenario
from fulfillment.models import FulfillmentTask
from fulfillment.services import facts, unreserved, voiding
from fulfillment.services.labels import plan_parcels
from fulfillment.services.settling import settle
from fulfillment.services.work import LineWork, OrderWork, TaskWork, load
from oms.events.outbox import Fact
from oms.inventory import services as inventory
from oms.kernel import errors
from oms.kernel.actors import Actor
from oms.kernel.contention import retried
from oms.orders import services as orders
from oms.orders.choices import CancelDecision, CancelParty
from oms.orders.models import Order, OrderLine


class LineNotInOrder(errors.NotFound):
    """The order has no such line."""

    code = "line_not_in_order"


class ParcelHasLeft(errors.Conflict):
    """A line is in a parcel that has left: it comes back as a return, not as a cancellation."""

    code = "parcel_has_left"


@dataclass(frozen=True, slots=True, kw_only=True)
class LineOverride:
    """What a single line says differently from the whole request."""

    line_id: int
    party: CancelParty | None = None
    reason: str = ""
    cancelled_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelOrder:
    """Lines (primary keys of OrderLine) to cancel whole; none named: the whole order.

    A bundle may be named by its line or by one of its parts: all its parts are cancelled.
    """

    order_id: int
    party: CancelParty
    reason: str = ""
    cancelled_at: datetime | None = None
    line_ids: tuple[int, ...] = ()
    overrides: tuple[LineOverride, ...] = ()


@retried
@transaction.atomic
def cancel_order(*, request: CancelOrder, actor: Actor, now: datetime) -> None:
    """Cancel lines whole, or the whole order: all of it or nothing.

    What is cancelled already is skipped. A packed line's parcel and label are voided, and its
    other lines are free to be packed again; each task that lost lines gets one cancellation task,
    and ends with its last line. Raises OrderNotFound, LineNotInOrder, ParcelHasLeft.
    """
    order = orders.lock_order(order_id=request.order_id)
    wanted = _wanted(order, request)
    if not wanted:
        return
    work = load(order)
    dropped = {task.id: _lines_of(task, wanted) for task in work.tasks.values() if task.is_reserved}
    _check_none_left(work, dropped)
    given = Counter[int]()
    for lines in dropped.values():
        for line in lines:
            given[line.order_line_id] += line.live
    _drop(work, dropped, request, wanted, actor=actor, now=now)
    cancels = [_cancel(line, request) for line in wanted.values()]
    orders.record_cancellation(order=order, cancels=cancels, deallocate=given, actor=actor, now=now)
    unreserved.trim(order=order, actor=actor, now=now)


@retried
def decide_cancel_request(
    *, request_id: int, decision: CancelDecision, comment: str, actor: Actor, now: datetime
) -> None:
    """Accept or reject a wish to cancel; accepting cancels in the same transaction.

    Raises CancelRequestNotFound, RequestAlreadyDecided, ParcelHasLeft; the last leaves the wish
    open, so that it can still be rejected.
    """
    with transaction.atomic():
        wish = orders.close_cancel_request(
            request_id=request_id, decision=decision, comment=comment, actor=actor, now=now
        )
        if decision == CancelDecision.ACCEPT:
            request = CancelOrder(
                order_id=wish.order_id,
                party=CancelParty(wish.party),
                reason=wish.reason,
                cancelled_at=now,
                line_ids=tuple(wish.lines.values_list("line_id", flat=True)),
            )
            cancel_order(request=request, actor=actor, now=now)


def _wanted(order: Order, request: CancelOrder) -> dict[int, OrderLine]:
    """Lines to cancel that are not cancelled yet, by key; of bundles their parts."""
    lines = {line.pk: line for line in OrderLine.every.filter(order=order).order_by("pk")}
    if unknown := set(request.line_ids) - set(lines):
        raise LineNotInOrder("The order has no such line", unknown=len(unknown))
    named = {lines[pk].parent_id or pk for pk in request.line_ids}
    return {
        pk: line
        for pk, line in lines.items()
        if (not named or (line.parent_id or pk) in named)
        and line.bundle_id is None
        and line.quantity_live
    }


def _lines_of(task: TaskWork, wanted: Mapping[int, OrderLine]) -> list[LineWork]:
    return [line for line in task.live_lines if line.order_line_id in wanted]


def _check_none_left(work: OrderWork, dropped: Mapping[int, Sequence[LineWork]]) -> None:
    for task_id, lines in dropped.items():
        for line in lines:
            for box in work.tasks[task_id].boxes_of(line.id):
                if box.has_left:
                    raise ParcelHasLeft("A line is in a parcel that has left", parcel=box.number)


def _drop(
    work: OrderWork,
    dropped: Mapping[int, Sequence[LineWork]],
    request: CancelOrder,
    wanted: Mapping[int, OrderLine],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Take the lines from their tasks and give the stock back."""
    parties = {pk: str(_cancel(line, request).party) for pk, line in wanted.items()}
    said: list[Fact] = []
    needs: list[inventory.StockNeed] = []
    replan = []
    for task_id, lines in dropped.items():
        task = work.tasks[task_id]
        if not lines:
            continue
        had_parcel = bool(task.parcels)
        taken = [replace(line, quantity=line.live) for line in lines]
        told, released = voiding.drop_lines(work, task, lines, now=now)
        said += told
        needs += released
        said += facts.lines_cancelled(work.order, task, lines)
        said += voiding.tell_point(
            work, task, taken, reason=request.reason, now=now, parties=parties
        )
        if had_parcel and _needs_plan(task):
            replan.append(task_id)
    settle(work, said=said, actor=actor, now=now, cause="")
    _plan_again(replan, actor=actor, now=now)
    inventory.release_stock(needs=needs, actor=actor)


def _needs_plan(task: TaskWork) -> bool:
    """Its only parcel was voided and something is left to ship: the label must come again."""
    single = task.delivery == DeliveryScenario.CHANNEL_CARRIER_SINGLE
    return single and bool(task.live_lines) and not task.parcels


def _plan_again(task_ids: Sequence[int], *, actor: Actor, now: datetime) -> None:
    if task_ids:
        tasks = list(FulfillmentTask.objects.filter(pk__in=task_ids).order_by("pk"))
        plan_parcels(tasks=tasks, actor=actor, now=now)


def _cancel(line: OrderLine, request: CancelOrder) -> orders.LineCancel:
    named = {line.pk, line.parent_id}
    own = next((o for o in request.overrides if o.line_id in named), None)
    return orders.LineCancel(
        line_id=line.pk,
        quantity=line.quantity_live,
        party=(own and own.party) or request.party,
        reason=(own and own.reason) or request.reason,
    )

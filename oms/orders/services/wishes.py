"""Cancel requests: somebody wishes, somebody else decides. Carrying it out is fulfillment's."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from oms.accounts.clocks import EVERYBODY, Circle
from oms.events import outbox
from oms.events.choices import EventType
from oms.kernel import errors
from oms.kernel.actors import SYSTEM, Actor
from oms.orders.choices import CancelDecision, CancelRequestStatus
from oms.orders.drafts import CancelWish
from oms.orders.models import CancelRequest, CancelRequestLine, Order, OrderLine
from oms.orders.services import progress

EXPIRES_AFTER = timedelta(days=7)
UNDECIDED = "Nobody decided in time"


class CancelRequestNotFound(errors.NotFound):
    """No such cancel request."""

    code = "cancel_request_not_found"


class RequestAlreadyDecided(errors.Conflict):
    """It was decided before; a decision stands."""

    code = "cancel_request_decided"


class CancelAlreadyRequested(errors.Conflict):
    """An open request is about one of these lines."""

    code = "cancel_already_requested"


class NothingToCancel(errors.Conflict):
    """Every unit is cancelled or has left."""

    code = "nothing_to_cancel"


class TooManyUnits(errors.InvalidInput):
    """More units than are left to cancel of a line."""

    code = "too_many_units"


class LineNotWished(errors.NotFound):
    """The order has no such line."""

    code = "line_not_in_order"


@transaction.atomic
def request_cancel(*, wish: CancelWish, actor: Actor, now: datetime) -> list[CancelRequest]:
    """Raise a wish to cancel lines, or the whole order when none is named.

    There is at most one open request about a line: saying it again only renews the reason, and
    lines nobody asked for yet get a request of their own. Cancelled lines need no decision.
    Returns the open requests about the lines. Raises OrderNotFound, LineNotWished.
    """
    order = progress.lock_order(order_id=wish.order_id)
    lines = {line.pk: line for line in order.lines.order_by("position")}
    if wish.lines.keys() - lines.keys():
        raise LineNotWished("The order has no such line")
    wanted = {pk for pk in wish.lines or lines if lines[pk].quantity_live}
    renewed, covered = _renew(order, wish, wanted, everything=lines.keys())
    rest = [line for pk, line in lines.items() if pk in wanted - covered]
    if not rest:
        return renewed
    is_whole = not wish.lines and len(rest) == len(lines)
    request = _make(order, wish, [] if is_whole else rest)
    fact = progress.order_fact(
        order,
        EventType.ORDER_CANCEL_REQUESTED,
        cancel_request_id=request.pk,
        lines=[] if is_whole else [line.external_id for line in rest],
    )
    outbox.record([fact], actor=actor, now=now)
    return [*renewed, request]


@transaction.atomic
def open_cancel_request(*, wish: CancelWish, actor: Actor, now: datetime) -> CancelRequest:
    """Raise a wish about lines, about some units of them, or about the whole order.

    Raises OrderNotFound, LineNotWished, NothingToCancel when all of it is cancelled or has left,
    TooManyUnits, and CancelAlreadyRequested when one of the lines is in an open request.
    """
    order = progress.lock_order(order_id=wish.order_id)
    lines = {line.pk: line for line in order.lines.order_by("position")}
    if wish.lines.keys() - lines.keys():
        raise LineNotWished("The order has no such line")
    wanted = {pk: line for pk, line in lines.items() if not wish.lines or pk in wish.lines}
    _check_units(wanted.values(), wish)
    if open_one := _open_about(order, wanted.keys()):
        raise CancelAlreadyRequested("It is asked for already", request=str(open_one.public_id))
    named = [line for pk, line in lines.items() if pk in wish.lines]
    request = _make(order, wish, named)
    order.changed_at = now
    order.save(update_fields=["changed_at"])
    fact = progress.order_fact(
        order,
        EventType.ORDER_CANCEL_REQUESTED,
        cancel_request_id=request.pk,
        lines=[line.external_id for line in named],
    )
    outbox.record([fact], actor=actor, now=now)
    return request


def _check_units(lines: Iterable[OrderLine], wish: CancelWish) -> None:
    here = {line.pk: line.quantity_live - line.quantity_shipped for line in lines}
    if not any(here.values()):
        raise NothingToCancel("Nothing is left to cancel")
    too_many = [pk for pk, units in here.items() if wish.quantities.get(pk, 0) > units]
    if too_many:
        raise TooManyUnits("Fewer units are left to cancel", lines=too_many)


def _open_about(order: Order, lines: Collection[int]) -> CancelRequest | None:
    """The first open request that one of these lines is in; those without rows have all."""
    requests = order.cancel_requests.filter(status=CancelRequestStatus.OPEN).order_by("pk")
    for request in requests.prefetch_related("lines"):
        about = {row.line_id for row in request.lines.all()}
        if not about or about & set(lines):
            return request
    return None


def _renew(
    order: Order, wish: CancelWish, wanted: Collection[int], *, everything: Collection[int]
) -> tuple[list[CancelRequest], set[int]]:
    """Give open requests about these lines the new reasons. Returns them, and all they cover."""
    renewed: list[CancelRequest] = []
    covered: set[int] = set()
    requests = order.cancel_requests.filter(status=CancelRequestStatus.OPEN).order_by("pk")
    for request in requests.prefetch_related("lines"):
        rows = list(request.lines.all())
        about = {row.line_id for row in rows} or set(everything)
        if about.isdisjoint(wanted):
            continue
        covered |= about
        renewed.append(request)
        if wish.reason:
            request.reason = wish.reason
            request.save(update_fields=["reason", "updated_at"])
        for row in rows:
            if reason := wish.lines.get(row.line_id, ""):
                row.reason = reason
                row.save(update_fields=["reason"])
    return renewed, covered


def _make(order: Order, wish: CancelWish, lines: Sequence[OrderLine]) -> CancelRequest:
    request = CancelRequest.objects.create(
        order=order,
        party=wish.party,
        requested_by=wish.requested_by,
        reason=wish.reason,
        requested_at=wish.requested_at,
    )
    CancelRequestLine.objects.bulk_create(
        CancelRequestLine(
            request=request,
            line=line,
            quantity=wish.quantities.get(line.pk),
            reason=wish.lines.get(line.pk, ""),
        )
        for line in lines
    )
    return request


@transaction.atomic
def close_cancel_request(
    *,
    request_id: int,
    decision: CancelDecision,
    comment: str,
    actor: Actor,
    now: datetime,
) -> CancelRequest:
    """Write a decision down; nothing is cancelled by it.

    Raises CancelRequestNotFound, RequestAlreadyDecided.
    """
    order_id = (
        CancelRequest.objects.filter(pk=request_id).values_list("order_id", flat=True).first()
    )
    if order_id is None:
        raise CancelRequestNotFound("No such cancel request")
    order = progress.lock_order(order_id=order_id)
    request = CancelRequest.objects.get(pk=request_id)
    if request.status == CancelRequestStatus.CLOSED:
        raise RequestAlreadyDecided("Decided already", decision=request.decision)
    request.status = CancelRequestStatus.CLOSED
    request.decision = decision
    request.comment = comment
    request.decided_by = str(actor)
    request.decided_at = now
    request.save(
        update_fields=["status", "decision", "comment", "decided_by", "decided_at", "updated_at"]
    )
    order.changed_at = now
    order.save(update_fields=["changed_at"])
    fact = progress.order_fact(
        order,
        EventType.ORDER_CANCEL_DECIDED,
        cancel_request_id=request.pk,
        decision=decision,
    )
    outbox.record([fact], actor=actor, now=now)
    return request


def expire_cancel_requests(*, now: datetime, limit: int = 200, circle: Circle = EVERYBODY) -> int:
    """Close requests of a circle that nobody has decided for seven days. Returns how many.

    Seven days by when we were told and by when it was asked for: where a clock is ahead, only the
    latter is told by it.
    """
    since = now - EXPIRES_AFTER
    due = CancelRequest.objects.filter(
        circle.members("order__organization_id"),
        status=CancelRequestStatus.OPEN,
        created_at__lte=since,
        requested_at__lte=since,
    )
    closed = 0
    for request_id in list(due.order_by("created_at", "pk").values_list("pk", flat=True)[:limit]):
        try:
            close_cancel_request(
                request_id=request_id,
                decision=CancelDecision.EXPIRE,
                comment=UNDECIDED,
                actor=SYSTEM,
                now=now,
            )
        except RequestAlreadyDecided:
            continue  # somebody decided meanwhile
        closed += 1
    return closed

"""Cancel requests: somebody wishes, somebody else decides. Carrying it out is fulfillment's."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from oms.events import outbox
from oms.events.choices import EventType
from oms.kernel import errors
from oms.kernel.actors import Actor
from oms.orders.choices import CancelDecision, CancelParty, CancelRequestStatus
from oms.orders.models import CancelRequest, CancelRequestLine, Order
from oms.orders.services import progress


class CancelRequestNotFound(errors.NotFound):
    """No such cancel request."""

    code = "cancel_request_not_found"


class RequestAlreadyDecided(errors.Conflict):
    """It was decided before; a decision stands."""

    code = "cancel_request_decided"


@transaction.atomic
def request_cancel(
    *,
    order_id: int,
    line_ids: Sequence[int],
    party: CancelParty,
    requested_by: str,
    reason: str,
    requested_at: datetime,
    actor: Actor,
    now: datetime,
) -> CancelRequest:
    """Raise a wish to cancel lines, or the whole order when none is named.

    While a wish about the same lines is open, saying it again only renews its reason.
    Raises OrderNotFound.
    """
    order = progress.lock_order(order_id=order_id)
    if open_one := _open_request(order, line_ids):
        open_one.reason = reason
        open_one.save(update_fields=["reason", "updated_at"])
        return open_one
    request = CancelRequest.objects.create(
        order=order,
        party=party,
        requested_by=requested_by,
        reason=reason,
        requested_at=requested_at,
    )
    CancelRequestLine.objects.bulk_create(
        CancelRequestLine(request=request, line_id=line_id) for line_id in sorted(set(line_ids))
    )
    numbers = order.lines.filter(pk__in=line_ids).values_list("external_id", flat=True)
    fact = progress.order_fact(
        order, EventType.ORDER_CANCEL_REQUESTED, cancel_request_id=request.pk, lines=list(numbers)
    )
    outbox.record([fact], actor=actor, now=now)
    return request


def _open_request(order: Order, line_ids: Sequence[int]) -> CancelRequest | None:
    wanted = set(line_ids)
    for request in order.cancel_requests.filter(status=CancelRequestStatus.OPEN):
        if set(request.lines.values_list("line_id", flat=True)) == wanted:
            return request
    return None


@transaction.atomic
def close_cancel_request(
    *,
    request_id: int,
    decision: CancelDecision,
    comment: str,
    actor: Actor,
    now: datetime,
) -> CancelRequest:
    """Write a decision down. Raises CancelRequestNotFound, RequestAlreadyDecided."""
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
    fact = progress.order_fact(
        order,
        EventType.ORDER_CANCEL_DECIDED,
        cancel_request_id=request.pk,
        decision=decision,
    )
    outbox.record([fact], actor=actor, now=now)
    return request

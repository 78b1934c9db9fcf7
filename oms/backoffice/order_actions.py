"""What staff can have done to orders, holds and cancel requests. Services decide; this asks."""

from functools import partial

from fulfillment.services import allocation, cancelling
from oms.backoffice import forms
from oms.backoffice.acting import Call, RowAction
from oms.kernel.errors import Conflict
from oms.orders import services as orders
from oms.orders.choices import CancelDecision, CancelParty, HoldReason, OrderStatus
from oms.orders.models import CancelRequest, Hold, Order


class NothingHeld(Conflict):
    """No hold is open on this order."""

    code = "nothing_held"


def cancel_refusal(order: Order) -> str:
    """Why an order cannot be cancelled whole; needs `lines`."""
    if order.status == OrderStatus.CANCELLED:
        return "it is cancelled already"
    left = sum(line.quantity_shipped for line in order.lines.all())
    if left:
        return f"{left} of its units have left; they can only come back as a return"
    return ""


def _ended(order: Order) -> str:
    return "" if order.is_open else f"it is {order.get_status_display().lower()}"


def _release_refusal(order: Order) -> str:
    is_held = any(hold.released_at is None for hold in order.holds.all())
    return "" if is_held else "no hold is open"


def _allocate_refusal(order: Order) -> str:
    if any(hold.released_at is None for hold in order.holds.all()):
        return "it is held; release the hold first"
    if not order.is_paid:
        return "it is not paid"
    waits = any(line.quantity_waiting for line in order.lines.all())
    return "" if waits else "nothing of it waits for a point"


def _erase_refusal(order: Order) -> str:
    buyer = getattr(order, "buyer", None)
    if buyer is None:
        return "it has no buyer's data"
    return "its buyer's data is erased already" if buyer.erased_at else ""


def _cancel(call: Call) -> str:
    request = cancelling.CancelOrder(
        order_id=call.row.pk,
        party=CancelParty(call.answers["party"]),
        reason=call.answers["reason"],
        cancelled_at=call.now,
    )
    cancelling.cancel_order(request=request, actor=call.actor, now=call.now)
    return "was cancelled."


def _hold(call: Call) -> str:
    hold = orders.hold_order(
        order_id=call.row.pk,
        reason=HoldReason(call.answers["reason"]),
        note=call.answers["note"],
        holder=str(call.actor),
        expires_at=call.answers["expires_at"],
        actor=call.actor,
        now=call.now,
    )
    return f"is held: {hold.get_reason_display()}."


def _release(call: Call) -> str:
    open_holds = [hold for hold in call.row.holds.all() if hold.released_at is None]
    for hold in open_holds:
        orders.release_hold(hold_id=hold.pk, actor=call.actor, now=call.now)
    return f"was released ({len(open_holds)} holds)." if len(open_holds) > 1 else "was released."


def _allocate(call: Call) -> str:
    decision = allocation.allocate_order(order_id=call.row.pk, actor=call.actor, now=call.now)
    return f"was routed again: {decision.reason}." if decision else "has nothing to route."


def _erase(call: Call) -> str:
    orders.erase_buyer(order_id=call.row.pk, actor=call.actor, now=call.now)
    return "no longer holds its buyer's data."


ORDER_ACTIONS = (
    RowAction(
        name="hold",
        label="Hold",
        explanation="Routing leaves an order alone until every hold on it is released.",
        permission="orders.hold_order",
        form=forms.HoldForm,
        refusal=_ended,
        work=_hold,
    ),
    RowAction(
        name="release",
        label="Release holds",
        explanation="All open holds end; an order that waits is routed at once.",
        permission="orders.hold_order",
        refusal=_release_refusal,
        work=_release,
    ),
    RowAction(
        name="allocate",
        label="Route again",
        explanation="Tries now to find points for what waits, instead of at the next retry.",
        permission="orders.allocate_order",
        refusal=_allocate_refusal,
        work=_allocate,
    ),
    RowAction(
        name="cancel",
        label="Cancel order",
        explanation="Every line is cancelled, its stock is released, its points are told, and "
        "parcels that have not left are voided with their labels. This is final.",
        permission="orders.cancel_order",
        form=forms.CancelForm,
        refusal=cancel_refusal,
        work=_cancel,
        is_destructive=True,
    ),
    RowAction(
        name="erase",
        label="Erase buyer data",
        explanation="Name, contact, address, the channel's original text and the labels are "
        "destroyed. Totals, lines and events stay. Nobody can undo this.",
        permission="orders.delete_buyer",
        form=forms.EraseForm,
        refusal=_erase_refusal,
        work=_erase,
        is_destructive=True,
    ),
)


def _organization_of_order(row: Hold | CancelRequest) -> int:
    return row.order.organization_id


def _hold_refusal(hold: Hold) -> str:
    return "it is released already" if hold.released_at else ""


def _release_one(call: Call) -> str:
    orders.release_hold(hold_id=call.row.pk, actor=call.actor, now=call.now)
    return "was released."


HOLD_ACTIONS = (
    RowAction(
        name="release",
        label="Release hold",
        explanation="With the last hold of an order released, its work goes on.",
        permission="orders.hold_order",
        refusal=_hold_refusal,
        work=_release_one,
        organization_of=_organization_of_order,
        name_of=lambda hold: f"{hold.order} ({hold.get_reason_display()})",
    ),
)


def _decided(request: CancelRequest) -> str:
    return f"it is {request.get_decision_display().lower()} already" if request.decision else ""


def _accept_refusal(request: CancelRequest) -> str:
    return _decided(request) or cancel_refusal_of(request)


def cancel_refusal_of(request: CancelRequest) -> str:
    """Why the lines a request is about cannot be cancelled; needs `order.lines` and `lines`."""
    wanted = {each.line_id for each in request.lines.all()}
    lines = [line for line in request.order.lines.all() if not wanted or line.pk in wanted]
    left = sum(line.quantity_shipped for line in lines)
    return f"{left} of the units have left; reject it" if left else ""


def _decide(decision: CancelDecision, call: Call) -> str:
    cancelling.decide_cancel_request(
        request_id=call.row.pk,
        decision=decision,
        comment=call.answers["comment"],
        actor=call.actor,
        now=call.now,
    )
    return f"was {decision.label.lower()}."


REQUEST_ACTIONS = (
    RowAction(
        name="accept",
        label="Accept",
        explanation="The lines are cancelled at once, as if staff had cancelled them.",
        permission="orders.decide_cancelrequest",
        form=forms.DecisionForm,
        refusal=_accept_refusal,
        work=partial(_decide, CancelDecision.ACCEPT),
        is_destructive=True,
        organization_of=_organization_of_order,
        name_of=lambda request: f"The cancel request of {request.order}",
    ),
    RowAction(
        name="reject",
        label="Reject",
        explanation="The order goes on; whoever asked is told your comment.",
        permission="orders.decide_cancelrequest",
        form=forms.DecisionForm,
        refusal=_decided,
        work=partial(_decide, CancelDecision.REJECT),
        organization_of=_organization_of_order,
        name_of=lambda request: f"The cancel request of {request.order}",
    ),
)

"""Judging cancellation plans (contract 5.2), and cancelling what a pulled order says is (5.3).

All items of a plan are cancelled, or none is. A judgement is final: it is made in one transaction
with what follows from it.
"""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Q

from channels_app.choices import RemoteKind
from fulfillment import services as fulfillment
from fulfillment.choices import DocumentKind, DocumentStatus, TaskStatus
from fulfillment.models import Document, Parcel, TaskLine
from oms.api.akinon.sync import keys, words
from oms.api.akinon.sync.words import Row
from oms.kernel.actors import Actor
from oms.kernel.contention import retried
from oms.orders import services as orders
from oms.orders.choices import CancelDecision, CancelParty, CancelRequestStatus
from oms.orders.models import CancelRequest, Order, OrderLine

CANCEL, REFUND = "cancel", "refund"
# A plan in another state asks for nothing (any more).
_ASKING = frozenset({"", "waiting", "confirmed", "approved", "completed"})
_ITEM_LISTS = ("cancellationplanorderitem_set", "order_items", "cancel_items")
_WHOLE_ORDER = frozenset({50, 100})

_BEFORE_PACKED = frozenset(
    {
        TaskStatus.CREATED, TaskStatus.WAITING_REMOTE, TaskStatus.WAITING_TRANSFER,
        TaskStatus.ACCEPTED, TaskStatus.PICKING, TaskStatus.PICKED, TaskStatus.OUT_OF_STOCK,
        TaskStatus.NEEDS_REPLANNING,
    }
)  # fmt: skip
_PACKED = frozenset({TaskStatus.PACKED, TaskStatus.READY_FOR_PICKUP})

_SENTENCES: Mapping[str, str] = {
    "oms_cancel_shipped": "The package has been shipped already.",
    "oms_cancel_packed": "The package is packed and its shipment was created.",
    "oms_refund_packed": "The package is packed; it cannot be refunded before it was delivered.",
    "oms_cancel_blocked": "The package is blocked.",
    "oms_cancel_for_refund": "The package was set aside for a refund.",
    "oms_plan_without_items": "The plan names no order items.",
}


@dataclass(frozen=True, slots=True)
class Judgement:
    """The answer to a plan: a status and a body, the same again for a repeated message."""

    status: int
    body: Mapping[str, object] = field(default_factory=dict)


GRANTED = Judgement(200, {"cancellable": True})


def refusal(code: str) -> Judgement:
    """A 406 with its code."""
    return Judgement(406, {"code": code, "en": _SENTENCES[code]})


@retried
@transaction.atomic
def judge_plan(*, organization_id: int, plan: Row, actor: Actor, now: dt.datetime) -> Judgement:
    """Decide a plan and do what follows: lines are cancelled, or the wish is kept as rejected."""
    state = words.text(plan.get("status"), 40).lower()
    if state not in _ASKING:
        return GRANTED
    order = _order_of(organization_id, plan)
    named = _items(plan)
    if not named and words.status(words.at_path(plan, "order.status")) not in _WHOLE_ORDER:
        return refusal("oms_plan_without_items")
    lines = _lines(order, named)
    _drop_unknown(organization_id, named, {line.external_id for line in lines})
    kind = REFUND if plan.get("plan_type") == REFUND else CANCEL
    return _decide(order.pk, lines, kind, actor=actor, now=now) if order else GRANTED


@retried
@transaction.atomic
def cancel_told_items(
    *,
    order_id: int,
    items: Sequence[Row],
    statuses: Collection[int],
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Each item that the other side calls cancelled counts as a plan of its own."""
    told = {words.key_of(item) for item in items if words.status(item.get("status")) in statuses}
    if not told:
        return
    lines = OrderLine.objects.filter(order_id=order_id, external_id__in=told).order_by("pk")
    for line in lines:
        if line.quantity_live and not _was_rejected(line):
            _decide(order_id, [line], CANCEL, actor=actor, now=now)


def _decide(
    order_id: int, lines: Sequence[OrderLine], kind: str, *, actor: Actor, now: dt.datetime
) -> Judgement:
    orders.lock_order(order_id=order_id)
    live = [line for line in OrderLine.objects.filter(pk__in=[each.pk for each in lines])
            if line.quantity_live]  # fmt: skip
    if not live:
        return GRANTED
    refused = [code for line in live if (code := _refusal(line, kind)) is not None]
    if not refused:
        _cancel(order_id, live, actor=actor, now=now)
        return GRANTED
    if not any(refused):  # a refund of what has left is the other side's own business
        return Judgement(200, {"cancellable": False})
    _reject(order_id, live, actor=actor, now=now)
    return refusal(max(refused))


def _refusal(line: OrderLine, kind: str) -> str | None:
    """Why a line cannot be cancelled: None where it can, empty where nothing is to be done. A
    bundle is cancelled with all its parts, wherever they are.
    """
    task_lines = (
        TaskLine.objects.filter(Q(order_line=line) | Q(order_line__parent=line))
        .exclude(task__status=TaskStatus.CANCELLED)
        .select_related("task")
        .order_by("order_line", "-pk")
        .distinct("order_line")
    )
    codes = [_refusal_of(task_line, kind) for task_line in task_lines]
    return max((code for code in codes if code is not None), default=None)


def _refusal_of(task_line: TaskLine, kind: str) -> str | None:
    """The same of an item, or of a part of a bundle, by where its units were given last."""
    if not task_line.quantity_live:
        return None
    status = TaskStatus(task_line.task.status)
    if status in _BEFORE_PACKED:
        return None
    if status == TaskStatus.BLOCKED:
        return "oms_cancel_blocked"
    if status in _PACKED:
        return _refusal_of_packed(task_line, kind)
    if kind == REFUND:
        return ""
    is_aside = status == TaskStatus.PACKED_FOR_REFUND
    return "oms_cancel_for_refund" if is_aside else "oms_cancel_shipped"


def _refusal_of_packed(task_line: TaskLine, kind: str) -> str | None:
    if kind == REFUND:
        return "oms_refund_packed"
    parcels = Parcel.objects.live().filter(task_id=task_line.task_id)
    labels = Document.objects.filter(
        parcel__in=parcels,
        kind=DocumentKind.LABEL,
        status__in=[DocumentStatus.PENDING, DocumentStatus.READY],
    )
    has_shipment = labels.exists() or parcels.exclude(tracking_number="").exists()
    return "oms_cancel_packed" if has_shipment else None


def _cancel(order_id: int, lines: Sequence[OrderLine], *, actor: Actor, now: dt.datetime) -> None:
    request = fulfillment.CancelOrder(
        order_id=order_id,
        party=CancelParty.CUSTOMER,
        cancelled_at=now,
        line_ids=tuple(line.pk for line in lines),
    )
    fulfillment.cancel_order(request=request, actor=actor, now=now)
    _close_requests(order_id, CancelDecision.ACCEPT, actor=actor, now=now)


def _close_requests(
    order_id: int, decision: CancelDecision, *, actor: Actor, now: dt.datetime
) -> None:
    """Wishes that are fulfilled, because every line they name is cancelled, are closed."""
    open_ones = CancelRequest.objects.filter(order_id=order_id, status=CancelRequestStatus.OPEN)
    for wish in open_ones.order_by("pk"):
        named = wish.lines.values_list("line_id", flat=True)
        about = OrderLine.objects.filter(order_id=order_id)
        about = about.filter(pk__in=named) if named else about
        if not any(line.quantity_live for line in about):
            orders.close_cancel_request(
                request_id=wish.pk, decision=decision, comment="", actor=actor, now=now
            )


def _reject(order_id: int, lines: Sequence[OrderLine], *, actor: Actor, now: dt.datetime) -> None:
    """Keep the wish with its refusal: the package counts as a failed cancellation."""
    wished = [line for line in lines if not _was_rejected(line)]
    if not wished:
        return
    wish = orders.CancelWish(
        order_id=order_id,
        party=CancelParty.CUSTOMER,
        requested_by=str(actor),
        requested_at=now,
        lines={line.pk: "" for line in wished},
    )
    for request in orders.request_cancel(wish=wish, actor=actor, now=now):
        orders.close_cancel_request(
            request_id=request.pk,
            decision=CancelDecision.REJECT,
            comment="Too late",
            actor=actor,
            now=now,
        )


def _was_rejected(line: OrderLine) -> bool:
    return CancelRequest.objects.filter(
        order_id=line.order_id, lines__line=line, decision=CancelDecision.REJECT
    ).exists()


def _order_of(organization_id: int, plan: Row) -> Order | None:
    key = words.key_of(plan.get("order"))
    held = keys.one(organization_id=organization_id, kind=RemoteKind.ORDER, key=key)
    if held is None or held.local_id is None:
        return None
    return Order.objects.filter(organization_id=organization_id, pk=held.local_id).first()


def _items(plan: Row) -> list[str]:
    """The keys of the items, wherever the plan has them."""
    told: list[object] = next(
        (plan[name] for name in _ITEM_LISTS if isinstance(plan.get(name), list)), []
    )
    found = (
        words.key_of(entry.get("order_item", entry) if isinstance(entry, dict) else entry)
        for entry in told
    )
    return [key for key in found if key]


def _lines(order: Order | None, named: Sequence[str]) -> list[OrderLine]:
    """Lines of the named items, or of the whole order."""
    if order is None:
        return []
    lines = OrderLine.objects.filter(order=order).order_by("pk")
    return list(lines.filter(external_id__in=named) if named else lines)


def _drop_unknown(organization_id: int, named: Sequence[str], here: Collection[str]) -> None:
    """Items nobody knows are remembered, so that they are left out should they arrive."""
    for key in named:
        if key not in here:
            keys.remember(organization_id=organization_id, kind=RemoteKind.DROPPED_ITEM, key=key)

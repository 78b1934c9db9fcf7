"""Bulk fixes of the inbox: each is a service of the app that owns the cause, wired here by name.

A fix mends the subject of one entry and says what came of it; the entry closes itself when its
cause is gone.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from fulfillment.models import FulfillmentTask
from fulfillment.services import allocation, labels, making_papers, shortages
from oms.events import relay
from oms.events import services as news
from oms.events.choices import DeliveryState
from oms.inbox.models import Entry
from oms.kernel.actors import Actor
from oms.kernel.errors import Conflict
from oms.orders import services as orders

Work = Callable[[Entry, Actor, datetime], str]


class CauseGone(Conflict):
    """Somebody or something was faster; the entry is about to close."""

    code = "inbox_cause_gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """What can be done to many entries at once, and who may do it."""

    name: str
    label: str
    explanation: str
    permission: str
    work: Work


def _allocate(entry: Entry, actor: Actor, now: datetime) -> str:
    decision = allocation.allocate_order(order_id=entry.subject_id, actor=actor, now=now)
    return f"was routed again: {decision.reason}." if decision else "has nothing left to route."


def _match_skus(entry: Entry, actor: Actor, now: datetime) -> str:
    found = orders.match_skus(order_id=entry.subject_id, actor=actor, now=now)
    decision = allocation.allocate_order(order_id=entry.subject_id, actor=actor, now=now)
    routed = f" and was routed: {decision.reason}" if decision else ""
    return f"has its SKUs now ({', '.join(found)}){routed}."


def _retry_label(entry: Entry, actor: Actor, now: datetime) -> str:
    labels.retry_label(document_id=entry.subject_id, actor=actor, now=now)
    return "is fetched again."


def _redraw_paper(entry: Entry, actor: Actor, now: datetime) -> str:
    making_papers.redraw_paper(document_id=entry.subject_id, actor=actor, now=now)
    return "is drawn again."


def _check_stock(entry: Entry, actor: Actor, now: datetime) -> str:
    task = FulfillmentTask.objects.filter(pk=entry.subject_id).first()
    if task is None:
        raise CauseGone("The task is gone")
    changed = shortages.flag_unserved(point_id=task.point_id, actor=actor, now=now)
    return "can be served now." if task.number in changed else "still lacks stock at its point."


def _release(entry: Entry, actor: Actor, now: datetime) -> str:
    orders.release_hold(hold_id=entry.subject_id, actor=actor, now=now)
    return "was released."


def _relay(entry: Entry, _actor: Actor, now: datetime) -> str:
    if not relay.relay_again(event_id=entry.subject_id, now=now):
        raise CauseGone("It is not parked any more")
    return "is relayed again."


def _resend(entry: Entry, actor: Actor, now: datetime) -> str:
    wanted = news.ReplayRequest(endpoint_id=entry.subject_id, states=(DeliveryState.EXHAUSTED,))
    sent = news.replay(request=wanted, actor=actor, now=now)
    return f"is sent {sent:,} {'delivery' if sent == 1 else 'deliveries'} again."


def _enable(entry: Entry, actor: Actor, now: datetime) -> str:
    news.enable_endpoint(endpoint_id=entry.subject_id, recover=True, actor=actor, now=now)
    return "is enabled; what was held back is sent."


def _verify(entry: Entry, actor: Actor, now: datetime) -> str:
    if news.verify_endpoint(endpoint_id=entry.subject_id, actor=actor, now=now):
        return "has answered and is verified."
    return "did not answer; its page says why."


_ALL = (
    Fix(
        name="match_skus",
        label="Look SKUs up again",
        explanation="Codes that are known by now get their SKU, and the order is routed.",
        permission="orders.allocate_order",
        work=_match_skus,
    ),
    Fix(
        name="allocate",
        label="Route again",
        explanation="Tries now to find points for what waits, instead of at the next retry.",
        permission="orders.allocate_order",
        work=_allocate,
    ),
    Fix(
        name="retry_label",
        label="Fetch label again",
        explanation="The carrier is first asked whether it made the label already.",
        permission="fulfillment.retry_label",
        work=_retry_label,
    ),
    Fix(
        name="redraw_paper",
        label="Draw paper again",
        explanation="It is drawn by the template of today.",
        permission="fulfillment.retry_label",
        work=_redraw_paper,
    ),
    Fix(
        name="check_stock",
        label="Check stock again",
        explanation="Tasks of the point that its stock can serve by now go on.",
        permission="inventory.change_stocklevel",
        work=_check_stock,
    ),
    Fix(
        name="release",
        label="Release hold",
        explanation="With the last hold of an order released, its work goes on.",
        permission="orders.hold_order",
        work=_release,
    ),
    Fix(
        name="relay",
        label="Relay again",
        explanation="The event's handlers run again; each of them is safe to repeat.",
        permission="events.change_event",
        work=_relay,
    ),
    Fix(
        name="resend",
        label="Send again what was given up on",
        explanation="All of it, the same bytes under the same ids.",
        permission="events.change_delivery",
        work=_resend,
    ),
    Fix(
        name="enable",
        label="Enable endpoint",
        explanation="News is sent again, with what was held back.",
        permission="events.change_endpoint",
        work=_enable,
    ),
    Fix(
        name="verify",
        label="Verify endpoint",
        explanation="The URL is asked now whether it wants our news.",
        permission="events.change_endpoint",
        work=_verify,
    ),
)
FIXES: Mapping[str, Fix] = {fix.name: fix for fix in _ALL}

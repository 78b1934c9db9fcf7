"""After a test organization's clock was moved: what came due by it happens at once."""

from dataclasses import dataclass
from datetime import datetime

from fulfillment.services.allocation import allocate_orders
from fulfillment.services.hopping import hop_due
from oms.accounts import sandboxes
from oms.accounts.clocks import Circle, Round
from oms.accounts.sandboxes import ClockMove
from oms.kernel.actors import SYSTEM, Actor
from oms.orders import services as orders
from oms.orders.models import Order

MOST_ROUNDS = 5  # of a batch each; what is left then is for the sweeps, which know the clock
MOST_ROUTED = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class CaughtUp:
    """What the clock shows now, and what has happened because of it."""

    now: datetime
    holds_released: int
    cancel_requests_expired: int
    tasks_hopped: int
    orders_routed: int
    orders_completed: int


def advance_clock(
    *, organization_id: int, move: ClockMove, actor: Actor, now: datetime
) -> CaughtUp:
    """Move a test organization's clock ahead, and do what is due by it. `now` is the real time.

    Raises sandboxes.NotASandbox, sandboxes.SandboxIsShared, sandboxes.ClockGoesForward and
    sandboxes.MovedTooFar.
    """
    offset = sandboxes.move_clock(organization_id=organization_id, move=move, actor=actor, now=now)
    at = now + offset
    circle = Circle(only=organization_id)
    # What releases orders for routing comes before it.
    return CaughtUp(
        now=at,
        holds_released=_worked_off(orders.release_due_holds, circle, now=at),
        cancel_requests_expired=_worked_off(orders.expire_cancel_requests, circle, now=at),
        tasks_hopped=_worked_off(hop_due, circle, now=at),
        orders_routed=_route(organization_id, now=at),
        orders_completed=_worked_off(orders.complete_due, circle, now=at),
    )


def _worked_off(work: Round, circle: Circle, *, now: datetime) -> int:
    total = 0
    for _ in range(MOST_ROUNDS):
        done = work(now=now, circle=circle)
        total += done
        if not done:
            break
    return total


def _route(organization_id: int, *, now: datetime) -> int:
    """Route what is due, without the lane of all organizations, which must not wait for this."""
    due = Order.objects.due_for_allocation(now).filter(organization_id=organization_id)
    oldest = due.order_by("allocation_due_at", "placed_at", "pk").values_list("pk", flat=True)
    return allocate_orders(order_ids=list(oldest[:MOST_ROUTED]), actor=SYSTEM, now=now)

"""Scenarios, and orders of sellers, for the tests of routing by scenarios."""

from dataclasses import replace

from fulfillment import services
from fulfillment.models import FulfillmentTask, Scenario
from fulfillment.services import allocation
from oms.backoffice.invariants import INVARIANTS, verify
from oms.kernel.actors import Actor
from oms.orders import services as orders
from oms.orders.models import Order
from oms.orders.traits import Traits
from tests.factories import NOW, channel_actor, make_draft

STAFF = Actor(kind="user", ref="planner")


def make_scenario(organization, *, code="S", priority=1, kind="DISTRIBUTION", **rules) -> Scenario:
    return services.create_scenario(
        organization_id=organization.pk,
        draft=services.ScenarioDraft(code=code, name=code, priority=priority, kind=kind),
        rules=rules,
        actor=STAFF,
        now=NOW,
    )


def place_with(channel, lines, *, sellers=(), traits=None, **overrides) -> Order:
    """An order; `sellers` are the supplier codes of its lines, in turn."""
    draft = make_draft(channel=channel, lines=lines, traits=traits or Traits(), **overrides)
    told = [
        replace(line, extra={"supplier_code": seller})
        for line, seller in zip(draft.lines, sellers, strict=False)
    ]
    draft = replace(draft, lines=(*told, *draft.lines[len(told) :]))
    intake = orders.place_order(draft=draft, actor=channel_actor(channel), now=NOW)
    return Order.objects.get(pk=intake.order_id)


def route(order: Order, *, now=NOW) -> Order:
    allocation.allocate_due(now=now)
    order.refresh_from_db()
    return order


def tasks_of(order: Order) -> list[tuple[int, str, bool, int]]:
    """Point, status, whether it holds stock, and live units of every task."""
    return [
        (
            task.point_id,
            task.status,
            task.is_reserved,
            sum(line.quantity_live for line in task.lines.all()),
        )
        for task in FulfillmentTask.objects.filter(order=order).order_by("pk")
    ]


def broken() -> list[str]:
    """Invariants that do not hold."""
    return [each.code for each in INVARIANTS if not verify(each).holds]

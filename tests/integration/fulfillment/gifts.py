"""Orders of bundles, given to points: what tests of their work begin with."""

from dataclasses import dataclass

from fulfillment import services
from fulfillment.models import FulfillmentTask, TaskLine
from oms.backoffice.invariants import INVARIANTS, verify
from oms.orders.models import OrderLine
from tests.factories import NOW, make_bundle, make_channel, make_point, make_sku, place, point_actor
from tests.integration.fulfillment.builders import MULTI, Case


def broken_invariants() -> list[str]:
    return [each.invariant.code for each in map(verify, INVARIANTS) if not each.holds]


@dataclass
class Gift(Case):
    """An order with a line of gifts: one mug and two spoons each."""

    def line(self) -> OrderLine:
        return self.order.lines.get(bundle__isnull=False)

    def parts(self) -> list[OrderLine]:
        return list(self.line().parts.order_by("pk"))

    def quantities(self, name: str) -> list[int]:
        """Of the bundle's line, the mugs and the spoons."""
        return [getattr(each, f"quantity_{name}") for each in (self.line(), *self.parts())]

    def task_line(self, sku: int) -> TaskLine:
        return self.task.lines.filter(sku=self.skus[sku]).order_by("pk").first()


def gifts(
    *, sets: int = 2, delivery: str = MULTI, beside: int = 0, point=None, mugs=10, spoons=20, **more
) -> Gift:
    """Gifts that were given to one point, with so many mugs beside them."""
    point = point or make_point()
    mug = make_sku(point=point, on_hand=mugs, weight_g=300)
    spoon = make_sku(point=point, on_hand=spoons, weight_g=50)
    bundle = make_bundle(parts=[(mug, 1), (spoon, 2)])
    channel = make_channel(points=[point], delivery=delivery)
    lines = [(bundle.code, sets), *([(mug, beside)] if beside else [])]
    order = place(channel=channel, lines=lines, **more)
    services.allocate_due(now=NOW)
    return Gift(
        point=point,
        channel=channel,
        skus=[mug, spoon],
        order=order,
        task=FulfillmentTask.objects.get(order=order),
        actor=point_actor(point),
    )

"""An organization with allocated orders, and the calls that ship them."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from fulfillment import services
from oms.api.v1.road.fields import moment
from tests.integration.v1.orders.world import World, make_world


@dataclass
class Yard:
    world: World

    @property
    def api(self):
        return self.world.api

    def order(self, number: str = "WEB-1001", **overrides):
        """An order of the contract, given to the point."""
        placed = self.world.place(number, **overrides)
        services.allocate_due(now=timezone.now())
        return placed

    def ship(self, order, **overrides):
        """Make a shipment; without more said, everything by GHN."""
        body = {"order_id": order["id"], "carrier_code": "ghn"} | overrides
        return self.api.post("/shipments", body)

    def shipped(self, order=None, **overrides):
        answer = self.ship(order or self.order(), **overrides)
        assert answer.status_code == 201, answer.content
        return answer.json()

    def print_labels(self) -> None:
        services.fetch_due_labels(now=timezone.now())

    def read(self, shipment):
        return self.api.get(f"/shipments/{shipment['id']}").json()

    def report(self, shipment, status: str, *, minutes: float = 0, **more):
        """Where it was some minutes ago (negative: ahead)."""
        at = moment(timezone.now() - timedelta(minutes=minutes))
        body = {"status": status, "occurred_at": at} | more
        return self.api.post(f"/shipments/{shipment['id']}/status-updates", body)


def make_yard() -> Yard:
    return Yard(make_world())

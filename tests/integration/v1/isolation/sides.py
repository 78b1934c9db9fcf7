"""An organization with one of everything `/v1` knows, made by services and through the API."""

import datetime as dt
from copy import deepcopy
from typing import Any

from django.utils import timezone

from fulfillment import services
from oms.accounts import clocks
from oms.api.v1.road import identifiers
from oms.api.v1.road.fields import moment
from tests import factories
from tests.integration.v1.orders.world import ADDRESS, vnd
from tests.v1_client import V1


class Side:
    """The objects of one organization, by what they are called on the wire.

    Both sides use the same numbers of their own, as two shops would; only the SKU's code differs,
    because it stands in paths.
    """

    def __init__(self) -> None:
        self.organization = factories.make_organization(currency="VND", country="VN", is_test=True)
        self.point = factories.make_point(organization=self.organization)
        self.channel = factories.make_channel(points=[self.point], code="web")
        self.sku = f"TEE-{self.organization.pk}"
        factories.make_sku(point=self.point, on_hand=50, code=self.sku)
        self.api = V1(self.organization)
        self.location = identifiers.of_uuid("loc_", self.point.public_id)
        hooks = {"url": "https://client.example.invalid/", "events": ["order.*"]}
        self.endpoint = self.made("/webhook-endpoints", hooks)
        self.paused = self.made("/webhook-endpoints", hooks)
        self.made(f"/webhook-endpoints/{self.paused}/pause", {})
        self.customer = self.made("/customers", self.customer_body("CRM-88"))
        self._sell()
        self._take_back()
        self.adjustment = self.made("/inventory/adjustments", self.adjustment_body())
        factories.relay_everything()

    def _sell(self) -> None:
        """An order at work, one with a label, one with a wish, and one that was delivered."""
        self.order = self.made("/orders", self.order_body("WEB-1", customer_id=self.customer))
        self.labelled = self.made("/orders", self.order_body("WEB-2"))
        self.wished = self.made("/orders", self.order_body("WEB-3"))
        self.delivered = self.made("/orders", self.order_body("WEB-4"))
        services.allocate_due(now=timezone.now())
        self.shipment = self.made("/shipments", self.shipment_body(self.labelled))
        services.fetch_due_labels(now=timezone.now())
        path = f"/orders/{self.wished}/cancellation-requests"
        self.request = self.made(path, {"reason": "customer_request"})
        arrived = self.made(
            "/shipments",
            self.shipment_body(self.delivered, carrier_code="self", tracking_number="T1"),
        )
        for status in ("picked_up", "delivered"):
            self.made(f"/shipments/{arrived}/status-updates", self.update_body(status), key=None)

    def _take_back(self) -> None:
        """A return that is expected, and one that was received."""
        self.expected = self.made("/returns", self.return_body("RMA-1"))
        self.received = self.made("/returns", self.return_body("RMA-2"))
        [unit] = self.api.get(f"/returns/{self.received}").json()["units"]
        self.unit = unit["id"]
        self.made(f"/returns/{self.received}/receipts", {"units": [self.unit]}, key=None)

    def made(self, path: str, body: dict, key: str | None = "id") -> Any:
        """Post it, and tell its id."""
        answer = self.api.post(path, body)
        assert answer.status_code in {200, 201}, answer.content
        return answer.json()[key] if key else None

    @property
    def marks(self) -> set[str]:
        """What only answers about this organization may say."""
        named = vars(self).values()
        return {value for value in named if isinstance(value, str)} | {self.api.machine.name}

    def order_body(self, number: str, **members) -> dict:
        lines = [{"sku": self.sku, "quantity": 3, "unit_price": vnd("125000")}]
        return {
            "external_id": number,
            "channel": "web",
            "payment_method": "cod",
            "currency": "VND",
            "ship_to": deepcopy(ADDRESS),
            "lines": lines,
        } | members

    def customer_body(self, number: str) -> dict:
        return {"external_id": number, "full_name": "Trần Lan", "phone": "+84900000000"}

    def shipment_body(self, order: str, **members) -> dict:
        return {"order_id": order, "carrier_code": "ghn"} | members

    def update_body(self, status: str) -> dict:
        at = timezone.now() - dt.timedelta(minutes=1 if status == "delivered" else 2)
        return {"status": status, "occurred_at": moment(at)}

    def return_body(self, number: str) -> dict:
        return {
            "order_id": self.delivered,
            "external_id": number,
            "units": [{"sku": self.sku}],
        }

    def adjustment_body(self) -> dict:
        item = {"sku": self.sku, "location_id": self.location, "delta": 1}
        return {"reason": "received", "items": [item]}

    def level_body(self) -> dict:
        return {"sku": self.sku, "location_id": self.location, "on_hand": 60}

    def replay_body(self) -> dict:
        since = timezone.now() - dt.timedelta(hours=1)
        return {"since": moment(since), "types": ["order.*"]}

    def inspection_body(self) -> dict:
        result = {"id": self.unit, "qc_status": "pass", "disposition": "restock"}
        return {"units": [result]}


def make_sides() -> tuple[Side, Side]:
    """Two organizations that know nothing of each other."""
    clocks.forget()
    return Side(), Side()

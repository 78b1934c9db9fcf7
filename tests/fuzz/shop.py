"""Makes real objects over /v1, each in the state an operation needs to succeed."""

import time
import uuid
from typing import Any

import requests

from oms.api.v1.customers.examples import CUSTOMER
from oms.api.v1.orders.examples import ORDER

Document = dict[str, Any]
PATIENCE = 20.0  # seconds until a worker has allocated an order or made a label
SKUS = ("TEE-RED-M", "CAP-01")
_PLENTY = 500_000_000


class Shop:
    """A client of /v1 that does what integrators do."""

    def __init__(self, base_url: str, api_key: str) -> None:
        self._base = f"{base_url}/v1"
        self._http = requests.Session()
        self._http.headers["X-API-Key"] = api_key

    def call(self, method: str, path: str, body: object = None) -> requests.Response:
        """Send one call, a POST with a key of its own."""
        key = {"Idempotency-Key": str(uuid.uuid4())} if method == "POST" else {}
        return self._http.request(method, self._base + path, json=body, headers=key, timeout=30)

    def made(self, path: str, body: object = None) -> Document:
        """The answer to a POST that has to succeed."""
        answer = self.call("POST", path, body)
        if not answer.ok:
            raise AssertionError(f"POST {path}: {answer.status_code} {answer.text}")
        document: Document = answer.json()
        return document

    def read(self, path: str) -> Document:
        """The answer to a GET that has to succeed."""
        answer = self.call("GET", path)
        answer.raise_for_status()
        document: Document = answer.json()
        return document

    def location(self) -> Document:
        """The one warehouse."""
        found: Document = self.read("/locations")["data"][0]
        return found

    def customer(self) -> Document:
        return self.made("/customers", {**CUSTOMER, "external_id": _number("CRM")})

    def order(self, quantity: int = 3) -> Document:
        """A new order that is paid on delivery."""
        lines = [{**ORDER["lines"][0], "quantity": quantity}]
        return self.made("/orders", {**ORDER, "external_id": _number("WEB"), "lines": lines})

    def _stock_up(self) -> None:
        """Plenty of units, and room for more, whatever others did to the stock."""
        level = f"/inventory/{SKUS[0]}/locations/{self.location()['id']}"
        self.call("PUT", level, {"on_hand": _PLENTY, "reason": "sync"}).raise_for_status()

    def allocated(self) -> Document:
        """An order with all its units reserved."""
        self._stock_up()
        return self._until(f"/orders/{self.order()['id']}", "allocated")

    def cancellation_request(self) -> Document:
        path = f"/orders/{self.order()['id']}/cancellation-requests"
        return self.made(path, {"reason": "customer_request"})

    def shipment(self, carrier: str = "self", **members: object) -> Document:
        """A box of a third of an order, so that there is more to ship."""
        order = self.allocated()
        lines = [{"order_line_id": order["lines"][0]["id"], "quantity": 1}]
        body = {"order_id": order["id"], "carrier_code": carrier, "lines": lines, **members}
        return self.made("/shipments", body)

    def labelled(self) -> Document:
        """A shipment whose label is ready."""
        return self._until(f"/shipments/{self.shipment('ghn')['id']}", "ready_to_ship")

    def picked_up(self) -> Document:
        """An order of which a unit has left."""
        shipment = self.shipment()
        update = {"status": "picked_up", "occurred_at": "2026-01-15T08:00:00.000Z"}
        self.made(f"/shipments/{shipment['id']}/status-updates", update)
        return self.read(f"/orders/{shipment['order_id']}")

    def expected_return(self) -> Document:
        """A unit that is to come back."""
        order = self.picked_up()
        unit = {"order_line_id": order["lines"][0]["id"], "external_id": _number("U")}
        body = {"order_id": order["id"], "external_id": _number("RMA"), "units": [unit]}
        return self.made("/returns", {**body, "tracking_number": "RV300"})

    def received_return(self) -> Document:
        """A unit that came back."""
        made = self.expected_return()
        units = [unit["id"] for unit in made["units"]]
        return self.made(f"/returns/{made['id']}/receipts", {"units": units})

    def endpoint(self) -> Document:
        body = {"url": "https://client.example.com/hooks", "events": ["order.*"]}
        return self.made("/webhook-endpoints", body)

    def paused_endpoint(self) -> Document:
        return self.made(f"/webhook-endpoints/{self.endpoint()['id']}/pause")

    def adjustment(self) -> Document:
        self._stock_up()
        item = {"sku": SKUS[0], "location_id": self.location()["id"], "delta": 24}
        return self.made("/inventory/adjustments", {"reason": "received", "items": [item]})

    def _until(self, path: str, status: str) -> Document:
        """The resource, once a worker has brought it so far."""
        ends = time.monotonic() + PATIENCE
        while (found := self.read(path))["status"] != status:
            if time.monotonic() > ends:
                raise AssertionError(f"{path} stays {found['status']}, not {status}")
            time.sleep(0.05)
        return found


def _number(prefix: str) -> str:
    return f"{prefix}-{uuid.uuid4().hex[:20]}"

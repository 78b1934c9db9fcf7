"""A row per operation of `/v1`: how it is called about somebody's objects, and what that answers.

A new operation needs a row here; the matrix says so by name.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.integration.v1.isolation.sides import Side

PUBLIC = frozenset({"createToken"})  # asks for a credential instead of having one


@dataclass(frozen=True)
class Row:
    """The path and the body about a side's objects; `own` answers its owner, `other` the other.

    Where nobody's objects are named, or a list is only narrowed by them, `other` is a success
    that is about the other's own organization.
    """

    path: Callable[[Side], str] | str
    body: Callable[[Side], Any] | None = None
    own: int = 200
    other: int = 404

    def call(self, side: Side) -> tuple[str, Any]:
        path = self.path if isinstance(self.path, str) else self.path(side)
        return path, self.body(side) if self.body else None


def _nothing(_side: Side) -> dict:
    return {}


ORDERS = {
    "listOrders": Row(lambda s: f"/orders?customer_id={s.customer}", other=200),
    "createOrder": Row(
        "/orders",
        lambda s: s.order_body("WEB-9", customer_id=s.customer, location_id=s.location),
        own=201,
        other=422,
    ),
    # Tells of each order what became of it.
    "createOrders": Row("/orders/bulk", lambda s: {"orders": [s.order_body("WEB-9")]}, other=200),
    "getOrder": Row(lambda s: f"/orders/{s.order}"),
    "editOrder": Row(lambda s: f"/orders/{s.order}", lambda _: {"note": "mine"}),
    "cancelOrder": Row(
        lambda s: f"/orders/{s.order}/cancel", lambda _: {"reason": "customer_request"}
    ),
    "listCancellationRequests": Row(lambda s: f"/orders/{s.wished}/cancellation-requests"),
    "createCancellationRequest": Row(
        lambda s: f"/orders/{s.order}/cancellation-requests",
        lambda _: {"reason": "customer_request"},
        own=201,
    ),
    "decideCancellationRequest": Row(
        lambda s: f"/cancellation-requests/{s.request}/decision",
        lambda _: {"decision": "accept", "note": ""},
    ),
}
INVENTORY = {
    "listInventory": Row(lambda s: f"/inventory?sku={s.sku}&location_id={s.location}", other=200),
    "getInventory": Row(lambda s: f"/inventory/{s.sku}"),
    "checkAvailability": Row(
        "/inventory/availability-checks",
        lambda s: {"location_id": s.location, "items": [{"sku": s.sku, "quantity": 1}]},
        other=422,
    ),
    "setInventoryLevel": Row(
        lambda s: f"/inventory/{s.sku}/locations/{s.location}",
        lambda _: {"on_hand": 60, "reason": "cycle_count"},
    ),
    "adjustInventory": Row(
        "/inventory/adjustments", lambda s: s.adjustment_body(), own=201, other=422
    ),
    "getAdjustment": Row(lambda s: f"/inventory/adjustments/{s.adjustment}"),
    # Names the rows that are nobody's and leaves them out.
    "setInventoryInBulk": Row(
        "/inventory/bulk", lambda s: {"levels": [s.level_body()], "reason": "sync"}, other=200
    ),
    "listLocations": Row("/locations", other=200),
    "getLocation": Row(lambda s: f"/locations/{s.location}"),
}
SHIPMENTS = {
    "listShipments": Row(lambda s: f"/shipments?order_id={s.labelled}", other=200),
    "createShipment": Row("/shipments", lambda s: s.shipment_body(s.order), own=201),
    "getShipment": Row(lambda s: f"/shipments/{s.shipment}"),
    "updateShipment": Row(lambda s: f"/shipments/{s.shipment}", lambda _: {"note": "mine"}),
    "reportShipmentStatus": Row(
        lambda s: f"/shipments/{s.shipment}/status-updates",
        lambda s: s.update_body("picked_up"),
        own=201,
    ),
    "cancelShipment": Row(
        lambda s: f"/shipments/{s.shipment}/cancel", lambda _: {"reason": "customer_request"}
    ),
    "trackShipment": Row(lambda s: f"/shipments/{s.shipment}/tracking"),
    "getShipmentLabel": Row(lambda s: f"/shipments/{s.shipment}/label"),
}
CUSTOMERS = {
    "listCustomers": Row("/customers?q=Tran", other=200),
    "createCustomer": Row("/customers", lambda s: s.customer_body("CRM-89"), own=201, other=201),
    "getCustomer": Row(lambda s: f"/customers/{s.customer}"),
    "updateCustomer": Row(lambda s: f"/customers/{s.customer}", lambda _: {"note": "mine"}),
    "eraseCustomer": Row(lambda s: f"/customers/{s.customer}/erasure", _nothing),
    "exportCustomer": Row(lambda s: f"/customers/{s.customer}/personal-data"),
}
RETURNS = {
    "listReturns": Row(lambda s: f"/returns?order_id={s.delivered}", other=200),
    "createReturn": Row("/returns", lambda s: s.return_body("RMA-9"), own=201),
    "getReturn": Row(lambda s: f"/returns/{s.expected}"),
    "updateReturn": Row(lambda s: f"/returns/{s.expected}", lambda _: {"note": "mine"}),
    "receiveReturn": Row(
        lambda s: f"/returns/{s.received}/receipts", lambda s: {"units": [s.unit]}
    ),
    "inspectReturn": Row(
        lambda s: f"/returns/{s.received}/inspections", lambda s: s.inspection_body()
    ),
    "cancelReturn": Row(lambda s: f"/returns/{s.expected}/cancel", _nothing),
}
NEWS = {
    "listEvents": Row(lambda s: f"/events?subject={s.order}", other=200),
    "listWebhookEndpoints": Row("/webhook-endpoints", other=200),
    "createWebhookEndpoint": Row(
        "/webhook-endpoints",
        lambda _: {"url": "https://client.example.invalid/", "events": ["order.*"]},
        own=201,
        other=201,
    ),
    "getWebhookEndpoint": Row(lambda s: f"/webhook-endpoints/{s.endpoint}"),
    "updateWebhookEndpoint": Row(
        lambda s: f"/webhook-endpoints/{s.endpoint}", lambda _: {"description": "mine"}
    ),
    "deleteWebhookEndpoint": Row(lambda s: f"/webhook-endpoints/{s.endpoint}", own=204),
    "rotateWebhookSecret": Row(
        lambda s: f"/webhook-endpoints/{s.endpoint}/rotate-secret", _nothing
    ),
    "pauseWebhookEndpoint": Row(lambda s: f"/webhook-endpoints/{s.endpoint}/pause", _nothing),
    "resumeWebhookEndpoint": Row(lambda s: f"/webhook-endpoints/{s.paused}/resume", _nothing),
    "replayWebhookDeliveries": Row(
        lambda s: f"/webhook-endpoints/{s.endpoint}/replay",
        lambda s: s.replay_body(),
        own=202,
    ),
    "listWebhookDeliveries": Row(lambda s: f"/webhook-endpoints/{s.endpoint}/deliveries"),
}
SANDBOX = {
    "getSandbox": Row("/sandbox", other=200),
    "advanceSandboxClock": Row("/sandbox/clock", lambda _: {"advance_seconds": 60}, other=200),
    "shipEverything": Row("/sandbox/ship-everything", _nothing, other=200),
}
ROWS = ORDERS | INVENTORY | SHIPMENTS | CUSTOMERS | RETURNS | NEWS | SANDBOX

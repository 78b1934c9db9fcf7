"""Every example of a request in the document is sent; what it answers is what is declared.

The identifiers in examples are nobody's, so real ones are put in their place; so are versions and
the secret of a client. Everything else goes as it stands. The client of these tests compares each
answer with the schema of its status.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import pytest
from django.utils import timezone

from oms.accounts import clocks, tokens
from oms.accounts import services as accounts
from oms.accounts.choices import CredentialKind
from oms.inventory.models import StockLevel
from oms.kernel.actors import SYSTEM
from tests import factories
from tests.integration.v1.shipments.yard import Yard, make_yard
from tests.v1_client import document

FORM = "application/x-www-form-urlencoded"
_ID = re.compile(r"([a-z]{3}_)[0-9A-Z]{26}")


@dataclass
class Stage:
    """What the examples are about."""

    yard: Yard
    ids: dict[str, str] = field(default_factory=dict)
    members: dict[str, Any] = field(default_factory=dict)
    """Identifiers by prefix, and other members that have to be real."""

    @property
    def api(self):
        return self.yard.api

    def order(self):
        """One that waits to be shipped."""
        order = self.yard.order("WEB-7")
        self.ids |= {"ord_": order["id"], "oli_": order["lines"][0]["id"]}
        return {"order_id": order["id"]}

    def request(self):
        path = f"/orders/{self.order()['order_id']}/cancellation-requests"
        return {"request_id": self._made(path, {"reason": "customer_request"})["id"]}

    def shipment(self):
        """One whose label is made."""
        self.order()
        made = self._made("/shipments", {"order_id": self.ids["ord_"], "carrier_code": "ghn"})
        self.yard.print_labels()
        return {"shipment_id": made["id"]}

    def unlabelled(self):
        self.order()
        made = self._made("/shipments", {"order_id": self.ids["ord_"], "carrier_code": "self"})
        return {"shipment_id": made["id"]}

    def shipped(self):
        self.yard.report(self.yard.read({"id": self.shipment()["shipment_id"]}), "picked_up")
        return {}

    def expected(self):
        """A return on its way, with the tracking number of the example."""
        self.shipped()
        unit = {"order_line_id": self.ids["oli_"]}
        body = {"order_id": self.ids["ord_"], "units": [unit, unit], "tracking_number": "RV300"}
        made = self._made("/returns", body)
        self.ids["rtu_"] = made["units"][0]["id"]
        return {"return_id": made["id"]}

    def received(self):
        named = self.expected()
        self._made(f"/returns/{named['return_id']}/receipts", {"tracking_number": "RV300"})
        return named

    def level(self):
        row = StockLevel.objects.get(sku=self.yard.world.sku)
        self.members["expected_version"] = row.version
        return {"sku": self.yard.world.sku.code, "location_id": self.ids["loc_"]}

    def customer(self):
        body = {"full_name": "Trần Lan", "phone": "+84900000000"}
        return {"customer_id": self._made("/customers", body)["id"]}

    def endpoint(self):
        body = {"url": "https://client.example.com/hooks"}
        return {"endpoint_id": self._made("/webhook-endpoints", body)["id"]}

    def client(self):
        known, secret = accounts.issue_credential(
            client=self.api.machine,
            kind=CredentialKind.OAUTH2,
            actor=SYSTEM,
            now=timezone.now(),
        )
        self.members |= {"client_id": known.identifier, "client_secret": secret}
        return {}

    def nothing(self):
        return {}

    def real(self, value, name=""):
        """The value with real references."""
        if name in self.members:
            return self.members[name]
        if isinstance(value, dict):
            return {key: self.real(each, key) for key, each in value.items()}
        if isinstance(value, list):
            return [self.real(each) for each in value]
        found = _ID.fullmatch(value) if isinstance(value, str) else None
        return self.ids[found[1]] if found else value

    def _made(self, path, body):
        answer = self.api.post(path, body)
        assert answer.status_code in {200, 201}, answer.content
        return answer.json()


# What has to be there, and the parameters of the path.
SCENES: dict[str, Callable[[Stage], dict[str, str]]] = {
    "adjustInventory": Stage.nothing,
    "advanceSandboxClock": Stage.nothing,
    "cancelOrder": Stage.order,
    "cancelReturn": Stage.expected,
    "cancelShipment": Stage.unlabelled,
    "checkAvailability": Stage.nothing,
    "createCancellationRequest": Stage.order,
    "createCustomer": Stage.nothing,
    "createOrder": Stage.nothing,
    "createOrders": Stage.nothing,
    "createReturn": Stage.shipped,
    "createShipment": Stage.order,
    "createToken": Stage.client,
    "createWebhookEndpoint": Stage.nothing,
    "decideCancellationRequest": Stage.request,
    "editOrder": Stage.order,
    "inspectReturn": Stage.received,
    "receiveReturn": Stage.expected,
    "replayWebhookDeliveries": Stage.endpoint,
    "reportShipmentStatus": Stage.shipment,
    "rotateWebhookSecret": Stage.endpoint,
    "setInventoryInBulk": Stage.nothing,
    "setInventoryLevel": Stage.level,
    "shipEverything": Stage.order,
    "updateCustomer": Stage.customer,
    "updateReturn": Stage.expected,
    "updateShipment": Stage.shipment,
    "updateWebhookEndpoint": Stage.endpoint,
}


def bodies():
    """Method, path, operation, media type and its description, of every body of the document."""
    for path, item in document()["paths"].items():
        for method, operation in item.items():
            for media_type, content in operation.get("requestBody", {}).get("content", {}).items():
                yield method.upper(), path, operation, media_type, content


def examples():
    for method, path, operation, media_type, content in bodies():
        for name, example in content.get("examples", {}).items():
            case = (method, path, operation, media_type, example["value"])
            yield pytest.param(*case, id=f"{operation['operationId']}-{media_type}-{name}")


@pytest.fixture
def stage(db) -> Stage:
    clocks.forget()
    tokens.forget_tokens()
    yard = make_yard()
    organization, point = yard.world.organization, yard.world.point
    organization.is_test = True
    organization.save()
    factories.make_sku(point=point, on_hand=10, code="CAP-01")
    [location] = yard.api.get("/locations").json()["data"]
    return Stage(yard, ids={"loc_": location["id"]})


def written(media_type: str, value: object) -> bytes:
    if media_type == FORM:
        return urlencode(value).encode()
    return json.dumps(value).encode()


@pytest.mark.parametrize(("method", "path", "operation", "media_type", "value"), list(examples()))
def test_an_example_is_answered_as_declared(stage, method, path, operation, media_type, value):
    parameters = SCENES[operation["operationId"]](stage)
    url = path.removeprefix("/v1").format(**parameters)
    declared = {int(status) for status in operation["responses"] if status.startswith("2")}

    answer = stage.api.call(
        method,
        url,
        body=written(media_type, stage.real(value)),
        headers={"Content-Type": media_type},
    )

    assert answer.status_code in declared, answer.content


def test_every_body_has_an_example():
    without = {
        operation["operationId"]
        for _method, _path, operation, _media_type, content in bodies()
        if not content.get("examples")
    }

    assert without == set()


def test_many_orders_and_levels_of_examples_all_succeed(stage):
    """Their failures are in the body of a 200."""
    [orders, levels] = [
        next(
            content["examples"]
            for _method, _path, operation, media_type, content in bodies()
            if operation["operationId"] == name and media_type == "application/json"
        )
        for name in ("createOrders", "setInventoryInBulk")
    ]
    [many] = [stage.real(example["value"]) for example in orders.values()]
    [counts] = [stage.real(example["value"]) for example in levels.values()]

    placed = stage.api.post("/orders/bulk", many).json()
    counted = stage.api.put("/inventory/bulk", counts).json()

    assert (placed["created"], placed["failed"]) == (1, 0)
    assert (counted["received"], counted["failed"]) == (2, 0)

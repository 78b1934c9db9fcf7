"""A small Vietnamese organization, and the orders its shop sends."""

from copy import deepcopy
from dataclasses import dataclass

from catalog.models import Sku
from channels_app.models import Channel
from oms.accounts.models import Organization
from oms.locations.models import FulfillmentPoint
from tests import factories
from tests.v1_client import V1

ADDRESS = {
    "full_name": "Trần Lan",
    "phone": "+84900000000",
    "line1": "1 Lê Lợi",
    "ward": "Bến Nghé",
    "province": "Hồ Chí Minh",
    "country": "VN",
}


@dataclass
class World:
    organization: Organization
    channel: Channel
    point: FulfillmentPoint
    sku: Sku
    api: V1

    def order(self, number: str = "WEB-1001", **overrides):
        """The order of the contract; None takes a member out."""
        body = {
            "external_id": number,
            "channel": "web",
            "payment_method": "cod",
            "currency": "VND",
            "ship_to": deepcopy(ADDRESS),
            "lines": [{"sku": self.sku.code, "quantity": 2, "unit_price": vnd("125000")}],
            "shipping_fee": vnd("20000"),
        } | overrides
        return {name: value for name, value in body.items() if value is not None}

    def place(self, number: str = "WEB-1001", **overrides):
        answer = self.api.post("/orders", self.order(number, **overrides))
        assert answer.status_code == 201, answer.content
        return answer.json()

    def read(self, order):
        return self.api.get(f"/orders/{order['id']}").json()

    def patch(self, order, **members):
        return self.api.patch(f"/orders/{order['id']}", members)


def vnd(amount: str) -> dict:
    return {"amount": amount, "currency": "VND"}


def make_world(*, on_hand: int = 10) -> World:
    organization = factories.make_organization(currency="VND", country="VN")
    point = factories.make_point(organization=organization)
    channel = factories.make_channel(points=[point], code="web")
    sku = factories.make_sku(point=point, on_hand=on_hand, code="TEE-RED-M", name="Tee red M")
    return World(organization, channel, point, sku, V1(organization))


def codes(answer) -> list[tuple[str, str]]:
    """What is wrong, by pointer."""
    return [(error["pointer"], error["code"]) for error in answer.json()["errors"]]

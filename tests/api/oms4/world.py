"""What most tests of this API begin with, and a client that calls without a server between."""

from copy import deepcopy
from dataclasses import dataclass

from django.test import Client
from django.utils import timezone

from catalog.models import Sku
from channels_app.choices import DeliveryScenario
from channels_app.models import Channel
from fulfillment import services as fulfillment
from fulfillment.models import FulfillmentTask
from oms.accounts.models import Organization
from oms.locations.models import FulfillmentPoint as Point
from oms.orders.models import Order
from tests.clients.oms4_stdlib import FulfillmentPoint, SalesChannel
from tests.factories import (
    make_channel,
    make_oms4_client,
    make_organization,
    make_point,
    make_sku,
)

SECRET = "demo-secret"
ORDER = {
    "order_no": "WEB-10045",
    "order_status": "PAID",
    "created_date": 1727345700000,
    "updated_date": 1727345777022,
    "cross_border": 0,
    "upstream_allow_split": 0,
    "currency": "SGD",
    "country": "SG",
    "customer_name": "A. Tan",
    "customer_email": "a.tan@example.com",
    "shipping_info": {
        "state": "",
        "city": "Singapore",
        "district": "",
        "address": "1 Sample Road #02-03",
        "postcode": "048624",
        "name": "A. Tan",
        "phone": "+6560000000",
        "time_window_from": "09:00",
        "time_window_to": "20:30",
    },
    "payment_info": {
        "payment_method": "CARD",
        "paid_time": 1727345770000,
        "total_amount": 59.80,
    },
    "items": [
        {
            "orig_order_item_id": "90001",
            "sc_spu_id": "SPU-7",
            "sc_sku_code": "SKU-7-RED",
            "seller_sku_code": "TEE-RED-M",
            "sku_name": "T-shirt red M",
            "qty": 2,
            "unit_price": 29.90,
        }
    ],
}


class InProcess:
    """Answers a client's requests by Django's test client, in the test's own transaction."""

    def exchange(self, method, url, headers, body):
        environ = {
            f"HTTP_{name.upper()}": value for name, value in headers.items() if "-" not in name
        }
        response = Client(raise_request_exception=False).generic(
            method, url, body, content_type=headers["Content-Type"], **environ
        )
        return response.status_code, dict(response.headers), response.content


class Shop(InProcess, SalesChannel):
    pass


class Warehouse(InProcess, FulfillmentPoint):
    pass


@dataclass
class World:
    organization: Organization
    point: Point
    channel: Channel
    sku: Sku
    shop: Shop
    warehouse: Warehouse
    prefix: str

    @classmethod
    def build(cls, prefix="", organization=None, delivery=DeliveryScenario.OWN_CARRIER, **client):
        organization = organization or make_organization(code=f"{prefix}1001")
        point = make_point(organization=organization, code=f"{prefix}WH-1", name="Main Warehouse")
        channel = make_channel(
            points=[point], code=f"{prefix}WEB", name="My Web Shop", delivery=delivery
        )
        sku = make_sku(
            point=point,
            on_hand=100,
            code=f"{prefix}TEE-RED-M",
            name="T-shirt red M",
            brand_code="BR1",
            brand_sku_code=f"{prefix}BR1-TEE-RED-M",
        )
        return cls(
            organization=organization,
            point=point,
            channel=channel,
            sku=sku,
            shop=Shop(**cls.credential(channel=channel, key=f"{prefix}3001", **client)),
            warehouse=Warehouse(**cls.credential(point=point, key=f"{prefix}2001", **client)),
            prefix=prefix,
        )

    @staticmethod
    def credential(*, key, **owner):
        credential = make_oms4_client(key=key, secret=SECRET, **owner)
        return {
            "base_url": "http://oms.test/openapi/",
            "tenant_id": credential.organization.code,
            "api_key": key,
            "secret": SECRET,
        }

    def connected(self, url):
        """The same world with clients that call a real server."""
        for name, kind in (("shop", SalesChannel), ("warehouse", FulfillmentPoint)):
            known = getattr(self, name)
            client = kind(
                f"{url}/openapi/",
                tenant_id=self.organization.code,
                api_key=known._api_key,
                secret=known._secret,
            )
            setattr(self, name, client)
        return self

    def order(self, **changes):
        """The contract's order for this world's T-shirt."""
        body = deepcopy(ORDER)
        body["items"][0]["seller_sku_code"] = self.sku.code
        return body | changes

    def placed(self, **changes) -> Order:
        body = self.order(**changes)
        self.shop.create_order(body)
        return Order.objects.get(channel=self.channel, external_id=body["order_no"])

    def tasked(self, **changes) -> FulfillmentTask:
        order = self.placed(**changes)
        self.allocate()
        return order.tasks.get()

    def allocate(self):
        fulfillment.allocate_due(now=timezone.now())

    def parcel(self, task, *, number="PK-1", lines=None, **changes):
        """One parcel of a packing call, as the contract's example has it."""
        return {
            "fp_parcel_no": number,
            "parcel_packed_time": 1727350000000,
            "weight": 1.5,
            "length": 30,
            "height": 20,
            "width": 10,
            "actual_delivery_partner": "J&T",
            "actual_delivery_type": "Standard",
            "tracking_no": "TRK-1",
            "parcel_items": [
                {
                    "ft_detail_id": str(line.number),
                    "seller_sku_code": line.sku.code,
                    "brand_code": line.sku.brand_code,
                    "brand_sku_code": line.sku.brand_sku_code,
                }
                for line in (lines or task.lines.select_related("sku").order_by("id"))
            ],
            **changes,
        }

    def packed(self, **changes):
        task = self.tasked(**changes)
        self.warehouse.set_parcel_packed(ft_no=task.number, parcels=[self.parcel(task)])
        return task


def code_of(client, method, path, **sent):
    """The code of an answer, whatever it is."""
    return client.send(method, path, **sent)[1]["code"]

"""What tests of packing and the dock begin with: the names of the contract's examples."""

import json
from dataclasses import dataclass, field, replace
from decimal import Decimal
from urllib.parse import urlsplit

from django.test import Client

from catalog.models import Listing, Sku
from channels_app.choices import ChannelType, DeliveryScenario
from channels_app.models import Channel
from fulfillment import services as fulfillment
from fulfillment.models import FulfillmentTask
from oms.accounts import queries as accounts
from oms.accounts import services as account_services
from oms.accounts.choices import CredentialKind
from oms.accounts.models import ApiClient, Organization
from oms.kernel.actors import SYSTEM
from oms.locations.models import ChannelPoint, FulfillmentPoint
from oms.orders import services as orders
from oms.orders.choices import CancelParty, HoldReason
from oms.orders.drafts import LineDraft
from oms.orders.models import Order
from tests.factories import (
    NOW,
    channel_actor,
    make_api_client,
    make_channel,
    make_draft,
    make_organization,
    make_point,
    make_sku,
)

LOCATION, CHANNEL = "EFS-BLR", "WEBSHOP"
SHIRT, SOCKS = "EF-7001", "EF-7002"


@dataclass
class Wms:
    """An external fulfilment system that calls without a server between."""

    username: str
    password: str = field(repr=False)

    def call(self, method: str, path: str, body: object):
        return Client(raise_request_exception=False).generic(
            method,
            path,
            json.dumps(body),
            content_type="application/json",
            headers={"authUsername": self.username, "authPassword": self.password},
        )

    def create_picklist(self, **body):
        return self.call("POST", "/usp/picklist/create", body)

    def add_to_picklist(self, **body):
        return self.call("POST", "/usp/picklist/add-order", body)

    def pack(self, **body):
        return self.call("POST", "/usp/order/pack", body)

    def manifest(self, **body):
        return self.call("POST", "/usp/manifest", body)

    def hand_over(self, **body):
        return self.call("POST", "/usp/handover", body)

    def combined(self, **body):
        return self.call("POST", "/ewms/push/usp/handover/combined", body)


@dataclass
class Dock:
    """One point that an external system runs for one web shop."""

    organization: Organization
    point: FulfillmentPoint
    efs: Channel
    channel: Channel
    client: ApiClient
    wms: Wms
    skus: dict[str, Sku]

    @classmethod
    def build(cls, *, organization=None, prefix="", delivery=None, **preferences) -> "Dock":
        organization = organization or make_organization(
            currency="INR", country="IN", timezone="Asia/Kolkata"
        )
        point = make_point(
            organization=organization, code=f"{prefix}BLR-1", country="IN", carriers=["SWIFT"]
        )
        channel = make_channel(
            points=[point],
            code=f"{prefix}{CHANNEL}",
            delivery=delivery or DeliveryScenario.CHANNEL_CARRIER_MULTI,
        )
        efs = make_channel(
            organization=organization, code=f"{prefix}NORTHWMS", type=ChannelType.EFS
        )
        ChannelPoint.objects.create(channel=efs, point=point, location_code=f"{prefix}{LOCATION}")
        skus = {}
        for number, code in enumerate((SHIRT, SOCKS), 1):
            skus[code] = make_sku(
                point=point,
                on_hand=500,
                code=f"{prefix}SKU-{number}",
                barcodes=[f"890123007{number}"],
            )
            Listing.objects.create(channel=efs, sku=skus[code], channel_sku_code=code)
        client = make_api_client(organization, channel=efs, preferences=preferences)
        credential, password = account_services.issue_credential(
            client=client, kind=CredentialKind.INCREFF, actor=SYSTEM, now=NOW
        )
        accounts.forget_machines()
        wms = Wms(credential.identifier, password)
        return cls(organization, point, efs, channel, client, wms, skus)

    @property
    def place(self) -> dict[str, str]:
        """How calls name the point and the shop."""
        location = self.efs.point_links.get(point=self.point).location_code
        return {"locationCode": location, "channelName": self.channel.code}

    def second_shop(self, code: str) -> Channel:
        """Another sales channel that the point serves."""
        return make_channel(points=[self.point], code=code, delivery=self.channel.delivery)

    def order(
        self, code: str, units=((SHIRT, 1),), channel: Channel | None = None, **overrides
    ) -> FulfillmentTask:
        """An order that was given to the point. Returns its sub-order."""
        lines = tuple(
            LineDraft(
                external_id=f"{code}-{position}",
                sku_codes=(self.skus[sku].code,),
                sku_code=self.skus[sku].code,
                quantity=quantity,
                unit_price=Decimal("649.00"),
                tax_amount=Decimal("30.90") * quantity,
            )
            for position, (sku, quantity) in enumerate(units, 1)
        )
        draft = make_draft(
            channel=channel or self.channel,
            lines=[],
            external_id=code,
            currency="INR",
            country="IN",
            **overrides,
        )
        intake = orders.place_order(
            draft=replace(draft, lines=lines), actor=channel_actor(channel or self.channel), now=NOW
        )
        fulfillment.allocate_order(order_id=intake.order_id, actor=SYSTEM, now=NOW)
        return FulfillmentTask.objects.get(order_id=intake.order_id, point=self.point)

    def packed(self, code: str, units=((SHIRT, 1),), **overrides) -> FulfillmentTask:
        """An order that was given to the point and packed there. Returns its sub-order."""
        task = self.order(code, units, **overrides)
        answer = self.pack(code, units)
        assert answer.status_code == 200, answer.content
        return task

    def pack(self, code: str, units=((SHIRT, 1),), **body):
        """Pack an order. Returns the answer."""
        items = [{"channelSkuCode": sku, "quantityToPack": quantity} for sku, quantity in units]
        return self.wms.pack(**{**self.place, "orderCode": code, "shipmentItems": items, **body})


def opened(address):
    """What a plain GET without headers of ours finds at an address."""
    answer = Client().get(urlsplit(address).path)
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return answer.status_code, answer["Content-Type"], content


def the_order(task: FulfillmentTask) -> Order:
    """The order of a sub-order as it is now."""
    return Order.objects.get(pk=task.order_id)


def hold(task: FulfillmentTask) -> None:
    """Hold the order of a sub-order."""
    orders.hold_order(
        order_id=task.order_id,
        reason=HoldReason.OTHER,
        note="",
        holder="staff",
        expires_at=None,
        actor=SYSTEM,
        now=NOW,
    )


def cancel(task: FulfillmentTask, party: CancelParty = CancelParty.CUSTOMER) -> None:
    """Cancel the whole order of a sub-order."""
    wanted = fulfillment.CancelOrder(order_id=task.order_id, party=party)
    fulfillment.cancel_order(request=wanted, actor=SYSTEM, now=NOW)

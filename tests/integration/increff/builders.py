"""A web shop, a point that an external system runs, and that system's receiver."""

import datetime as dt
from dataclasses import dataclass, field, replace
from decimal import Decimal

from catalog.models import Listing, Sku
from channels_app.choices import ChannelType, DeliveryScenario
from channels_app.models import Channel
from fulfillment import services as fulfillment
from fulfillment.models import FulfillmentTask
from oms.accounts.models import ApiClient, Organization
from oms.events import services
from oms.events.models import Endpoint, EndpointHealth
from oms.kernel.actors import SYSTEM
from oms.locations.models import ChannelPoint, FulfillmentPoint
from oms.orders import services as orders
from oms.orders.addresses import Address
from oms.orders.drafts import LineDraft, contact_for
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
    relay_everything,
)
from tests.integration.events.builders import Clock, become_due, send
from tests.simulators.efs_receiver import EfsReceiver

LOCATION, SHOP, SHIRT, SOCKS = "EFS-BLR", "WEBSHOP", "EF-7001", "EF-7002"
SHIRT_BARCODE = "8901230070017"
ADDRESS = Address(
    full_name="A Rao",
    line1="4 Lake Rd",
    district="Pune",
    province="Maharashtra",
    postal_code="411001",
    country="INDIA",
    phone="9000000001",
)
ORDERED_AT = dt.datetime(2025, 2, 3, 6, 10, tzinfo=dt.UTC)
SHIP_BY = dt.datetime(2025, 2, 4, 12, 0, tzinfo=dt.UTC)


@dataclass
class Efs:
    """The world of these tests, with a clock that moves only when told."""

    receiver: EfsReceiver
    clock: Clock
    prefix: str = ""
    """Before codes, so that two of these worlds differ."""
    organization: Organization = field(init=False)
    point: FulfillmentPoint = field(init=False)
    shop: Channel = field(init=False)
    channel: Channel = field(init=False)
    client: ApiClient = field(init=False)
    skus: dict[str, Sku] = field(init=False)

    def __post_init__(self) -> None:
        self.organization = make_organization(currency="INR", country="IN")
        self.point = make_point(organization=self.organization, code=f"{self.prefix}BLR-1")
        self.shop = make_channel(
            points=[self.point], code=f"{self.prefix}{SHOP}", delivery=DeliveryScenario.OWN_CARRIER
        )
        self.channel = make_channel(
            organization=self.organization, code=f"{self.prefix}NORTHWMS", type=ChannelType.EFS
        )
        location = f"{self.prefix}{LOCATION}"
        ChannelPoint.objects.create(channel=self.channel, point=self.point, location_code=location)
        self.client = make_api_client(self.organization, channel=self.channel)
        self.skus = {
            SHIRT: make_sku(point=self.point, on_hand=50, barcodes=[SHIRT_BARCODE, "other"]),
            SOCKS: make_sku(point=self.point, on_hand=50, code="SOCKS-RED"),
        }
        Listing.objects.create(channel=self.channel, sku=self.skus[SHIRT], channel_sku_code=SHIRT)

    def listen(self, *words: str, path: str = "/orders", **overrides) -> Endpoint:
        """An endpoint at the receiver's path."""
        values = {
            "organization_id": self.organization.pk,
            "name": f"at {path}",
            "url": self.receiver.url(path),
            "format": "increff",
            "client_id": self.client.pk,
            "words": words,
            "headers": dict(self.receiver.credential),
            "allow_private_network": True,
            "rate": 0.0,
        }
        draft = services.EndpointDraft(**(values | overrides))
        endpoint = services.register_endpoint(draft=draft, actor=SYSTEM, now=NOW).endpoint
        EndpointHealth.objects.filter(pk=endpoint.pk).update(tokens_at=NOW)
        return endpoint

    def order(self, external_id: str = "WS-5512", *, quantity: int = 2, **overrides) -> Order:
        """An order of shirts that was given to the point."""
        line = LineDraft(
            external_id="5512-1",
            sku_codes=(self.skus[SHIRT].code,),
            sku_code=self.skus[SHIRT].code,
            quantity=quantity,
            unit_price=Decimal(649),
            line_discount=Decimal(50) * quantity,
        )
        values = {
            "external_id": external_id,
            "currency": "INR",
            "country": "IN",
            "placed_at": ORDERED_AT,
            "channel_updated_at": ORDERED_AT,
            "ship_by_at": SHIP_BY,
            "contact": contact_for(ADDRESS),
            "lines": (line,),
        }
        draft = replace(make_draft(channel=self.shop, lines=[]), **(values | overrides))
        actor = channel_actor(self.shop)
        intake = orders.place_order(draft=draft, actor=actor, now=NOW)
        fulfillment.allocate_due(now=NOW)
        return Order.objects.get(pk=intake.order_id)

    def task_of(self, order: Order) -> FulfillmentTask:
        return FulfillmentTask.objects.order_by("-pk").filter(order=order)[0]

    def push(self) -> None:
        """Everything that happened is told, if its time has come."""
        self.push_nothing()
        send(self.clock)

    def push_nothing(self) -> None:
        """What happened is due, and nobody has sent it yet."""
        relay_everything()
        become_due(self.clock())

    def pass_minutes(self, minutes: float) -> None:
        self.clock.advance(minutes * 60)
        send(self.clock)

"""An organization connected to simulators of Omnitron and, in mode B, of Seller Center."""

import datetime as dt
from dataclasses import dataclass, field

from channels_app.choices import ChannelType, DeliveryScenario
from channels_app.models import Channel
from oms.accounts import app_settings
from oms.accounts.models import Organization
from oms.api.akinon.sync import pulling, pushing, receiving
from oms.kernel.actors import SYSTEM
from oms.locations.models import FulfillmentPoint
from tests.factories import NOW, make_channel, make_organization, make_point, make_sku
from tests.simulators.akinon_books import ShopBooks
from tests.simulators.omnitron import Basket, Omnitron, Sold
from tests.simulators.seller_center import SellerCenter

OMS_ORIGIN = "https://oms.example"
OMS_URL = f"{OMS_ORIGIN}/api/v1"


def a_basket(number: str, *sold: Sold, **more) -> Basket:
    return Basket(number=number, sold=sold or (Sold(sku="SKU-A"),), **more)


@dataclass
class Shop:
    """`books` are the source's: Omnitron's in mode A, Seller Center's in mode B."""

    omnitron: Omnitron
    market: SellerCenter | None = None
    organization: Organization = field(default_factory=make_organization)
    now: dt.datetime = NOW
    channel: Channel | None = None
    point: FulfillmentPoint | None = None

    @property
    def books(self) -> ShopBooks:
        return self.market.orders if self.market else self.omnitron.books

    def connect(self, **more) -> None:
        if self.market is not None:
            names = ("order_item_bulk_update", "orders", "orderitem_set", "addresses")
            more.setdefault("endpoint_conf", self.market.endpoint_conf(*names))
        self.set("OMNITRON_CLIENT_SETTINGS", self.omnitron.settings(oms_url=OMS_URL, **more))

    def set(self, key: str, value: object) -> None:
        app_settings.set_setting(
            organization_id=self.organization.pk,
            key=key,
            value=value,
            actor=SYSTEM,
            now=self.now,
        )

    def open_channel(self, *, key: int = 1, on_hand: int = 10, sku: str = "SKU-A") -> Channel:
        self.point = make_point(organization=self.organization, code="N1")
        make_sku(point=self.point, code=sku, on_hand=on_hand, organization=self.organization)
        self.channel = make_channel(
            points=[self.point],
            organization=self.organization,
            code="shop",
            type=ChannelType.OMNITRON,
            delivery=DeliveryScenario.OWN_CARRIER,
            connector={"pk": key},
        )
        return self.channel

    def pull(self) -> None:
        """One round, as soon as it is due."""
        self.later(minutes=2)
        assert pulling.poll_due(now=self.now) == 1

    def push(self) -> int:
        return pushing.push_due(now=self.now)

    def work_off(self) -> int:
        return receiving.work_off_due(now=self.now)

    def later(self, **amount: float) -> None:
        self.now += dt.timedelta(**amount)

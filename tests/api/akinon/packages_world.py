"""What tests of packages begin with: an Omnitron channel, two points, and orders given to one."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal

from catalog.models import Sku
from channels_app.choices import ChannelType, RemoteKind
from channels_app.models import Channel, RemoteKey
from fulfillment import services
from fulfillment.models import FulfillmentTask, TransitionRule
from oms.accounts.models import Organization
from oms.locations.models import FulfillmentPoint
from oms.orders import services as orders
from oms.orders.drafts import LineDraft
from oms.orders.models import Order
from oms.orders.traits import Traits
from tests.api.akinon.caller import Akinon
from tests.factories import (
    NOW,
    channel_actor,
    make_channel,
    make_draft,
    make_organization,
    make_point,
    make_sku,
)

PLACED = datetime(2026, 1, 15, 7, 59, tzinfo=UTC)


@dataclass
class World:
    """One organization, as its staff see it through this language."""

    organization: Organization
    north: FulfillmentPoint
    south: FulfillmentPoint
    channel: Channel
    skus: list[Sku]
    api: Akinon

    def task(self, *, units: int = 1, number: str = "279209", **overrides) -> FulfillmentTask:
        """An order of single units, given whole to the north; items are 70193 and on."""
        lines = [
            LineDraft(
                external_id=str(70193 + place),
                sku_codes=(sku.code,),
                sku_code=sku.code,
                name=sku.name,
                quantity=1,
                unit_price=Decimal(250),
                sku_id=sku.pk,
            )
            for place, sku in enumerate(self.skus[:units])
        ]
        defaults = {
            "external_id": number,
            "placed_at": PLACED,
            "channel_updated_at": NOW,
            "currency": "TRY",
            "country": "TR",
            "allow_split": True,
            "traits": Traits(payment_option="credit_card", shipping_option="standard"),
            "payment": {"delivery_type": "standard"},
        }
        draft = make_draft(channel=self.channel, lines=(), **{**defaults, **overrides})
        intake = orders.place_order(
            draft=replace(draft, lines=tuple(lines)), actor=channel_actor(self.channel), now=NOW
        )
        order = Order.objects.get(pk=intake.order_id)
        services.allocate_due(now=NOW)
        return FulfillmentTask.objects.get(order=order)

    def known_as(self, order: Order, key: int) -> None:
        """The other side's key of an order."""
        RemoteKey.objects.create(
            organization=self.organization,
            kind=RemoteKind.ORDER,
            remote_key=str(key),
            local_id=order.pk,
        )

    def package(self, task: FulfillmentTask) -> dict:
        answer = self.api.get(f"packages/{package_id(task)}/")
        assert answer.status_code == 200, answer.content
        return answer.json()

    def command(self, task: FulfillmentTask, slug: str, **fields):
        """A command by its slug."""
        number = package_id(task)
        body = {"package": number, "slug": slug, **fields}
        return self.api.post(f"packages/{number}/command/", body)

    def rule(self, slug: str) -> TransitionRule:
        return TransitionRule.objects.get(organization=self.organization, slug=slug)


def package_id(task: FulfillmentTask) -> int:
    return int(task.number.removeprefix("FT"))


def make_world(**overrides) -> World:
    organization = make_organization()
    north = make_point(organization=organization, name="North", code="369", priority=10)
    south = make_point(organization=organization, name="South", code="412", priority=20)
    channel = make_channel(
        points=[north, south], name="Shop", type=ChannelType.OMNITRON, **overrides
    )
    skus = [make_sku(point=north, on_hand=100, weight_g=250) for _ in range(3)]
    for sku in skus:
        sku.barcodes = [f"869{sku.pk}"]
        sku.save(update_fields=["barcodes"])
    return World(
        organization=organization,
        north=north,
        south=south,
        channel=channel,
        skus=skus,
        api=Akinon(organization),
    )

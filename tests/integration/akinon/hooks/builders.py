"""A shop of Omnitron's, a point, and whoever subscribed to their news."""

from dataclasses import dataclass, field, replace

from catalog.models import Sku
from channels_app.choices import ChannelType, DeliveryScenario
from channels_app.models import Channel
from fulfillment import services as fulfillment
from fulfillment.models import FulfillmentTask
from fulfillment.services import ActivityReport, PackedParcel, PackRequest
from oms.accounts.models import Organization
from oms.events import services
from oms.events.models import Endpoint, EndpointHealth
from oms.kernel.actors import SYSTEM
from oms.locations.models import FulfillmentPoint
from oms.orders import services as orders
from oms.orders.models import Order
from tests.factories import (
    NOW,
    channel_actor,
    make_channel,
    make_draft,
    make_organization,
    make_point,
    make_sku,
    point_actor,
    relay_everything,
)
from tests.integration.events.builders import Clock, become_due, send
from tests.simulators.hook_receiver import HookReceiver

TRANSITIONED = "package.status.transitioned"


@dataclass
class Shop:
    """The world of these tests, with a clock that moves only when told."""

    receiver: HookReceiver
    clock: Clock
    organization: Organization = field(init=False)
    point: FulfillmentPoint = field(init=False)
    channel: Channel = field(init=False)
    sku: Sku = field(init=False)

    def __post_init__(self) -> None:
        self.organization = make_organization(currency="TRY", country="TR")
        self.point = make_point(organization=self.organization, code="369")
        self.channel = self.make_channel()
        self.sku = make_sku(point=self.point, on_hand=50)

    def make_channel(self, **overrides) -> Channel:
        values = {"type": ChannelType.OMNITRON, "delivery": DeliveryScenario.OWN_CARRIER}
        return make_channel(points=[self.point], **(values | overrides))

    def listen(self, *words: str, path: str = "/hooks", **overrides) -> Endpoint:
        """An endpoint at the receiver's path, as a world file enters it."""
        values = {
            "organization_id": self.organization.pk,
            "name": f"at {path}",
            "url": self.receiver.url(path),
            "format": "whisperer",
            "words": words or (TRANSITIONED,),
            "allow_private_network": True,
            "rate": 0.0,
        }
        draft = services.EndpointDraft(**(values | overrides))
        endpoint = services.register_endpoint(draft=draft, actor=SYSTEM, now=NOW).endpoint
        EndpointHealth.objects.filter(pk=endpoint.pk).update(tokens_at=NOW)
        return endpoint

    def order(self, external_id: str = "279209", *, channel: Channel | None = None) -> Order:
        """An order of two units that was given to the point."""
        shop = channel or self.channel
        draft = replace(make_draft(channel=shop, lines=[(self.sku, 2)]), external_id=external_id)
        intake = orders.place_order(draft=draft, actor=channel_actor(shop), now=self.clock())
        fulfillment.allocate_due(now=self.clock())
        return Order.objects.get(pk=intake.order_id)

    def task_of(self, order: Order) -> FulfillmentTask:
        return FulfillmentTask.objects.get(order=order)

    def pick(self, order: Order) -> None:
        """Work on it begins: the package is being prepared."""
        report = ActivityReport(
            task_number=self.task_of(order).number,
            milestone="PICKING",
            description="",
            occurred_at=self.clock(),
        )
        fulfillment.report_activity(report=report, actor=point_actor(self.point), now=self.clock())

    def pack(self, order: Order) -> None:
        task = self.task_of(order)
        lines = tuple(task.lines.order_by("pk").values_list("number", flat=True))
        parcel = PackedParcel(
            point_parcel_no=f"PK-{task.number}",
            packed_at=self.clock(),
            line_numbers=lines,
            carrier="Own Fleet",
        )
        request = PackRequest(task_number=task.number, parcels=(parcel,))
        fulfillment.pack_parcels(request=request, actor=point_actor(self.point), now=self.clock())

    def push(self) -> None:
        """Everything that happened is told, if its time has come."""
        self.push_nothing()
        send(self.clock)

    def push_nothing(self) -> None:
        """What happened is due, and nobody has sent it yet."""
        relay_everything()
        become_due(self.clock())

    def pass_seconds(self, seconds: float) -> None:
        self.clock.advance(seconds)
        send(self.clock)

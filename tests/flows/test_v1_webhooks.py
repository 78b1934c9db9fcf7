"""What really happens reaches a receiver of format v1, signed, and stands in the feed alike."""

import datetime as dt

import pytest
from django.utils import timezone
from jsonschema import Draft202012Validator

from fulfillment import services as fulfillment
from fulfillment.choices import ParcelStatus
from fulfillment.models import Parcel
from oms.api.v1.news.outputs import MESSAGES
from oms.events import sending, services
from oms.events.models import Delivery, EndpointSecret
from oms.events.sending import Pace
from oms.kernel import sealed
from oms.kernel.actors import SYSTEM
from tests.factories import make_channel, make_point, make_sku, place, relay_everything
from tests.simulators.receiver import Receiver
from tests.v1_client import V1, document

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def receiver():
    with Receiver() as running:
        yield running


class Life:
    """An order that is routed, packed and shipped while somebody listens."""

    def __init__(self):
        self.point = make_point()
        self.channel = make_channel(points=[self.point])
        self.sku = make_sku(point=self.point, on_hand=5)
        self.organization = self.point.organization

    def listen(self, receiver, words=(), path="/hooks"):
        draft = services.EndpointDraft(
            organization_id=self.organization.pk,
            name=path,
            url=receiver.url(path),
            format="v1",
            words=words,
            allow_private_network=True,
        )
        made = services.register_endpoint(draft=draft, actor=SYSTEM, now=timezone.now())
        receiver.secrets[path] = [made.secret]
        return made.endpoint

    def live(self):
        order = place(
            channel=self.channel,
            lines=[(self.sku, 2)],
            external_id="WEB-1",
            now=timezone.now(),
        )
        fulfillment.allocate_due(now=timezone.now())
        task = order.tasks.get()
        packed = fulfillment.PackedParcel(
            point_parcel_no="PK-1",
            packed_at=timezone.now(),
            line_numbers=tuple(task.lines.values_list("number", flat=True)),
            carrier="J&T",
            tracking_number="TRK-1",
        )
        request = fulfillment.PackRequest(task_number=task.number, parcels=(packed,))
        fulfillment.pack_parcels(request=request, actor=SYSTEM, now=timezone.now())
        report = fulfillment.MilestoneReport(
            parcel_id=Parcel.objects.get().pk,
            milestone=ParcelStatus.SHIPPED,
            occurred_at=timezone.now(),
        )
        fulfillment.report_milestone(report=report, actor=SYSTEM, now=timezone.now())
        return order


def deliver():
    """What the workers do once messages are due."""
    relay_everything()
    sending.deliver(pace=Pace(watch=0.05))


def test_a_whole_life_is_told_signed_and_the_feed_says_the_same(receiver):
    life = Life()
    life.listen(receiver)
    life.live()

    deliver()

    calls = receiver.accepted()
    assert [call.is_genuine for call in receiver.calls] == [True] * len(receiver.calls)
    assert {call.message["type"] for call in calls} >= {
        "order.created",
        "order.status_changed",
        "shipment.created",
        "shipment.status_changed",
    }
    assert all(call.id == call.message["id"] for call in calls)
    assert not Delivery.objects.exclude(state__in=["DELIVERED", "SKIPPED"]).exists()
    feed = V1(life.organization, scopes=["events:read"]).get("/events?limit=200").json()["data"]
    assert {each["id"]: each for each in feed} == {call.id: call.message for call in calls}
    assert "Sample" not in str(feed)


def test_every_message_is_what_its_schema_says(receiver):
    life = Life()
    life.listen(receiver)
    life.live()

    deliver()

    known = document()["components"]
    for call in receiver.accepted():
        name = MESSAGES[call.message["type"]].__name__
        schema = {"$ref": f"#/components/schemas/{name}", "components": known}
        Draft202012Validator(schema).validate(call.message)
    assert len(receiver.accepted()) >= 5


def test_an_endpoint_hears_only_what_it_subscribed_to(receiver):
    life = Life()
    life.listen(receiver, words=["shipment.created"])
    life.live()

    deliver()

    [call] = receiver.accepted()
    assert call.message["type"] == "shipment.created"


def test_after_a_rotation_both_secrets_sign(receiver):
    life = Life()
    endpoint = life.listen(receiver, words=["order.created"])
    services.rotate_secret(
        endpoint_id=endpoint.pk, grace_seconds=3600, actor=SYSTEM, now=timezone.now()
    )
    life.live()

    deliver()

    [call] = receiver.accepted()  # by a receiver that knows the old secret only
    assert len(call.headers["webhook-signature"].split(" ")) == 2
    assert EndpointSecret.objects.filter(expires_at=None).count() == 1


def test_a_failed_message_is_tried_again_with_the_same_bytes(receiver):
    life = Life()
    life.listen(receiver, words=["order.created"])
    receiver.behaviours["/hooks"].script = [500]
    life.live()

    deliver()
    Delivery.objects.update(not_before=timezone.now() - dt.timedelta(seconds=1))
    deliver()

    first, second = receiver.calls
    assert (first.body, first.id) == (second.body, second.id)
    assert [call.headers["webhook-attempt"] for call in receiver.calls] == ["1", "2"]
    assert sealed.read(EndpointSecret.objects.get(), "secret") == receiver.secrets["/hooks"][0]

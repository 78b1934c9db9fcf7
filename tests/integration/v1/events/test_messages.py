"""What messages say, from what really happened."""

import datetime as dt

import pytest

from fulfillment import services as fulfillment
from fulfillment.choices import ParcelStatus
from fulfillment.models import Parcel
from oms.api.v1.news.messages import messages_of
from oms.api.v1.news.words import WORDS
from oms.api.v1.road import identifiers
from oms.events import formats
from oms.events.choices import EventType, SubjectType
from oms.events.models import Endpoint, Event
from oms.kernel.actors import SYSTEM
from oms.orders import services as orders
from oms.orders.choices import CancelParty, HoldReason
from tests.factories import NOW, make_channel, make_point, make_sku, place, point_actor
from tests.statements import count_statements

pytestmark = pytest.mark.django_db


class Shop:
    """An order of two units that are in stock."""

    def __init__(self):
        self.point = make_point()
        self.channel = make_channel(points=[self.point])
        self.sku = make_sku(point=self.point, on_hand=10)

    def place(self, number="WEB-1"):
        order = place(channel=self.channel, lines=[(self.sku, 2)], external_id=number)
        fulfillment.allocate_due(now=NOW)
        return order

    def pack(self, order, *, lines=None):
        """Pack the whole of it, or that many of its lines."""
        task = order.tasks.get()
        packed = fulfillment.PackedParcel(
            point_parcel_no=f"PK-{order.pk}",
            packed_at=NOW,
            line_numbers=tuple(task.lines.order_by("pk").values_list("number", flat=True)[:lines]),
            carrier="J&T",
            tracking_number="TRK-1",
        )
        request = fulfillment.PackRequest(task_number=task.number, parcels=(packed,))
        fulfillment.pack_parcels(request=request, actor=point_actor(self.point), now=NOW)
        return Parcel.objects.get(task=task)


def told(*, since: int = 0) -> list[dict]:
    """The messages of everything that happened, oldest first."""
    events = list(Event.objects.filter(pk__gt=since).order_by("pk"))
    found = messages_of(events)
    return [found[event.pk] for event in events if event.pk in found]


def order_id(order) -> str:
    return identifiers.of_uuid("ord_", order.public_id)


def test_an_order_from_its_intake_to_its_allocation():
    order = Shop().place()

    created, allocated = [each for each in told() if each["type"].startswith("order.")]

    event = Event.objects.get(type="order.placed")
    order.refresh_from_db()
    assert created == {
        "id": f"evt_{event.public_id.hex}",
        "type": "order.created",
        "created_at": "2026-01-15T12:00:00.000Z",
        "api_version": "v1",
        "sequence": 1,
        "data": {
            "object": {
                "id": order_id(order),
                "external_id": "WEB-1",
                "status": "allocated",
                "version": order.version,
            }
        },
    }
    assert allocated["type"] == "order.status_changed"
    assert allocated["data"]["object"] == created["data"]["object"]
    assert allocated["data"]["previous"] == {"status": "confirmed"}


def test_a_hold_is_a_status_and_so_is_its_end():
    order = Shop().place()
    before = Event.objects.order_by("-pk").first().pk

    hold = orders.hold_order(
        order_id=order.pk,
        reason=HoldReason.ADDRESS,
        holder="x",
        note="",
        expires_at=None,
        actor=SYSTEM,
        now=NOW,
    )
    [held] = told(since=before)
    orders.release_hold(hold_id=hold.pk, actor=SYSTEM, now=NOW)
    released = told(since=before)[-1]

    assert (held["type"], held["data"]["object"]["status"]) == ("order.status_changed", "on_hold")
    assert held["data"]["previous"] == {"status": "allocated"}
    assert released["data"]["object"]["status"] == "allocated"
    assert released["data"]["previous"] == {"status": "on_hold"}


def test_a_shipment_from_packing_to_its_delivery():
    shop = Shop()
    order = shop.place()
    parcel = shop.pack(order)
    before = Event.objects.order_by("-pk").first().pk
    for minutes, milestone in enumerate((ParcelStatus.SHIPPED, ParcelStatus.DELIVERED)):
        fulfillment.report_milestone(
            report=fulfillment.MilestoneReport(
                parcel_id=parcel.pk,
                milestone=milestone,
                occurred_at=NOW + dt.timedelta(minutes=minutes),
            ),
            actor=point_actor(shop.point),
            now=NOW,
        )

    parcel.refresh_from_db()
    shown = {
        "id": identifiers.of_number("shp_", parcel.number, parcel.created_at),
        "order_id": order_id(order),
        "status": "delivered",
        "version": parcel.version,
    }
    packed = [each for each in told() if each["type"] == "shipment.created"]
    assert [each["data"] for each in packed] == [{"object": shown}]
    moved = [each for each in told(since=before) if each["type"] == "shipment.status_changed"]
    assert [each["data"]["object"] for each in moved] == [shown, shown]
    assert moved[1]["data"]["previous"] == {"status": "picked_up"}
    kinds = {each["type"] for each in told(since=before)}
    assert kinds == {"shipment.status_changed", "order.status_changed"}


def test_a_cancelled_order():
    order = Shop().place()
    before = Event.objects.order_by("-pk").first().pk

    request = fulfillment.CancelOrder(order_id=order.pk, party=CancelParty.CUSTOMER)
    fulfillment.cancel_order(request=request, actor=SYSTEM, now=NOW)

    cancelled = told(since=before)[-1]
    assert cancelled["type"] == "order.cancelled"
    assert cancelled["data"]["object"]["status"] == "cancelled"
    assert cancelled["data"]["previous"] == {"status": "allocated"}


def test_no_message_has_personal_data_or_a_database_key():
    shop = Shop()
    shop.pack(shop.place())

    said = told()

    assert len(said) >= 3
    assert "Sample" not in str(said)
    assert "sample" not in str(said)
    assert not any(name.endswith("_ref") for each in said for name in each["data"]["object"])


def test_a_batch_is_read_like_one_message():
    shop = Shop()
    shop.pack(shop.place("WEB-1"))
    for number in range(2, 6):
        shop.pack(shop.place(f"WEB-{number}"))
    events = list(Event.objects.filter(type__in=["order.placed", "parcel.packed"]).order_by("pk"))

    with count_statements() as few:
        messages_of(events[:2])
    with count_statements() as many:
        messages_of(events)

    assert (len(events), len(many), len(few)) == (10, 4, 4)


def test_what_is_gone_is_not_told():
    order = Shop().place()
    event = Event.objects.get(type="order.placed")
    event.subject_id = order.pk + 1_000_000

    assert messages_of([event]) == {}


@pytest.mark.parametrize("silent", ["task.created", "stock.counted", "endpoint.registered"])
def test_silent_events_have_no_message(silent):
    event = Event(pk=1, type=silent, subject_type="task", subject_id=1, data={})

    assert messages_of([event]) == {}


def test_a_level_is_told_as_it_was():
    point = make_point()
    data = {
        "sku": "TEE-RED-M",
        "point": point.code,
        "version": 8,
        "on_hand": 4,
        "reserved": 5,
        "unavailable": 1,
        "incoming": 2,
        "safety": 3,
        "available": 0,
    }
    event = Event(
        pk=1,
        type=EventType.LEVEL_CHANGED,
        subject_type=SubjectType.LEVEL,
        subject_id=1,
        point_ref=point.pk,
        sequence=4,
        public_id=point.public_id,
        data=data,
        occurred_at=NOW,
    )

    message = messages_of([event])[1]

    assert message["type"] == "inventory.level_changed"
    assert message["data"] == {
        "object": {
            "sku": "TEE-RED-M",
            "location_id": identifiers.of_uuid("loc_", point.public_id),
            "on_hand": 4,
            "reserved": 5,
            "unavailable": 1,
            "incoming": 2,
            "safety_stock": 3,
            "available": 0,
            "version": 8,
        }
    }


def test_an_endpoint_that_fails_says_how_long_it_has():
    channel = make_channel()
    endpoint = Endpoint.objects.create(
        organization=channel.organization, name="x", url="https://x.example/", format="v1"
    )
    event = Event(
        pk=1,
        type=EventType.ENDPOINT_WARNED,
        subject_type=SubjectType.ENDPOINT,
        subject_id=endpoint.pk,
        sequence=2,
        public_id=endpoint.public_id,
        data={"endpoint": "x", "percent": 70},
        occurred_at=NOW,
    )

    assert messages_of([event])[1]["data"]["object"] == {
        "id": identifiers.of_uuid("whe_", endpoint.public_id),
        "status": "unverified",
        "version": 1,
        "failing_percent": 70,
    }


def test_every_kind_of_object_can_be_read():
    organization = make_channel().organization
    events = [
        Event(
            pk=number,
            type=event_type,
            subject_type="order",
            subject_id=0,
            point_ref=0,
            organization=organization,
            data={"cancel_request_id": 0},
            status="PAID",
            occurred_at=NOW,
        )
        for number, event_type in enumerate(WORDS)
    ]

    assert messages_of(events) == {}


def test_the_format_renders_the_same_message():
    order = Shop().place()
    events = list(Event.objects.filter(type__in=["order.placed", "task.created"]).order_by("pk"))

    bodies = formats.format_of("v1").render(events, endpoint=Endpoint(), now=NOW)

    placed, created = events
    assert bodies[created.pk] is None
    assert order_id(order).encode() in bodies[placed.pk]
    assert bodies[placed.pk].startswith(b'{"id":"evt_')


def test_the_first_units_of_an_order_change_its_status_alone():
    shop = Shop()
    other = make_sku(point=shop.point, on_hand=10)
    order = place(channel=shop.channel, lines=[(shop.sku, 2), (other, 1)], external_id="WEB-1")
    fulfillment.allocate_due(now=NOW)
    before = Event.objects.order_by("-pk").first().pk

    parcel = shop.pack(order, lines=1)
    report = fulfillment.MilestoneReport(
        parcel_id=parcel.pk, milestone=ParcelStatus.SHIPPED, occurred_at=NOW
    )
    packed = [each for each in told(since=before) if each["type"].startswith("order.")]
    fulfillment.report_milestone(report=report, actor=point_actor(shop.point), now=NOW)

    moved = [each for each in told(since=before) if each["type"].startswith("order.")]
    assert [each["data"]["object"]["status"] for each in packed] == ["processing"]
    assert [each["data"]["object"]["status"] for each in moved] == ["partially_shipped"] * 2
    assert [each["data"]["previous"]["status"] for each in moved] == ["allocated", "processing"]
    kinds = Event.objects.filter(pk__gt=before, subject_type="order").values_list("type", flat=True)
    assert {"order.partly_packed", "order.partly_shipped"} <= set(kinds)
    assert "order.packed" not in kinds

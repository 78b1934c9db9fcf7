"""The durable inbox of the receivers: kept first, done once, forgotten after."""

import uuid

import pytest

from channels_app.choices import InboundKind, InboundState
from channels_app.models import InboundMessage
from oms.api.akinon.sync import receiving
from oms.events.models import Event
from oms.kernel import sealed
from oms.kernel.actors import SYSTEM
from oms.locations.models import FulfillmentPoint
from oms.orders.models import Order
from tests.integration.akinon.builders import a_basket
from tests.simulators.akinon_rows import CHANNEL_SECRET
from tests.simulators.omnitron import Fault, Sold

DASHED = "0fa85f64-5717-4562-b3fc-2c963f66afa6"


def message(payload: object, *, event_uuid: str | None = None, kind: str = "order.updated") -> dict:
    return {"event": {"type": kind, "uuid": event_uuid or uuid.uuid4().hex}, "payload": payload}


def take(shop, document: object, kind: InboundKind = InboundKind.ORDER) -> receiving.Reception:
    return receiving.receive(
        organization_id=shop.organization.pk,
        kind=kind,
        document=document,
        actor=SYSTEM,
        now=shop.now,
    )


def test_a_message_is_kept_sealed_before_anything_is_done(shop):
    row = shop.books.place(a_basket("1"))

    answer = take(shop, message(shop.books.expanded(row)))

    kept = InboundMessage.objects.get()
    assert (answer.status, answer.body, answer.is_repeat) == (200, {}, False)
    assert kept.state == InboundState.PENDING
    assert CHANNEL_SECRET.encode() not in bytes(kept.body)
    assert CHANNEL_SECRET in sealed.read(kept, "body")
    assert not Order.objects.exists()


def test_an_order_is_read_again_from_its_source(shop):
    row = shop.books.place(a_basket("1"))
    payload = shop.books.expanded(row)
    shop.books.change_order(row["pk"], notes="newer")
    take(shop, message(payload))

    shop.work_off()

    assert Order.objects.get().customer_remark == "newer"
    assert InboundMessage.objects.get().state == InboundState.DONE
    assert InboundMessage.objects.get().body is None


def test_a_repeated_uuid_does_nothing_twice_with_dashes_or_without(shop):
    row = shop.books.place(a_basket("1"))
    take(shop, message({"pk": row["pk"]}, event_uuid=DASHED))

    again = take(shop, message({"pk": row["pk"]}, event_uuid=DASHED.replace("-", "").upper()))

    assert again.is_repeat is True
    assert InboundMessage.objects.count() == 1
    assert shop.work_off() == 1
    assert shop.work_off() == 0
    assert Order.objects.count() == 1


def test_an_order_entered_by_hand_is_taken_from_the_message(shop):
    product = shop.books.add_product("SKU-A")
    payload = {
        "pk": 99, "number": "by-hand", "channel": 1, "status": "400", "currency": "try",
        "date_placed": "2026-01-15T08: 17: 46.816012Z", "modified_date": "2026-01-15T09:00:00Z",
        "orderitem_set": [{"pk": 5, "product": product, "status": "400", "price": "10.00"}],
    }  # fmt: skip
    take(shop, message(payload))

    shop.work_off()

    order = Order.objects.get()
    assert (order.external_id, order.lines.get().external_id) == ("by-hand", "5")
    assert order.placed_at.minute == 17


def test_an_order_nobody_knows_is_refused_with_the_reason(shop):
    take(shop, message({"pk": 4711}))

    shop.work_off()

    kept = InboundMessage.objects.get()
    assert (kept.state, kept.last_error) == (InboundState.REFUSED, "document_unreadable")


def test_a_message_waits_while_its_source_is_in_trouble(shop):
    row = shop.books.place(a_basket("1"))
    take(shop, message({"pk": row["pk"]}))
    shop.omnitron.misbehave(Fault(path="/orders/", status=500))
    shop.work_off()
    waiting = InboundMessage.objects.get()
    shop.later(seconds=11)

    shop.work_off()

    assert (waiting.state, waiting.last_error) == (InboundState.PENDING, "orders: HTTP 500")
    assert Order.objects.count() == 1


@pytest.mark.parametrize("document", [None, [], {}, {"payload": 1}, {"event": {}, "data": {}}])
def test_a_message_without_a_payload_is_refused(shop, document):
    with pytest.raises(receiving.PayloadMissing):
        take(shop, document)

    assert not InboundMessage.objects.exists()


def test_a_store_becomes_a_point_and_its_change_changes_it(shop):
    store = shop.books.add_retail_store("W77")
    take(shop, message(store), InboundKind.STORE)
    shop.work_off()
    shop.books.change_retail_store(store["pk"], name="Renamed")
    take(shop, message(shop.books.tables["retail_stores"].rows[store["pk"]]), InboundKind.STORE)

    shop.work_off()

    point = FulfillmentPoint.objects.get(code="W77")
    assert (point.name, point.city, point.country) == ("Renamed", "Ankara", "TR")
    assert list(point.channels.all()) == [shop.channel]
    told = Event.objects.filter(subject_type="point", subject_id=point.pk, type__startswith="point")
    assert list(told.order_by("pk").values_list("type", flat=True)) == [
        "point.created",
        "point.updated",
    ]


def test_what_came_is_forgotten_after_twelve_weeks(shop):
    row = shop.books.place(a_basket("1", Sold(sku="SKU-A")))
    take(shop, message({"pk": row["pk"]}))
    shop.work_off()
    shop.later(weeks=13)

    receiving.forget_old(now=shop.now)

    assert not InboundMessage.objects.exists()


def test_many_messages_about_one_order_are_one_look(shop):
    row = shop.books.place(a_basket("1"))
    other = shop.books.place(a_basket("2"))
    for _ in range(5):
        take(shop, message(shop.books.expanded(row)))
    take(shop, message(shop.books.expanded(other)))

    shop.work_off()

    assert len(shop.omnitron.calls_of("GET", f"/orders/{row['pk']}/")) == 1
    assert Order.objects.count() == 2
    assert set(InboundMessage.objects.values_list("state", "body")) == {("DONE", None)}


def test_what_keeps_one_of_them_waiting_keeps_them_all(shop):
    row = shop.books.place(a_basket("1"))
    shop.omnitron.misbehave(Fault(path=f"/orders/{row['pk']}/", status=503))
    for _ in range(3):
        take(shop, message(shop.books.expanded(row)))

    shop.work_off()

    waiting = InboundMessage.objects.filter(state="PENDING", not_before__gt=shop.now)
    assert waiting.count() == 3
    assert not Order.objects.exists()

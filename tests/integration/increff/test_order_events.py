"""Each order event of contract API 3, from what really happened."""

import datetime as dt
import json

from django.db import connection, transaction

from fulfillment import services as fulfillment
from fulfillment.choices import ParcelStatus
from fulfillment.services import MilestoneReport, PackedParcel, PackRequest
from oms.events.formats import format_of
from oms.events.models import Delivery, Event, MessageBody
from oms.kernel.actors import Actor
from oms.locations.models import ChannelPoint
from oms.orders import services as orders
from oms.orders.addresses import Address
from oms.orders.choices import CancelDecision, CancelParty, HoldReason
from oms.orders.drafts import CancelWish, LineDraft, OrderEdit, contact_for
from oms.orders.models import OrderLine
from tests.factories import NOW, channel_actor, make_point, make_sku, place, point_actor
from tests.integration.increff.builders import (
    LOCATION,
    SHIRT,
    SHIRT_BARCODE,
    SHOP,
)
from tests.statements import count_statements

STAFF = Actor(kind="staff", ref="alice")
ALL = (
    "SUBORDER_CREATE",
    "SUBORDER_PARTIAL_CANCEL",
    "SUBORDER_CANCEL",
    "SUBORDER_COMPLETE",
    "SUBORDER_PROPERTIES_UPDATE",
    "PACKED",
)


def pack(efs, task, number="PK-1"):
    lines = tuple(task.lines.order_by("pk").values_list("number", flat=True))
    parcel = PackedParcel(
        point_parcel_no=number, packed_at=NOW, line_numbers=lines, carrier="Own Fleet"
    )
    request = PackRequest(task_number=task.number, parcels=(parcel,))
    fulfillment.pack_parcels(request=request, actor=point_actor(efs.point), now=NOW)


def travel(efs, task, status, number="PK-1"):
    report = MilestoneReport(
        task_number=task.number, point_parcel_no=number, milestone=status, occurred_at=NOW
    )
    fulfillment.report_milestone(report=report, actor=point_actor(efs.point), now=NOW)


def cancel_units(efs, order, quantity, party=CancelParty.CUSTOMER):
    line = OrderLine.objects.filter(order=order).order_by("pk")[0]
    wish = CancelWish(
        order_id=order.pk,
        party=party,
        requested_by="A Rao",
        requested_at=NOW,
        lines={line.pk: "changed my mind"},
        quantities={line.pk: quantity},
    )
    [wish] = orders.request_cancel(wish=wish, actor=channel_actor(efs.shop), now=NOW)
    fulfillment.decide_cancellation(
        request_id=wish.pk, decision=CancelDecision.ACCEPT, comment="", actor=STAFF, now=NOW
    )


def test_a_new_sub_order_is_told_as_the_contract_shows_it(efs):
    efs.listen()

    order = efs.order()
    efs.push()

    task = efs.task_of(order)
    created = Event.objects.get(type="task.created", subject_id=task.pk)
    [call] = efs.receiver.of("/orders")
    started = f"{task.created_at.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%S}Z[UTC]"
    address = {
        "name": "A Rao", "line1": "4 Lake Rd", "line2": None, "line3": None, "city": "Pune",
        "state": "Maharashtra", "zip": "411001", "country": "INDIA", "email": None,
        "phone": "9000000001",
    }  # fmt: skip
    assert call.message == {
        "locationCode": LOCATION,
        "messageId": created.pk,
        "orderCode": "WS-5512",
        "parentOrderCode": None,
        "orderTime": "2025-02-03T06:10:00Z[UTC]",
        "startProcessingTime": started,
        "requiredBy": "2025-02-04T12:00:00Z[UTC]",
        "paymentMethod": "NCOD",
        "isPriority": False,
        "channelName": SHOP,
        "eventType": "SUBORDER_CREATE",
        "onHold": False,
        "orderCustomAttributes": {
            **{f"attribute{number}": None for number in range(1, 11)},
            "channelMetadata": {},
            "currency": "INR",
        },
        "orderItems": [
            {
                "orderItemCodes": ["5512-1"],
                "clientSkuId": SHIRT_BARCODE,
                "channelSkuCode": SHIRT,
                "barcode": SHIRT_BARCODE,
                "orderedQuantity": 2,
                "cancelledQuantity": 0,
                "customerCancelledQty": None,
                "sellerCancelledQty": None,
                "sellerRejectQty": None,
                "hoppedQuantity": None,
                "sellingPricePerUnit": 649.0,
                "giftChargePerUnit": 0.0,
                "channelDiscount": 0.0,
                "sellerDiscount": 50.0,
                "shippingCharge": 0.0,
                "isVirtual": False,
                "externalItemCodes": [],
                "orderItemCustomAttributes": None,
            }
        ],
        "shippingAddress": address,
        "billingAddress": address,
        "virtualSkuDefinitions": None,
        "bundledSkuDefinitions": None,
    }


def test_lines_of_one_sku_are_one_entry_and_unlisted_skus_go_by_their_client_id(efs):
    efs.listen()
    socks = efs.skus["EF-7002"]

    efs.order(
        lines=tuple(
            LineDraft(
                external_id=code, sku_codes=(socks.code,), sku_code=socks.code,
                quantity=quantity, unit_price=price,
            )
            for code, quantity, price in (("a", 1, 10), ("b", 3, 14))
        )
    )  # fmt: skip
    efs.push()

    [item] = efs.receiver.of("/orders")[0].message["orderItems"]
    assert (item["orderItemCodes"], item["orderedQuantity"]) == (["a", "b"], 4)
    assert (item["channelSkuCode"], item["clientSkuId"], item["barcode"]) == (
        "SOCKS-RED", "SOCKS-RED", None,
    )  # fmt: skip
    assert item["sellingPricePerUnit"] == 13.0


def test_a_sub_order_that_is_held_is_told_as_such_and_its_release_later(efs):
    efs.listen()
    order = efs.order()
    hold = orders.hold_order(
        order_id=order.pk, reason=HoldReason.OTHER, note="", holder="staff:alice",
        expires_at=None, actor=STAFF, now=NOW,
    )  # fmt: skip
    efs.push()
    orders.release_hold(hold_id=hold.pk, actor=STAFF, now=NOW)

    efs.push()

    told = [(call.message["eventType"], call.message["onHold"]) for call in efs.receiver.of()]
    assert told == [
        ("SUBORDER_CREATE", True),
        ("SUBORDER_PROPERTIES_UPDATE", True),
        ("SUBORDER_PROPERTIES_UPDATE", False),
    ]


def test_another_time_to_ship_by_is_told_and_other_edits_are_not(efs):
    efs.listen("SUBORDER_PROPERTIES_UPDATE")
    order = efs.order()
    later = dt.datetime(2025, 2, 6, tzinfo=dt.UTC)

    orders.edit_order(edit=OrderEdit(order_id=order.pk, ship_by_at=later), actor=STAFF, now=NOW)
    orders.edit_order(edit=OrderEdit(order_id=order.pk, seller_remark="x"), actor=STAFF, now=NOW)
    efs.push()

    [call] = efs.receiver.of()
    assert call.message["requiredBy"] == "2025-02-06T00:00:00Z[UTC]"


def test_an_announcement_is_made_once_however_often_its_event_is_handled(efs):
    order = efs.order()
    orders.edit_order(edit=OrderEdit(order_id=order.pk, ship_by_at=NOW), actor=STAFF, now=NOW)
    edited = Event.objects.get(type="order.edited")

    told = [
        fulfillment.announce_terms(order_id=order.pk, cause=edited, actor=STAFF) for _ in range(2)
    ]

    assert told == [1, 0]
    assert Event.objects.filter(type="task.terms_changed").count() == 1


def test_a_part_a_customer_cancels_is_told_in_absolute_units(efs):
    efs.listen()
    order = efs.order(quantity=3)
    efs.push()

    cancel_units(efs, order, 1)
    efs.push()

    call = efs.receiver.of()[-1]
    [item] = call.message["orderItems"]
    assert call.message["eventType"] == "SUBORDER_PARTIAL_CANCEL"
    assert (item["orderedQuantity"], item["cancelledQuantity"]) == (3, 1)
    assert (item["customerCancelledQty"], item["sellerCancelledQty"]) == (1, None)


def test_the_rest_is_told_as_the_whole(efs):
    efs.listen()
    order = efs.order(quantity=3)
    cancel_units(efs, order, 1)
    efs.push()

    request = fulfillment.CancelOrder(order_id=order.pk, party=CancelParty.SELLER)
    fulfillment.cancel_order(request=request, actor=STAFF, now=NOW)
    efs.push()

    call = efs.receiver.of()[-1]
    [item] = call.message["orderItems"]
    assert [call.message["eventType"] for call in efs.receiver.of()][-1] == "SUBORDER_CANCEL"
    assert item["cancelledQuantity"] == 3
    assert (item["customerCancelledQty"], item["sellerCancelledQty"]) == (1, 2)


def test_a_sub_order_that_goes_elsewhere_is_told_as_hopped(efs):
    efs.point.accept_within = 10
    efs.point.save()
    elsewhere = make_point(organization=efs.organization)
    make_sku(point=elsewhere, on_hand=0)
    ChannelPoint.objects.create(channel=efs.shop, point=elsewhere, location_code="E")
    efs.listen()
    order = efs.order()
    task = efs.task_of(order)

    fulfillment.hop_due(now=NOW + dt.timedelta(minutes=11))
    efs.push()

    task.refresh_from_db()
    assert task.status == "CANCELLED"
    [item] = efs.receiver.of()[-1].message["orderItems"]
    assert efs.receiver.events() == ["SUBORDER_CREATE", "SUBORDER_CANCEL"]
    assert (item["cancelledQuantity"], item["hoppedQuantity"]) == (2, 2)
    assert (item["customerCancelledQty"], item["sellerCancelledQty"]) == (None, None)


def test_units_that_were_not_found_are_told_as_refused_and_hopped(efs):
    efs.listen()
    order = efs.order(quantity=3)
    task = efs.task_of(order)
    [line] = task.lines.all()
    efs.push()

    fulfillment.report_short_pick(
        task_id=task.pk, units={line.pk: 1}, actor=point_actor(efs.point), now=NOW
    )
    efs.push()

    [item] = efs.receiver.of()[-1].message["orderItems"]
    assert efs.receiver.events() == ["SUBORDER_CREATE", "SUBORDER_PARTIAL_CANCEL"]
    assert (item["cancelledQuantity"], item["hoppedQuantity"], item["sellerRejectQty"]) == (1, 1, 1)


def test_shipping_completes_it_and_packing_is_told_only_when_named(efs):
    efs.listen()
    task = efs.task_of(efs.order())

    pack(efs, task)
    travel(efs, task, ParcelStatus.SHIPPED)
    travel(efs, task, ParcelStatus.DELIVERED)
    efs.push()

    assert efs.receiver.events() == ["SUBORDER_CREATE", "SUBORDER_COMPLETE"]


def test_naming_an_event_type_switches_it_on(efs):
    efs.listen(*ALL)
    task = efs.task_of(efs.order())

    pack(efs, task)
    travel(efs, task, ParcelStatus.DELIVERED)
    travel(efs, task, ParcelStatus.SHIPPED)
    efs.push()

    assert efs.receiver.events() == ["SUBORDER_CREATE", "PACKED", "SUBORDER_COMPLETE"]


def test_an_event_type_that_is_not_named_is_off(efs):
    efs.listen("SUBORDER_CANCEL")
    order = efs.order(quantity=2)

    cancel_units(efs, order, 1)
    request = fulfillment.CancelOrder(order_id=order.pk, party=CancelParty.SELLER)
    fulfillment.cancel_order(request=request, actor=STAFF, now=NOW)
    efs.push()

    assert efs.receiver.events() == ["SUBORDER_CANCEL"]


def test_a_client_has_its_dates_with_offset_when_it_wants(efs):
    efs.listen(options={"eventDateStyle": "OFFSET"})

    efs.order()
    efs.push()

    message = efs.receiver.of()[0].message
    assert message["orderTime"] == "2025-02-03T06:10:00.000+00:00"


def test_the_clients_preference_counts_where_the_endpoint_says_nothing(efs):
    efs.client.preferences = {"eventDateStyle": "OFFSET"}
    efs.client.save()
    efs.listen()

    efs.order()
    efs.push()

    assert efs.receiver.of()[0].message["requiredBy"] == "2025-02-04T12:00:00.000+00:00"


def test_an_order_without_a_time_to_ship_by_is_due_a_day_after_it_was_given(efs):
    efs.listen()

    order = efs.order(ship_by_at=None)
    efs.push()

    due = efs.task_of(order).created_at.astimezone(dt.UTC) + dt.timedelta(hours=24)
    assert efs.receiver.of()[0].message["requiredBy"] == f"{due:%Y-%m-%dT%H:%M:%S}Z[UTC]"


def test_a_buyer_whose_data_was_erased_is_told_as_nobody(efs):
    efs.listen()
    order = efs.order()
    with transaction.atomic():
        orders.erase_buyer(order_id=order.pk, actor=STAFF, now=NOW)

    efs.push()

    address = efs.receiver.of()[0].message["shippingAddress"]
    assert (address.pop("name"), address.pop("line1")) == ("", "")
    assert set(address.values()) == {None}


def test_text_is_cut_at_255_characters(efs):
    efs.listen()
    long = contact_for(Address(full_name="R" * 300, line1="L" * 300, country="IN"))

    efs.order(contact=long)
    efs.push()

    address = efs.receiver.of()[0].message["billingAddress"]
    assert (len(address["name"]), len(address["line1"])) == (255, 255)


def test_a_point_the_system_does_not_run_is_none_of_its_news(efs):
    efs.listen()
    other = make_point(organization=efs.organization)
    sku = make_sku(point=other, on_hand=5)
    ChannelPoint.objects.create(channel=efs.shop, point=other, location_code="OTHER")

    place(channel=efs.shop, lines=[(sku, 1)])
    fulfillment.allocate_due(now=NOW)

    assert Delivery.objects.count() == 0


def test_a_point_the_system_takes_over_is_heard_of_from_then_on(efs):
    efs.listen()
    other = make_point(organization=efs.organization)
    sku = make_sku(point=other, on_hand=5, barcodes=["77"])
    ChannelPoint.objects.create(channel=efs.shop, point=other, location_code="OTHER")
    ChannelPoint.objects.create(channel=efs.channel, point=other, location_code="EFS-PUNE")

    place(channel=efs.shop, lines=[(sku, 1)], external_id="WS-2")
    fulfillment.allocate_due(now=NOW)
    efs.push()

    assert efs.receiver.sub_orders[SHOP, "EFS-PUNE", "WS-2"]["orderItems"][0]["barcode"] == "77"


def test_a_point_the_system_gave_up_has_nothing_more_to_tell_it(efs):
    efs.listen()
    efs.order()
    ChannelPoint.objects.filter(channel=efs.channel).delete()

    efs.push()

    assert efs.receiver.calls == []
    assert [row.state for row in Delivery.objects.all()] == ["SKIPPED"]


def test_no_buyer_is_readable_in_what_is_kept_of_events(efs):
    efs.listen()
    efs.order()
    efs.push()

    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(data::text, ' ') FROM events_event")
        told = cursor.fetchone()[0]

    assert "Rao" not in told
    assert "Lake Rd" in json.dumps(efs.receiver.of()[0].message)
    assert MessageBody.objects.count() == 1


def test_thirty_sub_orders_are_read_by_as_many_statements_as_one(efs):
    endpoint = efs.listen()
    for number in range(30):
        efs.order(f"WS-{number}")
    events = list(Event.objects.filter(type="task.created").order_by("pk"))
    push = format_of("increff")

    with count_statements() as one:
        push.render(events[:1], endpoint=endpoint, now=NOW)
    with count_statements() as all_of_them:
        push.render(events, endpoint=endpoint, now=NOW)

    assert len(all_of_them) == len(one) <= 9

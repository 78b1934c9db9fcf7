"""Each message of contract section 6, from what really happened."""

import datetime as dt
from decimal import Decimal

import pytest

from catalog import services as catalog
from catalog.choices import ListingStatus
from catalog.models import Listing, Spu
from channels_app.choices import ChannelType, DeliveryScenario
from fulfillment import services
from fulfillment.choices import ParcelStatus
from fulfillment.models import CancellationTask, Parcel
from oms.accounts.models import Credential
from oms.api.oms4.push.format import NoLiveKey
from oms.api.oms4.push.words import WORDS
from oms.events import formats
from oms.events.formats import UnknownWord
from oms.inventory import services as inventory
from oms.kernel.actors import Actor
from oms.locations.choices import PointType
from oms.orders import services as orders
from oms.orders.choices import CancelDecision, CancelParty
from tests.factories import (
    NOW,
    channel_actor,
    count_units,
    make_channel,
    make_oms4_client,
    make_point,
    make_sku,
    place,
    point_actor,
    relay_everything,
)
from tests.integration.oms4.messages import NOW as SENT_AT
from tests.integration.oms4.messages import NOW_MS, data_of, endpoint_of, messages
from tests.statements import count_statements

pytestmark = pytest.mark.django_db

AT_S = 1768478400  # NOW in epoch seconds
AT_MS = AT_S * 1000
STAFF = Actor(kind="staff", ref="alice")


class Case:
    """A shop and a warehouse that both listen, and an order of two lines at work."""

    def __init__(self, *, delivery=DeliveryScenario.OWN_CARRIER, **channel):
        self.point = make_point(name="Main Warehouse")
        self.channel = make_channel(
            points=[self.point], name="My Web Shop", delivery=delivery, **channel
        )
        self.skus = [make_sku(point=self.point, on_hand=10) for _ in range(2)]
        self.shop = endpoint_of({"channel": self.channel}, key="3001")
        self.warehouse = endpoint_of({"point": self.point}, key="2001")

    def order(self):
        lines = [(sku, 2) for sku in self.skus]
        self.placed = place(channel=self.channel, lines=lines, external_id="WEB-1")
        return self

    def at_work(self):
        self.order()
        services.allocate_due(now=NOW)
        self.task = self.placed.tasks.get()
        self.lines = list(self.task.lines.order_by("pk").values_list("number", flat=True))
        return self

    def pack(self, *numbers):
        packed = services.PackedParcel(
            point_parcel_no="PK-1",
            packed_at=NOW,
            line_numbers=tuple(self.lines),
            carrier="J&T",
            tracking_number="TRK-1",
        )
        request = services.PackRequest(task_number=self.task.number, parcels=(packed,))
        services.pack_parcels(request=request, actor=point_actor(self.point), now=NOW)
        self.parcel = Parcel.objects.get()
        return self

    def hand_over(self, waybill):
        docs = services.TrackingDocs(
            parcel_id=self.parcel.pk, delivery_type="Standard", waybill=waybill
        )
        services.record_tracking_docs(docs=docs, actor=channel_actor(self.channel), now=NOW)

    def cancel(self, *line_ids):
        request = services.CancelOrder(
            order_id=self.placed.pk, party=CancelParty.CUSTOMER, line_ids=line_ids
        )
        services.cancel_order(request=request, actor=channel_actor(self.channel), now=NOW)

    def ask(self):
        wish = orders.CancelWish(
            order_id=self.placed.pk,
            party=CancelParty.CUSTOMER,
            requested_by="Buyer",
            requested_at=NOW - dt.timedelta(seconds=1),
        )
        [request] = orders.request_cancel(wish=wish, actor=channel_actor(self.channel), now=NOW)
        return request

    def list(self, **overrides):
        """Tell of a product with the order's two SKUs as variants."""
        values = {
            "channel_id": self.channel.pk,
            "external_id": "SPU-7",
            "name": "T-shirt",
            "status": ListingStatus.ACTIVE,
            "listed_at": NOW,
            "changed_at": NOW,
            "variants": self.variants(Decimal("35.00")),
        }
        draft = catalog.SpuDraft(**(values | overrides))
        catalog.update_spu(draft=draft, actor=channel_actor(self.channel), now=NOW)
        return self

    def variants(self, price):
        return tuple(
            catalog.VariantDraft(
                channel_sku_code=f"V{number}",
                seller_sku_code=sku.code,
                original_price=price,
                current_price=Decimal("29.9"),
                stock=1,
            )
            for number, sku in enumerate(self.skus)
        )


def test_new_ft():
    case = Case().at_work()

    assert data_of(case.warehouse, "new_ft") == [
        {
            "ft_no": case.task.number,
            "order_no": "WEB-1",
            "sales_channel": "My Web Shop",
            "created_time": AT_S,
        }
    ]


def test_generated_shipping_label_and_shipping_label_updated():
    case = Case().at_work().pack()

    case.hand_over(b"%PDF-1")
    case.hand_over(b"%PDF-2")

    assert data_of(case.warehouse, "generated_shipping_label") == [
        {
            "ft_no": case.task.number,
            "fp_parcel_no": "PK-1",
            "delivery_carrier": "J&T",
            "delivery_type": "Standard",
            "tracking_no": "TRK-1",
            "obtained_time": AT_S,
        }
    ]
    assert data_of(case.warehouse, "shipping_label_updated") == [
        {"ft_no": case.task.number, "fp_parcel_no": "PK-1", "updated_time": AT_S}
    ]


def test_a_label_of_ours_comes_with_the_task():
    case = Case(delivery=DeliveryScenario.CHANNEL_CARRIER_SINGLE).at_work()

    services.fetch_due_labels(now=NOW)

    [label] = data_of(case.warehouse, "generated_shipping_label")
    assert (label["ft_no"], label["fp_parcel_no"]) == (case.task.number, None)
    assert label["tracking_no"] == Parcel.objects.get().tracking_number


def test_new_ct_and_cancle_order():
    case = Case().at_work()

    case.cancel(case.placed.lines.get(position=2).pk)

    assert data_of(case.warehouse, "new_ct") == [
        {
            "ft_no": case.task.number,
            "ct_no": CancellationTask.objects.get().number,
            "order_no": "WEB-1",
            "sales_channel": "My Web Shop",
            "created_time": AT_S,
            "cancelled_items": [str(case.lines[1])],
        }
    ]
    assert data_of(case.shop, "cancle_order") == [
        {"order_no": "WEB-1", "canceller_items": ["90002"], "canceller_time": AT_MS}
    ]


def test_the_cancellation_of_a_whole_order_is_one_message():
    case = Case().at_work()

    case.cancel()

    [cancelled] = data_of(case.shop, "cancle_order")
    assert cancelled["canceller_items"] == ["90001", "90002"]


def test_cancel_request():
    case = Case().at_work()
    case.ask()

    relay_everything()

    assert data_of(case.warehouse, "cancel_request") == [
        {
            "ft_no": case.task.number,
            "order_no": "WEB-1",
            "sales_channel": "My Web Shop",
            "requested_time": AT_S - 1,
            "items": [
                {"task_detail_id": str(case.lines[0]), "qty": 2},
                {"task_detail_id": str(case.lines[1]), "qty": 2},
            ],
        }
    ]


@pytest.mark.parametrize(
    ("decision", "word"), [("ACCEPT", "ACCEPT"), ("REJECT", "REJECT"), ("EXPIRE", "REJECT")]
)
def test_handle_buyer_cancellation(decision, word):
    case = Case().at_work()

    services.decide_cancel_request(
        request_id=case.ask().pk,
        decision=CancelDecision(decision),
        comment="Of course",
        actor=STAFF,
        now=NOW,
    )

    assert data_of(case.shop, "handle_buyer_cancellation") == [
        {
            "order_no": "WEB-1",
            "seller_comment": "Of course",
            "handled_by": "alice",
            "handling_result": word,
            "reply_time": AT_MS,
        }
    ]
    assert len(data_of(case.shop, "cancle_order")) == (decision == CancelDecision.ACCEPT)


def test_new_order():
    case = Case().order()

    assert messages(case.shop) == [
        {
            "tenant_id": case.channel.organization.code,
            "api_key": "3001",
            "webhook_type": "SC",
            "message_type": "new_order",
            "data": {"order_no": "WEB-1", "created_time": AT_S},
            "timestamp": NOW_MS,
        }
    ]


def test_ft_received_by_fp():
    case = Case().at_work()

    services.mark_received(task_ids=[case.task.pk], actor=point_actor(case.point), now=NOW)

    assert data_of(case.shop, "ft_received_by_fp") == [
        {
            "order_no": "WEB-1",
            "ft_no": case.task.number,
            "fulfillment_point": "Main Warehouse",
            "received_time": AT_MS,
        }
    ]


def test_parcel_packed():
    case = Case().at_work().pack()

    assert data_of(case.shop, "parcel_packed") == [
        {
            "order_no": "WEB-1",
            "ft_no": case.task.number,
            "parcel_id": case.parcel.number,
            "fp_parcel_no": "PK-1",
            "packed_time": AT_MS,
        }
    ]


def test_parcel_status_updated():
    case = Case().at_work().pack()
    for place_, milestone in enumerate((ParcelStatus.SHIPPED, ParcelStatus.OUT_FOR_DELIVERY)):
        report = services.MilestoneReport(
            parcel_id=case.parcel.pk,
            milestone=milestone,
            occurred_at=NOW + dt.timedelta(milliseconds=place_ + 1),
            channel_parcel_no="USP-1",
        )
        services.report_milestone(report=report, actor=channel_actor(case.channel), now=NOW)

    expected = {
        "order_no": "WEB-1",
        "parcel_id": case.parcel.number,
        "fp_parcel_no": "PK-1",
        "us_parcel_no": "USP-1",
        "tracking_no": "TRK-1",
    }
    assert data_of(case.shop, "parcel_status_updated") == [
        expected | {"status": "SHIPPING", "event_time": AT_MS + 1},
        expected | {"status": "PENDING DELIVERY", "event_time": AT_MS + 2},
    ]


def test_spu_stock_update():
    case = Case().list()
    inventory.announce_due(now=NOW)
    for on_hand in range(20, 30):
        count_units(point=case.point, sku=case.skus[1], on_hand=on_hand)

    inventory.announce_due(now=NOW + dt.timedelta(seconds=1))

    assert data_of(case.shop, "spu_stock_update")[1:] == [
        {
            "spu_id": "SPU-7",
            "skus": [
                {"sku_id": "V0", "seller_sku_code": case.skus[0].code, "stock": 10},
                {"sku_id": "V1", "seller_sku_code": case.skus[1].code, "stock": 29},
            ],
            "updated_time": AT_MS + 1000,
        }
    ]


def test_spu_price_update():
    case = Case().list()

    case.list(variants=case.variants(Decimal("36.10")))

    assert data_of(case.shop, "spu_price_update") == [
        {
            "spu_id": "SPU-7",
            "skus": [
                {
                    "sku_id": f"V{number}",
                    "seller_sku_code": sku.code,
                    "original_price": 36.1,
                    "current_price": 29.9,
                }
                for number, sku in enumerate(case.skus)
            ],
            "updated_time": AT_MS,
        }
    ]


def test_spu_status_update():
    case = Case().list()

    case.list(status=ListingStatus.INACTIVE)
    catalog.delete_spus(channel_id=case.channel.pk, external_ids=["SPU-7"], actor=STAFF, now=NOW)

    assert data_of(case.shop, "spu_status_update") == [
        {"spu_id": "SPU-7", "upstream_status": "INACTIVE", "updated_time": AT_MS},
        {"spu_id": "SPU-7", "upstream_status": "DELETED", "updated_time": AT_MS},
    ]
    assert (Spu.objects.exists(), Listing.objects.exists()) == (False, False)


@pytest.mark.parametrize("wanted", [[], ["SPU-7", "SPU-8"]])
def test_request_spu_info(wanted):
    case = Case()

    catalog.request_spus(channel_id=case.channel.pk, external_ids=wanted, actor=STAFF, now=NOW)

    assert data_of(case.shop, "request_spu_info") == [{"spu_ids": wanted, "requested_time": AT_MS}]


def test_ping():
    case = Case()
    wire_format = formats.format_of("oms4")
    tenant = case.channel.organization.code

    pings = [wire_format.ping(each, now=SENT_AT) for each in (case.shop, case.warehouse)]

    assert pings == [
        f'{{"tenant_id":"{tenant}","api_key":"{key}","webhook_type":"{family}",'
        f'"message_type":"ping","data":{{}},"timestamp":{NOW_MS}}}'.encode()
        for key, family in (("3001", "SC"), ("2001", "FP"))
    ]


def test_every_message_type_of_the_contract_is_there():
    assert set(WORDS["POINT"]) == {
        "new_ft",
        "generated_shipping_label",
        "new_ct",
        "shipping_label_updated",
        "cancel_request",
    }
    assert set(WORDS["CHANNEL"]) == {
        "new_order",
        "handle_buyer_cancellation",
        "cancle_order",
        "ft_received_by_fp",
        "parcel_packed",
        "parcel_status_updated",
        "spu_stock_update",
        "spu_price_update",
        "spu_status_update",
        "request_spu_info",
    }


def test_a_subscription_may_be_narrower():
    channel = make_channel()

    endpoint = endpoint_of({"channel": channel}, key="1", words=["ping", "cancle_order"])

    assert endpoint.types == ["order.lines_cancelled"]


def test_a_marketplace_hears_of_its_orders_only():
    channel = make_channel(type=ChannelType.SHOPEE)

    every = endpoint_of({"channel": channel}, key="1")
    named = endpoint_of({"channel": channel}, key="2", words=["new_order", "parcel_packed"])

    assert every.types == ["order.lines_cancelled", "order.placed"]
    assert named.types == ["order.placed"]


def test_a_store_hears_nothing():
    endpoint = endpoint_of({"point": make_point(type=PointType.STORE)}, key="1")

    assert endpoint.types == []


@pytest.mark.parametrize("word", ["new_ft", "cancel_order", "order.placed"])
def test_words_of_the_other_family_or_language_are_refused(word):
    with pytest.raises(UnknownWord):
        endpoint_of({"channel": make_channel()}, key="1", words=[word])


def test_who_is_bound_to_nothing_cannot_have_pushes():
    case = Case()
    case.shop.client = None

    with pytest.raises(UnknownWord):
        formats.format_of("oms4").types(case.shop)


def test_without_a_key_nothing_is_signed_and_nothing_rendered():
    case = Case().order()
    Credential.objects.update(revoked_at=NOW)

    with pytest.raises(NoLiveKey):
        formats.format_of("oms4").keys(case.shop, now=SENT_AT)
    with pytest.raises(NoLiveKey):
        messages(case.shop)


def test_neighbours_hear_nothing_of_it():
    case = Case()
    other = make_channel(organization=case.channel.organization)
    deaf = endpoint_of({"channel": other}, key="9")

    case.at_work().pack()

    assert messages(deaf) == []


def test_a_message_names_no_buyer():
    case = Case().at_work().pack()

    said = str([*messages(case.shop), *messages(case.warehouse)])

    assert len(messages(case.shop)) == 2
    assert "Sample" not in said
    assert "example.com" not in said


def test_a_batch_is_read_like_one_message():
    case = Case(delivery=DeliveryScenario.CHANNEL_CARRIER_SINGLE)
    placed = [
        place(channel=case.channel, lines=[(case.skus[0], 1)], external_id=f"B-{number}")
        for number in range(5)
    ]
    services.allocate_due(now=NOW)
    services.mark_received(
        task_ids=[order.tasks.get().pk for order in placed], actor=STAFF, now=NOW
    )
    wire_format = formats.format_of("oms4")
    events = [
        delivery.event
        for delivery in case.shop.deliveries.select_related("event").order_by("pk")
        if delivery.event.type == "task.received"
    ]

    with count_statements() as one:
        wire_format.render(events[:1], endpoint=case.shop, now=SENT_AT)
    with count_statements() as five:
        wire_format.render(events, endpoint=case.shop, now=SENT_AT)

    assert len(events) == 5
    assert len(five) == len(one) == 2


def test_endpoints_of_one_client_share_their_messages():
    case = Case()
    wire_format = formats.format_of("oms4")

    assert wire_format.variant(case.shop) == f"oms4.{case.shop.client_id}"
    assert wire_format.variant(case.shop) != wire_format.variant(case.warehouse)


def test_the_newest_key_of_a_client_counts():
    case = Case().order()
    newer = make_oms4_client(channel=case.channel, key="3002", secret="other")
    newer.client = case.shop.client
    newer.save()

    assert messages(case.shop)[0]["api_key"] == "3002"
    assert formats.format_of("oms4").keys(case.shop, now=SENT_AT) == ["other"]

"""Orders and their items: contract 11.1 and 11.4."""

import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from channels_app.choices import ChannelType, RemoteKind
from channels_app.models import RemoteKey
from fulfillment import services as fulfillment
from fulfillment.models import FulfillmentTask
from oms.kernel.actors import SYSTEM
from oms.orders import services as orders
from oms.orders.choices import CancelParty
from oms.orders.drafts import LineDraft
from oms.orders.models import Order
from tests.api.akinon.caller import Akinon
from tests.factories import (
    NOW,
    channel_actor,
    make_channel,
    make_draft,
    make_point,
    make_sku,
    place,
)

pytestmark = pytest.mark.django_db

DOCUMENT = {
    "pk": 12345,
    "number": "279209",
    "payment_option_slug": "Credit_Card",
    "delivery_type": "standard",
    "cargo_company": 34,
    "is_send": False,
    "extra_field": {"id": "x-1"},
    "channel": {"pk": 1, "name": "Shop"},
    "client_type": "default",
    "secret": "never shown",
}


class Shop:
    """A channel of Omnitron with one point, and a machine of its organization."""

    def __init__(self):
        self.point = make_point(code="369")
        self.channel = make_channel(points=[self.point], type=ChannelType.OMNITRON, code="1")
        self.sku = make_sku(point=self.point, on_hand=5, code="SHIRT", barcodes=["869000"])
        self.api = Akinon(self.point.organization)

    def order(self, **changes) -> Order:
        lines = tuple(
            LineDraft(
                external_id=str(key),
                sku_codes=("SHIRT",),
                sku_code="SHIRT",
                quantity=1,
                unit_price=Decimal("250.00"),
                line_discount=Decimal(10),
                discount_amount=Decimal(10),
                tax_amount=Decimal("40.00"),
                extra={"attributes": {"size": "M"}, "price_list": 4, "parent": 70100},
            )
            for key in (70193, 70194)
        )
        draft = make_draft(
            channel=self.channel,
            lines=[],
            **{
                "external_id": "279209",
                "currency": "TRY",
                "shipping_fee": Decimal("6.10"),
                "raw_body": json.dumps(DOCUMENT).encode(),
                **changes,
            },
        )
        actor = channel_actor(self.channel)
        intake = orders.place_order(draft=replace(draft, lines=lines), actor=actor, now=NOW)
        found = Order.objects.get(pk=intake.order_id)
        RemoteKey.objects.create(
            organization=self.point.organization,
            kind=RemoteKind.ORDER,
            remote_key=str(12000 + found.pk),
            local_id=found.pk,
        )
        return found


@pytest.fixture
def shop():
    return Shop()


def test_an_order_is_shown_with_its_items(shop):
    row = shop.order()

    shown = shop.api.get(f"orders/{row.number}/").json()

    assert shown["id"] == row.number
    assert shown["omnitron_id"] == 12000 + row.pk
    assert shown["number"] == "279209"
    assert shown["state"]["enum_class"] == "OrderStatus"
    assert shown["state"]["enum_value"] == "400"
    assert shown["commands"] == []
    assert shown["channel"] == shop.channel.number
    assert shown["currency"] == "try"
    assert shown["amount"] == "486.10"
    assert shown["shipping_amount"] == "6.10"
    assert shown["discount_amount"] == "20.00"
    assert shown["date_placed"] == "2026-01-15T12:00:00.000000Z"
    assert [item["omnitron_id"] for item in shown["orderitem_set"]] == [70193, 70194]


def test_what_omnitron_told_of_an_order_is_copied_and_no_more(shop):
    row = shop.order()

    shown = shop.api.get(f"orders/{row.number}").json()

    assert shown["payment_option_slug"] == "Credit_Card"
    assert shown["delivery_type"] == "standard"
    assert shown["cargo_company"] == 34
    assert shown["extra_field"] == {"id": "x-1"}
    assert shown["is_send"] is False
    assert "never shown" not in json.dumps(shown)


def test_an_order_of_another_channel_shows_nothing_of_its_body(shop):
    other = make_channel(points=[shop.point])
    row = place(channel=other, lines=[(shop.sku, 1)], raw_body=json.dumps(DOCUMENT).encode())

    shown = shop.api.get(f"orders/{row.number}").json()

    assert shown["payment_option_slug"] is None
    assert shown["orderitem_set"][0]["omnitron_id"] is None


def test_an_erased_buyer_is_shown_as_nobody(shop):
    row = shop.order()
    orders.erase_buyer(order_id=row.pk, actor=SYSTEM, now=NOW)

    shown = shop.api.get(f"orders/{row.number}").json()

    assert shown["customer"] == {
        "first_name": None,
        "last_name": None,
        "email": None,
        "phone_number": None,
    }
    assert shown["shipping_address"] is None
    assert shown["payment_option_slug"] is None


def test_an_item_is_shown_in_full(shop):
    row = shop.order()
    line = row.lines.get(external_id="70193")

    shown = shop.api.get(f"order_items/{line.number}/").json()

    assert shown["id"] == line.number
    assert shown["omnitron_id"] == 70193
    assert shown["order"] == row.number
    assert shown["state"]["enum_value"] == "400"
    assert shown["state"]["content_type"] == 3
    assert shown["price"] == "250.00"
    assert shown["price_currency"] == "try"
    assert shown["net_amount"] == "240.00"
    assert shown["without_net_amount"] == "200.00"
    assert shown["tax_amount"] == "40.00"
    assert shown["discount_amount"] == "10.00"
    assert shown["attributes"] == {"size": "M"}
    assert shown["price_list"] == 4
    assert shown["parent_omnitron_id"] == 70100
    assert shown["product"]["sku"] == "SHIRT"
    assert shown["product"]["barcode"] == "869000"
    assert shown["product"]["id"] != shop.sku.pk


def test_an_items_state_follows_its_package(shop):
    row = shop.order()
    fulfillment.allocate_due(now=NOW)
    FulfillmentTask.objects.filter(order=row).update(status="READY_FOR_PICKUP")

    items = shop.api.results(f"order_items/?order={row.number}")

    assert {item["state"]["enum_value"] for item in items} == {"520"}


def test_a_cancelled_item_is_shown_as_cancelled(shop):
    row = shop.order()
    request = fulfillment.CancelOrder(order_id=row.pk, party=CancelParty.CUSTOMER)
    fulfillment.cancel_order(request=request, actor=SYSTEM, now=NOW)

    shown = shop.api.get(f"orders/{row.number}").json()

    assert shown["state"]["enum_value"] == "100"
    assert {item["state"]["enum_value"] for item in shown["orderitem_set"]} == {"100"}


def test_items_are_found_by_the_orders_number(shop):
    shop.order()
    shop.order(external_id="279210")

    items = shop.api.results("order_items/?order_number=279209")

    assert sorted(item["omnitron_id"] for item in items) == [70193, 70194]


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", ["279210", "279209"]),
        ("sort=id", ["279209", "279210"]),
        ("sort=-date_placed", ["279210", "279209"]),
        ("number=279209", ["279209"]),
        ("number__in=279209,279210&sort=number", ["279209", "279210"]),
        ("number__startswith=2792&limit=1", ["279210"]),
        ("state__enum_value=400&sort=id", ["279209", "279210"]),
        ("state__enum_value=500", []),
        ("date_placed__gt=2026-01-15T12:00:00Z", ["279210"]),
        ("date_placed__lte=2026-01-15", []),
        ("unknown=1&sort=id", ["279209", "279210"]),
    ],
)
def test_orders_are_filtered_and_sorted(shop, query, numbers):
    shop.order()
    shop.order(external_id="279210", placed_at=NOW + timedelta(hours=1))

    found = shop.api.results(f"orders/?{query}")

    assert [each["number"] for each in found] == numbers


def test_orders_are_found_by_the_keys_of_both_sides(shop):
    row = shop.order()
    shop.order(external_id="279210")

    found = [
        shop.api.results(f"orders/?{query}")
        for query in (
            f"omnitron_id={12000 + row.pk}",
            f"id={row.number}",
            f"id__lte={row.number}",
            f"pk__in={row.number}",
            f"channel={shop.channel.number}&number=279209",
        )
    ]

    assert [[each["number"] for each in page] for page in found] == [["279209"]] * 5


@pytest.mark.parametrize("query", ["id=x", "sort=secret", "date_placed__gt=soon", "channel=-1"])
def test_a_filter_that_cannot_be_read_is_400_by_its_name(shop, query):
    answer = shop.api.get(f"orders/?{query}")

    assert answer.status_code == 400
    assert set(answer.json()) == {query.partition("=")[0], "code"}


def test_pages_have_absolute_addresses(shop):
    for number in range(3):
        shop.order(external_id=f"N{number}")

    first = shop.api.get("orders/?limit=2&sort=id").json()
    second = shop.api.get(first["next"].removeprefix("http://testserver")).json()

    assert first["count"] == 3
    assert first["previous"] is None
    assert first["next"] == "http://testserver/api/v1/oms/orders/?limit=2&sort=id&page=2"
    assert [each["number"] for each in second["results"]] == ["N2"]
    assert second["next"] is None
    assert second["previous"] == "http://testserver/api/v1/oms/orders/?limit=2&sort=id&page=1"


@pytest.mark.parametrize("name", ["limit", "page_size"])
def test_both_names_of_the_size_are_taken(shop, name):
    for number in range(3):
        shop.order(external_id=f"N{number}")

    found = shop.api.results(f"orders/?{name}=1")

    assert [each["number"] for each in found] == ["N2"]


@pytest.mark.parametrize("page", ["0", "2", "x", "99999999999"])
def test_a_page_that_is_not_there_is_404(shop, page):
    shop.order()

    answer = shop.api.get(f"orders/?page={page}")

    assert answer.status_code == 404
    assert answer.json() == {"detail": "Invalid page.", "code": "not_found"}


@pytest.mark.parametrize("path", ["orders/", "order_items/"])
def test_a_page_costs_the_same_whatever_its_size(shop, path):
    shop.order()
    fulfillment.allocate_due(now=NOW)
    shop.api.get(path)
    with CaptureQueriesContext(connection) as one:
        shop.api.get(path)
    for number in range(9):
        shop.order(external_id=f"N{number}")

    with CaptureQueriesContext(connection) as ten:
        shop.api.get(path)

    assert len(ten) == len(one)


def test_a_machine_of_a_point_sees_the_orders_it_may_see_only(shop):
    row = shop.order()
    elsewhere = make_point(organization=shop.point.organization)
    api = Akinon(shop.point.organization, point=elsewhere, scopes=["orders:read"])

    assert api.results("orders/") == []
    assert api.results("order_items/") == []
    assert api.get(f"orders/{row.number}").status_code == 404


def test_a_machine_of_a_point_sees_an_order_with_a_package_there(shop):
    row = shop.order()
    fulfillment.allocate_due(now=NOW)
    api = Akinon(shop.point.organization, point=shop.point, scopes=["orders:read"])

    assert [each["id"] for each in api.results("orders/")] == [row.number]

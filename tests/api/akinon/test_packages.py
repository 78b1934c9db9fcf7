"""Packages and their items: contract 3.5, 6.4, 11.4."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from channels_app.choices import RemoteKind
from channels_app.models import RemoteKey
from fulfillment.models import TaskLine
from oms.kernel.actors import SYSTEM
from oms.orders import services as orders
from oms.orders.choices import CancelParty
from oms.orders.models import CancelRequest
from tests.api.akinon.caller import Akinon
from tests.api.akinon.packages_world import NOW, make_world, package_id

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_world()


def wish_to_cancel(task, *external_ids: str) -> CancelRequest:
    """An open wish about items of the task's order; about all of it where none is named."""
    wish = CancelRequest.objects.create(
        order=task.order, requested_at=NOW, party=CancelParty.CUSTOMER
    )
    for line in task.order.lines.filter(external_id__in=external_ids):
        wish.lines.create(line=line)
    return wish


def test_a_package_is_shown_as_the_contract_says(world):
    task = world.task()
    world.known_as(task.order, 12345)

    shown = world.package(task)

    line = TaskLine.objects.get(task=task)
    assert shown["id"] == package_id(task)
    assert shown["number"] == task.number.removeprefix("FT")
    assert shown["number"].isdecimal()
    assert shown["state"] == {
        "id": 41,
        "name": "Waiting",
        "config": {},
        "enum_class": "PackageStatus",
        "enum_value": "100",
        "content_type": 26,
        "created_date": "2025-01-01T00:00:00.000000Z",
        "modified_date": "2025-01-01T00:00:00.000000Z",
    }
    assert shown["order_id"] == task.order.number
    assert shown["order_number"] == "279209"
    assert shown["order"]["omnitron_id"] == 12345
    assert shown["date_placed"] == "2026-01-15T07:59:00.000000Z"
    assert shown["channel_name"] == "Shop"
    assert shown["payment_type"] == "credit_card"
    assert shown["shipping_option_slug"] == "standard"
    assert shown["delivery_type"] == "standard"
    assert shown["currency"] == "try"
    assert shown["city"] == "Singapore"
    assert shown["customer"] == {
        "first_name": "A.",
        "last_name": "Sample",
        "email": "sample@example.com",
        "phone_number": None,
    }
    assert shown["stock_location"]["erp_code"] == "369"
    assert shown["shipment"] is None
    assert shown["modified_date"] == "2026-01-15T12:00:00.000000Z"
    [item] = shown["packageitem_set"]
    assert item["id"] == line.number
    assert item["package"] == shown["id"]
    assert item["quantity"] == 1
    assert item["unit_weight"] == "0.250"
    assert item["order_item"]["id"] == line.order_line.number
    assert item["order_item"]["omnitron_id"] == 70193
    assert item["state"]["enum_class"] == "PackageItemStatus"
    assert item["state"]["enum_value"] == "100"


def test_a_list_is_an_envelope_of_twenty(world):
    tasks = [world.task(number=str(number)) for number in range(21)]

    answer = world.api.get("packages/").json()

    assert answer["count"] == 21
    assert len(answer["results"]) == 20
    assert answer["results"][0]["id"] == package_id(tasks[-1])
    assert answer["previous"] is None
    assert answer["next"] == "http://testserver/api/v1/oms/packages/?page=2"


@pytest.mark.parametrize("name", ["limit", "page_size"])
def test_both_names_of_the_size_are_taken(world, name):
    tasks = [world.task(number=str(number)) for number in range(3)]

    rows = world.api.results(f"packages/?{name}=1&page=2&sort=id")

    assert [row["id"] for row in rows] == [package_id(tasks[1])]


@pytest.mark.parametrize("path", ["packages/", "packages/short/", "packages/package-items/"])
def test_a_page_of_ten_takes_as_many_statements_as_one_of_one(world, path):
    for number in range(10):
        world.task(units=2, number=str(number))
    world.api.get(f"{path}?limit=1")

    with CaptureQueriesContext(
        connection,
    ) as one:
        world.api.get(f"{path}?limit=1")
    with CaptureQueriesContext(connection) as ten:
        world.api.get(f"{path}?limit=10")

    assert len(ten) == len(one)


def test_the_short_list_has_keys_instead_of_objects(world):
    task = world.task(units=2)

    [row] = world.api.results("packages/short/")

    assert row == {
        "id": package_id(task),
        "number": task.number.removeprefix("FT"),
        "state": "100",
        "order": task.order.number,
        "stock_location_erp_code": "369",
        "packageitem_count": 2,
    }


def test_somebody_elses_package_is_not_there(world):
    task = world.task()
    stranger = make_world()

    answer = stranger.api.get(f"packages/{package_id(task)}/")

    assert answer.status_code == 404
    assert stranger.api.results("packages/") == []
    assert stranger.api.results("packages/package-items/") == []


def test_a_machine_of_a_point_sees_its_packages_only(world):
    task = world.task()
    north = Akinon(world.organization, point=world.north)
    south = Akinon(world.organization, point=world.south)

    assert [row["id"] for row in north.results("packages/")] == [package_id(task)]
    assert south.results("packages/") == []
    assert south.get(f"packages/{package_id(task)}/").status_code == 404


def test_a_wish_to_cancel_makes_it_wait_for_cancellation(world):
    task = world.task(units=2)
    wish_to_cancel(task, "70193")

    shown = world.package(task)

    assert shown["state"]["enum_value"] == "800"
    states = {
        item["order_item"]["omnitron_id"]: item["state"]["enum_value"]
        for item in shown["packageitem_set"]
    }
    assert states == {70193: "800", 70194: "100"}


def test_a_wish_to_cancel_the_whole_order_names_every_item(world):
    task = world.task(units=2)
    wish_to_cancel(task)

    shown = world.package(task)

    assert shown["state"]["enum_value"] == "800"
    assert {item["state"]["enum_value"] for item in shown["packageitem_set"]} == {"800"}


FOUND = [
    "state=41",
    "state__enum_value=100",
    "state__enum_value__in=200,100",
    "state__enum_value__ne=200",
    "number={number}",
    "pk__in={id},999999",
    "id__gte={id}",
    "id__lte={id}",
    "order={order}",
    "order__number=279209",
    "order__number__startswith=2792",
    "order__omnitron_id=12345",
    "order__channel={channel}",
    "order__delivery_type=standard",
    "order__shipping_option_slug__in=express,standard",
    "order__shipping_option_slug__exclude=express",
    "order__date_placed__gte=2026-01-15T07:59:00Z",
    "order__date_placed=2026-01-15T07:59:00Z",
    "stock_location={point}",
    "stock_location__erp_code=369",
    "stock_location__erp_code__exact=369",
    "stock_location__erp_code__in=369,412",
    "stock_location__stock_location_type=warehouse",
    "erp_code=369",
    "created_date__gte=2026-01-15",
    "modified_date__lte=2026-01-16T00:00:00Z",
    "product_sku={sku}",
    "product_barcode={barcode}",
    "packageitem__order_item__omnitron_id=70193",
    "packageitem__order_item__omnitron_id__in=70193,5",
    "order__customer__first_name=a.&order__customer__last_name=SAMPLE",
    "order__customer__email=Sample@example.com",
    "is_click_and_collect=false",
    "cancellation_failure=False",
    "country__name=tr",
    "city__name=singapore",
    "nobody_knows_this=1",
    "state=",
]
MISSED = [
    "state=42",
    "state=71",
    "state=999",
    "state__enum_value=200",
    "state__enum_value__ne=100",
    "state__enum_value=800",
    "number=00000000999",
    "pk__in=999999",
    "id__gt={id}",
    "id__lt={id}",
    "order=1",
    "order__number=279",
    "order__number__startswith=9",
    "order__omnitron_id=1",
    "order__channel=999999",
    "order__delivery_type=express",
    "order__shipping_option_slug__in=express",
    "order__shipping_option_slug__exclude=standard",
    "order__date_placed__lt=2026-01-15T07:59:00Z",
    "stock_location=999999",
    "stock_location__erp_code=412",
    "stock_location__erp_code__exact=412",
    "stock_location__erp_code__in=412",
    "stock_location__stock_location_type=store",
    "stock_location__stock_location_type=moon",
    "retail_store__erp_code=369",
    "created_date__lt=2026-01-15",
    "modified_date__gt=2026-01-16T00:00:00Z",
    "shipment__created_date__gte=2026-01-01",
    "shipment__cargo_company=ups",
    "product_sku=none",
    "product_barcode=none",
    "packageitem__order_item__omnitron_id=1",
    "order__customer__first_name=b.",
    "order__customer__first_name=a.&order__customer__last_name=other",
    "order__customer__email=other@example.com",
    "order__customer__phone_number=5",
    "township__name=Moda",
    "is_click_and_collect=true",
    "cancellation_failure=true",
    "country=1",
    "country__name=de",
    "city=1",
    "city__name=ankara",
]


def filled(query: str, task) -> str:
    sku = task.lines.get().sku
    return query.format(
        id=package_id(task),
        number=task.number.removeprefix("FT"),
        order=task.order.number,
        channel=task.channel.number,
        point=task.point.number,
        sku=sku.code,
        barcode=sku.barcodes[0],
    )


@pytest.mark.parametrize("query", FOUND)
def test_a_filter_finds_what_fits(world, query):
    task = world.task()
    task.refresh_from_db()
    world.known_as(task.order, 12345)

    rows = world.api.results(f"packages/?{filled(query, task)}")

    assert [row["id"] for row in rows] == [package_id(task)]


@pytest.mark.parametrize("query", MISSED)
def test_a_filter_leaves_out_what_does_not_fit(world, query):
    task = world.task()
    world.known_as(task.order, 12345)

    assert world.api.results(f"packages/?{filled(query, task)}") == []
    assert world.api.results(f"packages/short/?{filled(query, task)}") == []


@pytest.mark.parametrize(
    ("query", "field", "text"),
    [
        ("state=x", "state", "Enter a whole number."),
        ("pk__in=1,x", "pk__in", "Enter a whole number."),
        ("created_date__gte=soon", "created_date__gte", "Enter a valid date/time."),
        ("created_date__gte=2026-02-31", "created_date__gte", "Enter a valid date/time."),
        ("is_click_and_collect=2", "is_click_and_collect", "Enter true or false."),
        (
            "sort=price",
            "sort",
            "One of created_date, id, modified_date, number, order__date_placed, or - before it.",
        ),
    ],
)
def test_a_filter_that_cannot_be_read_is_refused_by_name(world, query, field, text):
    answer = world.api.get(f"packages/?{query}")

    assert answer.status_code == 400
    assert answer.json() == {field: [text], "code": "invalid"}


def test_a_place_is_found_by_the_other_sides_key(world):
    task = world.task()
    for kind, key, data in [
        (RemoteKind.COUNTRY, "1", {"code": "tr", "name": "Turkey"}),
        (RemoteKind.CITY, "34", {"name": "Singapore"}),
    ]:
        RemoteKey.objects.create(
            organization=world.organization, kind=kind, remote_key=key, data=data
        )

    rows = world.api.results("packages/?country=1&city=34")

    assert [row["id"] for row in rows] == [package_id(task)]


def test_waiting_for_cancellation_is_found_as_such_and_not_as_waiting(world):
    task = world.task(units=2)
    wish_to_cancel(task, "70194")

    found = world.api.results("packages/?state__enum_value=800")
    items = world.api.results("packages/package-items/?state__enum_value=800")

    assert [row["id"] for row in found] == [package_id(task)]
    assert world.api.results("packages/?state__enum_value=100") == []
    assert world.api.results("packages/?state__enum_value__ne=800") == []
    assert [item["order_item"]["omnitron_id"] for item in items] == [70194]


def test_items_are_listed_and_found_by_their_package(world):
    task, other = world.task(units=2), world.task(number="279210")

    rows = world.api.results(f"packages/package-items/?package={package_id(task)}&sort=id")
    by_number = world.api.results(
        f"packages/package-items/?package__number={other.number.removeprefix('FT')}"
    )

    assert [row["order_item"]["omnitron_id"] for row in rows] == [70193, 70194]
    assert [row["package"] for row in by_number] == [package_id(other)]


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("state=71", 1),
        ("state__enum_value=100", 1),
        ("state__enum_value__in=100,900", 1),
        ("state=41", 0),
        ("state__enum_value=900", 0),
    ],
)
def test_items_are_found_by_their_state(world, query, count):
    world.task()

    assert len(world.api.results(f"packages/package-items/?{query}")) == count


def test_one_item_is_found_by_its_id(world):
    task = world.task()
    line = task.lines.get()

    answer = world.api.get(f"packages/package-items/{line.number}/")

    assert answer.status_code == 200
    assert answer.json() == world.package(task)["packageitem_set"][0]
    assert make_world().api.get(f"packages/package-items/{line.number}/").status_code == 404


def test_erased_buyers_leave_nothing_in_a_package(world):
    task = world.task()
    orders.erase_buyer(order_id=task.order_id, actor=SYSTEM, now=NOW)

    shown = world.package(task)

    assert set(shown["customer"].values()) == {None}
    assert shown["shipping_address"] is None

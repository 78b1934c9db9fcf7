"""An order is found by any number a person may hold."""

import pytest

from oms.backoffice import search
from tests import backoffice_builders as build
from tests.integration.admin.test_every_page import address
from tests.statements import count_statements

URL = "/admin/orders/order/"


@pytest.fixture
def order(db):
    """An order with every number there is, and a second one that must not be found."""
    order = build.make_order(external_id="TH-2026-000123")
    build.make_buyer(order)
    build.make_customer(order, "CUST-9")
    task = build.make_task(order)
    parcel = build.make_parcel(
        task, point_parcel_no="BOX-5", channel_parcel_no="LZD-5", tracking_number="TRK-5"
    )
    cancellation = build.make_cancellation(task)
    other = build.make_order(external_id="XX-1")
    build.make_buyer(other, email="eve@example.com", phone="+49 30 9999")
    build.make_parcel(build.make_task(other))
    order.numbers = {
        "order": "TH-2026-000123",
        "beginning": "TH-2026",
        "task": task.number,
        "task in lower case": task.number.lower(),
        "cancellation": cancellation.number,
        "parcel": str(parcel.number),
        "point's parcel": "BOX-5",
        "channel's parcel": "LZD-5",
        "tracking": "TRK-5",
        "customer": "CUST-9",
        "email": " ADA@Example.com ",
        "phone": "+49 (30) 12-34",
        "public id": str(order.public_id),
    }
    return order


NUMBERS = (
    "order",
    "beginning",
    "task",
    "task in lower case",
    "cancellation",
    "parcel",
    "point's parcel",
    "channel's parcel",
    "tracking",
    "customer",
    "email",
    "phone",
    "public id",
)


@pytest.mark.parametrize("kind", NUMBERS)
def test_finds_exactly_the_order(order, kind):
    assert search.find_orders(order.numbers[kind]) == [order.pk]


@pytest.mark.parametrize("kind", NUMBERS)
def test_the_list_shows_exactly_the_order(order, root, kind):
    response = root.get(URL, {"q": order.numbers[kind]})

    assert [row.pk for row in response.context["cl"].result_list] == [order.pk]
    assert str(response.context["cl"].total) == "1"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "TH-2026-0001234",
        "2026-000123",
        "nobody@example.com",
        "\x00",
        "%",
        "9" * 40,
        "TH_2026",
    ],
)
def test_finds_nothing_for_what_nobody_was_given(order, text):
    assert search.find_orders(text) == []


def test_two_characters_match_whole_numbers_only(db):
    build.make_order(external_id="AB-1")
    whole = build.make_order(external_id="AB")

    assert search.find_orders("AB") == [whole.pk]


def test_an_order_of_another_organization_is_not_found(order, signed_in):
    stranger = build.make_staff(build.make_organization(), perms=("orders.view_order",))

    response = signed_in(stranger).get(URL, {"q": order.external_id})

    assert response.context["cl"].result_list == []


def test_search_costs_the_same_for_one_order_and_for_many(order, root):
    root.get(URL)
    for _ in range(9):
        build.make_order(order.channel, external_id=f"TH-2026-{build.next_number()}")

    with count_statements() as statements:
        response = root.get(URL, {"q": "TH-2026"})

    assert len(statements) == 15
    assert len(response.context["cl"].result_list) == 10


def test_a_task_is_found_by_its_number_and_by_those_of_its_order(order):
    task = order.tasks.get()

    assert search.find_tasks(task.number) == [task.pk]
    assert search.find_tasks("TRK-5") == [task.pk]


def test_a_parcel_is_found_by_its_number_and_by_those_of_its_order(order):
    parcel = order.tasks.get().parcels.get()

    assert search.find_parcels("BOX-5") == [parcel.pk]
    assert search.find_parcels("TH-2026-000123") == [parcel.pk]


@pytest.mark.parametrize("text", ["SKU-RED-1", "SKU-RED", "8850001112223", "B-77"])
def test_a_sku_is_found_by_what_stands_on_the_article(db, text):
    organization = build.make_organization()
    sku = build.make_sku(
        organization,
        code="SKU-RED-1",
        barcodes=["8850001112223"],
        brand_code="B",
        brand_sku_code="B-77",
    )
    build.make_sku(organization, code="SKU-BLUE-1")

    assert search.find_skus(text) == [sku.pk]


def test_the_stock_list_shows_the_levels_of_the_sku_found(root, db):
    channel = build.make_channel()
    point = build.make_point(channel)
    level = build.make_level(build.make_sku(channel.organization, code="RED-1"), point)
    build.make_level(build.make_sku(channel.organization, code="BLUE-1"), point)

    response = root.get(address("inventory.stocklevel", "changelist"), {"q": "RED-1"})

    assert [row.pk for row in response.context["cl"].result_list] == [level.pk]

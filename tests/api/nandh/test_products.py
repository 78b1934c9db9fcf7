"""Products and their stock."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.models import Sku
from oms.inventory.models import StockLevel
from tests import factories
from tests.api.nandh.world import example

CREATE = "/products/inventory/create"
LIST = "/products/inventory/list"


def product(**changes):
    return example("create_product")["request"] | {"sku": "CAP-01"} | changes


def test_stock_adds_up_over_the_points(world):
    other = factories.make_point(organization=world.organization)
    factories.count_units(point=other, sku=world.sku, on_hand=5)
    StockLevel.objects.filter(point=other).update(safety=8)

    found = world.api.data(f"/products/inventory/detail/{world.sku.pk}")

    assert found["stock_info"] == {
        "stock": 45,
        "available_stock": 40,
        "reserved_stock": 0,
        "waiting": 0,
        "waiting_shipment": 0,
        "incoming": 0,
        "unreal_stock": 0,
        "min_stock": 8,
    }
    assert (found["nhsin"], found["currency"]) == (f"NHSIN{world.sku.pk}", "VND")


def test_only_what_is_picked_or_packed_waits_for_shipment(world):
    item = {"sku": "TEE-RED-M", "sale_price": 1000, "quantity": 2}
    order = world.place(items=[item])
    world.packed_units(order, 1)
    world.place(items=[item | {"quantity": 3}], extra_info={"order_number": "WEB-2"})
    world.allocate()
    early = world.api.data(LIST)[0]["stock_info"]
    world.packed_units(order, 1)

    later = world.api.data(LIST)[0]["stock_info"]

    assert (early["reserved_stock"], early["waiting_shipment"]) == (5, 0)
    assert (later["reserved_stock"], later["waiting_shipment"], later["waiting"]) == (5, 2, 2)


def test_products_come_in_pages(world):
    for number in range(2, 8):
        factories.make_sku(organization=world.organization, code=f"S-{number}")

    answers = [world.api.get(f"{LIST}?page={page}&page_size=3").json() for page in (1, 2, 3, 4)]

    codes = [[row["sku"] for row in answer["data"]] for answer in answers]
    assert codes == [["TEE-RED-M", "S-2", "S-3"], ["S-4", "S-5", "S-6"], ["S-7"], []]
    assert [answer["total"] for answer in answers] == [7, 7, 7, 7]


@pytest.mark.parametrize(
    "query", ["page=0", "page=x", "page_size=201", "page_size=-1", "page=1000000&page_size=2"]
)
def test_refuses_pages_there_cannot_be(world, query):
    answer = world.api.get(f"{LIST}?{query}")

    assert (answer.status_code, answer.json()["error_code"]) == (400, "invalid_parameter")


def test_a_page_costs_the_same_however_long_it_is(world):
    world.api.get(LIST)
    with CaptureQueriesContext(connection) as one:
        world.api.get(LIST)
    for number in range(9):
        factories.make_sku(point=world.point, on_hand=1, code=f"S-{number}")

    with CaptureQueriesContext(connection) as ten:
        answer = world.api.get(LIST)

    assert answer.json()["total"] == 10
    assert len(ten) == len(one)


def test_a_new_product_shows_what_was_told_of_it(world):
    body = product(
        is_fragile=1,
        images=[{"image_url": "https://cdn.example.com/cap.png"}],
        info={"description": "A cap"},
    )

    made = world.api.post(CREATE, body).json()["data"]

    assert world.api.data(f"/products/inventory/detail/{made['id']}") == made
    assert (made["flags"], made["image_url"]) == (
        ["is_fragile"],
        "https://cdn.example.com/cap.png",
    )
    assert (made["cost"], made["weight"], made["barcode"]) == (60000, 200, "8930000000017")
    assert Sku.objects.get(pk=made["id"]).payload["info"] == {"description": "A cap"}


def test_stock_rows_are_made_only_when_asked_for(world):
    made = world.api.post(CREATE, product(config={})).json()["data"]

    assert StockLevel.objects.filter(sku=made["id"]).count() == 0


def test_points_that_are_closed_get_no_stock_row(world):
    factories.make_point(organization=world.organization, is_active=False)
    factories.make_point()

    made = world.api.post(CREATE, product()).json()["data"]

    rows = StockLevel.objects.filter(sku=made["id"]).values_list("point", "on_hand")
    assert list(rows) == [(world.point.pk, 0)]


def test_a_code_is_taken_once(world):
    world.api.post(CREATE, product())

    answer = world.api.post(CREATE, product(name="Another"))

    assert (answer.status_code, answer.json()["error_code"]) == (409, "duplicate_external_id")
    assert Sku.objects.get(code="CAP-01").name == "Tee red M"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"sku": "no blanks"}, "/sku: This value does not match the required pattern."),
        ({"weight": -1}, "/weight: Ensure this value is greater than or equal to 0."),
        ({"package_width": "wide"}, "/package_width: must be a number from 0 to 1000000"),
        ({"cost": 1.5}, "/cost: must be a whole amount of VND, at least 0"),
        ({"name": "NUL \0"}, "/name: Null characters are not allowed."),
    ],
)
def test_refuses_what_a_product_cannot_be(world, changes, told):
    answer = world.api.post(CREATE, product(**changes))

    assert (answer.status_code, answer.json()["messages"]) == (422, told)
    assert not Sku.objects.filter(name__startswith="Tee", code="CAP-01").exists()

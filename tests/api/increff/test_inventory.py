"""Contract API 2."""

import pytest

from fulfillment import services as fulfillment
from oms.events.choices import EventType
from oms.events.models import Event
from oms.inventory.models import StockLevel, StockMovement
from oms.kernel.actors import SYSTEM
from tests.api.increff.dock_world import CHANNEL, LOCATION, SHIRT, SOCKS, Dock
from tests.factories import NOW, make_sku

pytestmark = pytest.mark.django_db

PATH = "/usp/inventories/absolute"


@pytest.fixture
def dock():
    return Dock.build()


def update(dock, *products, location=LOCATION):
    lines = [{"channelSkuCode": code, "quantity": quantity} for code, quantity in products]
    return dock.wms.call("PUT", PATH, {"locationCode": location, "products": lines})


def level(dock, code=SHIRT):
    return StockLevel.objects.get(sku=dock.skus[code], point=dock.point)


def test_the_example_of_the_contract_sets_one_and_names_the_other(dock):
    answer = update(dock, (SHIRT, 12), ("EF-7999", 3))

    assert answer.status_code == 200
    assert answer.json() == {"failureProducts": ["EF-7999"], "successProducts": [SHIRT]}
    assert level(dock).available == 12
    assert level(dock, SOCKS).available == 500


def test_quantities_may_be_text_and_both_lists_are_always_there(dock):
    answer = update(dock, (SHIRT, "4"))

    assert answer.json() == {"failureProducts": [], "successProducts": [SHIRT]}
    assert level(dock).available == 4


@pytest.mark.parametrize("quantity", [-1, "-1", None, 10**12])
def test_a_line_that_cannot_be_is_a_failure_of_that_line(dock, quantity):
    answer = update(dock, (SHIRT, quantity), (SOCKS, 7))

    assert answer.json() == {"failureProducts": [SHIRT], "successProducts": [SOCKS]}
    assert (level(dock).available, level(dock, SOCKS).available) == (500, 7)


def test_the_last_line_of_a_sku_wins_and_it_is_listed_once(dock):
    answer = update(dock, (SHIRT, 5), (SOCKS, 1), (SHIRT, 9))

    assert answer.json() == {"failureProducts": [], "successProducts": [SHIRT, SOCKS]}
    assert level(dock).available == 9


def test_the_same_again_writes_nothing(dock):
    update(dock, (SHIRT, 12))
    before = StockMovement.objects.count(), Event.objects.count()

    assert update(dock, (SHIRT, 12)).json()["successProducts"] == [SHIRT]
    assert (StockMovement.objects.count(), Event.objects.count()) == before


def test_codes_are_listings_first_then_client_sku_ids_then_barcodes(dock):
    by_code = make_sku(point=dock.point, on_hand=0, code="PLAIN")
    coded = make_sku(point=dock.point, on_hand=0, code="OTHER", barcodes=["111", "222"])

    answer = update(dock, ("PLAIN", 1), ("111", 2), ("OTHER", 9))
    second = update(dock, ("222", 3))

    assert answer.json() == {"failureProducts": ["OTHER"], "successProducts": ["PLAIN", "111"]}
    assert second.json()["successProducts"] == ["222"]
    assert StockLevel.objects.get(sku=by_code).on_hand == 1
    assert StockLevel.objects.get(sku=coded).on_hand == 3


def test_a_listed_code_goes_before_anybodys_barcode(dock):
    make_sku(point=dock.point, on_hand=0, code="TRAP", barcodes=[SHIRT])

    update(dock, (SHIRT, 6))

    assert level(dock).available == 6


def test_orders_the_system_does_not_know_of_are_deducted(dock):
    dock.order("WS-1", [(SHIRT, 3)])

    update(dock, (SHIRT, 10))

    assert (level(dock).on_hand, level(dock).reserved, level(dock).available) == (10, 3, 7)


def test_orders_it_was_told_of_are_deducted_by_itself(dock):
    task = dock.order("WS-1", [(SHIRT, 3)])
    fulfillment.mark_received(task_ids=[task.pk], actor=SYSTEM, now=NOW)

    update(dock, (SHIRT, 10))

    assert (level(dock).on_hand, level(dock).reserved, level(dock).available) == (13, 3, 10)


def test_orders_it_has_picked_are_known_to_it(dock):
    dock.order("WS-1", [(SHIRT, 3)])
    dock.wms.create_picklist(**dock.place, orderList=[{"orderCode": "WS-1"}])

    update(dock, (SHIRT, 10))

    assert level(dock).available == 10


def test_what_staff_keep_back_stays_kept_back(dock):
    StockLevel.objects.filter(pk=level(dock).pk).update(safety=4)

    update(dock, (SHIRT, 10))

    assert level(dock).available == 6


def test_units_that_came_wake_orders_that_wait(dock):
    update(dock, (SHIRT, 0))
    dock.channel.refresh_from_db()

    update(dock, (SHIRT, 2))

    counted = Event.objects.filter(type=EventType.STOCK_COUNTED).order_by("id").last()
    assert counted.data["more_sku_ids"] == [dock.skus[SHIRT].pk]


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"products": [{"channelSkuCode": SHIRT, "quantity": 1}]}, "locationCode: may not be null"),
        ({"locationCode": LOCATION}, "products: may not be null"),
        ({"locationCode": LOCATION, "products": []}, "products: may not be empty"),
        ({"locationCode": LOCATION, "products": [None]}, "products[0]: may not be null"),
        (
            {"locationCode": LOCATION, "products": [{"quantity": 1}]},
            "products[0].channelSkuCode: may not be null",
        ),
        (
            {
                "locationCode": LOCATION,
                "products": [
                    {"channelSkuCode": SHIRT, "quantity": 1},
                    {"channelSkuCode": SOCKS, "quantity": "many"},
                ],
            },
            "products[1].quantity: must be a whole number",
        ),
    ],
)
def test_it_checks_fields_and_stores_nothing(dock, body, told):
    answer = dock.wms.call("PUT", PATH, body)

    assert answer.status_code == 400
    assert answer.json() == {
        "code": "BAD_DATA",
        "message": "Input validation failed",
        "description": f"[{told}]",
    }
    assert level(dock).available == 500


def test_301_lines_are_too_many(dock):
    answer = update(dock, *[(f"C-{number}", 1) for number in range(301)])

    assert answer.status_code == 400
    assert answer.json() == {
        "code": "BAD_DATA",
        "message": "Max 300 items allowed",
        "description": None,
    }


def test_unknown_members_are_ignored(dock):
    answer = dock.wms.call(
        "PUT",
        PATH,
        {
            "locationCode": LOCATION,
            "channelName": CHANNEL,
            "products": [{"channelSkuCode": SHIRT, "quantity": 3.0, "batch": {"x": []}}],
        },
    )

    assert (answer.status_code, level(dock).available) == (200, 3)


def test_another_organizations_stock_is_never_touched(dock):
    elsewhere = Dock.build()

    update(dock, (SHIRT, 1))

    assert (level(dock).available, level(elsewhere).available) == (1, 500)

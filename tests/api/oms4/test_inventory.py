import pytest

from oms.inventory.models import StockLevel, StockMovement
from tests.clients.oms4_stdlib import Oms4Error
from tests.factories import level_of, make_sku

PATH = "/rest/fp_api/inventory/sync"


def record(sku, **changes):
    return {"brand_code": sku.brand_code, "brand_sku_code": sku.brand_sku_code, **changes}


def test_stores_absolute_stock(world):
    assert world.warehouse.sync_inventory(record(world.sku, qty=7)) == 1
    assert world.warehouse.sync_inventory(record(world.sku, qty="8", na_ind="0")) == 1

    level = level_of(world.point, world.sku)
    assert (level.on_hand, level.is_stocked) == (8, True)


def test_a_point_may_say_it_does_not_keep_a_sku(world):
    absent = make_sku(organization=world.organization)

    done = world.warehouse.sync_inventory(
        record(world.sku, qty=5, na_ind=1), record(absent, na_ind=1)
    )

    assert done == 2
    level = level_of(world.point, world.sku)
    assert (level.on_hand, level.is_stocked) == (0, False)


def test_the_last_of_two_records_wins_and_both_count(world):
    assert world.warehouse.sync_inventory(record(world.sku, qty=1), record(world.sku, qty=2)) == 2
    assert level_of(world.point, world.sku).on_hand == 2


def test_skus_nobody_knows_are_skipped(world, elsewhere):
    unknown = {"brand_code": "BR9", "brand_sku_code": "x", "qty": 1}

    assert world.warehouse.sync_inventory(unknown, record(elsewhere.sku, qty=1)) == 0
    assert world.warehouse.sync_inventory(unknown, record(world.sku, qty=1)) == 1
    assert StockLevel.objects.filter(point=world.point).count() == 1
    assert level_of(elsewhere.point, elsewhere.sku).on_hand == 100


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({}, "inventory[1].qty: is missing, and na_ind is not 1"),
        ({"na_ind": 0}, "inventory[1].qty: is missing, and na_ind is not 1"),
        ({"qty": -1}, "inventory[1].qty: must be at least 0"),
        ({"qty": 2**31}, "inventory[1].qty: must be at most 2147483647"),
        ({"qty": 1, "brand_code": ""}, "inventory[1].brand_code: is empty"),
    ],
)
def test_one_wrong_record_rejects_the_whole_call(world, change, message):
    before = StockMovement.objects.count()

    with pytest.raises(Oms4Error) as refusal:
        world.warehouse.sync_inventory(record(world.sku, qty=3), record(world.sku) | change)

    assert (refusal.value.code, refusal.value.message) == ("400", message)
    assert StockMovement.objects.count() == before


def test_at_most_200_records(world):
    with pytest.raises(Oms4Error) as refusal:
        world.warehouse.sync_inventory(*[record(world.sku, qty=1)] * 201)

    assert refusal.value.message == "inventory: holds more than 200 entries"
    assert world.warehouse.sync_inventory(*[record(world.sku, qty=1)] * 200) == 200

import pytest
from django.db import transaction

from oms.inventory import services
from oms.inventory.models import StockMovement
from oms.kernel.actors import SYSTEM
from tests.factories import level_of, make_point, make_sku

pytestmark = pytest.mark.django_db


def need(sku, point, quantity, cause="FT1"):
    return services.StockNeed(sku_id=sku.pk, point_id=point.pk, quantity=quantity, cause=cause)


def movements(point, sku):
    rows = StockMovement.objects.filter(level=level_of(point, sku)).order_by("id")
    return list(rows.values_list("kind", "on_hand_delta", "reserved_delta", "cause"))


def test_reserves_and_writes_the_ledger():
    point = make_point()
    sku = make_sku(point=point, on_hand=5)

    services.reserve_stock(needs=[need(sku, point, 3)], actor=SYSTEM)

    assert level_of(point, sku).reserved == 3
    assert movements(point, sku) == [("COUNT", 5, 0, "count"), ("RESERVE", 0, 3, "FT1")]


def test_reserves_everything_or_nothing():
    point = make_point()
    plenty = make_sku(point=point, on_hand=5)
    scarce = make_sku(point=point, on_hand=1)

    with pytest.raises(services.StockShortage):
        services.reserve_stock(needs=[need(plenty, point, 2), need(scarce, point, 2)], actor=SYSTEM)

    assert level_of(point, plenty).reserved == 0
    assert level_of(point, scarce).reserved == 0
    assert [row[0] for row in movements(point, plenty)] == ["COUNT"]


def test_adds_up_two_needs_for_one_level():
    point = make_point()
    sku = make_sku(point=point, on_hand=3)

    with pytest.raises(services.StockShortage):
        services.reserve_stock(
            needs=[need(sku, point, 2, "FT1"), need(sku, point, 2, "FT2")], actor=SYSTEM
        )

    assert level_of(point, sku).reserved == 0


def test_keeps_the_safety_stock_back():
    point = make_point()
    sku = make_sku(point=point, on_hand=5)
    level = level_of(point, sku)
    level.safety = 4
    level.save(update_fields=["safety"])

    with pytest.raises(services.StockShortage):
        services.reserve_stock(needs=[need(sku, point, 2)], actor=SYSTEM)


def test_refuses_a_level_that_does_not_exist():
    point = make_point()
    sku = make_sku(organization=point.organization)

    with pytest.raises(services.StockShortage):
        services.reserve_stock(needs=[need(sku, point, 1)], actor=SYSTEM)


def test_ships_what_was_reserved():
    point = make_point()
    sku = make_sku(point=point, on_hand=5)
    services.reserve_stock(needs=[need(sku, point, 3)], actor=SYSTEM)

    services.ship_stock(needs=[need(sku, point, 3)], actor=SYSTEM)

    level = level_of(point, sku)
    assert (level.on_hand, level.reserved) == (2, 0)
    assert movements(point, sku)[-1] == ("SHIP", -3, -3, "FT1")


def test_shipping_more_than_was_counted_stops_at_zero_and_says_so():
    point = make_point()
    sku = make_sku(point=point, on_hand=5)
    needs = [need(sku, point, 2, "FT1"), need(sku, point, 3, "FT2")]
    services.reserve_stock(needs=needs, actor=SYSTEM)
    level = level_of(point, sku)
    with transaction.atomic():
        services.count_stock(
            point=point,
            counts=[services.StockCount(sku_id=sku.pk, on_hand=3)],
            actor=SYSTEM,
            now=level.updated_at,
            cause="count",
        )

    services.ship_stock(needs=needs, actor=SYSTEM)

    level.refresh_from_db()
    assert (level.on_hand, level.reserved) == (0, 0)
    assert movements(point, sku)[-2:] == [("SHIP", -2, -2, "FT1"), ("SHIP", -1, -3, "FT2")]


def test_refuses_to_release_what_is_not_reserved():
    point = make_point()
    sku = make_sku(point=point, on_hand=5)

    with pytest.raises(services.ReservationMissing):
        services.release_stock(needs=[need(sku, point, 1)], actor=SYSTEM)

    assert level_of(point, sku).reserved == 0

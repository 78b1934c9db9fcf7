import pytest

from oms.events.models import Event
from oms.inventory import services
from oms.inventory.models import StockLevel, StockMovement
from oms.kernel.actors import SYSTEM
from tests.factories import NOW, count_units, level_of, make_point, make_sku

pytestmark = pytest.mark.django_db


def count(point, *counts):
    return services.count_stock(
        point=point,
        counts=[services.StockCount(sku_id=sku.pk, on_hand=units) for sku, units in counts],
        actor=SYSTEM,
        now=NOW,
        cause="sync",
    )


def test_makes_levels_and_ledger_rows():
    point = make_point()
    first, second = make_sku(point=point), make_sku(point=point)

    changed = count(point, (first, 5), (second, 0))

    assert changed == 2
    assert level_of(point, first).on_hand == 5
    assert level_of(point, second).on_hand == 0
    assert StockMovement.objects.filter(level__point=point).count() == 1


def test_the_same_count_again_changes_nothing():
    point = make_point()
    sku = make_sku(point=point)
    count(point, (sku, 5))

    changed = count(point, (sku, 5))

    assert changed == 0
    assert StockMovement.objects.filter(level__point=point).count() == 1
    assert Event.objects.filter(subject_type="point", subject_id=point.pk).count() == 1


def test_the_last_count_of_a_sku_wins():
    point = make_point()
    sku = make_sku(point=point)

    count(point, (sku, 5), (sku, 8))

    assert level_of(point, sku).on_hand == 8


def test_a_count_below_what_is_reserved_is_the_truth():
    point = make_point()
    sku = make_sku(point=point, on_hand=5)
    needs = [services.StockNeed(sku_id=sku.pk, point_id=point.pk, quantity=4, cause="FT1")]
    services.reserve_stock(needs=needs, actor=SYSTEM)

    count(point, (sku, 1))

    level = level_of(point, sku)
    assert (level.on_hand, level.reserved, level.available) == (1, 4, -3)
    event = Event.objects.filter(type="stock.counted").latest("id")
    assert event.data["short_sku_ids"] == [sku.pk]


def test_names_the_skus_that_have_more():
    point = make_point()
    up, down = make_sku(point=point, on_hand=5), make_sku(point=point, on_hand=5)

    count(point, (up, 6), (down, 4))

    event = Event.objects.filter(type="stock.counted").latest("id")
    assert event.data["more_sku_ids"] == [up.pk]


def test_not_applicable_empties_the_level():
    point = make_point()
    sku = make_sku(point=point, on_hand=5)

    count(point, (sku, None))

    level = level_of(point, sku)
    assert (level.on_hand, level.is_stocked) == (0, False)


def test_not_applicable_for_an_absent_level_makes_none():
    point = make_point()
    sku = make_sku(point=point)

    assert count(point, (sku, None)) == 0
    assert StockLevel.objects.filter(point=point).exists() is False


def test_events_of_a_point_have_no_gap():
    point = make_point()
    sku = make_sku(point=point)
    for units in (1, 2, 3):
        count_units(point=point, sku=sku, on_hand=units)

    events = Event.objects.filter(subject_type="point", subject_id=point.pk)
    assert list(events.order_by("id").values_list("sequence", flat=True)) == [1, 2, 3]


def test_adjusts_with_a_reason():
    point = make_point()
    sku = make_sku(point=point, on_hand=5)

    services.adjust_stock(
        point=point, sku_id=sku.pk, delta=-2, reason="broken", actor=SYSTEM, now=NOW
    )

    assert level_of(point, sku).on_hand == 3
    movement = StockMovement.objects.latest("id")
    assert (movement.kind, movement.on_hand_delta, movement.cause) == ("ADJUST", -2, "broken")


def test_refuses_to_adjust_below_zero():
    point = make_point()
    sku = make_sku(point=point, on_hand=1)

    with pytest.raises(services.NegativeStock):
        services.adjust_stock(
            point=point, sku_id=sku.pk, delta=-2, reason="broken", actor=SYSTEM, now=NOW
        )

    assert level_of(point, sku).on_hand == 1

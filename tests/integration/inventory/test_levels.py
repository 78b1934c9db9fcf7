"""What a level tells of itself: its version, and units that are there but not for sale."""

import pytest
from django.db import IntegrityError

from oms.events.models import Event
from oms.inventory import services
from oms.inventory.choices import StockReason
from oms.inventory.models import StockAdjustment, StockLevel, StockMovement
from oms.inventory.services import MovementNote, StockCount, StockDelta
from oms.kernel.actors import SYSTEM
from tests.factories import NOW, level_of, make_organization, make_point, make_sku

pytestmark = pytest.mark.django_db

NOTE = MovementNote(cause="count 1", reason=StockReason.CYCLE_COUNT, reference="CC-1")


@pytest.fixture
def point():
    return make_point()


@pytest.fixture
def sku(point):
    return make_sku(point=point, on_hand=5)


def set_level(point, sku, expected_version=None, **units):
    return services.set_level(
        point=point,
        count=StockCount(sku_id=sku.pk, **units),
        expected_version=expected_version,
        note=NOTE,
        actor=SYSTEM,
        now=NOW,
    )


def adjust(*deltas, reason=StockReason.RECEIVED):
    return services.adjust_levels(
        deltas=deltas, reason=reason, reference="PO-77", actor=SYSTEM, now=NOW
    )


def units_of(sku, point, on_hand, **others):
    return StockDelta(sku_id=sku.pk, point_id=point.pk, on_hand=on_hand, **others)


def newest_movement(point, sku):
    return StockMovement.objects.filter(level=level_of(point, sku)).latest("id")


def test_the_version_rises_with_every_change(point, sku):
    first = level_of(point, sku).version
    need = services.StockNeed(sku_id=sku.pk, point_id=point.pk, quantity=1, cause="FT1")

    services.reserve_stock(needs=[need], actor=SYSTEM)
    set_level(point, sku, on_hand=7)

    assert (first, level_of(point, sku).version) == (1, 3)


def test_the_version_stays_where_nothing_changes(point, sku):
    set_level(point, sku, on_hand=5)
    StockLevel.objects.filter(sku=sku).update(on_hand=5)

    assert level_of(point, sku).version == 1


def test_nobody_can_set_the_version_back(point, sku):
    StockLevel.objects.filter(sku=sku).update(on_hand=6, version=1)

    assert level_of(point, sku).version == 2


def test_sets_a_level_that_is_as_it_was_seen(point, sku):
    level = set_level(point, sku, expected_version=1, on_hand=42, safety=2)

    assert (level.on_hand, level.safety, level.version) == (42, 2, 2)
    movement = newest_movement(point, sku)
    assert (movement.kind, movement.on_hand_delta, movement.safety_delta) == ("COUNT", 37, 2)
    assert (movement.reason, movement.reference, movement.cause) == (
        "CYCLE_COUNT",
        "CC-1",
        "count 1",
    )


@pytest.mark.parametrize("expected", [0, 2])
def test_refuses_to_set_a_level_that_moved_on(point, sku, expected):
    with pytest.raises(services.LevelMovedOn) as refusal:
        set_level(point, sku, expected_version=expected, on_hand=42)

    assert refusal.value.details == {"version": 1}
    assert level_of(point, sku).on_hand == 5


def test_a_level_that_does_not_exist_is_at_no_version(point):
    sku = make_sku(point=point)

    with pytest.raises(services.LevelMovedOn):
        set_level(point, sku, expected_version=1, on_hand=1)

    assert StockLevel.objects.filter(sku=sku).exists() is False


def test_makes_a_level(point):
    sku = make_sku(point=point)

    level = set_level(point, sku, on_hand=3, unavailable=2, incoming=4)

    assert (level.on_hand, level.unavailable, level.incoming, level.version) == (3, 2, 4, 1)
    movement = newest_movement(point, sku)
    assert (movement.on_hand_delta, movement.unavailable_delta, movement.incoming_delta) == (
        3,
        2,
        4,
    )


def test_what_a_count_does_not_say_stays(point, sku):
    set_level(point, sku, on_hand=5, safety=1, unavailable=2, incoming=3)

    level = set_level(point, sku, on_hand=6)

    assert (level.safety, level.unavailable, level.incoming) == (1, 2, 3)


def test_counts_several_points_at_once(point, sku):
    second = make_point(organization=point.organization)
    other = make_sku(point=second, on_hand=9)
    counts = {
        point.pk: [StockCount(sku_id=sku.pk, on_hand=6), StockCount(sku_id=other.pk, on_hand=1)],
        second.pk: [StockCount(sku_id=other.pk, on_hand=9), StockCount(sku_id=sku.pk, on_hand=2)],
    }

    changed = services.count_points(counts=counts, note=NOTE, actor=SYSTEM, now=NOW)

    levels = StockLevel.objects.order_by("point_id", "sku_id")
    assert changed == 3
    assert list(levels.values_list("on_hand", flat=True)) == [6, 1, 2, 9]
    events = Event.objects.filter(type="stock.counted", cause="count 1").order_by("id")
    assert [(event.subject_id, event.data["changed"]) for event in events] == [
        (point.pk, 2),
        (second.pk, 1),
    ]


def test_corrects_levels_together_and_keeps_why(point, sku):
    other = make_sku(point=point)

    adjustment = adjust(units_of(sku, point, 24), units_of(other, point, 3))

    stored = StockAdjustment.objects.get()
    assert (stored, stored.reason, stored.reference) == (adjustment, "RECEIVED", "PO-77")
    place = {"point": str(point.public_id), "version": 2}
    assert stored.results == [
        {"sku": sku.code, "delta": 24, "on_hand": 29, **place},
        {"sku": other.code, "delta": 3, "on_hand": 3, **place},
    ]
    movement = newest_movement(point, sku)
    assert (movement.kind, movement.on_hand_delta, movement.cause) == (
        "RECEIPT",
        24,
        f"adjustment {adjustment.public_id}",
    )
    assert (movement.reason, movement.reference) == ("RECEIVED", "PO-77")


@pytest.mark.parametrize(
    ("reason", "kind"),
    [
        (StockReason.RECEIVED, "RECEIPT"),
        (StockReason.RETURNED, "RETURN"),
        (StockReason.SHRINKAGE, "ADJUST"),
    ],
)
def test_the_reason_says_what_kind_of_movement_it_is(point, sku, reason, kind):
    adjust(units_of(sku, point, 1), reason=reason)

    assert newest_movement(point, sku).kind == kind


def test_corrections_of_one_level_follow_each_other(point, sku):
    adjustment = adjust(units_of(sku, point, -5), units_of(sku, point, 2))

    assert [result["on_hand"] for result in adjustment.results] == [0, 2]
    assert level_of(point, sku).on_hand == 2


def test_corrects_all_levels_or_none_and_names_what_does_not_fit(point, sku):
    other = make_sku(point=point)

    with pytest.raises(services.NegativeStock) as refusal:
        adjust(units_of(sku, point, 1), units_of(other, point, -1), units_of(sku, point, -7))

    assert refusal.value.details["items"] == [
        {"place": 1, "on_hand": 0, "available": 0},
        {"place": 2, "on_hand": 6, "available": 6},
    ]
    assert level_of(point, sku).on_hand == 5
    assert StockLevel.objects.filter(sku=other).exists() is False
    assert StockAdjustment.objects.exists() is False


def test_a_level_holds_no_more_than_its_column(point, sku):
    with pytest.raises(services.TooManyUnits):
        adjust(units_of(sku, point, services.MOST_UNITS))

    assert level_of(point, sku).on_hand == 5


def test_a_correction_says_who_can_be_served_again_and_who_not(point, sku):
    need = services.StockNeed(sku_id=sku.pk, point_id=point.pk, quantity=4, cause="FT1")
    services.reserve_stock(needs=[need], actor=SYSTEM)
    more = make_sku(point=point)

    adjust(units_of(sku, point, -2), units_of(more, point, 1))

    data = Event.objects.get(type="stock.adjusted").data
    assert data == {
        "point": point.code,
        "more_sku_ids": [more.pk],
        "short_sku_ids": [sku.pk],
        "changed": 2,
    }


def test_takes_back_what_can_be_sold_and_what_cannot(point, sku):
    deltas = [units_of(sku, point, 1), units_of(sku, point, 0, unavailable=1)]

    services.return_stock(deltas=deltas, cause="RT1", actor=SYSTEM, now=NOW)

    level = level_of(point, sku)
    assert (level.on_hand, level.unavailable) == (6, 1)
    rows = StockMovement.objects.filter(cause="RT1").order_by("id")
    assert list(rows.values_list("kind", "on_hand_delta", "unavailable_delta")) == [
        ("RETURN", 1, 0),
        ("RETURN", 0, 1),
    ]
    assert Event.objects.get(type="stock.adjusted").data["more_sku_ids"] == [sku.pk]


@pytest.mark.parametrize("column", ["unavailable", "incoming"])
def test_no_quantity_is_negative(point, sku, column):
    with pytest.raises(IntegrityError, match=f"inventory_level_{column}_not_negative"):
        StockLevel.objects.filter(sku=sku).update(**{column: -1})


@pytest.mark.parametrize(
    ("offence", "constraint"),
    [
        ({"kind": "RESERVE", "reserved_delta": 1, "unavailable_delta": 1}, "plain_kinds_are_plain"),
        ({"kind": "COUNT", "reason": "WHIM"}, "reason_known"),
    ],
)
def test_the_ledger_refuses_what_it_does_not_know(point, sku, offence, constraint):
    with pytest.raises(IntegrityError, match=f"inventory_movement_{constraint}"):
        StockMovement.objects.create(
            organization_id=point.organization_id,
            level=level_of(point, sku),
            cause="test",
            actor="test",
            **offence,
        )


def test_an_adjustment_has_a_known_reason():
    with pytest.raises(IntegrityError, match="inventory_adjustment_reason_known"):
        StockAdjustment.objects.create(
            organization=make_organization(), reason="WHIM", actor="test", made_at=NOW
        )

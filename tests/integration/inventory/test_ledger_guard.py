"""The database itself refuses what must never happen to stock."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from oms.inventory.models import StockLevel, StockMovement
from tests.factories import level_of, make_point, make_sku

pytestmark = pytest.mark.django_db


@pytest.fixture
def level():
    point = make_point()
    return level_of(point, make_sku(point=point, on_hand=5))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE inventory_stockmovement SET on_hand_delta = 9",
        "DELETE FROM inventory_stockmovement",
    ],
)
def test_the_application_may_not_rewrite_the_ledger(level, statement):
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        connection.cursor().execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE inventory_stockmovement SET on_hand_delta = 9",
        "DELETE FROM inventory_stockmovement",
        "UPDATE events_event SET type = 'order.placed'",
        "DELETE FROM events_event",
    ],
)
def test_the_owner_may_not_rewrite_history_either(level, statement):
    cursor = connection.cursor()
    cursor.execute("SET ROLE NONE")
    try:
        message = "append-only|written once"
        with pytest.raises(DatabaseError, match=message), transaction.atomic():
            cursor.execute(statement)
    finally:
        cursor.execute("SET ROLE oms_app")


@pytest.mark.parametrize("column", ["on_hand", "reserved", "safety"])
def test_no_quantity_is_negative(level, column):
    with pytest.raises(IntegrityError, match=f"inventory_level_{column}_not_negative"):
        StockLevel.objects.filter(pk=level.pk).update(**{column: -1})


def test_a_sku_has_one_level_at_a_point(level):
    with pytest.raises(IntegrityError, match="inventory_level_uniq"):
        StockLevel.objects.create(
            organization_id=level.organization_id, sku=level.sku, point=level.point
        )


@pytest.mark.parametrize(
    ("kind", "on_hand", "reserved"),
    [("RESERVE", 1, 1), ("RESERVE", 0, -1), ("RELEASE", 0, 1), ("SHIP", 1, -1), ("COUNT", 1, 1)],
)
def test_deltas_fit_their_kind(level, kind, on_hand, reserved):
    with pytest.raises(IntegrityError, match="inventory_movement_deltas_fit_kind"):
        StockMovement.objects.create(
            organization_id=level.organization_id,
            level=level,
            kind=kind,
            on_hand_delta=on_hand,
            reserved_delta=reserved,
            cause="test",
            actor="test",
        )

"""The statements about returns find the one thing that was spoilt."""

import pytest

from tests.integration.backoffice.test_invariants import broken, spoil
from tests.integration.returns.builders import expect, inspect, receive, result, shipped, units


@pytest.fixture(autouse=True)
def _invariants_hold():
    """These tests break them."""


@pytest.fixture
def row(db):
    """A return of two units: one is back on the shelf, one set aside."""
    row = expect(shipped(quantities=(2,)), 2)
    receive(row)
    good, aside = units(row)
    inspect(row, result(good), result(aside, "QUARANTINE"))
    assert broken() == set()
    return row


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE inventory_stockmovement SET cause = 'other' WHERE kind = 'RETURN'",
        "UPDATE returns_returnunit SET disposition = 'DISCARD' WHERE disposition = 'RESTOCK'",
        "UPDATE returns_returnunit SET disposition = 'RESTOCK'",
    ],
)
def test_i13_finds_units_that_were_not_booked(row, change):
    spoil(change)

    assert broken() == {"I13"}


def test_i14_finds_an_order_that_counts_otherwise(row):
    spoil(f"UPDATE orders_orderline SET quantity_returned = 1 WHERE order_id = {row.order_id}")

    assert broken() == {"I14", "status"}


def test_i14_finds_more_announced_than_shipped(row):
    spoil(
        "INSERT INTO returns_returnunit (public_id, return_order_id, position, order_line_id,"
        " sku_id, reason, status, qc_status, qc_reason, image_urls, disposition)"
        " SELECT gen_random_uuid(), return_order_id, 9, order_line_id, sku_id, '', 'EXPECTED',"
        " 'PENDING', '', '{}', '' FROM returns_returnunit WHERE position = 1"
    )

    assert broken() == {"I14", "return"}


def test_a_state_that_does_not_follow_from_the_units_is_found(row):
    spoil("UPDATE returns_returnorder SET status = 'RECEIVED'")

    assert broken() == {"return", "I5"}


def test_i11_finds_a_return_of_another_organization(row):
    other = shipped()
    spoil(f"UPDATE returns_returnorder SET order_id = {other.order.pk}")

    assert "I11" in broken()

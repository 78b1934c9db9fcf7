"""States against the tables of contract 3.5, 3.7, 6.1, 9.13, 11.2."""

import pytest

from fulfillment.choices import TaskStatus, TransferStatus
from oms.api.akinon import states
from oms.api.akinon.rendering.states import brief, state
from oms.orders.choices import OrderStatus

PACKAGES = {
    "100": "waiting",
    "150": "waiting_remote_action",
    "200": "preparing",
    "300": "waiting_transfer",
    "400": "ready_for_packaging",
    "500": "packed",
    "520": "ready_for_pickup",
    "600": "shipped",
    "640": "attempted_delivery",
    "650": "delivered",
    "660": "delivery_failed",
    "800": "cancellation_waiting",
    "900": "cancelled",
    "910": "needs_rescheduling",
    "920": "out_of_stock",
    "1000": "blocked",
    "1100": "packed_for_refund",
}
ORDERS = {
    "50": "cancellation_waiting",
    "100": "canceled",
    "200": "waiting",
    "300": "payment_waiting",
    "350": "confirmation_waiting",
    "400": "approved",
    "450": "preparing",
    "500": "shipped",
    "510": "shipped_and_informed",
    "520": "ready_for_pickup",
    "540": "attempted_delivery",
    "544": "review_started",
    "545": "review_waiting",
    "550": "delivered",
    "600": "refunded",
}
TRANSFERS = ["waiting", "ready_to_shipment", "in_transit", "transferred", "cancelled"]


def slugs(table):
    return {value: one.slug for value, one in table.items()}


def test_packages_have_the_states_of_the_contract():
    assert slugs(states.PACKAGE_STATES) == PACKAGES


def test_orders_have_the_codes_of_the_contract_and_their_items_one_more():
    assert slugs(states.ORDER_STATES) == ORDERS
    assert slugs(states.ORDER_ITEM_STATES) == {**ORDERS, "425": "inactive"}


def test_transfers_have_words_instead_of_digits():
    assert list(states.TRANSFER_STATES) == TRANSFERS


def test_no_id_is_given_twice():
    ids = [one.id for one in states.EVERY]

    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize(
    ("one", "number", "enum_class", "content_type"),
    [
        (states.PACKAGE_STATES["100"], 41, "PackageStatus", 26),
        (states.ORDER_STATES["400"], 20, "OrderStatus", 2),
        (states.TRANSFER_STATES["waiting"], 63, "TransferStatus", 27),
        (states.ITEM_STATES["100"], 71, "PackageItemStatus", 28),
        (states.ORDER_ITEM_STATES["50"], 101, "OrderStatus", 3),
    ],
)
def test_ids_never_change(one, number, enum_class, content_type):
    assert (one.id, one.enum_class, one.content_type) == (number, enum_class, content_type)
    assert states.by_id(number) == one


def test_every_state_of_ours_is_one_of_theirs():
    tasks = {states.package_state(word).enum_value for word in TaskStatus.values}
    orders = {states.ORDER_OF[OrderStatus(word)] for word in OrderStatus.values}
    transfers = {states.transfer_state(word).enum_value for word in TransferStatus.values}

    assert tasks == set(PACKAGES) - {"800"}
    assert orders <= set(ORDERS)
    assert transfers == set(TRANSFERS)


@pytest.mark.parametrize(
    ("status", "value"),
    [("CREATED", "800"), ("PACKED", "800"), ("BLOCKED", "800"), ("SHIPPED", "600"),
     ("CANCELLED", "900"), ("PACKED_FOR_REFUND", "1100")],
)  # fmt: skip
def test_a_wish_to_cancel_shows_until_the_goods_have_left(status, value):
    assert states.package_state(status, is_cancel_wished=True).enum_value == value


@pytest.mark.parametrize(
    ("package", "is_live", "value"),
    [("100", True, "100"), ("100", False, "900"), ("920", True, "920"), ("1100", False, "1100")],
)
def test_an_item_is_where_its_package_is_unless_it_was_taken_away(package, is_live, value):
    shown = states.item_state(states.PACKAGE_STATES[package], is_live=is_live)

    assert (shown.enum_class, shown.enum_value) == ("PackageItemStatus", value)


def test_a_number_nobody_knows_is_kept():
    shown = state(states.order_state("546"))

    assert (shown["enum_value"], shown["name"], shown["content_type"]) == ("546", "546", 2)


def test_a_state_is_shown_as_in_the_contracts_example():
    assert state(states.PACKAGE_STATES["100"]) == {
        "id": 41,
        "name": "Waiting",
        "config": {},
        "enum_class": "PackageStatus",
        "enum_value": "100",
        "content_type": 26,
        "created_date": "2025-01-01T00:00:00.000000Z",
        "modified_date": "2025-01-01T00:00:00.000000Z",
    }


def test_states_of_orders_have_translations():
    assert state(states.ORDER_STATES["400"])["translations"] == {"en-us": {"name": "Approved"}}


def test_the_log_shows_four_members():
    assert brief(states.TRANSFER_STATES["in_transit"]) == {
        "id": 65,
        "name": "In Transit",
        "enum_value": "in_transit",
        "enum_class": "TransferStatus",
    }

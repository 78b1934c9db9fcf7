"""The numbers of states, and what operators may set of them."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from fulfillment.choices import Station
from oms.api.nandh import statuses
from oms.orders.choices import OrderStatus


def test_every_state_has_a_number():
    assert set(statuses.DEFAULTS["order"]) == {
        *(status.lower() for status in OrderStatus),
        statuses.ON_HOLD,
        statuses.COMPLETED,
    }
    assert set(statuses.DEFAULTS["shipment"]) == {station.lower() for station in Station}


def test_the_numbers_seen_of_the_vendor_are_the_defaults():
    shipments = statuses.DEFAULTS["shipment"]

    assert (shipments["ready"], shipments["shipped"], shipments["cancelled"]) == (220, 300, 500)
    assert statuses.DEFAULTS["product"] == {"in_use": 450}


def test_what_a_setting_names_counts_and_the_rest_stays():
    tables = statuses.tables('{"order": {"shipped": 1}, "product": {"in_use": 2}}')

    assert (tables["order"]["shipped"], tables["product"]["in_use"]) == (1, 2)
    assert tables["order"] | {"shipped": 300} == statuses.DEFAULTS["order"]
    assert tables["shipment"] == statuses.DEFAULTS["shipment"]


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '{"order": 1}',
        '{"order": {"shipped": "1"}}',
        '{"orders": {}}',
        '{"order": {"x": 1}}',
    ],
)
def test_nonsense_keeps_the_server_from_starting(text):
    with pytest.raises(ImproperlyConfigured, match="OMS_NANDH_STATUS"):
        statuses.tables(text)

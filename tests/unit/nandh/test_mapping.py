"""The words of the contract and ours are complete."""

import pytest

from oms.api.nandh import mapping
from oms.orders.choices import PaymentMethod, PaymentStatus


def test_every_payment_status_has_a_number_and_back():
    back = {
        ours: mapping.PAYMENT_STATUS[number] for ours, number in mapping.PAYMENT_STATUS_OUT.items()
    }

    assert back == {ours: ours for ours in PaymentStatus}


def test_every_payment_method_has_a_number_and_back():
    assert set(mapping.PAYMENT_METHOD.values()) == set(PaymentMethod)
    assert {mapping.PAYMENT_METHOD_OUT[ours] for ours in PaymentMethod} == set(range(1, 8))


@pytest.mark.parametrize("number", [0, 1, 9_999_999, 10_000_000, 10**17])
def test_codes_carry_their_number(number):
    assert mapping.order_number(mapping.order_code(number)) == number
    assert mapping.shipment_number(mapping.shipment_code(number)) == number


@pytest.mark.parametrize(
    "text",
    [
        "",
        "NHOV",
        "NHOV000001",
        "NHOV00000010",
        "nhov0000001",
        "NHOV" + "\u0661" * 7,
        "NHOV0000001\n",
    ],
)
def test_another_text_is_no_code(text):
    assert mapping.order_number(text) is None


@pytest.mark.parametrize(
    ("text", "country", "number"),
    [
        ("0900000000", "VN", "+84900000000"),
        ("090 000.00-00", "VN", "+84900000000"),
        ("84900000000", "VN", "+84900000000"),
        ("0084900000000", "VN", "+84900000000"),
        ("+84 900 000 000", "SG", "+84900000000"),
        ("+6590000000", "VN", "+6590000000"),
        ("90000000", "SG", None),
        ("900000000", "VN", None),
        ("call me", "VN", None),
        ("", "VN", None),
    ],
)
def test_phones_become_international(text, country, number):
    assert mapping.phone(text, country) == number


@pytest.mark.parametrize(("code", "shown"), [("7", 7), ("07", "07"), ("HCM", "HCM"), ("7 ", "7 ")])
def test_location_codes_that_are_numbers_are_shown_as_such(code, shown):
    assert mapping.location_id(code) == shown

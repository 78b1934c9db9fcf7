"""Times, money and the buyer's words on the wire: contract 0.3, 11.3."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from oms.api.akinon import filtering
from oms.api.akinon.filtering import Unreadable
from oms.api.akinon.package_reads import package_id, package_number, task_number, task_number_of
from oms.api.akinon.rendering import buyers
from oms.api.akinon.rendering.values import money, stamp, text_or_none
from oms.orders.addresses import Address
from oms.orders.drafts import ContactDraft


def test_times_are_utc_with_six_digits():
    istanbul = timezone(timedelta(hours=3))

    assert stamp(datetime(2023, 5, 17, 16, 45, 55, tzinfo=istanbul)) == (
        "2023-05-17T13:45:55.000000Z"
    )


@pytest.mark.parametrize(
    ("amount", "text"), [("250", "250.00"), ("6.105", "6.11"), ("0", "0.00"), ("-1.5", "-1.50")]
)
def test_money_has_two_places(amount, text):
    assert money(Decimal(amount)) == text


def test_nothing_told_is_null():
    assert (text_or_none(""), text_or_none("x")) == (None, "x")


def test_a_package_has_the_digits_of_its_task():
    assert package_number("FT0000000123") == "0000000123"
    assert package_id("FT0000000123") == 123
    assert task_number(123) == "FT0000000123"
    assert task_number_of("0000000123") == task_number_of("123") == "FT0000000123"


@pytest.mark.parametrize("number", [-1, 10**10])
def test_no_task_has_a_number_out_of_range(number):
    assert task_number(number) == ""


@pytest.mark.parametrize("text", ["", "x", "1.5", "-1", "²"])
def test_what_is_no_number_names_no_task(text):
    assert task_number_of(text) == ""


def test_an_address_is_told_as_the_contract_says():
    told = Address(
        full_name="Ada May Lovelace",
        phone="+905321112233",
        email="ada@example.com",
        line1="Street 1",
        line2="Flat 2",
        ward="Moda",
        district="Kadikoy",
        province="Istanbul",
        province_code="34",
        country="TR",
        postal_code="34710",
    )

    assert buyers.address(told) == {
        "first_name": "Ada May",
        "last_name": "Lovelace",
        "email": "ada@example.com",
        "phone_number": "+905321112233",
        "country": {"pk": None, "name": "TR"},
        "city": {"pk": 34, "name": "Istanbul"},
        "township": {"pk": None, "name": "Kadikoy"},
        "district": {"pk": None, "name": "Moda"},
        "line": "Street 1, Flat 2",
        "postcode": "34710",
    }


def test_an_address_without_a_province_has_its_district_for_a_city():
    told = Address(full_name="Ada", line1="Street 1", country="TR", district="Kadikoy")

    shown = buyers.address(told)

    assert (shown["city"], shown["township"]) == ({"pk": None, "name": "Kadikoy"}, None)
    assert (shown["first_name"], shown["last_name"]) == ("Ada", None)


@pytest.mark.parametrize(
    ("begin", "end", "told"),
    [("10:00", "12:00", "10:00-12:00"), ("10:00", None, "10:00"), (None, None, None)],
)
def test_a_delivery_range_is_one_text(begin, end, told):
    assert buyers.delivery_range(ContactDraft(window_from=begin, window_to=end)) == told


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-01-15", datetime(2026, 1, 15, tzinfo=UTC)),
        ("2026-01-15T08:00:00Z", datetime(2026, 1, 15, 8, tzinfo=UTC)),
        ("2026-01-15T08:00:00", datetime(2026, 1, 15, 8, tzinfo=UTC)),
        ("2026-01-15T11:00:00+03:00", datetime(2026, 1, 15, 8, tzinfo=UTC)),
        ("2026-01-15T11:00:00 03:00", datetime(2026, 1, 15, 8, tzinfo=UTC)),
    ],
)
def test_times_of_filters_are_read_with_and_without_offsets(text, at):
    assert filtering.moment(text) == at


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (filtering.moment, "soon"),
        (filtering.whole, "1.0"),
        (filtering.whole, "9" * 19),
        (filtering.flag, "maybe"),
        (filtering.texts, ",".join("x" * 1001)),
    ],
)
def test_what_is_none_of_its_kind_is_unreadable(read, text):
    with pytest.raises(Unreadable):
        read(text)

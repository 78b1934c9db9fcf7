import datetime as dt
import uuid

import pytest

from oms.api.v1.road import identifiers
from oms.kernel.identifiers import uuid7

AT = dt.datetime(2026, 11, 20, 2, 0, 0, 123456, tzinfo=dt.UTC)


def test_a_uuid_comes_back():
    value = uuid7()

    text = identifiers.of_uuid("ord_", value)

    assert len(text) == 30
    assert identifiers.uuid_of("ord_", text) == value


def test_the_form_is_the_one_of_ulids():
    value = uuid.UUID("01563e3a-b5d3-d676-4c61-efb99302bd5b")

    assert identifiers.of_uuid("", value) == "01ARZ3NDEKTSV4RRFFQ69G5FAV"
    assert identifiers.of_uuid("", uuid.UUID(int=2**128 - 1)) == "7ZZZZZZZZZZZZZZZZZZZZZZZZZ"


def test_a_number_comes_back_and_the_texts_sort_by_time():
    earlier = identifiers.of_number("oli_", 99, AT)
    later = identifiers.of_number("oli_", 1, AT + dt.timedelta(milliseconds=1))

    assert identifiers.number_of("oli_", earlier) == 99
    assert earlier < later


def test_the_moment_of_a_uuid_is_when_it_was_made():
    milliseconds = int(AT.timestamp() * 1000)
    value = uuid.UUID(int=milliseconds << 80 | 7 << 76 | 2 << 62)

    assert identifiers.moment_of(value) == AT.replace(microsecond=123000)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ord_",
        "ord_01ARZ3NDEKTSV4RRFFQ69G5FA",
        "ord_01ARZ3NDEKTSV4RRFFQ69G5FAVX",
        "ord_81ARZ3NDEKTSV4RRFFQ69G5FAV",
        "ord_01arz3ndektsv4rrffq69g5fav",
        "ord_01ARZ3NDEKTSV4RRFFQ69G5FAI",
        "shp_01ARZ3NDEKTSV4RRFFQ69G5FAV",
        "ord_01ARZ3NDEKTSV4RRFFQ69G5FA\n",
        "ord_\uff101ARZ3NDEKTSV4RRFFQ69G5FA",
    ],
)
def test_everything_else_is_nothing(text):
    assert identifiers.uuid_of("ord_", text) is None
    assert identifiers.number_of("ord_", text) is None


def test_a_number_no_column_holds_is_nothing():
    assert identifiers.number_of("oli_", "oli_7ZZZZZZZZZZZZZZZZZZZZZZZZZ") is None

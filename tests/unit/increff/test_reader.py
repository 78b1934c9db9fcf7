"""What bodies are read into."""

from decimal import Decimal

import pytest

from oms.api.increff import errors
from oms.api.increff.kinds import (
    DOCUMENT,
    FLAG,
    MEASURE,
    POSITIVE,
    TEXT,
    Choice,
    Entries,
    WebAddress,
    Whole,
)
from oms.api.increff.reader import member, read, sent, shape


def value(kind, given):
    return read(shape(member("x", kind)), {"x": given})["x"]


def refused(kind, given):
    with pytest.raises(errors.Refused) as refusal:
        value(kind, given)
    return refusal.value.description


@pytest.mark.parametrize(
    ("kind", "given", "wanted"),
    [
        (TEXT, "a", "a"),
        (TEXT, 5512, "5512"),
        (TEXT, "", ""),
        (TEXT, "x" * 255, "x" * 255),
        (DOCUMENT, "x" * 10_000, "x" * 10_000),
        (POSITIVE, 4, 4),
        (POSITIVE, "4", 4),
        (POSITIVE, " 4 ", 4),
        (POSITIVE, "4.0", 4),
        (POSITIVE, 4.0, 4),
        (Whole(), "-4", -4),
        (MEASURE, "420.5", Decimal("420.5")),
        (MEASURE, 420.5, Decimal("420.5")),
        (MEASURE, 1e-7, Decimal("0.0000001")),
        (FLAG, True, True),
        (FLAG, "false", False),
        (Choice(("PASS", "FAIL")), "pass", "PASS"),
        (Entries(TEXT, most=2), ["a", "b"], ["a", "b"]),
        (WebAddress(), "https://img.example/1.jpg", "https://img.example/1.jpg"),
        (TEXT, None, None),
    ],
)
def test_it_takes_what_clients_send(kind, given, wanted):
    assert value(kind, given) == wanted


@pytest.mark.parametrize(
    ("kind", "given", "told"),
    [
        (TEXT, True, "[x: must be text]"),
        (TEXT, [], "[x: must be text]"),
        (TEXT, "a\0", "[x: holds the character NUL]"),
        (TEXT, "x" * 256, "[x: size must be between 0 and 255]"),
        (POSITIVE, 0, "[x: must be greater than or equal to 1]"),
        (POSITIVE, 2**31, "[x: must be less than or equal to 2147483647]"),
        (POSITIVE, "4.5", "[x: must be a whole number]"),
        (POSITIVE, "four", "[x: must be a whole number]"),
        (POSITIVE, True, "[x: must be a whole number]"),
        (POSITIVE, "9" * 5_000, "[x: must be a whole number]"),
        (POSITIVE, 1e300, "[x: must be a whole number]"),
        (MEASURE, -1, "[x: must be greater than or equal to 0]"),
        (MEASURE, "NaN", "[x: must be a number]"),
        (FLAG, "yes", "[x: must be true or false]"),
        (FLAG, 1, "[x: must be true or false]"),
        (Choice(("PASS", "FAIL")), 1, "[x: must be one of PASS, FAIL]"),
        (Entries(TEXT, most=2), "a", "[x: must be an array]"),
        (Entries(TEXT, most=2), ["a", None], "[x[1]: may not be null]"),
        (WebAddress(), "data:text/html,x", "[x: must be an http or https address]"),
    ],
)
def test_it_says_what_is_wrong_and_never_with_which_value(kind, given, told):
    assert refused(kind, given) == told


def test_too_many_entries_are_told_in_the_message():
    with pytest.raises(errors.Refused) as refusal:
        value(Entries(TEXT, most=2), ["a", "b", "c"])

    assert (refusal.value.message, refusal.value.description) == ("Max 2 items allowed", None)


def test_another_name_holds_only_while_the_first_is_absent():
    wanted = shape(member("channelName", TEXT, "channelId", required=True))

    assert read(wanted, {"channelId": "A"}) == {"channelName": "A"}
    assert read(wanted, {"channelName": None, "channelId": "A"}) == {"channelName": "A"}
    assert read(wanted, {"channelName": "B", "channelId": "A"}) == {"channelName": "B"}


def test_required_members_may_be_empty_only_where_that_is_said():
    with pytest.raises(errors.Refused) as refusal:
        read(shape(member("a", TEXT, required=True), sent("b", TEXT)), {"a": " ", "b": ""})

    assert refusal.value.description == "[a: may not be empty]"


def test_objects_in_lists_are_told_by_their_place():
    inner = shape(member("sku", TEXT, required=True))
    outer = shape(member("items", Entries(inner, most=5), required=True))

    with pytest.raises(errors.Refused) as refusal:
        read(outer, {"items": [{"sku": "A"}, 5, {}]})

    assert refusal.value.description == (
        "[items[1]: must be an object, items[2].sku: may not be null]"
    )

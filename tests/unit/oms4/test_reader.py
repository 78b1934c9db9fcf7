from datetime import UTC, datetime
from decimal import Decimal

import pytest

from oms.api.oms4 import kinds
from oms.api.oms4.reader import UNKNOWN, BadMember, member, shape

ID_SHAPE = shape(member("order_no", kinds.ID, required=True))
ITEM = shape(member("qty", kinds.Whole(least=1), "quantity", default=1))


def read(kind, value):
    return shape(member("x", kind)).read({"x": value})["x"]


def problem(subject, document):
    with pytest.raises(BadMember) as refusal:
        subject.read(document)
    return str(refusal.value)


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        (kinds.ID, "A-1", "A-1"),
        (kinds.ID, 90001, "90001"),
        (kinds.ID, "", ""),
        (kinds.ID, None, None),
        (kinds.Whole(), 7, 7),
        (kinds.Whole(), "7", 7),
        (kinds.Whole(), 7.0, 7),
        (kinds.Whole(), " -7 ", -7),
        (kinds.Whole(), "", None),
        (kinds.PRICE, 29.9, Decimal("29.9000")),
        (kinds.PRICE, "29.90", Decimal("29.9000")),
        (kinds.PRICE, 1e3, Decimal("1000.0000")),
        (kinds.PRICE, "1e-9", Decimal("0.0000")),
        (kinds.FLAG, 1, True),
        (kinds.FLAG, "0", False),
        (kinds.FLAG, True, True),
        (kinds.FLAG, "TRUE", True),
        (kinds.FLAG, "false", False),
        (kinds.TIME, 1727345777022, datetime(2024, 9, 26, 10, 16, 17, 22000, tzinfo=UTC)),
        (kinds.TIME, "1727345777022", datetime(2024, 9, 26, 10, 16, 17, 22000, tzinfo=UTC)),
        (kinds.TIME, 1727345777, datetime(2024, 9, 26, 10, 16, 17, tzinfo=UTC)),
        (kinds.TIME, 99_999_999_999, datetime(5138, 11, 16, 9, 46, 39, tzinfo=UTC)),
        (kinds.TIME, 100_000_000_000, datetime(1973, 3, 3, 9, 46, 40, tzinfo=UTC)),
        (kinds.Choice(("PENDING DELIVERY",)), " pending_delivery ", "PENDING DELIVERY"),
        (kinds.Texts(kinds.ID, 2), "A", ["A"]),
        (kinds.Texts(kinds.ID, 2), ["A", 5], ["A", "5"]),
        (kinds.EMAIL, "a@b", "a@b"),
        (kinds.CLOCK, "23:59", "23:59"),
    ],
)
def test_reads_what_clients_send_in_several_ways(kind, value, expected):
    assert read(kind, value) == expected


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        (kinds.ID, "x" * 129, "x: is longer than 128 characters"),
        (kinds.ID, True, "x: must be text"),
        (kinds.ID, 1.5, "x: must be text"),
        (kinds.ID, {}, "x: must be text"),
        (kinds.ID, 2**63, "x: must be text"),
        (kinds.ID, "a\0b", "x: holds the character NUL"),
        (kinds.COUNTRY, "S", "x: is shorter than 2 characters"),
        (kinds.CURRENCY, "SG", "x: must be three letters"),
        (kinds.EMAIL, "a b@c", "x: is not an e-mail address"),
        (kinds.CLOCK, "24:00", "x: must be HH:mm"),
        (kinds.Whole(), "1.5", "x: must be a whole number"),
        (kinds.Whole(), True, "x: must be a whole number"),
        (kinds.Whole(), 2**63, f"x: must be at most {2**63 - 1}"),
        (kinds.Whole(), "9" * 20, f"x: must be at most {2**63 - 1}"),
        (kinds.Whole(), "9" * 5000, "x: must be a whole number"),
        (kinds.Whole(least=1), 0, "x: must be at least 1"),
        (kinds.PRICE, "1e999999", "x: must be a number of reasonable size"),
        (kinds.PRICE, "1e99", "x: is too large"),
        (kinds.PRICE, 10**12, "x: is too large"),
        (kinds.PRICE, "nan", "x: must be a number of reasonable size"),
        (kinds.PRICE, False, "x: must be a number"),
        (kinds.MEASURE, -1, "x: must be at least 0"),
        (kinds.FLAG, 2, "x: must be 0 or 1"),
        (kinds.FLAG, [], "x: must be 0 or 1"),
        (kinds.TIME, -1, "x: is not a time"),
        (kinds.TIME, 10**18, "x: is not a time"),
        (kinds.Choice(("A", "B")), "C", "x: must be one of A, B"),
        (kinds.Texts(kinds.ID, 1), ["A", "B"], "x: holds more than 1 entries"),
        (kinds.Texts(kinds.ID, 2), ["A", " "], "x[1]: is empty"),
        (kinds.Objects(ITEM, 1), {}, "x: must be a list of objects"),
        (kinds.Objects(ITEM, 1), [1], "x[0]: must be an object"),
        (kinds.Objects(ITEM, 1), [{}, {}], "x: holds more than 1 entries"),
        (kinds.Objects(ITEM, 1), [{"qty": "z"}], "x[0].qty: must be a whole number"),
    ],
)
def test_refuses_with_the_path_and_never_with_the_value(kind, value, text):
    assert problem(shape(member("x", kind)), {"x": value}) == text


@pytest.mark.parametrize("document", [{}, {"order_no": None}])
def test_a_mandatory_member_must_be_there(document):
    assert problem(ID_SHAPE, document) == "order_no: is missing"


@pytest.mark.parametrize("value", ["", "  "])
def test_a_mandatory_member_must_not_be_empty(value):
    assert problem(ID_SHAPE, {"order_no": value}) == "order_no: is empty"


def test_a_mandatory_list_must_not_be_empty():
    items = shape(member("items", kinds.Objects(ITEM, 5), required=True))

    assert problem(items, {"items": []}) == "items: is empty"


def test_an_alias_counts_when_the_member_itself_is_absent():
    assert ITEM.read({"quantity": 3}) == {"qty": 3}
    assert ITEM.read({"qty": 2, "quantity": 3}) == {"qty": 2}
    assert ITEM.read({}) == {"qty": 1}


def test_members_nobody_declared_are_ignored():
    assert ID_SHAPE.read({"order_no": "A", "more": 1}) == {"order_no": "A"}


def test_an_open_object_keeps_what_nobody_declared():
    kept = read(kinds.Open(ITEM), {"quantity": 3, "color": "red"})

    assert kept == {"qty": 3, UNKNOWN: {"color": "red"}}


def test_a_kept_object_comes_back_as_sent():
    sent = {"qty": "3", "more": {"deep": [1.5]}}

    assert read(kinds.Kept(ITEM), sent) is sent
    assert problem(shape(member("x", kinds.Kept(ITEM))), {"x": {"qty": "z"}}) == (
        "x.qty: must be a whole number"
    )

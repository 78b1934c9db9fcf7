import pytest

from oms.backoffice.differences import LONGEST, Difference, differences


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ({"a": 1}, {"a": 1}, []),
        ({"a": 1}, {"a": 2}, [Difference("a", "1", "2")]),
        ({"a": 1}, {"a": True}, [Difference("a", "1", "true")]),
        ({}, {"a": None}, [Difference("a", "", "null")]),
        ({"a": "x"}, {}, [Difference("a", "x", "")]),
        ({"a": {"b": 1}}, {}, [Difference("a.b", "1", "")]),
        ({"a": ["x"]}, {"a": ["y"]}, [Difference("a", '["x"]', '["y"]')]),
        (
            {"rows": [{"n": 1}]},
            {"rows": [{"n": 2}, {"n": 3}]},
            [Difference("rows.0.n", "1", "2"), Difference("rows.1.n", "", "3")],
        ),
        (3, 4, [Difference("", "3", "4")]),
        (None, {"a": 1}, [Difference("", "null", '{"a": 1}')]),
    ],
)
def test_it_names_each_member_that_is_not_the_same(before, after, found):
    assert differences(before, after) == found


def test_rows_beyond_the_ninth_come_in_their_order():
    rows = [{"n": place} for place in range(11)]

    paths = [each.path for each in differences({"rows": []}, {"rows": rows})]

    assert paths[-2:] == ["rows.9.n", "rows.10.n"]


def test_a_long_value_is_cut():
    found = differences({}, {"a": "x" * 500})

    assert found == [Difference("a", "", "x" * LONGEST + "…")]

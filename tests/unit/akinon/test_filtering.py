"""Which orders are taken in (contract 5.1)."""

import pytest

from oms.api.akinon.sync.filtering import read_rules, reason_to_hold

ORDER = {
    "status": "400",
    "amount": "286.10",
    "channel": {"pk": 7, "name": "Shop"},
    "extra_field": {"id": "r-1"},
    "modified_date": "2025-01-02T08:00:00Z",
    "notes": None,
}


def rule(*conditions: dict, action: str = "exclude", **more) -> dict:
    return {"name": "R", "is_active": True, "action": action, "conditions": [*conditions], **more}


def condition(field: str, op: str, value: object = None) -> dict:
    return {"field": field, "op": op, "value": value}


@pytest.mark.parametrize(
    ("field", "op", "value"),
    [
        ("status", "eq", 400),
        ("status", "ne", "450"),
        ("channel", "eq", 7),
        ("channel", "in", ["1", "7"]),
        ("channel.name", "not_in", ["Store"]),
        ("amount", "gt", 99.5),
        ("amount", "lte", "286.10"),
        ("modified_date", "gte", "2025-01-01T00:00:00Z"),
        ("modified_date", "lt", "2025-02"),
        ("extra_field.id", "exists", True),
        ("notes", "exists", False),
    ],
)
def test_a_condition_holds(field, op, value):
    rules = read_rules([rule(condition(field, op, value))])

    reason = reason_to_hold(ORDER, rules, checks_status=True)

    assert reason == "rule: R"


@pytest.mark.parametrize(
    ("field", "op", "value"),
    [
        ("status", "eq", "450"),
        ("channel", "in", "7"),
        ("nothing.there", "gt", 1),
        ("amount", "near", "286"),
        ("extra_field.id.deeper", "exists", True),
    ],
)
def test_a_condition_does_not_hold(field, op, value):
    rules = read_rules([rule(condition(field, op, value))])

    reason = reason_to_hold(ORDER, rules, checks_status=True)

    assert reason == ""


def test_the_first_rule_that_fits_decides():
    rules = read_rules([rule(action="include", name="first"), rule(name="second")])

    reason = reason_to_hold({**ORDER, "status": "350"}, rules, checks_status=True)

    assert reason == ""


def test_a_rule_that_is_switched_off_decides_nothing():
    rules = read_rules([rule(is_active=False)])

    reason = reason_to_hold(ORDER, rules, checks_status=True)

    assert reason == ""


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("200", "status: 200"),
        ("350", "status: 350"),
        ("400", ""),
        ("approved", ""),
        ("450", ""),
        ("500", "status: 500"),
        ("canceled", "status: canceled"),
        ("brand_new", "status: brand_new"),
    ],
)
def test_only_approved_orders_are_taken_by_themselves(status, reason):
    order = {**ORDER, "status": status}

    found = reason_to_hold(order, [], checks_status=True)

    assert found == reason


def test_the_built_in_rule_can_be_switched_off():
    order = {**ORDER, "status": "200"}

    found = reason_to_hold(order, [], checks_status=False)

    assert found == ""

"""Which orders are taken in: the operator's rules in their order, then the built-in ones (5.1)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from oms.api.akinon.sync import words
from oms.api.akinon.sync.words import Row

OPEN_FROM = 400
OPEN_BELOW = 500


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: what it does with orders for which all its conditions hold."""

    name: str
    is_excluding: bool
    conditions: Sequence[Row]

    def holds(self, order: Row) -> bool:
        """Whether it is about this order."""
        return all(_holds(condition, order) for condition in self.conditions)


def read_rules(value: object) -> list[Rule]:
    """The active rules of the setting, in their order; what is no rule is left out."""
    found = [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
    return [
        Rule(
            name=words.text(each.get("name"), 128),
            is_excluding=each.get("action") == "exclude",
            conditions=[c for c in each.get("conditions") or [] if isinstance(c, dict)],
        )
        for each in found
        if each.get("is_active", True) and each.get("action") in {"include", "exclude"}
    ]


def reason_to_hold(order: Row, rules: Sequence[Rule], *, checks_status: bool) -> str:
    """Why the order is not taken in; empty when it is."""
    rule = next((rule for rule in rules if rule.holds(order)), None)
    if rule is not None:
        return f"rule: {rule.name}" if rule.is_excluding else ""
    number = words.status(order.get("status"))
    if checks_status and not (number is not None and OPEN_FROM <= number < OPEN_BELOW):
        return f"status: {words.text(order.get('status'), 40)}"
    return ""


def _holds(condition: Row, order: Row) -> bool:
    compare = _OPERATORS.get(str(condition.get("op")))
    if compare is None:
        return False
    actual = words.at_path(order, str(condition.get("field")))
    return compare(actual, condition.get("value"))


def _same(actual: object, wanted: object) -> bool:
    """Numbers are told as text as often as not, and objects where their key would do."""
    if isinstance(actual, dict):
        actual = words.key_of(actual)
    if actual is None or wanted is None or isinstance(actual, bool) or isinstance(wanted, bool):
        return actual == wanted
    number = _number(actual)
    return str(actual) == str(wanted) or (number is not None and number == _number(wanted))


def _number(value: object) -> Decimal | None:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


def _ordered(compare: Callable[[Any, Any], bool]) -> Callable[[object, object], bool]:
    """Numbers as numbers; all else as text, which is right for instants."""

    def holds(actual: object, wanted: object) -> bool:
        if actual is None or wanted is None:
            return False
        left, right = _number(actual), _number(wanted)
        if left is None or right is None:
            return compare(str(actual), str(wanted))
        return compare(left, right)

    return holds


def _among(actual: object, wanted: object) -> bool:
    return isinstance(wanted, list) and any(_same(actual, each) for each in wanted)


_OPERATORS: Mapping[str, Callable[[object, object], bool]] = {
    "eq": _same,
    "ne": lambda actual, wanted: not _same(actual, wanted),
    "in": _among,
    "not_in": lambda actual, wanted: not _among(actual, wanted),
    "gt": _ordered(lambda left, right: left > right),
    "gte": _ordered(lambda left, right: left >= right),
    "lt": _ordered(lambda left, right: left < right),
    "lte": _ordered(lambda left, right: left <= right),
    "exists": lambda actual, wanted: (actual is not None) == (wanted is not False),
}

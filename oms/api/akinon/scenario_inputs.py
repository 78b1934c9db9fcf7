"""A scenario as a body has it, in the words of the core (contract 8.2, 8.3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fulfillment.choices import ScenarioKind
from fulfillment.routing.reading import INITIAL_STATES
from fulfillment.routing.schema import RulesInvalid
from oms.api.akinon.errors import Refused, invalid_fields
from oms.api.akinon.reading import Fields
from oms.api.akinon.scenario_reads import (
    CONDITIONS,
    DYNAMIC,
    LISTS,
    LOCATION_CONDITIONS,
    STATIC,
    Directory,
)

_COPIED_OF_RULE = (
    "id", "name", "order", "product_condition", "products", "product_tags", "tags", "allow_split",
    "is_transferable",
)  # fmt: skip
# Where faults of the core's document are in the body.
_FIELD_OF = {
    "packaging_rules": "rules",
    "default_point": "default_stock_location",
    "filters.channels": "channels",
    "filters.shipping_options": "shippings",
    "filters.payment_methods": "payments",
    "filters.customer_types": "customer_type",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioBody:
    """What a body says; None where it says nothing."""

    name: str | None
    description: str | None
    is_active: bool | None
    priority: int | None
    rules: dict[str, Any]


def read(
    body: Mapping[str, Any],
    *,
    old: Mapping[str, Any],
    directory: Directory,
    kind: ScenarioKind,
    is_whole: bool,
) -> ScenarioBody:
    """The scenario a body asks for. What this language has no word for stays as it is in `old`.

    `is_whole` asks for every required member. 400 by field.
    """
    fields = Fields(body)
    if is_whole:
        _require(fields, kind)
    rules = dict(old)
    for word in CONDITIONS:
        _read_condition(fields, word, rules, directory)
    _read_rest(fields, rules, directory)
    if "rules" in fields:
        listed = fields.listed("rules", dict, most=200)
        rules["packaging_rules"] = [_rule(fields, rule, directory) for rule in listed]
    found = ScenarioBody(
        name=fields.text("name", longest=255, is_required=True) if "name" in fields else None,
        description=fields.text("description", longest=10_000) if "description" in fields else None,
        is_active=fields.flag("is_active") if "is_active" in fields else None,
        priority=fields.whole("priority") if "priority" in fields else None,
        rules={name: value for name, value in rules.items() if value not in (None, [], {}, "")},
    )
    fields.refuse()
    return found


def told(refusal: RulesInvalid) -> Refused:
    """The faults of the core's document, by the fields of the body."""
    faults: dict[str, list[str]] = {}
    for problem in refusal.problems:
        inside = next(
            (ours for ours in _FIELD_OF if f"{problem.path}.".startswith(f"{ours}.")), None
        )
        rest = problem.path[len(inside) :].strip(".") if inside else problem.path
        said = f"{rest}: {problem.text}" if rest else problem.text
        faults.setdefault(_FIELD_OF[inside] if inside else "rules", []).append(said)
    return invalid_fields(faults)


def _require(fields: Fields, kind: ScenarioKind) -> None:
    needed = ["name", "rules"]
    if kind == ScenarioKind.DISTRIBUTION:
        needed.append("default_stock_location")
    for name in needed:
        if name not in fields:
            fields.wrong(name, "This field is required.")


def _read_condition(fields: Fields, word: str, rules: dict[str, Any], directory: Directory) -> None:
    """Static: the values that are listed. Dynamic: none, and a query that came is only kept."""
    type_name, list_name = f"{word}_condition_type", LISTS[word]
    name, flag = CONDITIONS[word]
    if type_name not in fields and list_name not in fields:
        return
    was = STATIC if rules.get(flag) else DYNAMIC
    is_static = fields.choice(type_name, (STATIC, DYNAMIC), default=was) == STATIC
    filters, queries = dict(rules.get("filters") or {}), dict(rules.get("queries") or {})
    filters.pop(name, None)
    queries.pop(word, None)
    if is_static:
        filters[name] = _values(fields, word, rules, directory)
    elif (query := fields.given(list_name)) not in (None, [], {}):
        queries[word] = query
    rules |= {flag: is_static, "filters": filters, "queries": queries}


def _values(fields: Fields, word: str, rules: Mapping[str, Any], directory: Directory) -> list[str]:
    """What a static condition lists; where the body does not say, what was listed before."""
    list_name = LISTS[word]
    if list_name not in fields:
        found: list[str] = list((rules.get("filters") or {}).get(CONDITIONS[word][0]) or ())
    elif word == "channel":
        codes = [(each, directory.channel_code(each)) for each in fields.listed(list_name, int)]
        found = [code for _, code in codes if code is not None]
        if len(found) < len(codes):
            missing = ", ".join(str(number) for number, code in codes if code is None)
            fields.wrong(list_name, f'Invalid pk "{missing}" - object does not exist.')
    else:
        found = fields.listed(list_name, str)
    if not found:
        fields.wrong(list_name, "A static condition lists its values.")
    return found


def _read_rest(fields: Fields, rules: dict[str, Any], directory: Directory) -> None:
    if "customer_type" in fields:
        word = fields.text("customer_type", longest=128)
        filters = {**(rules.get("filters") or {}), "customer_types": [word] if word else []}
        rules["filters"] = {name: value for name, value in filters.items() if value != []}
    if "default_stock_location" in fields:
        rules["default_point"] = _point(fields, directory)
    if "initial_state" in fields:
        state = fields.text("initial_state", longest=16)
        if state and state not in INITIAL_STATES:
            fields.wrong("initial_state", f"Must be one of {', '.join(INITIAL_STATES)}.")
        rules["initial_state"] = state


def _point(fields: Fields, directory: Directory) -> str:
    number = fields.whole("default_stock_location")
    code = directory.point_code(number) if number is not None else None
    if number is not None and code is None:
        fields.wrong("default_stock_location", f'Invalid pk "{number}" - object does not exist.')
    elif code is None:
        fields.wrong("default_stock_location", "This field may not be null.")
    return code or ""


def _rule(fields: Fields, rule: Mapping[str, Any], directory: Directory) -> dict[str, Any]:
    """A packaging rule, its points by their codes. What is in it the core's schema checks."""
    kept = {name: rule[name] for name in _COPIED_OF_RULE if rule.get(name) is not None}
    numbers = rule.get("location_prerequisites") or []
    codes = [directory.point_code(each) if isinstance(each, int) else None for each in numbers]
    if None in codes:
        fields.wrong("rules", "location_prerequisites: no such stock location.")
    if codes:
        kept["location_prerequisites"] = [code for code in codes if code]
    if conditions := rule.get("location_conditions"):
        kept["location_conditions"] = _conditions(fields, conditions)
    strategy = rule.get("strategy")
    if strategy:
        kept["strategy"] = [strategy] if isinstance(strategy, str) else strategy
    return kept


def _conditions(fields: Fields, told: object) -> list[str]:
    """The core's words for conditions of points; one it has no word for is wrong."""
    words = [each for each in told if isinstance(each, str)] if isinstance(told, list) else []
    known = [LOCATION_CONDITIONS[each] for each in words if each in LOCATION_CONDITIONS]
    if not isinstance(told, list) or len(known) < len(told):
        fields.wrong("rules", "location_conditions: must list known conditions.")
    return known

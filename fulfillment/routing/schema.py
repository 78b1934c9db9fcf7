"""The JSON Schema of a scenario's rules, and what is wrong with a document, by path.

Members of the first release mean what they meant: `filters`, `split` (never, if_allowed, always),
`max_points`, `ranking`, `carrier` and `delivery_type`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from jsonschema import Draft202012Validator

from fulfillment.routing.reading import INITIAL_STATES, STRATEGY_WORDS
from oms.kernel import errors

_TEXT = {"type": "string", "minLength": 1, "maxLength": 128}
_AMOUNT = {"type": "number", "minimum": 0}
_HARD_RULES = (
    "stock", "quota", "calendar", "carrier", "supplier_code", "tags", "fulfillment_center",
)  # fmt: skip
_CONDITIONS = (
    "stock", "priority", "distance", "tags", "fulfillment_center", "supplier_code", "quota",
)  # fmt: skip
_RANKINGS = ["priority", "distance", "cost", "fewest_parcels", "load"]


def _texts(title: str) -> dict[str, object]:
    return {"type": "array", "title": title, "items": _TEXT, "uniqueItems": True}


def _words(title: str, words: tuple[str, ...] | list[str]) -> dict[str, object]:
    items = {"type": "string", "enum": list(words)}
    return {"type": "array", "title": title, "items": items, "uniqueItems": True}


def _flag(title: str) -> dict[str, object]:
    return {"type": "boolean", "title": title}


def _closed(title: str, properties: dict[str, object], **more: object) -> dict[str, object]:
    return {
        "type": "object",
        "title": title,
        "properties": properties,
        "additionalProperties": False,
        **more,
    }


_FILTERS = _closed(
    "Takes orders of",
    {
        "channels": _texts("Channels"),
        "payment_methods": _texts("Payment methods"),
        "shipping_options": _texts("Shipping options"),
        "customer_types": _texts("Customer types"),
        "countries": _texts("Countries"),
        "regions": _texts("Regions"),
        "order_types": _texts("Order types"),
        "sku_tags": _texts("Tags of SKUs"),
        "min_value": {**_AMOUNT, "title": "Value of the goods from"},
        "max_value": {**_AMOUNT, "title": "Value of the goods up to"},
    },
)
_PACKAGING_RULE = _closed(
    "Packaging rule",
    {
        "id": {"type": "integer", "title": "Id"},
        "name": {"type": "string", "title": "Name", "maxLength": 255},
        "order": {"type": "integer", "title": "Order"},
        "product_condition": {
            "type": "string", "title": "Products", "enum": ["all", "include", "exclude"],
        },
        "products": _texts("SKUs"),
        "product_tags": _texts("Tags of SKUs"),
        "location_prerequisites": _texts("Only these points"),
        "location_conditions": _words("Conditions of points", _CONDITIONS),
        "tags": _texts("Tags of points"),
        "allow_split": _flag("May be split"),
        "is_transferable": _flag("Missing units may come from other points"),
        "strategy": _words("Which points first", list(STRATEGY_WORDS)),
    },
)  # fmt: skip
_AREA = _closed(
    "Area of a carrier",
    {
        "countries": _texts("Countries"),
        "regions": _texts("Regions"),
        "postcode_prefixes": _texts("Beginnings of postcodes"),
    },
)

SCHEMA: dict[str, object] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    **_closed(
        "Rules of a scenario",
        {
            "filters": _FILTERS,
            "is_static_channel": _flag("Bound to its channels"),
            "is_static_shipping": _flag("Bound to its shipping options"),
            "is_static_payment": _flag("Bound to its payment methods"),
            "queries": {
                "type": "object",
                "title": "Conditions of other systems, kept and not evaluated",
            },
            "hard_rules": _words("A point must pass", _HARD_RULES),
            "quota": {
                "type": "string", "title": "Quota counts", "enum": ["day", "open", "none"],
            },
            "points": _texts("Only these points"),
            "tags": _texts("Tags a point must have"),
            "ranking": {
                "title": "Which points first",
                "anyOf": [
                    {"type": "string", "enum": _RANKINGS},
                    _words("Which points first", _RANKINGS),
                ],
            },
            "split": {
                "type": "string",
                "title": "Split",
                "enum": ["never", "if_allowed", "always", "by_line", "by_unit"],
            },
            "max_points": {"type": "integer", "title": "Points at most", "minimum": 1},
            "split_above_value": {**_AMOUNT, "title": "Split only above"},
            "cost": _closed(
                "Cost of parcels",
                {
                    "per_parcel": {**_AMOUNT, "title": "A parcel"},
                    "per_km": {**_AMOUNT, "title": "A kilometre"},
                    "points": {
                        "type": "object",
                        "title": "A parcel from one point",
                        "additionalProperties": _AMOUNT,
                    },
                },
            ),
            "initial_state": {
                "type": "string",
                "title": "First state when an order becomes several tasks",
                "enum": list(INITIAL_STATES),
            },
            "carrier": {"type": "string", "title": "Carrier", "maxLength": 255},
            "carrier_areas": {
                "type": "object",
                "title": "Where carriers deliver",
                "additionalProperties": _AREA,
            },
            "delivery_type": {"type": "string", "title": "Delivery type", "maxLength": 64},
            "default_point": {
                "type": "string", "title": "Point of what nobody can serve", "maxLength": 64,
            },
            "is_transferable": _flag("Missing units may come from other points"),
            "packaging_rules": {
                "type": "array", "title": "Packaging rules", "items": _PACKAGING_RULE,
            },
        },
    ),
}  # fmt: skip

_VALIDATOR = Draft202012Validator(SCHEMA)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and where: `packaging_rules.0.strategy`; empty for the whole document."""

    path: str
    text: str


class RulesInvalid(errors.InvalidInput):
    """The rules do not follow their schema; `problems` say where."""

    code = "rules_invalid"

    def __init__(self, problems: list[Problem]) -> None:
        first = problems[0]
        where = f"{first.path}: " if first.path else ""
        told = [{"path": each.path, "text": each.text} for each in problems]
        super().__init__(f"{where}{first.text}", problems=told)
        self.problems = problems


def problems(document: object) -> list[Problem]:
    """Everything that is wrong with a document, in its own order; nothing: it is sound."""
    found = sorted(_VALIDATOR.iter_errors(document), key=lambda error: list(map(str, error.path)))
    listed = [Problem(_path(error), _text(error)) for error in found]
    if listed or not isinstance(document, Mapping):
        return listed
    return list(_contradictions(document))


def check(document: object) -> None:
    """Raise RulesInvalid unless the document is sound."""
    if found := problems(document):
        raise RulesInvalid(found)


def _path(error: Any) -> str:
    return ".".join(str(part) for part in error.absolute_path)


def _text(error: Any) -> str:
    if error.validator == "additionalProperties":
        known = error.schema.get("properties", {})
        unknown = sorted(set(error.instance) - set(known))
        return "there is no " + ", ".join(f"`{name}`" for name in unknown)
    if error.validator == "enum":
        return "must be one of " + ", ".join(map(str, error.validator_value))
    return str(error.message)[:255]


def _contradictions(document: Mapping[str, Any]) -> Iterator[Problem]:
    """What the schema cannot say."""
    filters = document.get("filters") or {}
    least, most = filters.get("min_value"), filters.get("max_value")
    if least is not None and most is not None and Decimal(str(least)) > Decimal(str(most)):
        yield Problem("filters.max_value", "is less than min_value")
    bound = (
        ("is_static_channel", "channels"),
        ("is_static_shipping", "shipping_options"),
        ("is_static_payment", "payment_methods"),
    )
    for flag, listed in bound:
        if document.get(flag) and not filters.get(listed):
            yield Problem(f"filters.{listed}", "a bound scenario lists them")
    for place, rule in enumerate(document.get("packaging_rules") or ()):
        yield from _of_rule(f"packaging_rules.{place}", rule, document)
    if "tags" in (document.get("hard_rules") or ()) and not document.get("tags"):
        yield Problem("tags", "the rule `tags` needs some")


def _of_rule(path: str, rule: Mapping[str, Any], document: Mapping[str, Any]) -> Iterator[Problem]:
    chosen = rule.get("product_condition", "all") != "all"
    if chosen and not (rule.get("products") or rule.get("product_tags")):
        yield Problem(f"{path}.products", "no product is named")
    conditions = rule.get("location_conditions") or ()
    if "tags" in conditions and not (rule.get("tags") or document.get("tags")):
        yield Problem(f"{path}.tags", "the condition on tags needs some")

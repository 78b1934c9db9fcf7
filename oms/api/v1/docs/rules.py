"""Rules of requests that JSON Schema has no words for: members that must fit together, references
that must exist, bounds that hang on the clock or on what is stored.

They stand in the document as text and, for programs, as `x-rules`: what a request that fits its
schema can still be refused for, by the pointer and code of its `errors`. In a pointer `*` is one
step and `**` any number of them.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from oms.api.v1.docs.links import operations_of


class Rule(NamedTuple):
    """What `errors` says when it is broken, and the rule itself."""

    pointer: str
    code: str
    text: str


_YEARS = "Times are from 1970 to 9998"
_DIGITS = Rule("/**/amount", "invalid_format", "Amounts have no more digits than their currency")
_VIETNAM = (
    Rule("/**/ward", "required", "Addresses in Vietnam have a ward"),
    Rule("/**/province", "required", "Addresses in Vietnam have a province"),
)
_ORDER = (
    *_VIETNAM,
    _DIGITS,
    Rule("/**/currency", "not_allowed", "All money of an order is in its currency"),
    Rule("/lines/*/discount/amount", "out_of_range", "A discount is no larger than its line"),
    Rule("/order_discount", "out_of_range", "The order's discount is no larger than the order"),
    Rule("/lines", "out_of_range", "An order costs less than 10,000,000,000,000"),
    Rule("/lines/*/external_line_id", "duplicate", "Each line has an id of its own"),
    Rule("/tags/*", "duplicate", "Each tag is there once"),
    Rule("/requested_ship_by", "out_of_range", _YEARS),
    Rule("/customer_id", "unknown_value", "The customer exists and was not erased"),
)
_CUSTOMER = (
    *_VIETNAM,
    Rule("/phone", "required", "A customer has a phone number or an e-mail address"),
    Rule("/tax_code", "invalid_format", "A Vietnamese tax code has 10 digits, or 10-3"),
    Rule("/addresses/*/is_default", "required", "One address is the default"),
    Rule("/addresses/*/is_default", "duplicate", "One address is the default"),
)
_URL = Rule("/url", "not_allowed", "The host is a public one")


def _web(pointer: str) -> Rule:
    return Rule(pointer, "invalid_format", "Web addresses begin with http or https and a host")


_TIMES = (Rule("/*_from", "out_of_range", _YEARS), Rule("/*_to", "out_of_range", _YEARS))

RULES: Mapping[str, tuple[Rule, ...]] = {
    "createOrder": _ORDER,
    "editOrder": (
        *_ORDER,
        Rule("/lines/*/id", "unknown_value", "Lines with an id are the order's, each named once"),
        Rule("/lines/*/id", "duplicate", "Lines with an id are the order's, each named once"),
    ),
    "createCancellationRequest": (
        Rule("/lines/*/order_line_id", "unknown_value", "Lines are the order's, each named once"),
        Rule("/lines/*/order_line_id", "duplicate", "Lines are the order's, each named once"),
        Rule("/lines", "out_of_range", "A line has no more units than were ordered"),
    ),
    "createShipment": (
        _DIGITS,
        Rule("/tracking_*", "not_allowed", "Only `self` and `other` bring their own tracking"),
        Rule("/lines/*/order_line_id", "unknown_value", "Lines are the order's, each named once"),
        Rule("/lines/*/order_line_id", "duplicate", "Lines are the order's, each named once"),
        Rule("/lines/*/quantity", "out_of_range", "No more units than are left of a line"),
        Rule("/*/currency", "unknown_value", "Money is in the currency of the order"),
        Rule("/cod_amount", "out_of_range", "No more is collected than the order costs"),
        _web("/tracking_url"),
    ),
    "updateShipment": (_web("/tracking_url"),),
    "reportShipmentStatus": (
        Rule("/occurred_at", "out_of_range", "From 1970 to five minutes ahead"),
        _web("/proof_url"),
    ),
    "createReturn": (
        Rule("/order_id", "required", "Either order_id, or channel and order_external_id"),
        Rule("/channel", "required", "Either order_id, or channel and order_external_id"),
        Rule("/order_external_id", "required", "Either order_id, or channel and order_external_id"),
        Rule("/channel", "not_allowed", "Either order_id, or channel and order_external_id"),
        Rule(
            "/order_external_id", "not_allowed", "Either order_id, or channel and order_external_id"
        ),
        Rule("/units/*/external_id", "duplicate", "Each unit has an id of its own"),
        Rule("/units/*/sku", "required", "A unit names a line of the order, a SKU of it, or both"),
        Rule("/units/*/sku", "unknown_value", "A SKU is of the order, and of the line named"),
        Rule("/units/*/order_line_id", "unknown_value", "Lines are the order's"),
    ),
    "receiveReturn": (
        Rule("/units", "required", "Either units or a tracking number"),
        Rule("/tracking_number", "not_allowed", "Either units or a tracking number"),
        Rule("/tracking_number", "unknown_value", "The tracking number is the return's"),
        Rule("/units", "unknown_value", "Units are the return's"),
        Rule("/received_at", "out_of_range", "From 1970 to five minutes ahead"),
    ),
    "inspectReturn": (
        Rule("/units", "unknown_value", "Units are the return's, each named once"),
        Rule("/units/*/id", "duplicate", "Units are the return's, each named once"),
        _web("/units/*/image_urls/*"),
    ),
    "cancelReturn": (Rule("/units", "unknown_value", "Units are the return's"),),
    "createCustomer": _CUSTOMER,
    "updateCustomer": (
        *_CUSTOMER,
        Rule("/addresses/*/id", "unknown_value", "Addresses with an id are the customer's"),
        Rule("/addresses/*/id", "duplicate", "Each address is named once"),
    ),
    "adjustInventory": (
        Rule("/items/*/delta", "out_of_range", "Not 0, and a level has at most 1,000,000,000"),
    ),
    "setInventoryInBulk": (
        Rule("/reason", "unknown_field", "In JSON, reason and reference are members of the body"),
        Rule(
            "/reference", "unknown_field", "In JSON, reason and reference are members of the body"
        ),
    ),
    "advanceSandboxClock": (
        Rule("/advance_seconds", "required", "Either advance_seconds or to"),
        Rule("/advance_seconds", "not_allowed", "Either advance_seconds or to"),
        Rule("/to", "out_of_range", "A clock goes ahead, at most 366 days at a time"),
    ),
    "createWebhookEndpoint": (_URL,),
    "updateWebhookEndpoint": (_URL,),
    "replayWebhookDeliveries": (
        Rule("/since", "required", "`since`, `ids`, or both"),
        Rule("/since", "out_of_range", _YEARS),
        Rule("/until", "out_of_range", _YEARS),
    ),
    "listOrders": _TIMES,
    "listInventory": _TIMES,
    "listShipments": _TIMES,
    "listCustomers": _TIMES,
    "listReturns": _TIMES,
}


def with_rules(result: Any, **_: Any) -> Any:
    """Put the rules into the document."""
    operations = dict(operations_of(result))
    for operation_id, rules in RULES.items():
        operation = operations[operation_id]
        operation["x-rules"] = [rule._asdict() for rule in rules]
        operation["description"] = f"{operation['description']}\n\n{_told(rules)}"
    return result


def _told(rules: Iterable[Rule]) -> str:
    texts = dict.fromkeys(rule.text for rule in rules)
    return "Beyond the schema:\n" + "\n".join(f"- {text}." for text in texts)

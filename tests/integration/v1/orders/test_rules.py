"""The document's serializers and the rules that are applied must say the same."""

import copy
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rest_framework import serializers

from oms.api.v1.orders import bulk, examples, inputs, mapping, shapes
from oms.api.v1.road.inputs import read
from oms.api.v1.road.problems import Problem
from oms.orders.choices import CancelReason, HoldReason, OrderStatus

VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 200_000),
    st.sampled_from(
        ["", "x", "VND", "vnd", "EUR", "cod", "paid", "b2b", "TEE-RED-M", "a b", "+84900000000",
         "0900", "2026-11-20T02:00:00.000Z", "2026-13-20T02:00:00Z", "250000", "1.5", "-1", "01",
         "x" * 33, "x" * 65, "x" * 121, "x" * 1001]
    ),
    st.just([]),
    st.just(["a"]),
    st.just({}),
    st.just({"amount": "1", "currency": "VND"}),
    st.just({"amount": "1.5", "currency": "VND"}),
)  # fmt: skip
FULL = examples.ORDER | {
    "type": "b2c",
    "payment_status": "unpaid",
    "bill_to": examples.ORDER["ship_to"] | {"email": "lan@example.com", "line2": None},
    "order_discount": {"amount": "0", "currency": "VND"},
    "note": "n",
    "packaging_note": "p",
    "requested_ship_by": "2026-11-20T02:00:00.000Z",
    "tags": ["vip"],
}


def paths(value, at=()):
    """Every member of a document, however deep."""
    yield at
    children = value.items() if isinstance(value, dict) else ()
    if isinstance(value, list):
        children = enumerate(value)
    for name, child in children:
        yield from paths(child, (*at, name))


PATHS = [path for path in paths(FULL) if path]


def changed(path, value):
    document = copy.deepcopy(FULL)
    target = document
    for name in path[:-1]:
        target = target[name]
    target[path[-1]] = value
    return document


def is_refused_by_the_document(document) -> bool:
    try:
        read(inputs.OrderInput, document, context={})
    except Problem:
        return True
    return False


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(path=st.sampled_from(PATHS), value=VALUES)
def test_what_the_document_refuses_is_refused(path, value):
    document = json.loads(json.dumps(changed(path, value)))

    _said, problem = bulk.read_new(document)

    if is_refused_by_the_document(document):
        assert problem is not None, (path, value)


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(path=st.sampled_from(PATHS), value=VALUES)
def test_what_breaks_the_rule_of_a_member_is_refused_by_the_document(path, value):
    document = changed(path, value)

    _said, problem = bulk.read_new(document)

    between_members = {"not_allowed", "duplicate"}
    if problem is not None and not is_refused_by_the_document(document):
        told = {error.code for error in problem.errors}
        about = {error.pointer for error in problem.errors}
        assert told <= between_members or about <= {"/order_discount", "/lines/0/discount/amount"}


def test_the_contracts_order_breaks_no_rule():
    assert bulk.read_new(examples.ORDER)[1] is None
    assert bulk.read_new(FULL)[1] is None


@pytest.mark.parametrize(
    ("table", "ours"),
    [(mapping.CANCEL_REASON, CancelReason), (mapping.HOLD_REASON, HoldReason)],
)
def test_every_reason_has_one_word(table, ours):
    assert sorted(table.values()) == sorted(ours)


def test_every_state_of_the_core_has_a_word():
    words = mapping.AFTER_SHIPPING | mapping.BEFORE_PACKING

    assert set(words) == set(OrderStatus)
    assert set(words.values()) <= set(mapping.STATUSES)


def test_members_of_the_document_are_those_that_are_read():
    pairs = [(inputs.OrderInput, shapes.CREATE), (inputs.OrderPatchInput, shapes.PATCH)]
    pairs += [(inputs.CancelInput, shapes.CANCEL), (inputs.DecisionInput, shapes.DECISION)]
    pairs += [(inputs.CancellationRequestInput, shapes.WISH)]

    for serializer, shape in pairs:
        fields: dict[str, serializers.Field] = serializer().fields
        assert set(fields) == set(shape.members), serializer
        required = {name for name, field in fields.items() if field.required}
        assert required == set(shape.required), serializer

"""Whatever a client with a valid key sends, the answer is one of the contract's."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oms.api.oms4.kinds import Kept, Objects, Open, Texts
from oms.api.oms4.operations import OPERATIONS
from oms.api.oms4.reader import Shape
from oms.orders.models import Order
from tests.api.oms4.world import code_of

ORDER = "/rest/sc_api/order/create"
CODES = {"200", "400", "404", "409"}
SLOW = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

ODD_TEXTS = ["", " ", "0", "1e999999", "\0", "\ud800", "😀" * 300, "x" * 5000, "[", "1727345777022"]
ODD_NUMBERS = [-1, 0, 2**31, 2**63, 2**200, 1e308, -0.0, True]
ODD = st.sampled_from([*ODD_TEXTS, *ODD_NUMBERS, None, [], {}, [[]]])
VALUE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | ODD,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
GOOD = st.sampled_from(
    ["WEB-10045", "PAID", "SGD", "SG", 1727345777022, "1", 1, "DELIVERED", "PK-1", "x"]
)


def document(shape: Shape):
    """Documents near a shape: its members, rightly or wrongly filled, and some of nobody's."""
    return st.fixed_dictionaries(
        {}, optional={item.name: GOOD | filled(item.kind) | VALUE for item in shape.members}
    ) | st.dictionaries(st.text(), VALUE, max_size=3)


def filled(kind):
    if isinstance(kind, Shape):
        return document(kind)
    if isinstance(kind, Kept | Open):
        return document(kind.named)
    if isinstance(kind, Objects):
        return st.lists(filled(kind.item), max_size=3)
    if isinstance(kind, Texts):
        return st.lists(GOOD | VALUE, max_size=3)
    return GOOD


ORDER_PLACES = st.sampled_from(
    [
        ("customer_remark",),
        ("items",),
        ("items", 0),
        ("items", 0, "more"),
        ("items", 0, "unit_price"),
        ("more",),
        ("payment_info",),
        ("payment_info", "more"),
        ("shipping_info",),
    ]
)


@SLOW
@given(place=ORDER_PLACES, value=VALUE)
def test_an_order_with_anything_anywhere_is_taken_or_refused_and_can_be_read(world, place, value):
    body = world.order()
    *way, last = place
    target = body
    for step in way:
        target = target[step]
    target[last] = value

    code = code_of(world.shop, "POST", ORDER, body=json.dumps(body).encode())

    assert code in {"200", "400"}
    assert code_of(world.shop, "POST", "/rest/sc_api/order/list", body=b"{}") == "200"
    Order.objects.all().delete()


def client_of(world, path):
    return world.shop if "/sc_api/" in path else world.warehouse


@pytest.mark.parametrize("path", sorted(OPERATIONS))
@SLOW
@given(data=st.data())
def test_any_document_gets_an_answer_of_the_contract(world, path, data):
    sent = data.draw(document(OPERATIONS[path].shape))
    body = json.dumps(sent).encode()

    assert code_of(client_of(world, path), "POST", path, body=body) in CODES


@pytest.mark.parametrize("path", sorted(OPERATIONS))
@SLOW
@given(body=st.binary(max_size=200) | VALUE.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_get_an_answer_of_the_contract(world, path, body):
    assert code_of(client_of(world, path), "POST", path, body=body) in CODES


@pytest.mark.parametrize(
    "path", sorted(path for path, view in OPERATIONS.items() if hasattr(view, "get"))
)
@SLOW
@given(data=st.data())
def test_any_query_gets_an_answer_of_the_contract(world, path, data):
    names = st.sampled_from([item.name for item in OPERATIONS[path].shape.members])
    sayable = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
    query = data.draw(st.dictionaries(names | sayable, sayable, max_size=4))

    assert code_of(world.warehouse, "GET", path, query=query) in CODES

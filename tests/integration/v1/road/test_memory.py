"""What is answered is forgotten at once, and does not wait for the garbage collector."""

import gc
import json
import weakref
from uuid import uuid4

import pytest
from django.test import RequestFactory
from django.urls import resolve

from tests.integration.v1.orders.world import make_world


@pytest.fixture
def world(db):
    return make_world()


@pytest.fixture
def no_collector():
    gc.disable()
    yield
    gc.enable()


def ask(world, method, path, body=None):
    """Call the view itself, because Django's test client keeps its requests."""
    request = RequestFactory().generic(
        method,
        path,
        json.dumps(body).encode() if body else b"",
        content_type="application/json",
        headers={"X-API-Key": world.api.api_key, "Idempotency-Key": str(uuid4())},
    )
    view = resolve(path)
    answer = view.func(request, *view.args, **view.kwargs)
    return answer.status_code, weakref.ref(request)


@pytest.mark.parametrize(
    ("method", "path", "orders", "status"),
    [
        ("POST", "/v1/orders/bulk", ["A"], 200),
        ("POST", "/v1/orders/bulk", [], 422),
        ("GET", "/v1/orders", None, 200),
    ],
)
def test_a_request_is_gone_with_its_answer(world, no_collector, method, path, orders, status):
    body = None if orders is None else {"orders": [world.order(number) for number in orders]}

    answered, request = ask(world, method, path, body)

    assert answered == status
    assert request() is None

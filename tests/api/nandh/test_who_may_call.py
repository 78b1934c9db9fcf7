"""Every call: nobody, the wrong right, another organization, the right one; and broken requests."""

import json

import pytest
from django.urls import URLPattern
from django.utils import timezone

from catalog.models import Sku
from oms.accounts import queries as accounts
from oms.accounts.scopes import V1 as ALL_SCOPES
from oms.api.nandh.urls import OPERATIONS
from oms.orders.models import Order
from returns.models import ReturnOrder
from tests import factories
from tests.api.nandh.test_create_return import body_for
from tests.api.nandh.world import JSON, Nandh, example


def no_body(_world, _order):
    return None


def new_order(world, _order):
    return world.order(extra_info={"order_number": "WEB-2"})


def new_product(_world, _order):
    return example("create_product")["request"] | {"sku": "CAP-01"}


def new_return(_world, order):
    return body_for(order)


# Route -> method, path, body, scope, what another organization gets, what the right one gets.
CALLS = {
    "orders/create": ("POST", "/orders/create", new_order, "orders:write", 422, 200),
    "orders/detail/<str:tracking_code>": (
        "GET",
        "/orders/detail/NHOV{order.number:07d}",
        no_body,
        "orders:read",
        404,
        200,
    ),
    "products/inventory/list": (
        "GET",
        "/products/inventory/list",
        no_body,
        "inventory:read",
        200,
        200,
    ),
    "products/inventory/detail/<str:id_product_inventory>": (
        "GET",
        "/products/inventory/detail/{world.sku.pk}",
        no_body,
        "inventory:read",
        404,
        200,
    ),
    "products/inventory/create": (
        "POST",
        "/products/inventory/create",
        new_product,
        "inventory:write",
        200,
        200,
    ),
    "shipments/detail/<str:tracking_code>": (
        "GET",
        "/shipments/detail/NHSVC{box.number:07d}",
        no_body,
        "shipments:read",
        404,
        200,
    ),
    "shipments/list-shipment-of-order": (
        "GET",
        "/shipments/list-shipment-of-order?order_id={order.number}",
        no_body,
        "shipments:read",
        404,
        200,
    ),
    "shipments/label/<str:tracking_code>": (
        "GET",
        "/shipments/label/NHSVC{box.number:07d}",
        no_body,
        "shipments:read",
        404,
        200,
    ),
    "shipments/inbound/detail/<str:inbound_code>": (
        "GET",
        "/shipments/inbound/detail/NHIV0000001",
        no_body,
        "inventory:read",
        404,
        404,
    ),
    "shipments/inbound/detail/<str:inbound_id>/items": (
        "GET",
        "/shipments/inbound/detail/1/items",
        no_body,
        "inventory:read",
        404,
        404,
    ),
    "return-orders/create": (
        "POST",
        "/return-orders/create",
        new_return,
        "returns:write",
        404,
        200,
    ),
    "vendors/list": ("GET", "/vendors/list", no_body, "orders:read", 200, 200),
    "stores/list": ("GET", "/stores/list", no_body, "orders:read", 200, 200),
}


@pytest.fixture
def call(world):
    """Makes a call of the table about an order of the world that has left."""
    order = world.shipped()
    box = order.tasks.get().parcels.get()

    def send(route, api, **options):
        method, path, body, *_ = CALLS[route]
        text = path.format(world=world, order=order, box=box)
        made = body(world, order)
        sent = b"" if made is None else json.dumps(made).encode()
        return api.call(method, text, body=sent, **options)

    return send


def written():
    """How many of everything that calls could make."""
    return Order.objects.count(), Sku.objects.count(), ReturnOrder.objects.count()


def test_every_route_has_its_row():
    routes = {str(each.pattern) for each in OPERATIONS if isinstance(each, URLPattern)}

    assert routes == set(CALLS)


@pytest.mark.parametrize("route", CALLS)
def test_nobody_else_gets_in(call, world, route):
    before, key = written(), world.api.key
    others = ("", f"Bearer {key}", f"Basic {key}", f"{key}x", "oms_live_x", "x" * 600)

    answers = [call(route, world.api, key=other) for other in others]

    told = {(answer.status_code, answer.json()["error_code"]) for answer in answers}
    assert told == {(401, "unauthenticated")}
    assert written() == before


@pytest.mark.parametrize("route", CALLS)
def test_a_key_needs_the_scope(call, world, route):
    scope = CALLS[route][3]
    api = Nandh(world.organization, scopes=ALL_SCOPES - {scope})
    before = written()

    answer = call(route, api)

    assert (answer.status_code, answer.json()["error_code"]) == (403, "insufficient_scope")
    assert written() == before


@pytest.mark.parametrize("route", CALLS)
def test_another_organization_sees_nothing_of_ours(call, elsewhere, route):
    orders, _, returns = written()

    answer = call(route, elsewhere.api)

    assert answer.status_code == CALLS[route][4]
    assert (written()[0], written()[2]) == (orders, returns)


def test_lists_hold_the_own_things_only(world, elsewhere):
    stores = elsewhere.api.data("/stores/list")
    products = elsewhere.api.data("/products/inventory/list")

    assert [row["id"] for row in stores] == [elsewhere.channel.pk]
    assert [row["id"] for row in products] == [elsewhere.sku.pk]


@pytest.mark.parametrize("route", CALLS)
def test_the_right_one_is_served_with_that_scope_alone(call, world, route):
    api = Nandh(world.organization, scopes={CALLS[route][3]})

    answer = call(route, api)

    assert answer.status_code == CALLS[route][5], answer.content


def test_a_client_of_one_channel_sees_its_orders_only(call, world):
    other = factories.make_channel(organization=world.organization)
    api = Nandh(world.organization, channel=other)

    assert call("orders/detail/<str:tracking_code>", api).status_code == 404
    assert call("shipments/detail/<str:tracking_code>", api).status_code == 404
    assert call("return-orders/create", api).status_code == 404
    assert api.data("/stores/list")[0]["id"] == other.pk


def test_a_revoked_key_is_nobodys(world):
    world.api.machine.credentials.update(revoked_at=timezone.now())
    accounts.forget_machines()

    assert world.api.get("/stores/list").status_code == 401


def test_a_key_may_be_bound_to_networks(world):
    world.api.machine.credentials.update(networks=["203.0.113.0/24"])

    answer = world.api.get("/stores/list")

    assert (answer.status_code, answer.json()["error_code"]) == (403, "ip_not_allowed")


@pytest.mark.parametrize(
    "path", ["", "/", "/orders", "/orders/list", "/shipments/create", "/stores/list/"]
)
@pytest.mark.parametrize("method", ["GET", "POST", "PATCH"])
def test_other_paths_are_not_found_whoever_asks(world, path, method):
    answer = world.api.call(method, path, key="nobody")

    assert (answer.status_code, answer.json()["messages"]) == (404, "Record Not Found")


def test_another_method_is_refused(world):
    answer = world.api.get("/orders/create")

    assert (answer.status_code, answer.json()["error_code"]) == (405, "method_not_allowed")
    assert answer.headers["Allow"] == "POST"


@pytest.mark.parametrize(
    ("body", "content_type", "status", "code"),
    [
        (b"{", JSON, 400, "malformed_json"),
        (b" ", JSON, 400, "malformed_json"),
        (b"\xff", JSON, 400, "malformed_json"),
        (b"[" * 40 + b"]" * 40, JSON, 400, "malformed_json"),
        (b"[]", JSON, 422, "validation_failed"),
        (b"null", JSON, 422, "validation_failed"),
        (b"{}", "text/plain", 415, "unsupported_media_type"),
        (b" " * (1024 * 1024 + 1), JSON, 413, "payload_too_large"),
    ],
)
def test_broken_bodies_are_refused(world, body, content_type, status, code):
    answer = world.api.call("POST", "/orders/create", body=body, content_type=content_type)

    assert (answer.status_code, answer.json()["error_code"]) == (status, code)


def test_a_client_that_calls_too_often_has_to_wait(world):
    world.api.machine.rate_limit = 0.05
    world.api.machine.save(update_fields=["rate_limit"])

    first, second = (world.api.get("/stores/list") for _ in range(2))

    assert (first.status_code, second.status_code) == (200, 429)
    assert second.json()["error_code"] == "rate_limited"
    assert 1 <= int(second.headers["Retry-After"]) <= 20


def test_messages_do_not_repeat_what_was_sent(world):
    body = world.order(receiver={"phone": "not-a-phone-of-Lan", "country": "vietnam"})

    answer = world.api.post("/orders/create", body)

    assert "Lan" not in answer.content.decode()
    assert "vietnam" not in answer.content.decode()

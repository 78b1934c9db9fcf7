"""Credentials (401), the right to the API (403), methods (405), paths (404), and the limits."""

import json
import time
import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from channels_app.choices import ChannelType
from oms.accounts.models import ApiClient, Credential
from oms.api.oms4.operations import ALIASES, OPERATIONS
from oms.locations.choices import PointType
from oms.orders.models import Buyer, Order
from tests.api.oms4.world import Shop, code_of

CREATE = "/rest/sc_api/order/create"
LIST = "/rest/sc_api/order/list"
TASKS = "/rest/fp_api/fulfillment_task/get"
READS = {LIST, "/rest/sc_api/parcel/list"}
GETTABLE = {path for path, view in OPERATIONS.items() if hasattr(view, "get")}


def answer_of(client, method="POST", path=LIST, **sent):
    return client.send(method, path, **sent)[1]


def tampered(client, change):
    """Send a signed call after somebody changed its headers."""
    original = client.exchange

    def exchange(method, url, headers, body):
        change(headers)
        return original(method, url, headers, body)

    client.exchange = exchange
    return answer_of(client)


@pytest.mark.parametrize("name", ["tenant_id", "api_key", "timestamp", "signature"])
def test_all_four_headers_are_mandatory(world, name):
    answer = tampered(world.shop, lambda headers: headers.pop(name))

    assert (answer["code"], answer["message"]) == ("401", f"{name}: is missing")
    assert answer["data"] is None
    assert uuid.UUID(answer["request_id"])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("tenant_id", "1002"),
        ("api_key", "9999"),
        ("signature", "0" * 64),
        ("signature", "nonsense"),
        ("tenant_id", "1001\x00"),
        ("api_key", "x" * 129),
        ("timestamp", "soon"),
        ("timestamp", "1727345777022"),
    ],
)
def test_wrong_credentials_are_refused(world, name, value):
    answer = tampered(world.shop, lambda headers: headers.update({name: value}))

    assert answer["code"] == "401"


def test_another_tenants_key_is_refused(world, elsewhere):
    shop = Shop(
        "http://oms.test", tenant_id="1001", api_key=elsewhere.shop._api_key, secret="demo-secret"
    )

    assert answer_of(shop)["code"] == "401"


def test_refuses_a_body_other_than_the_signed_one(world):
    def exchange(method, url, headers, body):
        return Shop.exchange(world.shop, method, url, headers, body.replace(b"10045", b"10046"))

    world.shop.exchange = exchange

    assert (
        answer_of(world.shop, path=CREATE, body=json.dumps(world.order()).encode())["code"] == "401"
    )
    assert Order.objects.exists() is False


def test_credentials_come_before_the_form(world):
    world.shop._secret = "other"

    assert answer_of(world.shop, path=CREATE, body=b"not json")["code"] == "401"


@pytest.mark.parametrize(
    ("age", "code"), [(899, "200"), (-899, "200"), (901, "401"), (-901, "401")]
)
def test_the_clock_may_differ_by_fifteen_minutes(world, age, code):
    world.shop._clock = lambda: time.time() - age

    assert answer_of(world.shop, body=b"{}")["code"] == code


def test_the_check_of_the_clock_can_be_switched_off(world, settings):
    settings.OMS_OMS4_CLOCK_TOLERANCE_SECONDS = 0
    world.shop._clock = lambda: 1

    assert answer_of(world.shop, body=b"{}")["code"] == "200"


@pytest.mark.parametrize("prefix", ["", "/openapi", "/openapi/", "/tenant/1/openapi"])
def test_any_mount_prefix_will_do(world, prefix):
    world.shop._prefix = prefix

    assert answer_of(world.shop, body=b"{}")["code"] == "200"


@pytest.mark.parametrize("path", sorted(OPERATIONS))
def test_the_other_familys_key_is_refused(world, path):
    client = world.warehouse if "/sc_api/" in path else world.shop

    assert code_of(client, "POST", path, body=b"{}") == "403"


@pytest.mark.parametrize("path", sorted(path for path in OPERATIONS if "/sc_api/" in path))
def test_marketplace_channels_may_only_read(world, path):
    world.channel.type = ChannelType.SHOPEE
    world.channel.save()

    code = code_of(world.shop, "POST", path, body=b"{}")

    assert code == ("200" if path in READS else "403")


@pytest.mark.parametrize("kind", [PointType.STORE, PointType.EXTERNAL])
def test_only_general_points_may_call(world, kind):
    world.point.type = kind
    world.point.save()

    assert code_of(world.warehouse, "GET", TASKS) == "403"


@pytest.mark.parametrize("disabled", ["client", "channel"])
def test_a_disabled_channel_or_client_is_refused(world, disabled):
    row = world.channel if disabled == "channel" else ApiClient.objects.get(channel=world.channel)
    row.is_active = False
    row.save()

    answer = answer_of(world.shop)

    assert (answer["code"], answer["message"]) == ("403", "api_key: is disabled")


def test_a_disabled_point_is_refused(world):
    world.point.is_active = False
    world.point.save()

    assert code_of(world.warehouse, "GET", TASKS) == "403"


@pytest.mark.parametrize("column", ["revoked_at", "expires_at"])
def test_a_revoked_or_expired_key_is_nobodys(world, column):
    Credential.objects.update(**{column: timezone.now() - timedelta(seconds=1)})

    assert answer_of(world.shop)["code"] == "401"


def test_named_scopes_narrow_what_a_client_may_do(world):
    ApiClient.objects.filter(channel=world.channel).update(scopes=["orders:read"])

    assert answer_of(world.shop, body=b"{}")["code"] == "200"
    assert code_of(world.shop, "POST", CREATE, body=json.dumps(world.order()).encode()) == "403"
    assert Order.objects.exists() is False


@pytest.mark.parametrize("path", sorted(OPERATIONS))
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_a_wrong_method_is_405_with_http_200(world, path, method):
    client = world.shop if "/sc_api/" in path else world.warehouse
    status, answer = client.send(method, path, body=b"{}")

    allowed = method == "POST" or (method == "GET" and path in GETTABLE)
    assert (answer["code"] == "405") is not allowed
    assert status == 200


@pytest.mark.parametrize(("alias", "path"), sorted(ALIASES.items()))
def test_an_alias_answers_like_its_operation(world, alias, path):
    client = world.shop if "/sc_api/" in path else world.warehouse

    assert code_of(client, "POST", alias, body=b"{}") == code_of(client, "POST", path, body=b"{}")
    assert code_of(client, "POST", alias, body=b"{}") in {"200", "400"}


@pytest.mark.parametrize(
    "path", ["/rest/sc_api/order/reopen", "/rest/sc_api/", "/rest/", "/rest/other"]
)
def test_an_unmapped_path_is_404_and_logged_with_names_only(world, path, caplog):
    body = b'{"order_no":"SECRET-1","items":[]}'

    assert code_of(world.shop, "POST", path, body=body) == "404"

    [message] = [record.getMessage() for record in caplog.records]
    assert f"POST '{path}'" in message
    assert "['order_no', 'items']" in message
    assert "SECRET-1" not in message


def test_an_unmapped_path_tells_strangers_nothing(world):
    world.shop._secret = "other"

    assert code_of(world.shop, "POST", "/rest/sc_api/nothing", body=b"{}") == "401"


def test_an_unmapped_path_of_the_other_family_is_403(world):
    assert code_of(world.shop, "POST", "/rest/fp_api/nothing", body=b"{}") == "403"


def test_too_many_calls_are_429_with_a_time_to_wait(world):
    ApiClient.objects.filter(channel=world.channel).update(rate_limit=0.1)
    world.shop._api_key = f"limited-{uuid.uuid4()}"
    Credential.objects.filter(client__channel=world.channel).update(identifier=world.shop._api_key)
    statuses = []
    for _ in range(3):
        status, headers, body = signed_exchange(world.shop)
        statuses.append(status)

    assert statuses == [200, 200, 429]
    assert json.loads(body)["code"] == "429"
    assert 8 <= int(headers["Retry-After"]) <= 10


def signed_exchange(client):
    """The raw answer to one list call."""
    kept = []

    def exchange(*request):
        kept.append(type(client).exchange(client, *request))
        return kept[0]

    client.exchange = exchange
    client.send("POST", LIST, body=b"{}")
    del client.exchange
    return kept[0]


def test_a_body_over_ten_mebibytes_is_413(world):
    status, answer = world.shop.send("POST", LIST, body=b" " * (10 * 1024 * 1024 + 1))

    assert (status, answer["code"]) == (413, "413")


def test_the_switch_mirrors_the_code_in_the_status(world, settings):
    settings.OMS_OMS4_MIRROR_STATUS = True

    status, answer = world.shop.send("POST", CREATE, body=b"{}")

    assert (status, answer["code"]) == (400, "400")


def test_answers_are_json_in_utf8(world):
    _, headers, _ = signed_exchange(world.shop)

    assert headers["Content-Type"] == "application/json;charset=UTF-8"


def test_an_unexpected_failure_is_500_without_details(world, caplog):
    world.shop.create_order(world.order())
    Buyer.objects.update(contact=b"v1.k1.broken-and-so-it-does-not-open")

    status, answer = world.shop.send("POST", LIST, body=b'{"order_no":["WEB-10045"]}')

    assert (status, answer["code"], answer["message"]) == (500, "500", "server: unexpected failure")
    [record] = [record for record in caplog.records if record.name == "oms.api.oms4.errors"]
    assert answer["request_id"] in record.getMessage()
    assert "WEB-10045" not in record.getMessage()


def test_calls_need_no_csrf_token_and_set_no_cookie(world):
    response = Client(enforce_csrf_checks=True).post(f"/openapi{LIST}", b"{}", "application/json")

    assert response.json()["code"] == "401"
    assert not response.cookies

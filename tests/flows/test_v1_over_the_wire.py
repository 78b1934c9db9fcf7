"""What only a real socket shows: bodies without a length, large ones, pages of our own files."""

import http.client
import json

import pytest

from oms.accounts import queries as accounts
from tests.factories import make_api_client, make_api_key, make_sku
from tests.live import serving

pytestmark = pytest.mark.django_db(transaction=True)

MIB = 1024 * 1024


@pytest.fixture
def sku():
    return make_sku()


@pytest.fixture
def key(sku):
    accounts.forget_machines()
    return make_api_key(make_api_client(sku.organization, scopes=["inventory:read"]))


def ask(port, method, path, *, body=None, headers=None, chunked=False):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request(method, path, body=body, headers=headers or {}, encode_chunked=chunked)
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer, content


def pieces(number, size=65_536):
    for _ in range(number // size):
        yield b"x" * size
    yield b"x" * (number % size)


def test_the_wire_keeps_the_rules_of_the_road(key, sku):
    path = "/v1/inventory/availability-checks"
    headers = {"X-API-Key": key, "Content-Type": "application/json"}
    chunked = {**headers, "Transfer-Encoding": "chunked"}
    with serving() as server:
        small = json.dumps({"items": [{"sku": sku.code, "quantity": 1}]}).encode()

        whole, said = ask(server.port, "POST", path, body=small, headers=headers)
        split, said_too = ask(
            server.port, "POST", path, body=iter([small]), headers=chunked, chunked=True
        )
        large, why = ask(server.port, "POST", path, body=b"x" * (MIB + 1), headers=headers)
        endless, why_too = ask(
            server.port, "POST", path, body=pieces(MIB + 1), headers=chunked, chunked=True
        )
        missing, problem = ask(server.port, "GET", "/v1/nothing", headers={"X-Request-Id": "r-1"})
        page, html = ask(server.port, "GET", "/v1/docs")
        document, text = ask(server.port, "GET", "/v1/openapi.json")
        meaning, explained = ask(server.port, "GET", "/problems/not_found")

    assert (whole.status, split.status) == (200, 200)
    assert said == said_too
    assert (large.status, endless.status) == (413, 413)
    assert json.loads(why)["code"] == json.loads(why_too)["code"] == "payload_too_large"
    assert (missing.status, missing.headers["X-Request-Id"]) == (404, "r-1")
    assert json.loads(problem)["request_id"] == "r-1"
    assert page.status == 200
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert b"://" not in html
    assert json.loads(text)["openapi"].startswith("3.1")
    assert document.headers["Content-Type"] == "application/json"
    assert meaning.status == 200
    assert b"not_found" in explained

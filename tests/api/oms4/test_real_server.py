"""What only the real web server can prove: headers, bodies and sizes as they come over a socket."""

import http.client
import itertools
import json
import socket

import pytest

from tests.api.oms4.world import World
from tests.clients.oms4_stdlib import FulfillmentPoint
from tests.live import serving

ECHO = "tests.api.oms4.echo_settings"
CREATE = "/rest/sc_api/order/create"
LIMIT = 10 * 1024 * 1024
_serial = itertools.count(1)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def behind_a_proxy(django_db_setup):
    """A server that trusts the peer all tests come from."""
    with serving(ECHO, OMS_TRUSTED_PROXIES="127.0.0.1") as server:
        yield server


@pytest.fixture(scope="module")
def in_the_open(django_db_setup):
    """A server that trusts nobody."""
    with serving(ECHO) as server:
        yield server


@pytest.fixture
def real(live, transactional_db):
    """A world whose clients call the real server. Keys are new, for the server remembers them."""
    world = World.build(prefix=f"R{next(_serial)}-").connected(live.url)
    yield world
    world.shop.close()
    world.warehouse.close()


def raw(server, *lines, body=b""):
    """Send exactly these lines and return the JSON of the answer."""
    request = "\r\n".join([*lines, "Connection: close", "", ""]).encode("latin-1") + body
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as wire:
        wire.sendall(request)
        answer = b"".join(iter(lambda: wire.recv(65536), b""))
    return json.loads(answer.partition(b"\r\n\r\n")[2])


def seen(server, *headers):
    return raw(server, "GET /echo HTTP/1.1", "Host: 127.0.0.1", *headers)


FORGED = {
    "Proto": "https",
    "For": "198.51.100.7",
    "Host": "evil.example",
    "Port": "443",
    "Ssl": "on",
}


def spellings(name):
    return [f"X-Forwarded-{name}", f"X_Forwarded_{name}", f"x_forwarded-{name}".lower()]


@pytest.mark.parametrize("server", ["behind_a_proxy", "in_the_open"])
@pytest.mark.parametrize("name", list(FORGED))
def test_no_proxy_header_can_be_forged(server, name, request):
    server = request.getfixturevalue(server)
    forged = [f"{spelling}: {FORGED[name]}" for spelling in spellings(name)]

    for lines in ([line] for line in forged):
        answer = seen(server, *lines)
        assert (answer["is_secure"], answer["address"], answer["host"]) == (
            False,
            "127.0.0.1",
            "127.0.0.1",
        )
        assert [name for name in answer["headers"] if "FORWARDED" in name] == []
    everything = seen(server, *forged, *reversed(forged))
    assert (everything["is_secure"], everything["address"]) == (False, "127.0.0.1")


@pytest.mark.parametrize("spelling", ["Forwarded", "forwarded", "FORWARDED"])
def test_a_trusted_proxy_is_believed_and_a_stranger_is_not(behind_a_proxy, in_the_open, spelling):
    line = f"{spelling}: for=198.51.100.7;proto=https"

    trusted, stranger = seen(behind_a_proxy, line), seen(in_the_open, line)

    assert (trusted["is_secure"], trusted["address"]) == (True, "198.51.100.7")
    assert (stranger["is_secure"], stranger["address"]) == (False, "127.0.0.1")


def test_a_forged_name_does_not_outvote_the_proxy(behind_a_proxy):
    said = "Forwarded: for=198.51.100.7;proto=http"

    for forged in spellings("Proto"):
        for lines in ([said, f"{forged}: https"], [f"{forged}: https", said]):
            answer = seen(behind_a_proxy, *lines)
            assert (answer["is_secure"], answer["address"]) == (False, "198.51.100.7")


def test_content_length_and_type_cannot_be_doubled(in_the_open):
    answer = seen(in_the_open, "Content_Length: 99", "Content_Type: text/evil")

    assert (answer["headers"], answer["body"]) == (["HTTP_CONNECTION", "HTTP_HOST"], "")


def test_an_order_over_the_wire(real):
    real.shop.create_order(real.order())
    [order] = real.shop.orders(order_no=["WEB-10045"])

    assert order["items"][0]["qty"] == 2


def test_a_list_in_raw_brackets_and_a_body_on_get(real):
    path = "/rest/fp_api/fulfillment_task/get_by_no"
    real.shop.create_order(real.order())
    real.allocate()
    [task] = real.warehouse.tasks()

    assert real.warehouse.get(path, body={"ft_nos": [task["ft_no"]]})[0]["order_no"] == "WEB-10045"
    assert real.warehouse.tasks_by_no(task["ft_no"], "FT0")[0]["ft_no"] == task["ft_no"]
    quoted = FulfillmentPoint.exchange

    def unquoted(method, url, headers, body):
        return quoted(
            real.warehouse, method, url.replace("%5B", "[").replace("%5D", "]"), headers, body
        )

    real.warehouse.exchange = unquoted
    assert real.warehouse.tasks_by_no(task["ft_no"])[0]["ft_no"] == task["ft_no"]


def chunked(client, path, chunks):
    """Send a signed body in chunks, without a length."""
    kept = {}

    def keep(_method, url, headers, _body):
        kept.update(url=url, headers=headers)
        return 200, {}, b"{}"

    client.exchange = keep
    client.send("POST", path, body=b"".join(chunks))
    connection = http.client.HTTPConnection("127.0.0.1", client._connection.port, timeout=30)
    connection.request(
        "POST", kept["url"], iter(chunks), headers=kept["headers"], encode_chunked=True
    )
    response = connection.getresponse()
    answer = response.status, json.loads(response.read())
    connection.close()
    return answer


def test_a_body_in_chunks_is_read_whole(real):
    body = json.dumps(real.order()).encode()

    status, answer = chunked(real.shop, CREATE, [body[:100], body[100:]])

    assert (status, answer["code"]) == (200, "200")


@pytest.mark.parametrize("excess", [0, 1])
def test_ten_mebibytes_are_the_limit(real, excess):
    body = b" " * (LIMIT + excess)

    status, answer = real.shop.send("POST", "/rest/sc_api/order/list", body=body)

    assert (status, answer["code"]) == ((413, "413") if excess else (200, "200"))
    assert real.shop.orders() == []


def test_too_large_a_body_in_chunks_is_413(real):
    status, answer = chunked(real.shop, CREATE, [b" " * (1024 * 1024)] * 11)

    assert (status, answer["code"]) == (413, "413")

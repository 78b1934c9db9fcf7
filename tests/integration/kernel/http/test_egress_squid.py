"""W-12, the second half: whatever passes our own judgement, squid as we ship it refuses.

Squid is asked directly, by clients that read URLs as loosely as they can. It judges where a call
leads, not how its URL is spelt.
"""

import ipaddress
import itertools
import os
import re
import time
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import unquote

import pytest

from oms.kernel.http import HttpError, HttpFailure, addresses, urls
from tests.integration.kernel.http import squid
from tests.integration.kernel.http.calling import call
from tests.simulators import dns, hostile
from tests.simulators.certificates import Authority
from tests.simulators.receivers import receiving
from tests.unit.kernel.http import corpus

DENIED, MALFORMED = "403 ERR_ACCESS_DENIED", "400 ERR_INVALID_URL"
UNREACHABLE = "503 ERR_CONNECT_FAIL"  # allowed, but connections from here get nowhere
PUBLIC = "93.184.216.34"
# Spellings that squid reads as port 443 of the host they begin with.
READ_AS_443 = [
    "{host}:",
    "{host}:+443",
    "{host}:443:443",
    "{host}:https",
    "{host}..:443",
    "{host}:\uff14\uff14\uff13",
    "{host}:443@127.0.0.1:443",
]
# Its other address is none, which a name server cannot say.
UNSPEAKABLE = "mixed-nonsense.test:443"

_serial, _hosts = itertools.count(1), itertools.count(1)


def targets(url: str) -> set[str]:
    """What loose readers of a URL would ask a proxy for, if it can be said in one line."""
    rest = url.partition("://")[2]
    written = re.split(r"[/?#]", rest)[0]
    readings = {
        written,
        written.rpartition("@")[2],
        re.split(r"[/\\]", rest)[0].rpartition("@")[2],
        unquote(written),
        unicodedata.normalize("NFKC", written).replace("\u3002", "."),
    }
    return {
        reading if re.search(r":[^]@]*$", reading) else f"{reading}:443"
        for reading in readings
        if reading and not re.search(r"[\x00-\x1f\x7f]", reading)
    }


HARMLESS = {
    f"{target.host}:{target.port}"
    for target in (urls.read(url, allow_private=False) for url in corpus.HARMLESS)
}
ODD = {spelling.format(host="shop.test") for spelling in READ_AS_443}
LEFT = {*HARMLESS, *ODD, UNSPEAKABLE}
HOSTILE = sorted(set().union(*map(targets, corpus.HOSTILE)) - LEFT)


@pytest.fixture(scope="module")
def names():
    host = f"127.{os.getpid() % 200 + 1}.253.53"
    try:
        with dns.answering(host, corpus.table()) as server:
            yield server
    except PermissionError:
        pytest.skip("squid asks for names at port 53, which only root may serve here")


@pytest.fixture(scope="module")
def proxy(names):
    if not squid.PROGRAM:
        pytest.skip("no squid here: apt-get install squid")
    with squid.running(names=names.host) as running:
        yield running


@pytest.fixture
def inside():
    """A server at a port that is allowed, at an address that is not."""
    host = f"127.{os.getpid() % 200 + 1}.252.{next(_hosts)}"
    with receiving(hostile.answers, host=host, port=8443) as receiver:
        yield receiver


def named(names, *rows: list[str], below: str = "test") -> str:
    """A new name with an answer for each look-up."""
    name = f"name{next(_serial)}.{below}"
    names.rows[f"{name}."] = list(rows)
    return name


def until(true: Callable[[], bool]) -> None:
    """Give a loaded machine a minute."""
    deadline = time.monotonic() + squid.PATIENCE
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_the_corpus_is_large():
    urls_refused = [url for url in corpus.HOSTILE if targets(url) & set(HOSTILE)]

    assert len(urls_refused) >= 120


def test_squid_has_nothing_to_say_about_its_configuration(proxy):
    assert proxy.complaints == []


@pytest.mark.parametrize("target", HOSTILE)
def test_a_hostile_target_is_refused(proxy, target):
    answer = proxy.connect(target)

    assert answer in {DENIED, MALFORMED}


def test_harmless_targets_are_dialled(proxy):
    with ThreadPoolExecutor(len(HARMLESS)) as pool:
        answers = dict(zip(HARMLESS, pool.map(proxy.connect, HARMLESS), strict=True))

    assert answers == dict.fromkeys(HARMLESS, UNREACHABLE)


@pytest.mark.parametrize("spelling", READ_AS_443)
def test_an_odd_spelling_leads_to_the_host_it_begins_with(proxy, names, spelling):
    host = named(names, [PUBLIC])

    answer = proxy.connect(spelling.format(host=host))

    assert answer == UNREACHABLE
    until(lambda: f" CONNECT {host}:443 {PUBLIC}\n" in proxy.log)


def _edges() -> set[str]:
    """First and last address of each network that squid or our own judgement knows, and the
    addresses next to them."""
    listed = re.findall(r"^acl oms_not_\w+ dst (\S+)", squid.SHIPPED.read_text(), re.MULTILINE)
    known = [*addresses._METADATA, *addresses._NOT_PUBLIC, *addresses._PRIVATE, addresses._UNICAST]
    found = set()
    for text in [*listed, *map(str, known)]:
        first, _, last = text.partition("-")
        network = ipaddress.ip_network(first)
        ends = [network[0], ipaddress.ip_address(last) if last else network[-1]]
        kind = type(ends[0])
        top = 2**network.max_prefixlen - 1
        for number in (int(ends[0]) - 1, int(ends[0]), int(ends[1]), int(ends[1]) + 1):
            found.add(str(kind(min(max(number, 0), top))))
    return found


def test_it_judges_every_edge_as_we_do(proxy, names):
    judged = sorted(_edges())
    expected = {
        address: UNREACHABLE if addresses.may_dial(address, allow_private=False) else DENIED
        for address in judged
    }
    asked = [f"{named(names, [address])}:443" for address in judged]

    with ThreadPoolExecutor(16) as pool:
        answers = dict(zip(judged, pool.map(proxy.connect, asked), strict=True))

    assert answers == expected
    assert set(expected.values()) == {DENIED, UNREACHABLE}


@pytest.mark.parametrize(
    "row",
    [
        ["{inside}"],
        ["::ffff:{inside}"],
        [PUBLIC, "{inside}"],
        ["{inside}", PUBLIC],
        ["2606:4700:4700::1111", "{inside}"],
        [PUBLIC, "::ffff:{inside}"],
        [*(f"93.184.216.{last}" for last in range(1, 21)), "{inside}"],
    ],
    ids=["alone", "wrapped", "last", "first", "in the other family", "both", "after many"],
)
def test_a_name_with_an_address_inside_is_refused_and_not_dialled(proxy, names, inside, row):
    name = named(names, [address.format(inside=inside.host) for address in row])

    answer = proxy.connect(f"{name}:8443")

    assert (answer, inside.connections) == (DENIED, 0)


def test_what_is_inside_would_be_reached_without_the_rules(proxy, names, inside):
    name = named(names, [inside.host], below="open.test")

    answer = proxy.connect(f"{name}:8443")

    assert answer == "200"
    until(lambda: inside.connections == 1)


def test_a_name_that_moves_inside_between_two_look_ups_is_not_dialled(proxy, names, inside):
    name = named(names, [PUBLIC], [inside.host])

    first = proxy.connect(f"{name}:8443")
    until(lambda: proxy.connect(f"{name}:8443") and names.lookups(f"{name}.") >= 2)
    second = proxy.connect(f"{name}:8443")

    assert (first, second, inside.connections) == (UNREACHABLE, DENIED, 0)


def test_a_name_that_keeps_moving_under_load_is_not_dialled(proxy, names, inside):
    name = named(names, *[[PUBLIC], [inside.host]] * 3)

    def insist(_: int) -> set[str]:
        answers = set()
        while names.lookups(f"{name}.") < 6:
            answers.add(proxy.connect(f"{name}:8443"))
        return answers

    with ThreadPoolExecutor(4) as pool:
        answers = set().union(*pool.map(insist, range(4)))

    assert (answers, inside.connections) == ({UNREACHABLE, DENIED}, 0)


@pytest.mark.parametrize("row", [[], None], ids=["no address", "no such name"])
def test_a_name_without_an_address_is_refused(proxy, names, row):
    name = "nobody.test" if row is None else named(names, row)

    assert proxy.connect(f"{name}:443") == DENIED


@pytest.mark.parametrize(
    "line",
    [
        "GET http://{name}:8443/",
        "POST https://{name}:8443/",
        "PUT http://shop.test:443/",
        "GET ftp://{name}:8443/",
        "TRACE http://{name}:8443/",
        "PURGE http://{name}:8443/",
        "GET /squid-internal-mgr/info",
        "GET cache_object://127.0.0.1/info",
    ],
)
def test_nothing_but_a_tunnel_is_made(proxy, names, inside, line):
    name = named(names, [inside.host])
    request = f"{line.format(name=name)} HTTP/1.1\r\nHost: {name}\r\nContent-Length: 0\r\n\r\n"

    answer = proxy.ask(request.encode())

    assert (answer, inside.connections) == (DENIED, 0)


def test_the_log_holds_no_secret_of_a_url(proxy, names):
    name = named(names, [PUBLIC])
    fields = f"Host: {name}\r\nProxy-Authorization: Basic c2VjcmV0\r\nCookie: secret"

    proxy.ask(f"GET http://me:secret@{name}/secret?a=secret HTTP/1.1\r\n{fields}\r\n\r\n".encode())

    until(lambda: f" TCP_DENIED/403 GET {name}:80 -\n" in proxy.log)
    written = proxy.log + (proxy.folder / "cache.log").read_text()
    assert "c2VjcmV0" not in written
    assert not [line for line in written.splitlines() if name in line and "secret" in line]


def test_our_client_is_told_that_the_proxy_did_not_connect(proxy, names, inside, settings):
    settings.OMS_EGRESS_PROXY = proxy.url
    name = named(names, [inside.host])

    with pytest.raises(HttpError) as error:
        call(f"https://{name}:8443/")

    assert error.value.failure is HttpFailure.CONNECTION
    assert str(error.value) == "The egress proxy did not connect."
    assert (names.lookups(f"{name}."), inside.connections) == (1, 0)


def test_our_client_calls_through_a_tunnel_that_is_open(proxy, names, settings):
    settings.OMS_EGRESS_PROXY = proxy.url
    authority = Authority()
    host = f"127.{os.getpid() % 200 + 1}.252.{next(_hosts)}"
    name = named(names, [host], below="open.test")

    with receiving(hostile.answers, tls=authority.server(name), host=host, port=8443):
        answer = call(f"https://{name}:8443/", client={"trusted": authority.trusted()})

    assert (answer.status, answer.body) == (200, b"first")

import asyncio
import ssl

import pytest

from oms.kernel.http import HttpError, HttpFailure, Request, fetch
from oms.kernel.http.client import Client
from tests.integration.kernel.http.calling import call, calls
from tests.simulators import hostile
from tests.simulators.certificates import Authority
from tests.simulators.names import Names
from tests.simulators.receivers import closed_port, receiving


def test_sends_what_it_is_given_and_nothing_that_leads_elsewhere():
    with receiving(hostile.answers) as receiver:
        answer = call(
            f"http://localhost:{receiver.port}/hook?a=%5B1%5D",
            headers={"X-Id": "7", "Content-Type": "application/json"},
            allow_private=True,
        )

    head, *headers = receiver.heads[0].decode().strip().split("\r\n")
    assert head == "POST /hook?a=%5B1%5D HTTP/1.1"
    assert sorted(headers) == [
        "Accept-Encoding: identity",
        "Accept: */*",
        "Content-Length: 2",
        "Content-Type: application/json",
        f"Host: localhost:{receiver.port}",
        "User-Agent: oms/0.1.0",
        "X-Id: 7",
    ]
    assert (answer.status, answer.body, answer.is_truncated) == (200, b"first", False)
    assert answer.headers == {"set-cookie": "a=1", "x-twice": "1, 2", "content-length": "5"}


def test_keeps_connections_but_no_cookies():
    with receiving(hostile.answers) as receiver:
        request = Request(method="GET", url=receiver.url, allow_private=True)

        calls(request, request, request)

    assert (receiver.connections, len(receiver.heads)) == (1, 3)
    assert b"cookie" not in b"".join(receiver.heads).lower()


def test_answers_synchronous_code():
    with receiving(hostile.answers) as receiver:
        answer = fetch(Request(method="GET", url=receiver.url, allow_private=True))

    assert (answer.status, answer.body) == (200, b"first")


def test_reads_no_more_than_it_was_told():
    with receiving(hostile.answers) as receiver:
        whole = call(receiver.url, allow_private=True, most_bytes=5)
        cut = call(receiver.url, allow_private=True, most_bytes=4)

    assert (whole.body, whole.is_truncated) == (b"first", False)
    assert (cut.body, cut.is_truncated) == (b"firs", True)


def test_speaks_tls_with_the_name_of_the_url():
    authority = Authority()
    with receiving(hostile.answers, tls=authority.server("shop.test")) as receiver:
        answer = call(
            f"https://shop.test:{receiver.port}/",
            allow_private=True,
            client={"resolver": Names.always(shop="127.0.0.1"), "trusted": authority.trusted()},
        )

    assert answer.body == b"first"
    assert f"Host: shop.test:{receiver.port}".encode() in receiver.heads[0]


@pytest.mark.parametrize(
    ("url", "failure"),
    [
        ("https://nobody.test/", HttpFailure.NAME),
        ("http://127.0.0.1:{closed}/", HttpFailure.CONNECTION),
        ("http://169.254.169.254/", HttpFailure.ADDRESS),
        ("ftp://127.0.0.1/", HttpFailure.ADDRESS),
    ],
)
def test_says_why_there_is_no_answer(url, failure):
    with pytest.raises(HttpError) as error:
        call(
            url.format(closed=closed_port()) + "?token=secret",
            allow_private=True,
            client={"resolver": Names({})},
        )

    assert error.value.failure is failure
    assert 0 <= error.value.seconds < 5
    assert error.value.__suppress_context__ is True
    assert "secret" not in str(error.value)


class SlowNames:
    async def addresses(self, name):
        await asyncio.sleep(3600)


def test_a_name_that_is_not_answered_ends_with_the_time_to_connect():
    with pytest.raises(HttpError) as error:
        call("https://shop.test/", connect_within=0.2, client={"resolver": SlowNames()})

    assert error.value.failure is HttpFailure.TIMEOUT
    assert error.value.seconds < 2


def test_demands_a_context_that_verifies():
    lax = ssl.create_default_context()
    lax.check_hostname = False

    with pytest.raises(ValueError):
        Client(trusted=lax)

"""W-15: a receiver can hurt neither the process nor the next receiver."""

import asyncio

import psutil
import pytest

from oms.kernel.http import HttpError, HttpFailure, Request
from oms.kernel.http.client import Client
from tests.integration.kernel.http.calling import call
from tests.simulators import hostile
from tests.simulators.certificates import Authority
from tests.simulators.names import Names
from tests.simulators.receivers import receiving

DEADLINE = 1.0
PATIENT = 20.0  # where an answer is expected, also from a receiver on a busy machine
SLACK = 1.0  # a machine under load
MOST_GROWTH = 5 * 1024 * 1024

FAILING = {
    hostile.drips_its_body: HttpFailure.TIMEOUT,
    hostile.drips_its_head: HttpFailure.TIMEOUT,
    hostile.announces_without_end: HttpFailure.TIMEOUT,
    hostile.never_answers: HttpFailure.TIMEOUT,
    hostile.sends_a_huge_header: HttpFailure.PROTOCOL,
    hostile.sends_headers_without_end: HttpFailure.PROTOCOL,
    hostile.speaks_ssh: HttpFailure.PROTOCOL,
    hostile.miscounts_its_chunks: HttpFailure.PROTOCOL,
    hostile.resets_within_its_body: HttpFailure.CONNECTION,
    hostile.stops_within_its_body: HttpFailure.CONNECTION,
    hostile.closes_at_once: HttpFailure.CONNECTION,
}


@pytest.fixture
def bounded_memory():
    """The process, with client and receiver in it, does not grow by more than 5 MB."""
    with receiving(hostile.answers) as receiver:
        call(receiver.url, allow_private=True)  # what the first call alone allocates
    before = psutil.Process().memory_info().rss
    yield
    assert psutil.Process().memory_info().rss - before < MOST_GROWTH


def failure_of(url, **options):
    with pytest.raises(HttpError) as error:
        call(url, allow_private=True, deadline=DEADLINE, **options)
    assert error.value.seconds < DEADLINE + SLACK
    return error.value.failure


@pytest.mark.usefixtures("bounded_memory")
@pytest.mark.parametrize(("behaviour", "failure"), FAILING.items())
def test_ends_in_time_and_says_what_was_wrong(behaviour, failure):
    with receiving(behaviour) as receiver:
        assert failure_of(receiver.url) is failure


@pytest.mark.usefixtures("bounded_memory")
@pytest.mark.parametrize("behaviour", [hostile.sends_without_end, hostile.sends_a_gzip_bomb])
def test_reads_the_beginning_of_a_body_and_unpacks_nothing(behaviour):
    with receiving(behaviour) as receiver:
        answer = call(receiver.url, allow_private=True, deadline=PATIENT)

    assert (answer.status, len(answer.body), answer.is_truncated) == (200, 16 * 1024, True)


@pytest.mark.parametrize("behaviour", [hostile.answers_twice, hostile.answers_twice_at_once])
def test_an_answer_nobody_asked_for_is_not_taken_for_the_next(behaviour):
    async def ask_twice(receiver):
        request = Request(method="GET", url=receiver.url, allow_private=True)
        async with Client() as client:
            first = await client.send(request)
            receiver.go.set()
            await asyncio.to_thread(receiver.done.wait, 5)
            return first.body, (await client.send(request)).body

    with receiving(behaviour) as receiver:
        bodies = asyncio.run(ask_twice(receiver))

    assert bodies == (b"first", b"first")
    assert receiver.connections == 2


@pytest.mark.usefixtures("bounded_memory")
@pytest.mark.parametrize("flaw", ["self-signed", "wrong name", "TLS 1.0", "no TLS"])
def test_no_secure_connection_no_request(flaw):
    ours, theirs = Authority(), Authority()
    behaviour, tls = {
        "self-signed": (hostile.answers, theirs.server("shop.test")),
        "wrong name": (hostile.answers, ours.server("other.test")),
        "TLS 1.0": (hostile.shakes_hands_with(ours.server("shop.test", only_tls_1_0=True)), None),
        "no TLS": (hostile.speaks_ssh, None),
    }[flaw]
    client = {"resolver": Names.always(shop="127.0.0.1"), "trusted": ours.trusted()}

    with receiving(behaviour, tls=tls) as receiver:
        failure = failure_of(f"https://shop.test:{receiver.port}/", client=client)

    assert (failure, receiver.heads) == (HttpFailure.TLS, [])


@pytest.mark.usefixtures("bounded_memory")
def test_a_handshake_that_is_never_answered_ends_with_the_time_to_connect():
    client = {"resolver": Names.always(shop="127.0.0.1")}

    with receiving(hostile.never_answers) as receiver:
        url = f"https://shop.test:{receiver.port}/"
        failure = failure_of(url, connect_within=0.2, client=client)

    assert failure is HttpFailure.TIMEOUT


def test_what_one_receiver_does_is_not_felt_by_the_next():
    async def send_all(urls):
        async with Client() as client:
            requests = [
                Request(method="POST", url=url, allow_private=True, deadline=DEADLINE)
                for url in urls
            ]
            return await asyncio.gather(*map(client.send, requests), return_exceptions=True)

    with receiving(hostile.never_answers) as bad, receiving(hostile.answers) as good:
        outcomes = asyncio.run(send_all([bad.url] * 20 + [good.url]))

    assert {type(outcome) for outcome in outcomes[:20]} == {HttpError}
    assert (outcomes[20].body, bad.connections) == (b"first", 20)
    assert outcomes[20].seconds < DEADLINE

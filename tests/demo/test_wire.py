import socket
import threading
from contextlib import closing, contextmanager

import pytest

from demo.wire import Patience, Request, UnreachableError, Wire

FAST = Patience(seconds=5, timeout=2, first_pause=0.001, longest_pause=0.01, faults=3)
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
CLOSED = b""


@contextmanager
def server(*answers):
    """Answers each request with the next one; an empty answer closes the connection."""
    seen, left = [], list(answers)
    listening = socket.create_server(("127.0.0.1", 0))

    def serve():
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            with connection, connection.makefile("rb") as stream:
                seen.append("connected")
                while left and (request := _request(stream)):
                    seen.append(request)
                    if (answer := left.pop(0)) == CLOSED:
                        break
                    connection.sendall(answer)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}/openapi", seen
    listening.shutdown(socket.SHUT_RDWR)
    listening.close()


def _request(stream):
    head, length = stream.readline(), 0
    while (line := stream.readline().strip()) != b"":
        if line.lower().startswith(b"content-length"):
            length = int(line.split(b":")[1])
    stream.read(length)
    return head.decode().split()[:2] if head else None


def call(base_url, times=1, is_fault=lambda _: False):
    with closing(Wire(base_url, patience=FAST)) as wire:
        made = [
            Request("POST", f"{wire.prefix}/rest/{number}", {}, b"{}") for number in range(times)
        ]
        return wire, [wire.call(lambda request=request: request, is_fault) for request in made]


def test_it_keeps_the_connection():
    with server(OK, OK) as (base_url, seen):
        _, answers = call(base_url, times=2)

    assert [answer.body for answer in answers] == [b"ok", b"ok"]
    assert seen == ["connected", ["POST", "/openapi/rest/0"], ["POST", "/openapi/rest/1"]]


def test_it_repeats_a_call_whose_connection_broke():
    with server(CLOSED, OK) as (base_url, seen):
        wire, answers = call(base_url)

    assert answers[0].body == b"ok"
    assert seen.count(["POST", "/openapi/rest/0"]) == 2
    assert (wire.traffic.calls, wire.traffic.retries) == (1, 1)


def test_it_repeats_a_call_whose_answer_broke_off():
    half = b"HTTP/1.1 200 OK\r\nContent-Length: 200\r\n\r\nok"
    with server(half, CLOSED, OK) as (base_url, _):
        patience = Patience(seconds=5, timeout=0.2, first_pause=0.001)
        with closing(Wire(base_url, patience=patience)) as wire:
            answer = wire.call(lambda: Request("GET", "/", {}))

    assert answer.body == b"ok"


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_it_repeats_a_call_the_server_could_not_serve(status):
    busy = b"HTTP/1.1 %d No\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n" % status
    with server(busy, OK) as (base_url, _):
        wire, answers = call(base_url)

    assert answers[0].status == 200
    assert wire.traffic.retries == 1


def test_it_repeats_what_the_caller_calls_a_fault():
    bad = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nbad"
    with server(bad, OK) as (base_url, _):
        _, answers = call(base_url, is_fault=lambda answer: answer.body == b"bad")

    assert answers[0].body == b"ok"


def test_it_gives_up_on_a_server_that_keeps_failing():
    bad = b"HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n"
    with server(*[bad] * 9) as (base_url, _), pytest.raises(UnreachableError):
        call(base_url)


def test_it_gives_up_on_nobody():
    with pytest.raises(UnreachableError):
        Wire("http://127.0.0.1:9", patience=Patience(seconds=0, first_pause=0)).call(
            lambda: Request("GET", "/", {})
        )


def test_it_reads_chunks():
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n"
    with server(chunked, OK) as (base_url, seen):
        _, answers = call(base_url, times=2)

    assert [answer.body for answer in answers] == [b"abc", b"ok"]
    assert seen.count("connected") == 1

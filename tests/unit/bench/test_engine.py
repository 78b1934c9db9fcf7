import pytest

from bench.engine import EngineError, answer_body

HEAD = b"HTTP/1.1 200 OK\r\n"


def test_a_body_with_a_length_is_cut_to_it():
    assert answer_body(HEAD + b"Content-Length: 5\r\n\r\nhello") == b"hello"


def test_a_body_is_joined_from_its_chunks():
    chunked = HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n"

    assert answer_body(chunked) == b"hello world"


@pytest.mark.parametrize(
    "received",
    [
        HEAD,
        HEAD + b"Content-Length: 5\r\n\r\nhel",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhel",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n",
    ],
)
def test_what_is_not_complete_is_waited_for(received):
    assert answer_body(received) is None


def test_an_answer_without_a_length_is_refused():
    with pytest.raises(EngineError):
        answer_body(HEAD + b"Server: x\r\n\r\n")

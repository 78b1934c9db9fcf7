import pytest

from oms.kernel.http import HeaderRefused, HttpError, HttpFailure, Request

URL = "https://shop.test/?token=secret"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Host", "shop.test"),
        ("content-length", "0"),
        ("Transfer-Encoding", "chunked"),
        ("CONNECTION", "close"),
        ("Accept-Encoding", "gzip"),
        ("Expect", "100-continue"),
        ("Proxy-Authorization", "Basic x"),
        ("Upgrade", "h2c"),
        ("", "x"),
        ("X Y", "x"),
        ("X:Y", "x"),
        ("X\r\nY", "x"),
        ("X-\u00e4", "x"),
        ("X-Y", "a\r\nHost: b"),
        ("X-Y", "a\nb"),
        ("X-Y", "a\rb"),
        ("X-Y", "a\x00b"),
        ("X-Y", "\u010d\u010a"),
        ("X-Y", "a\n"),
    ],
)
def test_a_header_that_may_not_be_sent_is_refused(name, value):
    with pytest.raises(HeaderRefused) as refusal:
        Request(method="POST", url=URL, headers={name: value})

    assert refusal.value.code == "header_refused"


def test_other_headers_are_taken():
    headers = {"Authorization": "Bearer x", "X-Y": "a\tb ~", "Content-Type": "application/json"}

    request = Request(method="POST", url=URL, headers=headers)

    assert request.headers == headers


def test_its_secrets_are_not_shown():
    request = Request(method="POST", url=URL, headers={"Authorization": "secret"}, body=b"secret")

    assert "secret" not in repr(request)


@pytest.mark.parametrize("failure", HttpFailure)
def test_every_failure_has_a_sentence_of_its_own(failure):
    sentences = {str(HttpError(each, seconds=0)) for each in HttpFailure}

    error = HttpError(failure, seconds=1.5)

    assert (error.failure, error.seconds) == (failure, 1.5)
    assert len(sentences) == len(HttpFailure)

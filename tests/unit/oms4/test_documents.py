import pytest

from oms.api.oms4 import documents
from oms.api.oms4.documents import NotJson


@pytest.mark.parametrize("body", [b"", b" \n", b"{}"])
def test_no_body_is_an_empty_document(body):
    assert documents.decode(body) == {}


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"nope",
        b'{"a":NaN}',
        b'{"a":Infinity}',
        b'{"a":1e999999}',
        b'{"a":"\\ud800"}',
        b'{"\\ud800":1}',
        b'{"a":"\xff"}',
        b'{"a":"\xed\xa0\x80"}',
        b"\xef\xbb\xbf{}",
        b'{"a":' + b"9" * 10_000 + b"}",
        b"[" * 100_000,
        b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    ],
)
def test_what_is_not_json_is_refused(body):
    with pytest.raises(NotJson, match=r"^body: is not JSON in UTF-8$"):
        documents.decode(body)


@pytest.mark.parametrize("body", [b"[]", b"1", b'"text"', b"null", b"true"])
def test_only_an_object_is_a_document(body):
    with pytest.raises(NotJson, match=r"^body: must be an object$"):
        documents.decode(body)


def test_the_last_of_two_equal_members_counts():
    assert documents.decode(b'{"a":1,"a":2}') == {"a": 2}


def test_nesting_ends_at_32_levels():
    deep = b'{"a":' * 32 + b"1" + b"}" * 32
    deeper = b'{"a":' * 33 + b"1" + b"}" * 33
    wide = b'{"a":[' + b",".join([b"{}"] * 500) + b"]}"

    assert documents.decode(deep)
    assert len(documents.decode(wide)["a"]) == 500
    with pytest.raises(NotJson, match=r"^body: is nested deeper than 32$"):
        documents.decode(deeper)


@pytest.mark.parametrize("body", [b'{"a":["\\u0000"]}', b'{"a\\u0000":1}'])
def test_nul_is_refused_wherever_it_is(body):
    with pytest.raises(NotJson, match=r"^body: holds the character NUL$"):
        documents.decode(body)


def test_a_backslash_before_u0000_is_just_text():
    assert documents.decode(b'{"a":"\\\\u0000"}') == {"a": "\\u0000"}


def test_numbers_of_any_size_can_be_written():
    assert documents.encode({"a": 10**30, "b": 29.9}) == (
        b'{"a":1000000000000000000000000000000,"b":29.9}'
    )

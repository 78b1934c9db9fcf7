import pytest

from oms.api.oms4.calls import WireCall
from oms.api.oms4.documents import NotJson
from oms.api.oms4.kinds import ID, Texts, Whole
from oms.api.oms4.queries import document_of
from oms.api.oms4.reader import member, shape

SHAPE = shape(member("ft_nos", Texts(ID, 5)), member("limit", Whole()))


def document(query, body=b""):
    return document_of(WireCall(method="GET", path="/rest/x", query=query, body=body), SHAPE)


@pytest.mark.parametrize(
    "query",
    [
        "ft_nos=[FT001,FT002]",
        "ft_nos=%5BFT001%2CFT002%5D",
        "ft_nos=%5B%22FT001%22%2C%22FT002%22%5D",
        "ft_nos=[FT001,+FT002]",
        "ft_nos=FT001,FT002",
        "ft_nos=FT001&ft_nos=FT002",
        "ft_nos[]=FT001&ft_nos[]=FT002",
        "ft_nos%5B%5D=FT001,FT002",
    ],
)
def test_reads_a_list_in_every_documented_form(query):
    assert document(query) == {"ft_nos": ["FT001", "FT002"]}


@pytest.mark.parametrize("query", ["ft_nos=", "ft_nos=[]", "ft_nos=[,]"])
def test_an_empty_list_is_empty(query):
    assert document(query) == {"ft_nos": []}


def test_plain_values_stay_text():
    assert document("limit=5&other=[x]") == {"limit": "5", "other": "[x]"}


def test_the_body_wins_over_the_query():
    assert document("limit=5", b'{"limit":6}') == {"limit": 6}


def test_a_query_that_is_not_utf8_is_refused():
    with pytest.raises(NotJson, match=r"^query: is not UTF-8$"):
        document("limit=%FF")

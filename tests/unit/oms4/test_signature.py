import pytest

from oms.api.oms4 import signature
from oms.api.oms4.calls import WireCall, operation_path

SECRET = "demo-secret"
HEADERS = [("tenant_id", "1001"), ("api_key", "2001"), ("timestamp", "1727345777022")]
PARCELS = b'{"order_no":["ORD-1"],"offset":0,"limit":50}'
CANCELS = b'{"ft_no":["FT001","FT002"]}'
BY_NO = "/rest/fp_api/fulfillment_task/get_by_no"


def call(method="POST", path="/rest/foo", query="", body=b""):
    return WireCall(method=method, path=path, query=query, body=body)


def accepts(wire, given, headers=HEADERS):
    return signature.matches(wire, headers=headers, secret=SECRET, signature=given)


def signed(text):
    return signature.sign(SECRET, text.encode())


def test_the_documented_example_gives_the_documented_string():
    headers = [("tenant_id", "1001"), ("api_key", "2001"), ("timestamp", "1517820392000")]
    wire = call("GET", query="foo=1&bar=2&foo_bar=3&foobar=4")

    texts = list(signature.candidates(wire, headers=headers))

    assert texts == [
        b"/rest/fooapi_key2001bar2foo1foo_bar3foobar4tenant_id1001timestamp1517820392000"
    ]


@pytest.mark.parametrize(
    ("wire", "given"),
    [
        (
            call("GET", BY_NO, "ft_nos=%5BFT001%2CFT002%5D"),
            "ec1a487df96e528d470e0845d9b96daf65dd9a76c3ac2e1900bfe70c6c6c056d",
        ),
        (
            call("POST", "/rest/sc_api/parcel/list", body=PARCELS),
            "ee1369a9ec793989855f30568d8f960b58b771a1bbecf62f85baa48b29b26fa4",
        ),
        (
            call("GET", "/rest/fp_api/cancel_request/get", body=CANCELS),
            "e97a2e88aeff7c64eee9b5705b9d720b7ef1a9de155b0ed6337a6702ac29250b",
        ),
        (
            call("GET", "/rest/fp_api/cancel_request/get", body=CANCELS),
            "06ca8231ae8b0ea78b556657a69548618172be1291d4d92063aeaf4c00bb95fd",
        ),
    ],
)
def test_accepts_the_vectors_of_the_contract(wire, given):
    assert accepts(wire, given) is True
    assert accepts(wire, given.upper()) is True


def test_a_post_with_a_body_and_no_query_always_covers_its_body():
    wire = call("POST", "/rest/sc_api/parcel/list", body=PARCELS)
    without = signed("/rest/sc_api/parcel/listapi_key2001tenant_id1001timestamp1727345777022")

    assert accepts(wire, without) is False
    assert len(list(signature.candidates(wire, headers=HEADERS))) == 1


def test_a_changed_byte_of_the_body_is_refused():
    given = "ee1369a9ec793989855f30568d8f960b58b771a1bbecf62f85baa48b29b26fa4"

    wire = call("POST", "/rest/sc_api/parcel/list", body=PARCELS + b" ")

    assert accepts(wire, given) is False


@pytest.mark.parametrize(
    "text",
    [
        "/rest/fooapi_key2001btenant_id1001timestamp1727345777022x[A B]",
        "/rest/fooapi_key2001tenant_id1001timestamp1727345777022x[A B]",
        "/rest/fooapi_key2001btenant_id1001timestamp1727345777022x%5BA+B%5D",
        "/rest/fooapi_key2001tenant_id1001timestamp1727345777022x%5BA+B%5D",
        "/rest/fooapi_key2001btenant_id1001timestamp1727345777022x[A B]{}",
        "/rest/fooapi_key2001tenant_id1001timestamp1727345777022x%5BA+B%5D{}",
    ],
)
def test_a_query_may_be_signed_in_each_of_the_ways_the_contract_leaves_open(text):
    wire = call("POST", query="x=%5BA+B%5D&b=", body=b"{}")

    assert accepts(wire, signed(text)) is True


def test_repeated_names_keep_their_order():
    wire = call("GET", query="b=2&a=9&b=1")

    assert accepts(wire, signed("/rest/fooa9api_key2001b2b1tenant_id1001timestamp1727345777022"))


def test_a_query_that_is_not_utf8_can_be_signed_as_it_stands():
    wire = call("GET", query="x=%FF")

    assert accepts(wire, signed("/rest/fooapi_key2001tenant_id1001timestamp1727345777022x%FF"))


def test_a_signature_outside_ascii_is_just_wrong():
    assert accepts(call("GET"), "é" * 64) is False


@pytest.mark.parametrize(
    ("path", "operation"),
    [
        ("/rest/a/b", "/rest/a/b"),
        ("/openapi/rest/a/b", "/rest/a/b"),
        ("/openapi//rest//a/b", "/rest/a/b"),
        ("/tenant/1001/rest/a/rest/b", "/rest/a/rest/b"),
    ],
)
def test_the_signed_path_starts_at_rest(path, operation):
    assert operation_path(path) == operation

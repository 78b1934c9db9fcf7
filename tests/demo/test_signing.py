import pytest

from demo.signing import Credentials, sign, string_to_sign

DEMO = Credentials("1001", "2001", "demo-secret")
AT = 1727345777022


def test_it_makes_the_documented_string():
    query = [("foo", "1"), ("bar", "2"), ("foo_bar", "3"), ("foobar", "4")]

    text = string_to_sign("/rest/foo", DEMO, 1517820392000, query=query)

    assert text == (
        b"/rest/fooapi_key2001bar2foo1foo_bar3foobar4tenant_id1001timestamp1517820392000"
    )


@pytest.mark.parametrize(
    ("path", "query", "body", "signature"),
    [
        (
            "/rest/fp_api/fulfillment_task/get_by_no",
            [("ft_nos", "[FT001,FT002]")],
            b"",
            "ec1a487df96e528d470e0845d9b96daf65dd9a76c3ac2e1900bfe70c6c6c056d",
        ),
        (
            "/rest/sc_api/parcel/list",
            [],
            b'{"order_no":["ORD-1"],"offset":0,"limit":50}',
            "ee1369a9ec793989855f30568d8f960b58b771a1bbecf62f85baa48b29b26fa4",
        ),
        (
            "/rest/fp_api/cancel_request/get",
            [],
            b'{"ft_no":["FT001","FT002"]}',
            "e97a2e88aeff7c64eee9b5705b9d720b7ef1a9de155b0ed6337a6702ac29250b",
        ),
        (
            "/rest/fp_api/cancel_request/get",
            [],
            b"",
            "06ca8231ae8b0ea78b556657a69548618172be1291d4d92063aeaf4c00bb95fd",
        ),
    ],
)
def test_it_signs_the_vectors_of_the_contract(path, query, body, signature):
    assert sign(path, DEMO, AT, query=query, body=body) == signature

"""The Seller Center that tests and the demo talk to keeps to the contract."""

import json

import pytest

from tests.simulators.seller_center import Basket, SellerCenter, Sold
from tests.simulators.whisperer import signature
from tests.unit.simulators.wire import call

UUID = "c0ffee00c0ffee00c0ffee00c0ffee0{}"
TEN, ELEVEN = "2026-01-05T10:00:00.000000Z", "2026-01-05T11:00:00.000000Z"


@pytest.fixture
def seller_center():
    with SellerCenter() as found:
        yield found


def envelope(event_type="package.created", value="100", *, uuid=1, at=TEN, items=(70193,), **more):
    return {
        "event": {"type": event_type, "uuid": UUID.format(uuid)},
        "payload": {
            "number": "00000001",
            "order_number": "279209",
            "state": {"enum_value": value},
            "stock_location": {"erp_code": "369", "conf": {"supplier_code": "S1"}},
            "packageitem_set": [{"order_item": {"omnitron_id": pk}} for pk in items],
            "modified_date": at,
            **more,
        },
    }


def tell(seller_center, message, **headers):
    is_creation = message["event"]["type"] == "package.created"
    path = "packages/" if is_creation else "packages/update-status/"
    told = {"X-Whisperer-Event": message["event"]["type"], "Content-Type": "application/json"}
    return call(
        "POST",
        f"{seller_center.base_url}/{path}",
        message,
        token=seller_center.token,
        headers=told | headers,
    )


def test_orders_are_read_with_the_fixed_token_only(seller_center):
    order = seller_center.orders.place(Basket("279209", (Sold("A", 2, supplier_code="S1"),)))
    url = f"{seller_center.base_url}/order_items/?order={order['pk']}&sort=id"

    status, answer = call("GET", url, token=seller_center.token)

    assert (status, answer["count"]) == (200, 2)
    assert answer["results"][0]["attributes"] == {"supplier_code": "S1"}
    assert call("GET", url, token="other")[0] == 401
    assert call("GET", f"{seller_center.origin}/api/v1/orders/", token="x")[0] == 404


def test_a_package_is_entered_and_moves(seller_center):
    tell(seller_center, envelope())
    tell(seller_center, envelope("package.status.packed", "500", uuid=2, at=ELEVEN))

    [package] = seller_center.books.of_order("279209")
    assert package.states == ["100", "500"]
    assert (package.erp_code, package.supplier_code, package.items) == ("369", "S1", {70193})
    assert seller_center.books.problems == []


def test_what_comes_again_counts_once(seller_center):
    statuses = [tell(seller_center, envelope())[0] for _ in range(2)]

    assert statuses == [200, 200]
    assert seller_center.books.duplicates == 1
    assert seller_center.books.problems == []


def test_a_late_message_changes_nothing(seller_center):
    tell(seller_center, envelope())
    tell(seller_center, envelope("package.status.packed", "500", uuid=2, at=ELEVEN))
    tell(seller_center, envelope("package.status.preparing", "200", uuid=3, at=TEN))

    assert seller_center.books.packages["00000001"].state == "500"
    assert seller_center.books.stale == ["00000001: package.status.preparing"]


@pytest.mark.parametrize(
    ("messages", "problem"),
    [
        ([envelope("package.status.packed", "200")], "package.status.packed of 00000001 says"),
        ([envelope(), envelope(value="200")], "c0ffee00c0ffee00c0ffee00c0ffee01 says something"),
        ([envelope(), envelope(uuid=2)], "00000001 was created twice"),
        ([envelope(number="P-1")], "P-1 is no package number"),
    ],
)
def test_what_breaks_the_contract_is_noted(seller_center, messages, problem):
    for message in messages:
        tell(seller_center, message)

    assert [each[: len(problem)] for each in seller_center.books.problems] == [problem]


def test_what_is_no_envelope_is_a_400(seller_center):
    message = envelope()
    message["data"] = message.pop("payload")

    assert tell(seller_center, message)[0] == 400
    assert seller_center.books.packages == {}


def test_a_signature_is_wanted_once_a_secret_is_agreed():
    message = envelope()
    with SellerCenter(secret="k") as seller_center:
        unsigned = tell(seller_center, message)[0]
        right = signature("k", json.dumps(message).encode())
        signed = tell(seller_center, message, **{"X-Whisperer-Signature": right})[0]

    assert (unsigned, signed, seller_center.strangers) == (401, 200, 1)


def test_sellers_that_share_a_package_are_told(seller_center):
    tell(seller_center, envelope(items=(1, 2)))

    told = list(seller_center.books.mixed_sellers({1: "S1", 2: "S2"}))

    assert told == ["package 00000001 holds items of ['S1', 'S2']"]

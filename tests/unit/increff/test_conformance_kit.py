"""That the kit can fail: a check that passes whatever happens would prove nothing."""

import http.client
import json
import re

import pytest

from oms.api.increff.conformance import __main__ as kit
from oms.api.increff.conformance import shapes
from oms.api.increff.conformance.listening import CREDENTIAL_PATH, FRESH_HEADER, listening
from oms.api.increff.conformance.verdicts import Broken, Check, NotApplicable, Verdict
from oms.api.increff.conformance.wire import Reply
from tests.simulators.receivers import closed_port, receiving

JSON = {"content-type": "application/json"}
ITEM = {
    "orderItemCodes": ["1"],
    "clientSkuId": "29",
    "channelSkuCode": "EF-1",
    "barcode": "29",
    "orderedQuantity": 2,
    "cancelledQuantity": 1,
    "customerCancelledQty": None,
    "sellerCancelledQty": 1,
    "sellerRejectQty": None,
    "hoppedQuantity": None,
    "sellingPricePerUnit": 649.0,
    "giftChargePerUnit": None,
    "channelDiscount": None,
    "sellerDiscount": None,
    "shippingCharge": None,
    "isVirtual": False,
    "externalItemCodes": [],
    "orderItemCustomAttributes": None,
}
ADDRESS = dict.fromkeys(shapes.ADDRESS) | {"name": "A Rao", "line1": "4 Lake Rd"}
EVENT = {
    "locationCode": "EFS-BLR",
    "messageId": 90071,
    "orderCode": "WS-5512",
    "parentOrderCode": None,
    "orderTime": "2025-02-03T06:10:00Z[UTC]",
    "startProcessingTime": "2025-02-03T06:10:00Z[UTC]",
    "requiredBy": "2025-02-04T12:00:00Z[UTC]",
    "paymentMethod": "NCOD",
    "isPriority": False,
    "channelName": "WEBSHOP",
    "eventType": "SUBORDER_CREATE",
    "onHold": False,
    "orderCustomAttributes": None,
    "orderItems": [ITEM],
    "shippingAddress": ADDRESS,
    "billingAddress": ADDRESS,
    "virtualSkuDefinitions": None,
    "bundledSkuDefinitions": None,
}


def checks():
    return [check for chapter in kit.CHAPTERS for check in chapter.checks]


def test_it_checks_every_line_of_section_seven():
    assert sum(check.section == "7" for check in checks()) == 12


def test_it_checks_every_line_of_section_six():
    told = " ".join(f"{check.section} {check.what}" for check in checks())

    found = {int(number) for number in re.findall(r"\b6\.(\d+)\b", told)}

    assert found == set(range(1, 16))


def test_it_checks_every_api():
    named = {check.section for check in checks() if check.section.startswith("API ")}

    assert named == {f"API {number}" for number in range(1, 13)}


def test_it_takes_the_contracts_own_push():
    assert shapes.check_order_event(EVENT) == EVENT


@pytest.mark.parametrize(
    ("changes", "flaw"),
    [
        ({"messageId": "90071"}, "the push.messageId is not long: '90071'"),
        ({"orderTime": "2025-02-03T06:10:00Z"}, "the push.orderTime is not date with [UTC]"),
        ({"eventType": "SUBORDER_PACKED"}, "the push.eventType is not SUBORDER_CREATE"),
        ({"status": "NEW"}, "the push has undocumented status"),
        ({"orderItems": {}}, "the push.orderItems is not object[]"),
        (
            {"orderItems": [ITEM | {"cancelledQuantity": 2}]},
            "cancelledQuantity is 2, its parts make 1",
        ),
        ({"orderItems": [ITEM | {"isVirtual": None}]}, "orderItems.isVirtual is not boolean"),
        ({"shippingAddress": ADDRESS | {"line1": None}}, "shippingAddress.line1 is not non-empty"),
    ],
)
def test_it_names_a_member_that_differs(changes, flaw):
    with pytest.raises(Broken) as broken:
        shapes.check_order_event(EVENT | changes)

    assert str(broken.value).startswith(flaw)


def test_it_takes_a_member_nobody_documented_when_it_is_null():
    assert shapes.check_order_event(EVENT | {"newest": None})["newest"] is None


@pytest.mark.parametrize(
    "reply", [Reply(201, {}, b""), Reply(200, {}, b"{}"), Reply(200, {}, b"null")]
)
def test_an_empty_success_is_200_and_zero_bytes(reply):
    with pytest.raises(Broken):
        reply.empty()


@pytest.mark.parametrize(
    "reply",
    [
        Reply(200, JSON, b""),
        Reply(404, JSON, b'{"code":"BAD_DATA","message":"no","description":null}'),
        Reply(400, JSON, b'{"code":"NO","message":"no","description":null}'),
        Reply(400, JSON, b'{"code":"BAD_DATA","message":"no"}'),
        Reply(400, {"content-type": "text/html"}, b"<p>no</p>"),
    ],
)
def test_a_refusal_has_its_status_code_and_body(reply):
    with pytest.raises(Broken):
        reply.refused()


@pytest.mark.parametrize(
    ("outcome", "verdict"),
    [
        (None, Verdict.PASS),
        (Broken("why"), Verdict.FAIL),
        (KeyError("orderItems"), Verdict.FAIL),
        (ConnectionRefusedError("nobody"), Verdict.FAIL),
        (NotApplicable("why"), Verdict.SKIPPED),
    ],
)
def test_every_end_of_a_check_has_its_verdict(outcome, verdict):
    def run(_):
        if outcome is not None:
            raise outcome

    line = Check("7", "something", run).line(None)

    assert (line.section, line.what, line.verdict) == ("7", "something", verdict)


def ask(port, method, path, document=None, **headers):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request(method, path, json.dumps(document or {}).encode(), headers)
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer.status, content


def test_its_receiver_asks_for_fresh_credentials_until_they_come():
    port = closed_port()
    with listening(("127.0.0.1", port)) as mailbox:
        mailbox.unauthorized.add("WS-1")

        first = ask(port, "POST", "/orders", {"orderCode": "WS-1"})
        other = ask(port, "POST", "/orders", {"orderCode": "WS-2"})
        _, fresh = ask(port, "GET", CREDENTIAL_PATH)
        again = ask(port, "POST", "/orders", {"orderCode": "WS-1"}, **json.loads(fresh))

    assert (first[0], other[0], again[0]) == (401, 200, 200)
    assert json.loads(fresh) == {FRESH_HEADER: "fresh-1"}
    assert mailbox.credential_calls == 1
    assert len(mailbox.of_order("WS-1")) == 2


async def says_yes(receiver, reader, writer):
    """An installation that takes everything and knows nothing."""
    await receiver.head(reader)
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    await writer.drain()


def test_an_installation_that_says_yes_to_everything_fails(capsys):
    with receiving(says_yes) as receiver:
        code = kit.main(
            [
                receiver.url,
                *("--user", "EFS-1", "--password", "x", "--location", "L"),
                *("--sku", "EF-1:29:A", "--sku", "EF-2:30:B", "--patience", "0"),
            ]
        )

    *lines, summary = capsys.readouterr().out.splitlines()
    passed = [line for line in lines if " PASS " in line]
    assert code == 1
    # Only what asks for nothing but 200 and zero bytes.
    assert [line.split("PASS")[1].strip()[:30] for line in passed] == [
        "a listing without toleranceDay",
        "the contract's example; the sa",
        "another serial number or toler",
    ]
    assert summary.startswith(f"{len(lines)} checks: 3 PASS, ")

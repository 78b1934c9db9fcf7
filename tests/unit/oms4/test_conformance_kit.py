"""That the kit can fail: a check that passes whatever happens would prove nothing."""

import json
import uuid

import pytest

from oms.api.oms4.conformance import __main__ as kit
from oms.api.oms4.conformance import shapes
from oms.api.oms4.conformance.signing import Key, push_signature, signature, text_to_sign
from oms.api.oms4.conformance.verdicts import Broken, Check, NotApplicable, Verdict
from oms.api.oms4.conformance.wire import Reply
from tests.simulators.receivers import receiving

SECRET = "demo-secret"
HEADERS = [("tenant_id", "1001"), ("api_key", "2001"), ("timestamp", "1727345777022")]


@pytest.mark.parametrize(
    ("path", "query", "body", "expected"),
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
def test_it_signs_as_the_contract_does(path, query, body, expected):
    text = text_to_sign(path, [*HEADERS, *query], body)

    assert signature(SECRET, text) == expected


def test_it_knows_the_contracts_push_signature():
    body = (
        b'{"tenant_id":"1001","api_key":"2001","webhook_type":"FP","message_type":"ping",'
        b'"data":{},"timestamp":1727345777022}'
    )

    signed = push_signature(Key("1001", "2001", SECRET), body)

    assert signed == "d565e0c20c3a0f8df2578cfa0f350f568022685151a9a1a535bd82f688ab360b"


@pytest.mark.parametrize(
    ("document", "flaw"),
    [
        ({"parcel_id": 1}, "thing lacks fp_parcel_no"),
        ({"parcel_id": 1, "fp_parcel_no": None, "more": 1}, "thing has undocumented more"),
        ({"parcel_id": "1", "fp_parcel_no": None}, "thing.parcel_id is not Integer"),
        ({"parcel_id": True, "fp_parcel_no": None}, "thing.parcel_id is not Integer"),
        ({"parcel_id": 1, "fp_parcel_no": 1}, "thing.fp_parcel_no is not String or null"),
        ([], "thing is not an object"),
    ],
)
def test_it_names_a_member_that_differs(document, flaw):
    with pytest.raises(Broken) as broken:
        shapes.check(document, {"parcel_id": shapes.INT, "fp_parcel_no": shapes.TEXT}, "thing")

    assert str(broken.value) == flaw


@pytest.mark.parametrize(
    ("status", "changes"),
    [
        (200, {"code": 200}),
        (200, {"code": "400"}),
        (200, {"message": "ok"}),
        (200, {"request_id": "7"}),
        (200, {"extra": 1}),
        (201, {}),
        (200, {"code": "413", "message": "too large"}),
        (200, {"code": "400", "message": "no", "data": []}),
    ],
)
def test_it_refuses_another_envelope(status, changes):
    document = {"code": "200", "message": "success", "data": None, "request_id": str(uuid.uuid4())}

    with pytest.raises((Broken, ValueError)):
        Reply.read(status, json.dumps(document | changes).encode())


@pytest.mark.parametrize(
    ("outcome", "verdict"),
    [
        (None, Verdict.PASS),
        (Broken("why"), Verdict.FAIL),
        (KeyError("items"), Verdict.FAIL),
        (ConnectionRefusedError("nobody"), Verdict.FAIL),
        (NotApplicable("why"), Verdict.SKIPPED),
    ],
)
def test_every_end_of_a_check_has_its_verdict(outcome, verdict):
    def run(_):
        if outcome is not None:
            raise outcome

    line = Check("1.1", "something", run).line(None)

    assert (line.section, line.what, line.verdict) == ("1.1", "something", verdict)


async def says_yes(receiver, reader, writer):
    """An installation that takes everything and knows nothing."""
    await receiver.head(reader)
    answer = {"code": "200", "message": "success", "data": None, "request_id": str(uuid.uuid4())}
    body = json.dumps(answer).encode()
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
    await writer.drain()


def test_an_installation_that_says_yes_to_everything_fails(capsys):
    with receiving(says_yes) as receiver:
        code = kit.main(
            [
                receiver.url,
                *("--tenant", "1001", "--channel-key", "3001", "--channel-secret", "x"),
                *("--point-key", "2001", "--point-secret", "x", "--patience", "0"),
            ]
        )

    *lines, summary = capsys.readouterr().out.splitlines()
    passed = {line.split(maxsplit=1)[0] for line in lines if " PASS " in line}
    assert code == 1
    # What can be seen without a refusal and without data: odd calls are taken, ids differ, and
    # three writes answer null.
    assert passed == {"1.1", "1.3", "1.4", "1.5", "4.1", "4.9", "4.11"}
    assert summary.startswith(f"{len(lines)} checks: ")

"""Receipts, inspections, refunds and calling off, through the API."""

import datetime as dt

import pytest
from django.utils import timezone

from oms.api.v1.returns import examples, mapping
from oms.api.v1.returns.inputs import InspectionInput, ReceiptInput, ReturnInput, ReturnPatch
from oms.api.v1.road.fields import moment
from oms.api.v1.road.inputs import read
from returns.choices import (
    Disposition,
    QcStatus,
    RefundDecision,
    ReturnStatus,
    ReturnType,
    UnitStatus,
)
from tests.factories import make_organization, make_point
from tests.integration.returns.builders import level
from tests.integration.v1.returns.test_announcing import error_of, loc
from tests.v1_client import V1


@pytest.fixture
def body(case, announce):
    """A return of two units of the first line."""
    return announce(units=[{"sku": case.skus[0].code}] * 2, tracking_number="RV300").json()


def at(body, word=""):
    return f"/returns/{body['id']}{word}"


def ids(body):
    return [unit["id"] for unit in body["units"]]


def judged(unit_id, **members):
    return {"id": unit_id, "qc_status": "pass", "disposition": "restock", **members}


def test_a_whole_life(api, case, body):
    first, second = ids(body)

    received = api.post(at(body, "/receipts"), {"tracking_number": "RV300"})
    assert (received.status_code, received.json()["status"]) == (200, "received")
    assert {unit["status"] for unit in received.json()["units"]} == {"received"}

    inspected = api.post(
        at(body, "/inspections"),
        {
            "units": [
                judged(first),
                judged(
                    second,
                    qc_status="fail",
                    qc_reason="stain",
                    disposition="quarantine",
                    image_urls=["https://img.example/1.jpg"],
                ),
            ]
        },
    )
    assert inspected.json()["status"] == "inspected"
    assert inspected.json()["refund_decision"] == "pending"
    assert inspected.json()["units"][1] == {
        **received.json()["units"][1],
        "status": "inspected",
        "qc_status": "fail",
        "qc_reason": "stain",
        "disposition": "quarantine",
        "image_urls": ["https://img.example/1.jpg"],
        "inspected_at": inspected.json()["inspected_at"],
    }
    assert level(case) == (9, 1)

    closed = api.patch(at(body), {"refund_decision": "approved"})
    assert (closed.json()["status"], closed.json()["refund_decision"]) == ("closed", "approved")
    assert closed.json()["version"] == 4
    assert closed.headers["ETag"] == '"v4"'


def test_receipts_and_inspections_may_be_said_again(api, case, body):
    first, _ = ids(body)
    for _ in range(2):
        received = api.post(at(body, "/receipts"), {"units": [first]})
        inspected = api.post(at(body, "/inspections"), {"units": [judged(first)]})

    assert (received.status_code, inspected.status_code) == (200, 200)
    assert inspected.json()["version"] == 3
    assert level(case) == (9, 0)


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({}, (422, "validation_failed", "/units", "required")),
        ({"units": []}, (422, "validation_failed", "/units", "out_of_range")),
        ({"units": ["rtu_1"]}, (422, "validation_failed", "/units/0", "unknown_value")),
        (
            {"units": ["rtu_01JD3V0QZ4XW7B9M2K5N8R6T1E"]},
            (422, "validation_failed", "/units", "unknown_value"),
        ),
        (
            {"tracking_number": "OTHER"},
            (422, "validation_failed", "/tracking_number", "unknown_value"),
        ),
        (
            {"tracking_number": "RV300", "received_at": "2999-01-01T00:00:00Z"},
            (422, "validation_failed", "/received_at", "out_of_range"),
        ),
        (
            {"tracking_number": "RV300", "location_id": "loc_01JD3V0QZ4XW7B9M2K5N8R6T1E"},
            (422, "unknown_location", "/location_id", "unknown_value"),
        ),
    ],
)
def test_refuses_receipts_that_cannot_be_meant(api, body, said, error):
    assert error_of(api.post(at(body, "/receipts"), said)) == error
    assert api.get(at(body)).json() == body


def test_a_receipt_says_when_and_where(api, case, body):
    desk = make_point(organization=case.point.organization)
    when = moment(timezone.now() - dt.timedelta(hours=2))
    first, _ = ids(body)

    answer = api.post(
        at(body, "/receipts"),
        {"units": [first], "received_at": when, "location_id": loc(desk)},
    )

    assert answer.json()["location_id"] == loc(desk)
    assert answer.json()["received_at"] == when
    assert [unit["received_at"] for unit in answer.json()["units"]] == [when, None]


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"qc_status": "pending"}, "/units/0/qc_status"),
        ({"disposition": "sell"}, "/units/0/disposition"),
        ({"image_urls": ["javascript:1"]}, "/units/0/image_urls/0"),
        ({"id": "rtu_x"}, "/units/0/id"),
    ],
)
def test_refuses_results_that_cannot_be_meant(api, body, change, error):
    said = {"units": [judged(ids(body)[0], **change)]}

    answer = api.post(at(body, "/inspections"), said)

    assert error_of(answer)[:3] == (422, "validation_failed", error)


def test_refuses_a_unit_twice_in_one_inspection(api, body):
    first, _ = ids(body)

    answer = api.post(at(body, "/inspections"), {"units": [judged(first), judged(first)]})

    assert error_of(answer) == (422, "validation_failed", "/units/1/id", "duplicate")


def test_inspects_only_what_arrived(api, body):
    answer = api.post(at(body, "/inspections"), {"units": [judged(ids(body)[0])]})

    assert error_of(answer)[:2] == (409, "invalid_state")
    assert answer.json()["current_status"] == "expected"
    assert answer.json()["allowed"] == ["cancelled", "received"]


def test_a_result_is_final(api, body):
    first, _ = ids(body)
    api.post(at(body, "/receipts"), {"units": [first]})
    api.post(at(body, "/inspections"), {"units": [judged(first)]})

    answer = api.post(at(body, "/inspections"), {"units": [judged(first, disposition="discard")]})

    assert error_of(answer)[:2] == (409, "invalid_state")


def test_patches_what_may_change(api, body):
    answer = api.patch(
        at(body),
        {"carrier_code": "ghn", "tracking_number": None, "note": "x"},
        headers={"If-Match": '"v1"', "Content-Type": "application/merge-patch+json"},
    )

    changed = {"carrier_code": "ghn", "tracking_number": None, "note": "x", "version": 2}
    assert answer.json() == {**body, **changed, "updated_at": answer.json()["updated_at"]}


def test_refuses_a_stale_version(api, body):
    api.patch(at(body), {"note": "first"})

    answer = api.patch(at(body), {"note": "second"}, headers={"If-Match": '"v1"'})

    assert error_of(answer)[:2] == (412, "version_conflict")
    assert api.get(at(body)).json()["note"] == "first"


@pytest.mark.parametrize("member", ["status", "units", "external_id", "location_id", "id"])
def test_refuses_members_that_never_change(api, body, member):
    answer = api.patch(at(body), {member: "x"})

    assert error_of(answer) == (422, "validation_failed", f"/{member}", "not_allowed")


def test_refuses_another_refund_decision(api, body):
    api.patch(at(body), {"refund_decision": "rejected"})

    answer = api.patch(at(body), {"refund_decision": "approved"})

    assert error_of(answer)[:2] == (409, "invalid_state")
    assert answer.json()["current_status"] == "expected"


def test_freezes_the_journey_once_everything_arrived(api, body):
    api.post(at(body, "/receipts"), {"tracking_number": "RV300"})

    frozen = api.patch(at(body), {"tracking_number": "RV301"})
    free = api.patch(at(body), {"note": "still"})

    assert error_of(frozen)[:2] == (409, "invalid_state")
    assert free.json()["note"] == "still"


def test_is_called_off_without_a_body(api, body):
    answer = api.post(at(body, "/cancel"))

    assert (answer.status_code, answer.json()["status"]) == (200, "cancelled")
    assert {unit["status"] for unit in answer.json()["units"]} == {"cancelled"}
    again = api.post(at(body, "/cancel"), {})
    assert error_of(again)[:2] == (409, "invalid_state")
    assert (again.json()["current_status"], again.json()["allowed"]) == ("cancelled", [])


def test_units_that_will_not_come_are_called_off(api, body):
    first, second = ids(body)
    api.post(at(body, "/receipts"), {"units": [first]})

    whole = api.post(at(body, "/cancel"), {})
    part = api.post(at(body, "/cancel"), {"units": [second]})

    assert error_of(whole)[:2] == (409, "invalid_state")
    assert [unit["status"] for unit in part.json()["units"]] == ["received", "cancelled"]


ROUTES = [
    ("GET", "", None),
    ("PATCH", "", {"note": "x"}),
    ("POST", "/receipts", {"tracking_number": "RV300"}),
    ("POST", "/inspections", {"units": []}),
    ("POST", "/cancel", {}),
]


@pytest.mark.parametrize(("method", "word", "said"), ROUTES)
def test_is_nobody_elses(case, body, method, word, said):
    desk = make_point(organization=case.point.organization)
    stranger = V1(make_organization())
    neighbour = V1(case.point.organization, point=desk)

    for client in (stranger, neighbour):
        answer = client.call(method, at(body, word), json=said)
        assert error_of(answer)[:2] == (404, "not_found")


@pytest.mark.parametrize(("method", "word", "said"), ROUTES)
def test_needs_the_scope(case, body, method, word, said):
    scope = "returns:write" if method == "GET" else "returns:read"
    client = V1(case.point.organization, scopes=[scope])

    answer = client.call(method, at(body, word), json=said)

    assert error_of(answer)[:2] == (403, "insufficient_scope")


@pytest.mark.parametrize("name", ["ret_x", "ord_01JD3V0QZ4XW7B9M2K5N8R6T1E", "1"])
def test_what_is_no_identifier_is_not_found(api, name):
    assert error_of(api.get(f"/returns/{name}"))[:2] == (404, "not_found")


def test_every_word_of_ours_has_one_of_theirs():
    pairs = (
        (mapping.TYPE, ReturnType),
        (mapping.STATUS, ReturnStatus),
        (mapping.UNIT_STATUS, UnitStatus),
        (mapping.QC_STATUS, QcStatus),
        (mapping.DISPOSITION, Disposition),
        (mapping.REFUND_DECISION, RefundDecision),
    )
    for words, ours in pairs:
        assert set(words.values()) == set(ours)
        assert [mapping.word(each) for each in ours] == list(words)


@pytest.mark.parametrize(
    ("example", "kind"),
    [
        (examples.EXPECTED, ReturnInput),
        (examples.RECEIVED, ReceiptInput),
        (examples.INSPECTED, InspectionInput),
        (examples.REFUNDED, ReturnPatch),
    ],
)
def test_the_documents_examples_can_be_read(example, kind):
    assert set(read(kind, example.value, context={})) >= set(example.value)

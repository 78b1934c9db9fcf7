"""POST /v1/returns."""

import pytest

from oms.api.v1.road import identifiers
from returns.models import ReturnOrder
from tests.factories import make_channel, make_organization, make_point
from tests.integration.returns.builders import shipped
from tests.v1_client import V1


def lines_of(case):
    placed_at = identifiers.moment_of(case.order.public_id)
    numbers = case.order.lines.order_by("position").values_list("number", flat=True)
    return [identifiers.of_number("oli_", number, placed_at) for number in numbers]


def loc(point):
    return identifiers.of_uuid("loc_", point.public_id)


def error_of(answer):
    """Status, code, and where the first mistake is."""
    body = answer.json()
    [first, *_] = body.get("errors") or [{}]
    return answer.status_code, body["code"], first.get("pointer"), first.get("code")


def test_answers_the_return(api, case, order_id, announce):
    unit = {"external_id": "RMA-9-1", "sku": case.skus[0].code, "reason": "too small"}

    answer = announce(external_id="RMA-9", type="customer_return", units=[unit])

    body = answer.json()
    row = ReturnOrder.objects.get()
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"/v1/returns/{body['id']}"
    assert answer.headers["ETag"] == '"v1"'
    assert body == {
        "id": identifiers.of_uuid("ret_", row.public_id),
        "number": row.number,
        "external_id": "RMA-9",
        "order_id": order_id,
        "channel": case.channel.code,
        "order_external_id": case.order.external_id,
        "type": "customer_return",
        "status": "expected",
        "location_id": loc(case.point),
        "carrier_code": None,
        "tracking_number": None,
        "note": None,
        "units": [
            {
                "id": identifiers.of_uuid("rtu_", row.units.get().public_id),
                "external_id": "RMA-9-1",
                "order_line_id": lines_of(case)[0],
                "sku": case.skus[0].code,
                "reason": "too small",
                "status": "expected",
                "qc_status": "pending",
                "qc_reason": None,
                "image_urls": [],
                "disposition": None,
                "received_at": None,
                "inspected_at": None,
            }
        ],
        "refund_decision": "pending",
        "version": 1,
        "created_at": body["created_at"],
        "updated_at": body["created_at"],
        "received_at": None,
        "inspected_at": None,
        "refund_decided_at": None,
        "closed_at": None,
        "cancelled_at": None,
    }
    assert api.get(f"/returns/{body['id']}").json() == body


def test_names_units_by_line(case, announce):
    _, second = lines_of(case)

    answer = announce(units=[{"order_line_id": second}], type="undelivered")

    assert answer.json()["units"][0]["sku"] == case.skus[1].code
    assert answer.json()["type"] == "undelivered"


def test_names_the_order_by_its_channel(case, order_id, announce):
    answer = announce(
        order_id=..., channel=case.channel.code.lower(), order_external_id=case.order.external_id
    )

    assert answer.json()["order_id"] == order_id


def test_refuses_more_than_was_shipped(case, announce):
    answer = announce(units=[{"sku": case.skus[0].code}] * 3)

    assert error_of(answer) == (409, "invalid_state", "/units/2", "out_of_range")
    assert ReturnOrder.objects.exists() is False


def test_refuses_a_number_twice(announce):
    first = announce(external_id="RMA-1").json()["id"]

    answer = announce(external_id="RMA-1")

    assert error_of(answer)[:2] == (409, "duplicate_external_id")
    assert answer.json()["existing_id"] == first


@pytest.mark.parametrize(
    ("members", "error"),
    [
        ({"order_id": ...}, (422, "validation_failed", "/order_id", "required")),
        ({"order_id": "ord_1"}, (404, "not_found", None, None)),
        (
            {"order_id": ..., "channel": "X"},
            (422, "validation_failed", "/order_external_id", "required"),
        ),
        (
            {"order_id": ..., "channel": "NOBODYS", "order_external_id": "1"},
            (422, "validation_failed", "/channel", "unknown_value"),
        ),
        ({"channel": "X"}, (422, "validation_failed", "/channel", "not_allowed")),
        ({"units": ...}, (422, "validation_failed", "/units", "required")),
        ({"units": []}, (422, "validation_failed", "/units", "required")),
        ({"units": [{}]}, (422, "validation_failed", "/units/0/sku", "required")),
        ({"units": [{"sku": "NONE"}]}, (422, "unknown_sku", "/units/0/sku", "unknown_value")),
        (
            {"units": [{"order_line_id": identifiers.of_number("oli_", 1, identifiers._EPOCH)}]},
            (422, "validation_failed", "/units/0/order_line_id", "unknown_value"),
        ),
        (
            {"units": [{"sku": "A", "external_id": "1"}, {"sku": "A", "external_id": "1"}]},
            (422, "validation_failed", "/units/1/external_id", "duplicate"),
        ),
        ({"type": "gift"}, (422, "validation_failed", "/type", "unknown_value")),
        ({"external_id": ""}, (422, "validation_failed", "/external_id", "required")),
        ({"external_id": 7}, (422, "validation_failed", "/external_id", "invalid_type")),
        ({"note": "n" * 1001}, (422, "validation_failed", "/note", "too_long")),
        ({"status": "closed"}, (400, "unknown_field", "/status", "unknown_field")),
        (
            {"units": [{"sku": "A", "qc_status": "pass"}]},
            (400, "unknown_field", "/units/0/qc_status", "unknown_field"),
        ),
    ],
)
def test_refuses_what_cannot_be_meant(announce, members, error):
    assert error_of(announce(**members)) == error
    assert ReturnOrder.objects.exists() is False


def test_refuses_a_location_of_somebody_else(announce):
    answer = announce(location_id=loc(make_point()))

    assert error_of(answer) == (422, "unknown_location", "/location_id", "unknown_value")


def test_refuses_an_unknown_order_of_a_known_channel(case, announce):
    answer = announce(order_id=..., channel=case.channel.code, order_external_id="NONE")

    assert error_of(answer)[:2] == (404, "not_found")


def test_another_organizations_order_does_not_exist(announce):
    stranger = V1(make_organization())

    assert error_of(announce(stranger))[:2] == (404, "not_found")
    assert ReturnOrder.objects.exists() is False


def test_a_bound_client_names_its_own_channel(case, announce):
    other = make_channel(organization=case.point.organization)
    client = V1(case.point.organization, channel=other)

    named = announce(
        client,
        order_id=...,
        channel=case.channel.code,
        order_external_id=case.order.external_id,
    )

    assert error_of(named)[:2] == (403, "insufficient_scope")
    assert error_of(announce(client))[:2] == (404, "not_found")


def test_needs_the_scope(case, announce):
    reader = V1(case.point.organization, scopes=["returns:read"])

    assert error_of(announce(reader))[:2] == (403, "insufficient_scope")
    assert ReturnOrder.objects.exists() is False


def test_the_same_key_announces_once(api, case, order_id):
    body = {"order_id": order_id, "units": [{"sku": case.skus[0].code}]}

    first = api.post("/returns", body, key="k-1")
    again = api.post("/returns", body, key="k-1")

    assert again.content == first.content
    assert again.headers["Idempotency-Replayed"] == "true"
    assert ReturnOrder.objects.count() == 1


@pytest.mark.django_db
def test_a_points_client_announces_to_itself():
    case = shipped()
    client = V1(case.point.organization, point=case.point)
    desk = make_point(organization=case.point.organization)
    order_id = identifiers.of_uuid("ord_", case.order.public_id)
    body = {"order_id": order_id, "units": [{"sku": case.skus[0].code}]}

    elsewhere = client.post("/returns", body | {"location_id": loc(desk)})
    here = client.post("/returns", body)

    assert error_of(elsewhere) == (422, "unknown_location", "/location_id", "unknown_value")
    assert here.json()["location_id"] == loc(case.point)

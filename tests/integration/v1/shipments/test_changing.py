import pytest

from tests import factories
from tests.integration.v1.orders.world import codes
from tests.v1_client import V1


def patch(yard, shipment, *, headers=None, **members):
    return yard.api.patch(f"/shipments/{shipment['id']}", members, headers=headers or {})


def cancel(yard, shipment, reason="customer_request"):
    return yard.api.post(f"/shipments/{shipment['id']}/cancel", {"reason": reason})


def test_note_and_tracking_can_be_changed(yard):
    shipment = yard.shipped()

    answer = patch(yard, shipment, note="fragile", tracking_number="GHN0123")

    body = answer.json()
    assert (body["note"], body["tracking_number"]) == ("fragile", "GHN0123")
    assert body["version"] == shipment["version"] + 1
    assert answer.headers["ETag"] == f'"v{body["version"]}"'


def test_null_clears_and_a_size_is_merged(yard):
    shipment = yard.shipped(note="fragile", parcel={"weight_g": 600, "length_mm": 300})

    body = patch(yard, shipment, note=None, parcel={"weight_g": 700}).json()

    assert body["note"] is None
    assert body["parcel"] == {"weight_g": 700, "length_mm": 300}


@pytest.mark.parametrize(
    "members",
    [{"carrier_code": "jt"}, {"service_level": "express"}, {"parcel": {"weight_g": 9}}],
)
def test_what_is_on_the_label_is_frozen_once_it_is_ready(yard, members):
    shipment = yard.shipped()
    yard.print_labels()

    answer = patch(yard, shipment, **members)

    body = answer.json()
    assert (answer.status_code, body["code"], body["current_status"]) == (
        409,
        "invalid_state",
        "ready_to_ship",
    )


@pytest.mark.parametrize("name", ["status", "order_id", "lines", "cod_amount", "ship_to", "id"])
def test_what_never_changes_is_said_at_its_pointer(yard, name):
    shipment = yard.shipped()

    answer = patch(yard, shipment, **{name: shipment[name]})

    assert answer.status_code == 422
    assert codes(answer) == [(f"/{name}", "not_allowed")]


def test_a_stale_version_is_refused(yard):
    shipment = yard.shipped()
    etag = f'"v{shipment["version"]}"'

    first = patch(yard, shipment, note="a", headers={"If-Match": etag})
    second = patch(yard, shipment, note="b", headers={"If-Match": etag})

    assert (first.status_code, second.status_code) == (200, 412)
    assert second.json()["code"] == "version_conflict"


def test_a_cancelled_shipment_frees_the_order(yard):
    order = yard.order()
    shipment = yard.shipped(order)

    body = cancel(yard, shipment).json()

    assert (body["status"], body["cancelled_at"] is not None) == ("cancelled", True)
    assert yard.world.read(order)["status"] == "allocated"
    assert yard.ship(order).status_code == 201


def test_what_was_picked_up_cannot_be_cancelled(yard):
    shipment = yard.shipped(carrier_code="self")
    yard.report(shipment, "picked_up")

    answer = cancel(yard, shipment)

    assert (answer.status_code, answer.json()["current_status"]) == (409, "picked_up")


def test_a_cancelled_shipment_cannot_be_cancelled(yard):
    shipment = yard.shipped()
    cancel(yard, shipment)

    answer = cancel(yard, shipment)

    assert (answer.status_code, answer.json()["allowed"]) == (409, [])


def test_another_organizations_shipment_does_not_exist(yard):
    shipment = yard.shipped()
    stranger = V1(factories.make_organization())
    path = f"/shipments/{shipment['id']}"
    at = {"status": "picked_up", "occurred_at": "2026-11-20T08:00:00.000Z"}

    answers = [
        stranger.get(path),
        stranger.patch(path, {"note": "mine"}),
        stranger.post(f"{path}/status-updates", at),
        stranger.post(f"{path}/cancel", {"reason": "other"}),
        stranger.get(f"{path}/tracking"),
        stranger.get(f"{path}/label"),
    ]

    assert [answer.status_code for answer in answers] == [404] * 6
    assert yard.read(shipment) == shipment


def test_an_id_with_another_time_does_not_exist(yard):
    shipment = yard.shipped()
    other = "shp_0" + "0" * 9 + shipment["id"][14:]

    answer = yard.api.get(f"/shipments/{other}")

    assert answer.status_code == 404

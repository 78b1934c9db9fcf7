import hashlib

import pytest


def label(yard, shipment, word=None):
    query = f"?format={word}" if word else ""
    return yard.api.get(f"/shipments/{shipment['id']}/label{query}")


@pytest.mark.parametrize(
    ("word", "media_type", "start"),
    [
        (None, "application/pdf", b"%PDF-"),
        ("pdf", "application/pdf", b"%PDF-"),
        ("zpl", "application/zpl", b"^XA"),
        ("png", "image/png", b"\x89PNG"),
    ],
)
def test_a_label_comes_as_a_file(yard, word, media_type, start):
    shipment = yard.shipped()
    yard.print_labels()

    answer = label(yard, shipment, word)

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, media_type)
    assert answer.content.startswith(start)
    assert answer.headers["ETag"] == f'"{hashlib.sha256(answer.content).hexdigest()}"'
    assert answer.headers["Content-Disposition"].startswith("inline")


def test_a_label_on_its_way_is_asked_for_again_later(yard):
    answer = label(yard, yard.shipped())

    assert (answer.status_code, answer.json()["code"]) == (409, "label_not_ready")
    assert answer.headers["Retry-After"] == "5"


def test_no_label_is_not_found(yard):
    answer = label(yard, yard.shipped(carrier_code="self"))

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_a_label_that_failed_says_why(yard):
    shipment = yard.shipped()
    yard.report(shipment, "label_failed", description="No such ward")

    answer = label(yard, shipment)

    body = answer.json()
    assert (answer.status_code, body["code"]) == (422, "carrier_rejected")
    assert (body["carrier_code"], body["carrier_message"]) == ("", "No such ward")
    assert yard.read(shipment)["label"] == {
        "status": "failed",
        "format": None,
        "error": "No such ward",
    }


def test_an_unknown_format_is_a_bad_parameter(yard):
    answer = label(yard, yard.shipped(), "gif")

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_parameter")


def test_a_ready_label_is_told(yard):
    shipment = yard.shipped()
    yard.print_labels()

    read = yard.read(shipment)

    assert read["label"] == {"status": "ready", "format": "pdf", "error": None}
    assert (read["status"], read["tracking_number"] is not None) == ("ready_to_ship", True)

"""What carrier extensions are sent, and how their answers are read (contract 7.3)."""

import datetime as dt
import json
from decimal import Decimal

import pytest

from fulfillment.carriers.base import Address as Printed
from fulfillment.carriers.base import Content, Destination, Journey, LabelRequest, ShipmentDetails
from oms.api.akinon.carriers import documents, records, refusals
from oms.api.akinon.carriers.documents import Place, Places
from tests.simulators.carrier_extension import check_body

TO = Destination(
    name="Ayse Gul Kaya",
    phone="+90 555 123 45 67",
    country="TR",
    province="Istanbul",
    district="Kadikoy",
    ward="Moda",
    postal_code="34710",
    line="Bahariye Cd. 5",
)
KNOWN = Places(
    country=Place(key=1, code="TR", name="Turkiye"),
    city=Place(key=34, name="Istanbul"),
    township=Place(key=471, name="Kadikoy"),
    district=Place(key=9001, name="Moda"),
)
SETTING = {
    "name": "Swift Cargo",
    "erp_code": "SW1",
    "shipping_company": "swift",
    "conf": {"base_url": "https://swift.example/api/", "with_payment": True, "origin_id": "W-1"},
}
[RECORD] = records.read([SETTING], organization_id=7)


def request_for(**overrides) -> tuple[LabelRequest, ShipmentDetails]:
    defaults = {
        "destination": TO,
        "note": "Ring twice",
        "currency": "TRY",
        "contents": (Content(sku="A", name="Shirt", quantity=2, barcode="869"),),
    }
    details = ShipmentDetails(**{**defaults, **overrides})
    request = LabelRequest(
        reference="OMS0000000012",
        parcel_number=12,
        order_number="279209",
        task_number="FT0000000003",
        sender=Printed(),
        recipient=Printed(),
        details=details,
    )
    return request, details


def body_of(places: Places = KNOWN, **overrides) -> dict:
    request, details = request_for(**overrides)
    return documents.shipment_body(request, details, record=RECORD, places=places)


def test_the_body_has_the_members_of_the_contract():
    body = body_of(told={"language_code": "tr-tr"})

    assert body == {
        "shipmentId": "OMS0000000012",
        "orderNumber": "279209",
        "locale": "tr-TR",
        "deliveryNote": "Ring twice",
        "type": "CUSTOMER",
        "destination": {
            "name": "Ayse Gul",
            "surname": "Kaya",
            "tel": "+90 555 123 45 67",
            "country": {"id": 1, "code": "TR", "name": "Turkiye"},
            "city": {"id": 34, "name": "Istanbul"},
            "township": {"id": 471, "name": "Kadikoy"},
            "district": {"id": 9001, "name": "Moda"},
            "zipcode": "34710",
            "addressLine": "Bahariye Cd. 5",
        },
        "products": [{"sku": "A", "barcode": "869", "name": "Shirt", "quantity": 2}],
        "originId": "W-1",
    }
    check_body(body)


def test_what_is_not_known_is_left_out():
    told = body_of(Places(), destination=Destination(name="Kaya", country="TR", district="Izmir"))

    assert told["destination"] == {
        "name": "Kaya",
        "surname": "",
        "tel": "",
        "country": {"code": "TR", "name": "TR"},
        "city": {"name": "Izmir"},
        "zipcode": "",
        "addressLine": "",
    }
    check_body(told)


@pytest.mark.parametrize(
    ("language", "told", "locale"),
    [
        ("en", {}, "en"),
        ("vi", {"language_code": ""}, "vi"),
        ("en", {"language_code": "TR_tr"}, "tr-TR"),
        ("en", {"language_code": "not a tag!"}, "en"),
    ],
)
def test_the_locale_is_the_buyers_or_that_of_our_papers(language, told, locale):
    assert body_of(language=language, told=told)["locale"] == locale


@pytest.mark.parametrize(
    ("channel_type", "has_point", "kind"),
    [
        ("OMNITRON", True, "PICK_UP_LOCATION"),
        ("SELLER_CENTER", True, "PICK_UP_LOCATION"),
        ("OMNITRON", False, "CUSTOMER"),
        ("OTHER", True, "CUSTOMER"),
    ],
)
def test_what_is_collected_goes_to_a_pickup_location(channel_type, has_point, kind):
    body = body_of(channel_type=channel_type, has_preferred_point=has_point)

    assert body["type"] == kind


def test_pay_on_delivery_is_told_where_the_record_wants_it():
    [silent] = records.read(
        [{**SETTING, "conf": {"base_url": "https://swift.example"}}], organization_id=7
    )
    request, details = request_for(cod_amount=Decimal("19.8000"))

    loud = documents.shipment_body(request, details, record=RECORD, places=KNOWN)
    quiet = documents.shipment_body(request, details, record=silent, places=KNOWN)

    assert loud["payment"] == {
        "paymentId": "OMS0000000012",
        "amount": 19.8,
        "currency": "TRY",
    }
    assert "payment" not in quiet


@pytest.mark.parametrize("member", ["awbNumber", "awb_number", "trackingNumber", "barcode"])
def test_the_number_is_read_from_any_of_its_members(member):
    read = documents.read_shipment({"status": "shipping", member: 9001})

    assert (read.status, read.number, read.journey) == ("SHIPPING", "9001", Journey.LEFT)


def test_an_address_that_is_none_is_not_kept():
    read = documents.read_shipment({"status": "CREATED", "trackingUrl": "javascript:alert(1)"})

    assert read.url == ""


def test_a_status_nobody_knows_moves_nothing():
    assert documents.read_shipment({"status": "AT_DEPOT"}).journey == Journey.WAITING


def test_the_history_says_when():
    history = {
        "history": [
            {"status": "CREATED", "date": "2026-01-15T10:00:00Z"},
            {"status": "SHIPPING", "date": "2026-01-15T11:00:00Z"},
            {"status": "SHIPPING", "date": "soon"},
        ]
    }

    assert documents.read_instant(history, "SHIPPING") == dt.datetime(
        2026, 1, 15, 11, tzinfo=dt.UTC
    )
    assert documents.read_instant(history["history"], "DELIVERED") is None


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ({"code": "ZIP", "message": "Out of area"}, ("ZIP", "Out of area")),
        ({"code": "ZIP", "message": "We do not go to Moda"}, ("ZIP", "")),
        ({"code": "ZIP", "message": "KAYA is unknown"}, ("ZIP", "")),
        ({"code": "ZIP", "message": "905551234567 is no phone"}, ("ZIP", "")),
        ({"code": "ZIP", "message": "call 0555-1234567"}, ("ZIP", "")),
        ({"code": "Kaya", "message": "x" * 300}, ("", "x" * 200)),
        ({"error": {"code": 4711, "message": "No"}}, ("4711", "No")),
        (["Kaya"], ("", "")),
    ],
)
def test_a_refusal_is_repeated_without_the_buyers_words(said, kept):
    private = refusals.private_words(documents.destination(TO, KNOWN))

    assert refusals.told(json.dumps(said).encode(), private=private) == kept


def test_of_other_calls_only_the_code_is_repeated():
    body = b'{"code": "LEFT", "message": "Ayse Kaya has it"}'

    assert refusals.told(body, private=None) == ("LEFT", "")


def test_records_without_an_address_are_no_extensions():
    value = [SETTING, {**SETTING, "erp_code": "PLAIN", "conf": {}}, "nothing"]

    found = records.read(value, organization_id=7)

    assert [record.erp_code for record in found] == ["SW1"]
    assert (found[0].base_url, found[0].code) == (
        "https://swift.example/api",
        "extension:7:SW1",
    )
    assert found[0].ask_every == dt.timedelta(hours=1)


@pytest.mark.parametrize(
    ("code", "parts"), [("extension:7:SW1", (7, "SW1")), ("extension:7:a:b", (7, "a:b"))]
)
def test_a_code_names_organization_and_carrier(code, parts):
    assert records.parts_of(code) == parts


@pytest.mark.parametrize("code", ["extension:7", "extension:x:SW1", "extension:"])
def test_any_other_code_names_nobody(code):
    with pytest.raises(LookupError):
        records.parts_of(code)

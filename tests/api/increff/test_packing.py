"""API 7: packing yields parcel, invoice and label in one call."""

import base64
import datetime as dt

import pytest

from channels_app.choices import DeliveryScenario
from fulfillment.carriers import registry
from fulfillment.carriers.base import CarrierError
from fulfillment.choices import InvoiceKind, ParcelStatus, TaskStatus
from fulfillment.models import FulfillmentTask, Invoice, PaperSettings, Parcel, TaskLine
from oms.events.choices import EventType
from oms.events.models import Event
from oms.orders.models import OrderLine
from tests.api.increff.dock_world import SHIRT, SOCKS, Dock, cancel, hold, opened

pytestmark = pytest.mark.django_db


@pytest.fixture
def dock():
    dock = Dock.build()
    PaperSettings.objects.create(organization=dock.organization, tax_type="IGST")
    return dock


class Refusing:
    """A carrier that takes no parcel."""

    code = "swift"

    def __init__(self, *, temporary):
        self.temporary = temporary

    def buy_label(self, _request):
        raise CarrierError("Postcode is not served", temporary=self.temporary)

    def find_label(self, _reference):
        return None

    def void_label(self, _reference):
        return None


def refusal(answer):
    assert answer.status_code == 400
    assert answer.json()["code"] == "BAD_DATA"
    return answer.json()["message"]


def test_the_example_of_the_contract_is_packed(dock):
    dock.order("WS-5512")

    answer = dock.wms.pack(
        orderCode="WS-5512",
        locationCode="EFS-BLR",
        channelName="WEBSHOP",
        weight=420,
        packageSku="BOX-S",
        fulfillmentType="BLOCK_COMPLETE",
        packageDetails={"length": 30, "breadth": 20, "height": 8},
        shipmentItems=[
            {"channelSkuCode": "EF-7001", "quantityToPack": 1, "externalSerialCodes": []}
        ],
    )

    assert answer.status_code == 200
    parcel, invoice = Parcel.objects.get(), Invoice.objects.get()
    found = answer.json()
    assert opened(found.pop("invoiceUrl"))[:2] == (200, "application/pdf")
    assert opened(found["shippingLabel"].pop("shippingLabelUrl"))[:2] == (200, "application/pdf")
    assert found == {
        "orderCode": "WS-5512",
        "locationCode": "EFS-BLR",
        "channelId": "WEBSHOP",
        "shipmentCode": str(parcel.number),
        "shipmentId": parcel.number,
        "shippingLabel": {
            "transporter": parcel.carrier,
            "awbNumber": parcel.tracking_number,
            "shippingLabel": None,
        },
        "invoice": None,
        "invoiceCode": invoice.code,
        "invoiceDate": invoice_date(invoice),
        "invoiceDetails": [
            {
                "channelSkuCode": "EF-7001",
                "clientSkuId": "8901230071",
                "quantity": 1,
                "netTaxAmountPerUnit": 30.9,
                "netTaxAmountTotal": 30.9,
                "baseSellingPricePerUnit": 618.1,
                "baseSellingPriceTotal": 618.1,
                "actualSellingPricePerUnit": 649.0,
                "actualSellingPriceTotal": 649.0,
                "taxItems": [{"type": "IGST", "rate": 5.0, "taxPerUnit": 30.9, "taxTotal": 30.9}],
            }
        ],
    }
    assert parcel.tracking_number
    assert (parcel.weight_kg * 1000, parcel.length_cm, parcel.width_cm, parcel.height_cm) == (
        420,
        30,
        20,
        8,
    )


def invoice_date(invoice):
    """As the wire has it: the clock of Kolkata, milliseconds and offset."""
    text = invoice.issued_at.astimezone(dt.timezone(dt.timedelta(hours=5, minutes=30)))
    return text.strftime("%Y-%m-%dT%H:%M:%S.") + f"{text.microsecond // 1000:03d}+05:30"


def test_what_is_required_is_enough(dock):
    dock.order("WS-5512")

    answer = dock.pack("WS-5512")

    assert answer.status_code == 200
    assert answer.json()["invoiceUrl"]
    assert answer.json()["shippingLabel"]["shippingLabelUrl"]


def test_a_repeat_is_answered_as_the_first_time(dock):
    dock.order("WS-5512", [(SHIRT, 2), (SOCKS, 1)])
    first = dock.pack("WS-5512", [(SHIRT, 2), (SOCKS, 1)])
    events = Event.objects.count()

    again = dock.pack("WS-5512", [(SOCKS, 1), (SHIRT, "2")])

    assert (again.status_code, again.content) == (200, first.content)
    assert (Parcel.objects.count(), Invoice.objects.count()) == (1, 1)
    assert Event.objects.count() == events


def test_a_repeat_that_names_the_sku_by_its_barcode_is_one(dock):
    dock.order("WS-5512")
    first = dock.pack("WS-5512")

    again = dock.pack("WS-5512", [("8901230071", 1)])

    assert (again.status_code, again.content) == (200, first.content)


def test_units_of_two_lines_of_a_sku_are_one_entry(dock):
    dock.order("WS-5512", [(SHIRT, 1), (SHIRT, 2)])

    answer = dock.pack("WS-5512", [(SHIRT, 3)])

    assert answer.status_code == 200
    assert [
        (each["channelSkuCode"], each["quantity"]) for each in answer.json()["invoiceDetails"]
    ] == [(SHIRT, 3)]


def test_a_block_must_be_complete(dock):
    task = dock.order("WS-5512", [(SHIRT, 2), (SOCKS, 1)])

    answer = dock.pack("WS-5512", [(SHIRT, 2)])

    assert refusal(answer) == "Order must be packed completely: WS-5512"
    assert not Parcel.objects.filter(task=task).exists()
    assert not Invoice.objects.exists()


def test_units_left_out_of_a_single_shipment_are_cancelled_by_the_seller(dock):
    task = dock.order("WS-5512", [(SHIRT, 2), (SOCKS, 1)])

    answer = dock.pack("WS-5512", [(SHIRT, 1)], fulfillmentType="SINGLE_SHIPMENT_PARTIAL")

    assert answer.status_code == 200
    lines = OrderLine.objects.filter(order=task.order_id).order_by("position")
    assert [line.cancelled_by_seller for line in lines] == [1, 1]
    assert FulfillmentTask.objects.get(pk=task.pk).status == TaskStatus.PACKED
    assert [each["quantity"] for each in answer.json()["invoiceDetails"]] == [1]


def test_a_repeat_of_a_single_shipment_cancels_nothing_more(dock):
    dock.order("WS-5512", [(SHIRT, 2)])
    first = dock.pack("WS-5512", [(SHIRT, 1)], fulfillmentType="SINGLE_SHIPMENT_PARTIAL")

    again = dock.pack("WS-5512", [(SHIRT, 1)], fulfillmentType="SINGLE_SHIPMENT_PARTIAL")

    assert (again.status_code, again.content) == (200, first.content)
    assert TaskLine.objects.get().quantity_cancelled == 1


def test_units_left_out_of_one_of_several_shipments_stay_open(dock):
    dock.order("WS-5512", [(SHIRT, 2), (SOCKS, 1)])
    several = {"fulfillmentType": "MULTI_SHIPMENT_PARTIAL"}

    first = dock.pack("WS-5512", [(SHIRT, 1)], **several)
    second = dock.pack("WS-5512", [(SHIRT, 1), (SOCKS, 1)], **several)

    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json()["shipmentId"] != second.json()["shipmentId"]
    assert first.json()["invoiceCode"] != second.json()["invoiceCode"]
    assert FulfillmentTask.objects.get().status == TaskStatus.PACKED


def test_the_same_units_of_several_shipments_again_are_a_repeat(dock):
    dock.order("WS-5512", [(SHIRT, 1), (SHIRT, 1)])
    several = {"fulfillmentType": "MULTI_SHIPMENT_PARTIAL"}

    first = dock.pack("WS-5512", [(SHIRT, 1)], **several)
    again = dock.pack("WS-5512", [(SHIRT, 1)], **several)

    assert (again.status_code, again.content) == (200, first.content)
    assert Parcel.objects.packed().count() == 1


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"packageDetails": {"length": 30}}, {"packageDetails": {"length": 31}}),
        ({"serial": "S-1"}, {"serial": "S-2"}),
    ],
)
def test_the_same_units_in_another_box_are_packed_once_more(dock, first, second):
    dock.order("WS-5512", [(SHIRT, 1), (SHIRT, 1)])

    answers = [dock.pack("WS-5512", **one_of_several(**each)) for each in (first, second)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json()["shipmentId"] != answers[1].json()["shipmentId"]
    assert Parcel.objects.packed().count() == 2


def one_of_several(serial=None, **body):
    """One shirt, in one of several boxes."""
    item = {"channelSkuCode": SHIRT, "quantityToPack": 1}
    if serial:
        item["externalSerialCodes"] = [serial]
    return {"fulfillmentType": "MULTI_SHIPMENT_PARTIAL", "shipmentItems": [item], **body}


def test_other_contents_after_a_complete_pack_are_refused(dock):
    dock.order("WS-5512", [(SHIRT, 2)])
    dock.pack("WS-5512", [(SHIRT, 2)])

    answer = dock.pack("WS-5512", [(SHIRT, 1)])

    assert refusal(answer) == "Order is already invoiced: WS-5512"
    assert Invoice.objects.count() == 1


def test_an_order_on_hold_is_not_packed(dock):
    hold(dock.order("WS-5512"))

    answer = dock.pack("WS-5512")

    assert refusal(answer) == "Order is on hold: WS-5512"
    assert not Invoice.objects.exists()


def test_a_cancelled_order_is_not_packed(dock):
    cancel(dock.order("WS-5512"))

    answer = dock.pack("WS-5512")

    assert refusal(answer) == "Order is cancelled: WS-5512"
    assert not Invoice.objects.exists()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"orderCode": "WS-9"}, "Order not found: WS-9"),
        ({"locationCode": "BLR-1"}, "Invalid location code: BLR-1"),
        ({"channelName": "NORTHWMS"}, "Invalid channel: NORTHWMS"),
        ({"units": [("EF-9", 1)]}, "Sku not found: EF-9"),
        ({"units": [(SOCKS, 1)]}, f"Sku not found: {SOCKS}"),
        ({"units": [(SHIRT, 1), (SHIRT, 1)]}, f"Duplicate sku in request: {SHIRT}"),
        (
            {"units": [(SHIRT, 1), ("8901230071", 1)]},
            "Duplicate sku in request: 8901230071",
        ),
        ({"units": [(SHIRT, 3)]}, f"Quantity exceeds available quantity for sku: {SHIRT}"),
        ({"units": [(SHIRT, 0)]}, "Input validation failed"),
        ({"fulfillmentType": "PARTIAL"}, "Input validation failed"),
        ({"weight": "heavy"}, "Input validation failed"),
        ({"packageSku": "B" * 256}, "Input validation failed"),
    ],
)
def test_what_does_not_fit_is_refused(dock, change, message):
    dock.order("WS-5512", [(SHIRT, 2)])

    answer = dock.pack(**{"code": "WS-5512", "units": [(SHIRT, 2)], **change})

    assert refusal(answer) == message
    assert not Parcel.objects.packed().exists()
    assert not Invoice.objects.exists()


def test_as_many_serials_as_units_are_needed(dock):
    dock.order("WS-5512", [(SHIRT, 2)])
    item = {"channelSkuCode": SHIRT, "quantityToPack": 2, "externalSerialCodes": ["S-1"]}

    answer = dock.pack("WS-5512", shipmentItems=[item])

    assert answer.json()["description"] == (
        "[shipmentItems[0].externalSerialCodes: must have as many entries as quantityToPack]"
    )
    assert refusal(answer) == "Input validation failed"


def test_documents_come_as_base64_where_the_client_wants_it():
    dock = Dock.build(documentMode="BASE64")
    dock.order("WS-5512")

    found = dock.pack("WS-5512").json()

    assert (found["invoiceUrl"], found["shippingLabel"]["shippingLabelUrl"]) == (None, None)
    assert base64.b64decode(found["invoice"]).startswith(b"%PDF-")
    assert base64.b64decode(found["shippingLabel"]["shippingLabel"]).startswith(b"%PDF-")


def test_documents_come_in_both_forms_where_the_client_wants_it():
    dock = Dock.build(documentMode="BOTH")
    dock.order("WS-5512")

    found = dock.pack("WS-5512").json()

    assert base64.b64decode(found["invoice"]) == opened(found["invoiceUrl"])[2]


def test_a_label_that_is_not_ready_in_time_is_503_and_the_box_stays(dock, settings):
    settings.OMS_INCREFF_PAPER_SECONDS = 0
    dock.order("WS-5512")

    with registry.connected("swift", Refusing(temporary=True)):
        answer = dock.pack("WS-5512")

    assert answer.status_code == 503
    assert answer.json()["code"] == "UNKNOWN_ERROR"
    assert answer["Retry-After"] == "1"
    assert Parcel.objects.get().status == ParcelStatus.PACKED


def test_a_label_that_is_refused_unpacks_the_box(dock):
    task = dock.order("WS-5512")

    with registry.connected("swift", Refusing(temporary=False)):
        answer = dock.pack("WS-5512")

    assert refusal(answer) == "The label was refused: Postcode is not served"
    assert not Parcel.objects.live().packed().exists()
    assert not Invoice.objects.live().exists()
    assert Invoice.objects.filter(kind=InvoiceKind.CREDIT_NOTE).count() == 1
    assert FulfillmentTask.objects.get(pk=task.pk).status != TaskStatus.PACKED


def test_an_order_whose_label_was_refused_can_be_packed_again(dock):
    dock.order("WS-5512")
    with registry.connected("swift", Refusing(temporary=False)):
        dock.pack("WS-5512")

    answer = dock.pack("WS-5512")

    assert answer.status_code == 200
    assert Invoice.objects.live().get().code == answer.json()["invoiceCode"]


def test_a_box_says_that_it_is_packed_once(dock):
    dock.order("WS-5512")

    dock.pack("WS-5512"), dock.pack("WS-5512")

    assert Event.objects.filter(type=EventType.PARCEL_PACKED).count() == 1
    assert Event.objects.filter(type=EventType.INVOICE_ISSUED).count() == 1


def test_a_box_planned_with_its_task_is_the_one_packed():
    dock = Dock.build(delivery=DeliveryScenario.CHANNEL_CARRIER_SINGLE)
    dock.order("WS-5512")
    planned = Parcel.objects.get()

    answer = dock.pack("WS-5512")

    assert answer.status_code == 200
    assert answer.json()["shipmentId"] == planned.number


def test_an_order_of_another_organization_does_not_exist(dock):
    other = Dock.build()
    other.order("WS-5512")

    assert refusal(dock.pack("WS-5512")) == "Order not found: WS-5512"
    assert not Invoice.objects.exists()

"""Contract API 11."""

import pytest

from channels_app.choices import ChannelType
from fulfillment import services as fulfillment
from fulfillment.choices import ParcelStatus
from fulfillment.models import Parcel
from oms.events.choices import EventType
from oms.events.models import Event
from oms.inventory.models import StockMovement
from oms.kernel.actors import SYSTEM
from oms.locations.models import ChannelPoint
from returns import services
from returns.choices import QcStatus, ReturnStatus, UnitStatus
from returns.models import ReturnOrder
from tests.api.increff.dock_world import SHIRT, SOCKS, Dock
from tests.factories import NOW, make_channel, make_point

pytestmark = pytest.mark.django_db

PATH = "/usp/return"


@pytest.fixture
def dock():
    return Dock.build()


def shipped(dock, code="WS-5512", units=((SHIRT, 2), (SOCKS, 1))):
    """An order that was packed and has left."""
    task = dock.packed(code, units)
    for parcel in Parcel.objects.filter(task=task):
        report = fulfillment.MilestoneReport(
            parcel_id=parcel.pk, milestone=ParcelStatus.SHIPPED, description="", occurred_at=NOW
        )
        fulfillment.report_milestone(report=report, actor=SYSTEM, now=NOW)
    return task


def announced(dock, code="R-910", order="WS-5512", units=((SHIRT, 1), (SHIRT, 2), (SOCKS, 3))):
    """A return of units, each with a number of the sales channel."""
    task = shipped(dock, order)
    drafts = tuple(
        services.UnitDraft(
            sku_code=dock.skus[sku].code, external_id=f"{code}-{number}" if number else None
        )
        for sku, number in units
    )
    draft = services.ReturnDraft(
        organization_id=dock.organization.pk,
        order_id=task.order_id,
        external_id=code,
        units=drafts,
        point_id=dock.point.pk,
        carrier_code="SWIFT",
        tracking_number="RV300",
    )
    return services.expect_return(draft=draft, actor=SYSTEM, now=NOW)


def item(code="R-910-1", sku=SHIRT, status="PASS", **extra):
    return {"returnItemCode": code, "channelSkuCode": sku, "qcStatus": status, **extra}


def process(dock, *items, **body):
    return dock.wms.call(
        "POST",
        PATH,
        {
            **dock.place,
            "returnOrderCode": "R-910",
            "forwardOrderCode": "WS-5512",
            "awbNumber": "RV300",
            "transporter": "SWIFT",
            "orderItems": list(items),
            **body,
        },
    )


def units_of(row):
    return [
        (unit.external_id, unit.status, unit.qc_status, unit.point_code)
        for unit in row.units.order_by("position")
    ]


def test_the_example_of_the_contract_fails_a_unit_with_zero_bytes(dock):
    row = announced(dock)

    answer = dock.wms.call(
        "POST",
        PATH,
        {
            "returnOrderCode": "R-910",
            "forwardOrderCode": "WS-5512",
            "locationCode": "EFS-BLR",
            "channelName": "WEBSHOP",
            "awbNumber": "RV300",
            "transporter": "SWIFT",
            "orderItems": [
                {
                    "returnItemCode": "R-910-1",
                    "channelSkuCode": "EF-7001",
                    "qcStatus": "FAIL",
                    "qcReason": "STAIN_DAMAGE",
                    "imageUrls": ["https://img.example/910.jpg"],
                }
            ],
        },
    )

    unit = row.units.get(external_id="R-910-1")
    assert (answer.status_code, answer.content) == (200, b"")
    assert (unit.status, unit.qc_status) == (UnitStatus.INSPECTED, QcStatus.FAIL)
    assert (unit.qc_reason, unit.image_urls) == ("STAIN_DAMAGE", ["https://img.example/910.jpg"])
    assert (unit.point_id, unit.disposition) == (dock.point.pk, "")


def test_units_may_come_in_several_calls_and_stock_stays(dock):
    row = announced(dock)
    before = StockMovement.objects.count()

    process(dock, item("R-910-1"))
    halfway = ReturnOrder.objects.get(pk=row.pk).status
    process(dock, item("R-910-2"), item("R-910-3", SOCKS, "FAIL"))

    row.refresh_from_db()
    assert (halfway, row.status) == (ReturnStatus.RECEIVED, ReturnStatus.INSPECTED)
    assert StockMovement.objects.count() == before


def test_reasons_and_pictures_of_units_that_passed_are_ignored(dock):
    row = announced(dock)

    process(dock, item(qcReason="OTHER_DAMAGE", imageUrls=["https://img.example/1.jpg"]))

    unit = row.units.get(external_id="R-910-1")
    assert (unit.qc_status, unit.qc_reason, unit.image_urls) == (QcStatus.PASS, "", [])


def test_a_made_up_code_is_about_the_first_unit_of_the_sku_without_a_result(dock):
    row = announced(dock)

    answer = process(dock, item("WMS-1", SOCKS), item("WMS-2"), item("WMS-3", SHIRT, "FAIL"))

    assert answer.status_code == 200
    assert units_of(row) == [
        ("R-910-1", "INSPECTED", "PASS", "WMS-2"),
        ("R-910-2", "INSPECTED", "FAIL", "WMS-3"),
        ("R-910-3", "INSPECTED", "PASS", "WMS-1"),
    ]


def test_a_made_up_code_does_not_take_a_unit_that_is_named(dock):
    row = announced(dock)

    process(dock, item("WMS-1", SHIRT, "FAIL"), item("R-910-1"))

    assert [qc for _, _, qc, _ in units_of(row)] == ["PASS", "FAIL", "PENDING"]


def test_the_same_again_changes_nothing(dock):
    row = announced(dock)
    process(dock, item("WMS-1"), item("R-910-2", SHIRT, "FAIL"))
    before = units_of(row), Event.objects.count()

    answer = process(dock, item("WMS-1"), item("R-910-2", SHIRT, "FAIL"))

    assert (answer.status_code, answer.content) == (200, b"")
    assert (units_of(row), Event.objects.count()) == before


@pytest.mark.parametrize("code", ["WMS-1", "R-910-1"])
def test_another_result_for_a_unit_is_refused(dock, code):
    row = announced(dock)
    process(dock, item(code))

    answer = process(dock, item("R-910-2"), item(code, SHIRT, "FAIL"))

    assert (answer.status_code, answer.json()["code"]) == (400, "BAD_DATA")
    assert [qc for _, _, qc, _ in units_of(row)] == ["PASS", "PENDING", "PENDING"]


def test_a_unit_nobody_announced_is_refused(dock):
    row = announced(dock, units=((SHIRT, 1),))

    answer = process(dock, item("R-910-1"), item("WMS-2"))

    assert answer.status_code == 400
    assert answer.json() == {
        "code": "BAD_DATA",
        "message": "Return item not found: WMS-2",
        "description": None,
    }
    assert units_of(row) == [("R-910-1", "EXPECTED", "PENDING", "")]


def test_a_unit_told_twice_in_one_call_is_refused(dock):
    announced(dock)

    answer = process(dock, item("R-910-1"), item("R-910-1", SHIRT, "FAIL"))

    assert answer.json()["message"] == "Duplicate return item in request: R-910-1"


def test_units_without_numbers_are_found_by_sku(dock):
    row = announced(dock, units=((SHIRT, None), (SHIRT, None)))

    assert process(dock, item("1"), item("2", SHIRT, "FAIL")).status_code == 200
    assert units_of(row) == [
        (None, "INSPECTED", "PASS", "1"),
        (None, "INSPECTED", "FAIL", "2"),
    ]


def test_another_carrier_and_number_are_taken_and_stored(dock):
    row = announced(dock)

    answer = process(dock, item(), awbNumber="RV999", transporter="SLOW")

    row.refresh_from_db()
    assert answer.status_code == 200
    assert (row.tracking_number, row.carrier_code) == ("RV999", "SLOW")


def test_carrier_and_number_may_be_empty(dock):
    row = announced(dock)

    answer = process(dock, item(), awbNumber="", transporter="")

    row.refresh_from_db()
    assert answer.status_code == 200
    assert (row.tracking_number, row.carrier_code) == ("RV300", "SWIFT")


def test_another_location_of_the_system_may_take_it_in(dock):
    row = announced(dock)
    point = make_point(organization=dock.organization, code="BLR-2")
    ChannelPoint.objects.create(channel=dock.efs, point=point, location_code="EFS-BLR-2")

    answer = process(dock, item(), locationCode="EFS-BLR-2")

    assert answer.status_code == 200
    assert row.units.get(external_id="R-910-1").point == point


def test_a_return_to_a_point_of_somebody_else_does_not_exist(dock):
    row = announced(dock)
    point = make_point(organization=dock.organization, code="BOM-1")
    other = make_channel(organization=dock.organization, code="SOUTH", type=ChannelType.EFS)
    ChannelPoint.objects.create(channel=other, point=point, location_code="EFS-BOM")
    ReturnOrder.objects.filter(pk=row.pk).update(point=point)

    answer = process(dock, item())

    assert answer.json()["message"] == "Return order not found: R-910"


def test_a_cancelled_return_is_refused(dock):
    row = announced(dock)
    services.cancel_return(public_id=row.public_id, actor=SYSTEM, now=NOW)

    answer = process(dock, item())

    assert answer.json()["message"] == "Return order is cancelled: R-910"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"returnOrderCode": "R-1"}, "Return order not found: R-1"),
        ({"forwardOrderCode": "WS-1"}, "Order not found: WS-1"),
        ({"channelName": "NOSHOP"}, "Invalid channel: NOSHOP"),
        ({"locationCode": "BLR-1"}, "Invalid location code: BLR-1"),
    ],
)
def test_it_names_what_it_does_not_know(dock, body, message):
    announced(dock)

    answer = process(dock, item(), **body)

    assert answer.status_code == 400
    assert answer.json() == {"code": "BAD_DATA", "message": message, "description": None}


@pytest.mark.parametrize(
    ("unit", "told"),
    [
        (item(status="MAYBE"), "orderItems[0].qcStatus: must be one of PASS, FAIL"),
        (item(code=None), "orderItems[0].returnItemCode: may not be null"),
        (
            item(status="FAIL", imageUrls=["javascript:alert(1)"]),
            "orderItems[0].imageUrls[0]: must be an http or https address",
        ),
    ],
)
def test_it_checks_fields(dock, unit, told):
    announced(dock)

    answer = process(dock, unit)

    assert answer.status_code == 400
    assert answer.json()["description"] == f"[{told}]"


def test_each_fact_is_recorded_once(dock):
    row = announced(dock)

    process(dock, item("R-910-1"), item("R-910-2"))

    facts = Event.objects.filter(subject_type="return", subject_id=row.pk).order_by("id")
    assert list(facts.values_list("type", flat=True))[1:] == [
        EventType.RETURN_RECEIVED,
        EventType.RETURN_INSPECTED,
    ]

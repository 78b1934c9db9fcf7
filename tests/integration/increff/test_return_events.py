"""Each return event of contract API 10, from what really happened."""

import datetime as dt

from channels_app.choices import ChannelType
from fulfillment import services as fulfillment
from fulfillment.choices import ParcelStatus
from fulfillment.services import MilestoneReport, PackedParcel, PackRequest
from oms.events.models import Delivery
from oms.kernel.actors import SYSTEM
from oms.locations.models import ChannelPoint
from returns import services
from returns.choices import QcStatus, ReturnType
from returns.drafts import ReturnEdit
from returns.services import Receipt, ReturnDraft, UnitDraft, UnitResult
from tests.factories import NOW, make_channel, make_point, point_actor
from tests.integration.increff.builders import LOCATION, SHIRT, SHOP

ANNOUNCED_AT = dt.datetime(2025, 2, 20, 9, 0, tzinfo=dt.UTC)
ALL = (
    "RETURN_ORDER_CREATE",
    "RETURN_ORDER_UPDATE",
    "RETURN_ORDER_CANCEL",
    "RETURN_ORDER_PARTIAL_CANCEL",
    "RETURN_ORDER_COMPLETE",
)


def shipped(efs, external_id="WS-5512"):
    order = efs.order(external_id)
    task = efs.task_of(order)
    lines = tuple(task.lines.values_list("number", flat=True))
    parcel = PackedParcel(
        point_parcel_no="PK-1", packed_at=NOW, line_numbers=lines, carrier="Own Fleet"
    )
    request = PackRequest(task_number=task.number, parcels=(parcel,))
    actor = point_actor(efs.point)
    fulfillment.pack_parcels(request=request, actor=actor, now=NOW)
    report = MilestoneReport(
        task_number=task.number,
        point_parcel_no="PK-1",
        milestone=ParcelStatus.DELIVERED,
        occurred_at=NOW,
    )
    fulfillment.report_milestone(report=report, actor=actor, now=NOW)
    return order


def expect(efs, order, *, number_of_units=1, **overrides):
    drafts = tuple(
        UnitDraft(sku_code=efs.skus[SHIRT].code, external_id=f"R-910-{n}", reason="too small")
        for n in range(1, number_of_units + 1)
    )
    values = {
        "organization_id": efs.organization.pk,
        "order_id": order.pk,
        "external_id": "R-910",
        "units": drafts,
        "carrier_code": "SWIFT",
        "tracking_number": "RV300",
    }
    draft = ReturnDraft(**(values | overrides))
    return services.expect_return(draft=draft, actor=SYSTEM, now=ANNOUNCED_AT)


def forget_orders():
    """What an endpoint that named no words would hear of orders, at the same URL."""
    Delivery.objects.filter(event__subject_type="task").delete()


def told(efs):
    return [call.message["eventType"] for call in efs.receiver.of("/returns")]


def test_an_expected_return_is_told_as_the_contract_shows_it(efs):
    efs.listen(path="/returns")
    order = shipped(efs)
    forget_orders()

    expect(efs, order)
    efs.push()

    [call] = efs.receiver.of("/returns")
    assert call.message == {
        "forwardOrderCode": "WS-5512",
        "returnOrderCode": "R-910",
        "locationCode": LOCATION,
        "channelName": SHOP,
        "eventType": "RETURN_ORDER_CREATE",
        "returnOrderTime": "2025-02-20T09:00:00.000+00:00",
        "orderItems": [
            {
                "returnItemCode": "R-910-1",
                "reason": "too small",
                "channelSkuCode": SHIRT,
                "status": "CREATED",
                "isBundled": None,
            }
        ],
        "orderType": "CUSTOMER_RETURN",
        "awbNumber": "RV300",
        "transporter": "SWIFT",
        "status": "CREATED",
        "orderCustomAttributes": None,
        "orderItemCustomAttributes": None,
        "virtualSkuDefinitions": None,
        "bundledSkuDefinitions": None,
    }


def test_what_nobody_told_is_empty_and_numbers_are_made(efs):
    efs.listen("RETURN_ORDER_CREATE", path="/returns")

    row = expect(
        efs,
        shipped(efs),
        external_id=None,
        units=(UnitDraft(sku_code=efs.skus[SHIRT].code),),
        carrier_code="",
        tracking_number="",
        type=ReturnType.UNDELIVERED,
    )
    efs.push()

    message = efs.receiver.of("/returns")[0].message
    assert message["returnOrderCode"] == row.number
    assert message["orderItems"][0]["returnItemCode"] == f"{row.number}-1"
    assert (message["awbNumber"], message["transporter"]) == ("", "")
    assert message["orderItems"][0]["reason"] == ""
    assert message["orderType"] == "RETURN_TO_ORIGIN"


def test_only_its_beginning_and_its_end_are_told_by_default(efs):
    efs.listen(path="/returns")
    order = shipped(efs)
    forget_orders()
    row = expect(efs, order, number_of_units=2)
    edit = ReturnEdit(tracking_number="RV301")
    services.edit_return(public_id=row.public_id, edit=edit, actor=SYSTEM, now=NOW)
    unit = row.units.order_by("position")[0]
    services.cancel_return(
        public_id=row.public_id, unit_ids=[unit.public_id], actor=SYSTEM, now=NOW
    )

    services.cancel_return(public_id=row.public_id, actor=SYSTEM, now=NOW)
    efs.push()

    assert told(efs) == ["RETURN_ORDER_CREATE", "RETURN_ORDER_CANCEL"]
    last = efs.receiver.returns["R-910", "RETURN_ORDER_CANCEL"]
    assert last["status"] == "CANCELLED"
    assert [item["status"] for item in last["orderItems"]] == ["CANCELLED", "CANCELLED"]


def test_each_event_type_that_is_named_is_told(efs):
    efs.listen(*ALL, path="/returns")
    row = expect(efs, shipped(efs), number_of_units=2)
    edit = ReturnEdit(tracking_number="RV301")
    services.edit_return(public_id=row.public_id, edit=edit, actor=SYSTEM, now=NOW)
    remark = ReturnEdit(note="fragile")
    services.edit_return(public_id=row.public_id, edit=remark, actor=SYSTEM, now=NOW)
    first, second = row.units.order_by("position")
    services.cancel_return(
        public_id=row.public_id, unit_ids=[first.public_id], actor=SYSTEM, now=NOW
    )
    receipt = Receipt(unit_ids=(second.public_id,))
    services.receive_return(public_id=row.public_id, receipt=receipt, actor=SYSTEM, now=NOW)
    result = UnitResult(
        unit_id=second.public_id, qc_status=QcStatus.FAIL, qc_reason="STAIN", disposition="DISCARD"
    )
    services.inspect_return(public_id=row.public_id, results=[result], actor=SYSTEM, now=NOW)

    efs.push()

    assert told(efs) == [
        "RETURN_ORDER_CREATE",
        "RETURN_ORDER_UPDATE",
        "RETURN_ORDER_PARTIAL_CANCEL",
        "RETURN_ORDER_COMPLETE",
    ]
    last = efs.receiver.returns["R-910", "RETURN_ORDER_COMPLETE"]
    assert (last["status"], last["awbNumber"]) == ("COMPLETED", "RV301")
    assert [item["status"] for item in last["orderItems"]] == ["CANCELLED", "COMPLETED"]


def test_the_members_of_unknown_name_are_sent_when_asked_for(efs):
    efs.listen("RETURN_ORDER_CREATE", path="/returns", options={"returnExtras": True})

    expect(efs, shipped(efs))
    efs.push()

    message = efs.receiver.of("/returns")[0].message
    assert (message["logisticsStatus"], message["approvedDate"], message["isUploaded"]) == (
        None, None, False,
    )  # fmt: skip


def test_a_return_of_what_another_system_sent_out_is_not_told(efs):
    order = shipped(efs)
    newer = make_channel(organization=efs.organization, code="NEW", type=ChannelType.EFS)
    point = make_point(organization=efs.organization, code="PUNE-1")
    ChannelPoint.objects.create(channel=newer, point=point, location_code="NEW-PUNE")
    efs.channel, efs.client.channel = newer, newer
    efs.client.save()
    efs.listen("RETURN_ORDER_CREATE", path="/returns")

    expect(efs, order, point_id=point.pk)
    efs.push()

    assert efs.receiver.calls == []
    assert [row.state for row in Delivery.objects.all()] == ["SKIPPED"]


def test_a_return_of_what_a_point_without_a_system_sent_out_is_told(efs):
    order = shipped(efs)
    ChannelPoint.objects.filter(channel=efs.channel).delete()
    point = make_point(organization=efs.organization, code="PUNE-1")
    ChannelPoint.objects.create(channel=efs.channel, point=point, location_code="EFS-PUNE")
    efs.listen("RETURN_ORDER_CREATE", path="/returns")

    expect(efs, order, point_id=point.pk)
    efs.push()

    assert efs.receiver.of("/returns")[0].message["locationCode"] == "EFS-PUNE"

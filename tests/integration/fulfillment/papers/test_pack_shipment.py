from datetime import timedelta
from decimal import Decimal

import pytest

from channels_app.choices import ChannelType
from fulfillment import services
from fulfillment.models import Document, Invoice, Parcel, ParcelItem
from oms.events.models import Event
from oms.orders.choices import HoldReason
from oms.orders.models import Hold
from tests.factories import NOW
from tests.integration.fulfillment.builders import (
    MULTI,
    OWN,
    SINGLE,
    cancel,
    facts,
    routed,
)
from tests.integration.fulfillment.papers.shipments import (
    MULTI_PARTIAL,
    SINGLE_PARTIAL,
    draft,
    ship,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("delivery", [SINGLE, MULTI, OWN])
def test_one_step_yields_parcel_invoice_and_label(delivery):
    case = routed(delivery=delivery, quantities=(2, 1))

    made = ship(case, weight_g=420, length_cm=Decimal(30), package_sku="BOX-S")

    assert (made.label.status, made.invoice_paper.status) == ("READY", "READY")
    assert made.label.content.media_type == "application/pdf"
    assert made.invoice_paper.content.media_type == "application/pdf"
    assert (made.parcel.status, made.parcel.weight_kg) == ("LABELLED", Decimal("0.42"))
    assert (made.parcel.length_cm, made.parcel.package_sku) == (30, "BOX-S")
    assert case.status() == ("PACKED", "PACKED")
    assert made.invoice.code == "INV-2026-000001"
    assert made.is_repeat is False
    assert "parcel.packed" in facts(made.parcel)


def test_a_channel_of_another_kind_leaves_the_label_to_who_ships():
    case = routed(delivery=OWN)
    case.channel.type = ChannelType.SHOPEE
    case.channel.save()

    made = ship(case)

    assert made.label is None
    assert made.invoice_paper.status == "READY"


def test_the_same_shipment_again_is_the_first_one():
    case = routed(quantities=(2,))
    first = ship(case)

    again = ship(case, now=NOW + timedelta(minutes=3))

    assert again.is_repeat is True
    assert (again.parcel.pk, again.invoice.pk) == (first.parcel.pk, first.invoice.pk)
    assert (again.label, again.invoice_paper) == (first.label, first.invoice_paper)
    assert Event.objects.filter(type="invoice.issued").count() == 1


def test_other_contents_after_everything_is_invoiced_are_refused():
    case = routed(quantities=(2,))
    ship(case)

    with pytest.raises(services.AlreadyInvoiced):
        ship(case, {0: 1})


def test_open_units_may_not_be_left_out():
    case = routed(quantities=(2, 1))

    with pytest.raises(services.ShipmentIncomplete) as refused:
        ship(case, {0: 2})

    assert refused.value.details == {"missing": [case.lines[1]]}
    assert Parcel.objects.count() == 0


def test_what_the_only_shipment_leaves_out_is_cancelled_by_the_seller():
    case = routed(quantities=(3, 1))

    made = ship(case, {0: 2}, completeness=SINGLE_PARTIAL)

    lines = case.order.lines.order_by("position")
    assert list(lines.values_list("quantity_packed", "cancelled_by_seller")) == [(2, 1), (0, 1)]
    assert case.stock() == [(10, 2), (10, 0)]
    assert case.status() == ("PACKED", "PACKED")
    assert made.invoice.gross_total == Decimal("19.80")
    assert ship(case, {0: 2}, completeness=SINGLE_PARTIAL).is_repeat is True


def test_units_that_may_follow_stay_open():
    case = routed(quantities=(3,))

    first = ship(case, {0: 1}, completeness=MULTI_PARTIAL)
    between = case.status()
    second = ship(case, {0: 2}, completeness=MULTI_PARTIAL)

    assert between == ("IN_FULFILLMENT", "PICKING")
    assert case.status() == ("PACKED", "PACKED")
    assert [made.invoice.code for made in (first, second)] == ["INV-2026-000001", "INV-2026-000002"]


@pytest.mark.parametrize(
    ("more", "is_repeat"),
    [({}, True), ({"length_cm": Decimal(9)}, False), ({"is_told": True}, False)],
)
def test_equal_units_that_may_follow_are_told_apart_by_size_and_serials(more, is_repeat):
    case = routed(quantities=(3,))
    ship(case, {0: 1}, completeness=MULTI_PARTIAL)
    line = case.task.lines.get()
    if more.pop("is_told", False):
        more = {"serials": {line.pk: ("SN-1",)}}

    made = ship(case, {0: 1}, completeness=MULTI_PARTIAL, **more)

    assert made.is_repeat is is_repeat


def test_serials_are_kept_with_their_units():
    case = routed(quantities=(2,))
    line = case.task.lines.get()

    ship(case, serials={line.pk: ("SN-1", "SN-2")})

    assert ParcelItem.objects.get().serials == ["SN-1", "SN-2"]


def test_serials_are_as_many_as_units():
    case = routed(quantities=(2,))
    line = case.task.lines.get()

    with pytest.raises(services.SerialsMiscounted):
        ship(case, serials={line.pk: ("SN-1",)})


def test_more_than_what_is_open_is_refused():
    case = routed(quantities=(2,))

    with pytest.raises(services.OpenUnitsExceeded) as refused:
        ship(case, {0: 3}, completeness=MULTI_PARTIAL)

    assert refused.value.remaining == 2
    assert refused.value.task_line_id == case.task.lines.get().pk


def test_a_cancelled_task_is_refused():
    case = routed()
    wanted = draft(case)
    cancel(case)

    with pytest.raises(services.TaskEnded):
        services.pack_shipment(draft=wanted, actor=case.actor, now=NOW)


def test_an_order_on_hold_is_refused():
    case = routed()
    Hold.objects.create(order=case.order, reason=HoldReason.OTHER, holder="staff:a", placed_at=NOW)

    with pytest.raises(services.OrderOnHold):
        ship(case)


def test_another_points_task_does_not_exist():
    case, stranger = routed(), routed()

    with pytest.raises(services.TaskNotFound):
        services.pack_shipment(draft=draft(case), actor=stranger.actor, now=NOW)


@pytest.mark.parametrize("counts", [[0], []])
def test_a_shipment_has_units(counts):
    case = routed()
    lines = case.task.lines.values_list("pk", flat=True)
    wanted = services.ShipmentDraft(
        task_id=case.task.pk, units=dict(zip(lines, counts, strict=False))
    )

    with pytest.raises(services.ShipmentEmpty):
        services.pack_shipment(draft=wanted, actor=case.actor, now=NOW)


def test_an_invoiced_line_is_not_cancelled():
    case = routed(quantities=(2,))
    ship(case)

    with pytest.raises(services.LineInvoiced):
        cancel(case)

    assert case.status() == ("PACKED", "PACKED")


def test_voiding_the_box_takes_the_invoice_back_and_the_line_can_be_cancelled():
    case = routed(quantities=(2,))
    made = ship(case)

    services.cancel_parcel(parcel_id=made.parcel.pk, reason="", actor=case.actor, now=NOW)
    cancel(case)

    made.invoice.refresh_from_db()
    note = Invoice.objects.get(kind="CREDIT_NOTE")
    assert (made.invoice.voided_at, note.corrects) == (NOW, made.invoice)
    assert note.gross_total == made.invoice.gross_total
    assert case.status() == ("CANCELLED", "CANCELLED")
    assert list(Document.objects.filter(kind="LABEL").values_list("status", flat=True)) == ["VOID"]


def test_a_box_packed_again_gets_another_invoice():
    case = routed(quantities=(2,))
    made = ship(case)
    services.cancel_parcel(parcel_id=made.parcel.pk, reason="", actor=case.actor, now=NOW)

    again = ship(case)

    assert (again.is_repeat, again.invoice.code) == (False, "INV-2026-000002")
    assert again.invoice.gross_total == made.invoice.gross_total

from datetime import timedelta
from decimal import Decimal

import pytest

from fulfillment import services
from fulfillment.choices import Station
from fulfillment.models import Consignment, Document, Parcel
from fulfillment.services import consignments
from oms.orders import services as orders
from oms.orders.models import Order
from oms.orders.queries import OrderNotFound
from tests.factories import NOW
from tests.integration.fulfillment.boxes import box, contents, report, station
from tests.integration.fulfillment.builders import (
    MULTI,
    OWN,
    SINGLE,
    cancel,
    facts,
    pack,
    packed,
    routed,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("delivery", [SINGLE, MULTI])
def test_everything_goes_into_one_box(delivery):
    case = routed(delivery=delivery, quantities=(5, 2))

    parcel = box(case, carrier="ghn")

    assert (parcel.status, parcel.version >= 1) == ("PACKED", True)
    assert parcel.point_parcel_no == f"NS-{parcel.number:08d}"
    assert contents(parcel) == [5, 2]
    assert parcel.weight_kg == Decimal("1.75")
    assert case.status() == ("PACKED", "PACKED")
    assert station(parcel) == Station.LABEL_PENDING
    assert (
        facts(parcel, "parcel.packed", "label.requested")[-2:]
        == [
            "parcel.packed",
            "label.requested",
        ]
        or delivery == SINGLE
    )
    assert Parcel.objects.count() == 1


@pytest.mark.parametrize("delivery", [SINGLE, MULTI, OWN])
def test_units_of_a_line_leave_in_several_boxes(delivery):
    case = routed(delivery=delivery, quantities=(5,))

    first = box(case, {0: 2})
    between = case.status()
    second = box(case)

    assert (contents(first), contents(second)) == ([2], [3])
    assert between == ("IN_FULFILLMENT", "PICKING")
    assert case.status() == ("PACKED", "PACKED")


def test_units_leave_the_stock_with_their_own_box():
    case = routed(quantities=(5,))
    first, second = box(case, {0: 2}), box(case)

    report(case, first, Station.READY)
    report(case, first, Station.SHIPPED, minutes=1)
    between = case.stock()
    report(case, second, Station.READY, minutes=2)
    report(case, second, Station.SHIPPED, minutes=3)

    assert between == [(8, 3)]
    assert case.stock() == [(5, 0)]
    assert case.status() == ("SHIPPED", "SHIPPED")


def test_single_units_of_a_split_task_are_taken_together():
    case = routed(quantities=(3, 2), allow_split=True)

    parcel = box(case, {0: 2, 1: 1})

    assert contents(parcel) == [1, 1, 1]


def test_more_than_what_is_left_is_refused():
    case = routed(quantities=(5,))
    box(case, {0: 4})

    with pytest.raises(services.UnitsExceeded) as refused:
        box(case, {0: 2})

    assert refused.value.remaining == 1
    assert Parcel.objects.count() == 1


def test_a_line_of_another_order_is_refused():
    case, stranger = routed(), routed()
    number = stranger.order.lines.get().number
    draft = services.BoxDraft(order=case.order.public_id, units={number: 1})

    with pytest.raises(services.LineNotOfOrder) as refused:
        services.pack_units(draft=draft, actor=case.actor, now=NOW)

    assert refused.value.line == number


def test_nothing_left_is_refused():
    case = routed()
    box(case)

    with pytest.raises(services.OrderNotAllocated):
        box(case)


def test_an_order_that_waits_for_stock_is_refused():
    case = routed(quantities=(2,))
    Order.objects.filter(pk=case.order.pk).update(status="UNALLOCATED")

    with pytest.raises(services.OrderNotAllocated):
        box(case)

    Order.objects.filter(pk=case.order.pk).update(status="ALLOCATED")


def test_another_points_order_does_not_exist():
    case, stranger = routed(), routed()
    draft = services.BoxDraft(order=case.order.public_id)

    with pytest.raises(OrderNotFound):
        services.pack_units(draft=draft, actor=stranger.actor, now=NOW)


def test_a_point_without_the_units_is_refused():
    case, stranger = routed(), routed()

    with pytest.raises(services.NothingAllocatedThere):
        box(case, point_id=stranger.point.pk)


@pytest.mark.parametrize("carrier", ["self", "other"])
@pytest.mark.parametrize("delivery", [SINGLE, MULTI, OWN])
def test_whoever_ships_alone_gets_no_label(delivery, carrier):
    case = routed(delivery=delivery)

    parcel = box(case, carrier=carrier, tracking_number="TRK-1")

    assert (parcel.carrier, parcel.tracking_number) == (carrier, "TRK-1")
    assert station(parcel) == Station.READY
    assert Document.objects.exclude(status="VOID").exists() is False


def test_a_point_that_brings_the_carrier_ships_alone_unless_one_is_named():
    alone, named = routed(delivery=OWN), routed(delivery=OWN)

    first, second = box(alone), box(named, carrier="ghn")

    assert (first.carrier, station(first)) == ("self", Station.READY)
    assert (second.carrier, station(second)) == ("ghn", Station.LABEL_PENDING)


def test_the_label_that_waited_is_kept():
    case = routed(delivery=SINGLE)
    services.fetch_due_labels(now=NOW)

    parcel = box(case)

    assert (parcel.status, station(parcel)) == ("LABELLED", Station.READY)
    assert Document.objects.get().status == "READY"


def test_another_carrier_makes_another_label():
    case = routed(delivery=SINGLE)
    services.fetch_due_labels(now=NOW)
    before = Parcel.objects.get().tracking_number

    parcel = box(case, carrier="jt")
    services.fetch_due_labels(now=NOW)

    parcel.refresh_from_db()
    assert (parcel.carrier, parcel.status) == ("jt", "LABELLED")
    assert parcel.tracking_number != before
    assert list(Document.objects.order_by("pk").values_list("status", flat=True)) == [
        "VOID",
        "READY",
    ]


def test_the_first_box_collects_what_is_to_be_paid():
    case = routed(quantities=(4,))
    Order.objects.filter(pk=case.order.pk).update(
        payment_method="COD", goods_total=100, shipping_fee=20, order_discount=5
    )

    first = box(case, {0: 1}, cod_amount=Decimal(40))
    second = box(case, {0: 1})
    third = box(case)

    assert [each.cod_amount for each in (first, second, third)] == [40, 75, 0]


def test_no_more_is_collected_than_the_order_asks_for():
    case = routed()

    with pytest.raises(services.CodExceeded):
        box(case, cod_amount=Decimal(1))


def test_addresses_are_those_of_the_day():
    case = routed()
    parcel = box(case)
    before = consignments.recipient_of(Parcel.objects.get(pk=parcel.pk))

    case.point.line1 = "Elsewhere"
    case.point.save()
    orders.erase_buyer(order_id=case.order.pk, actor=case.actor, now=NOW)

    row = Parcel.objects.get(pk=parcel.pk)
    assert consignments.recipient_of(row) == before
    assert consignments.sender_of(row).line1 != "Elsewhere"


def test_erasing_the_buyer_erases_the_copy():
    case = routed()
    parcel = box(case)

    services.erase_documents(order_id=case.order.pk, actor=case.actor, now=NOW)

    assert Consignment.objects.get(parcel=parcel).recipient is None
    assert consignments.recipient_of(Parcel.objects.get(pk=parcel.pk)) is None


def test_a_partly_packed_line_is_no_line_to_pack_whole():
    case = routed(quantities=(3,))
    box(case, {0: 1})

    with pytest.raises(services.LineAlreadyPacked):
        pack(case, packed("PK-1", case.lines))


def test_cancelling_the_order_voids_every_box_of_a_line():
    case = routed(quantities=(3,))
    boxes = [box(case, {0: 1}), box(case)]

    cancel(case)

    assert {station(each) for each in boxes} == {Station.CANCELLED}
    assert case.status() == ("CANCELLED", "CANCELLED")
    assert case.stock() == [(10, 0)]


def test_a_line_of_which_units_have_left_cannot_be_cancelled():
    case = routed(quantities=(3,))
    first = box(case, {0: 1}, carrier="self")
    report(case, first, Station.SHIPPED)
    box(case)

    with pytest.raises(services.ParcelHasLeft):
        cancel(case)


def test_versions_rise_with_every_change():
    case = routed()
    parcel = box(case)

    services.fetch_due_labels(now=NOW + timedelta(seconds=1))

    assert parcel.version == 1
    assert Parcel.objects.get(pk=parcel.pk).version == 2

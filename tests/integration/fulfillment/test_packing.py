from decimal import Decimal

import pytest

from fulfillment import services
from fulfillment.models import Document, Parcel, ParcelItem
from fulfillment.services import PackRequest
from tests.factories import NOW, make_point, point_actor
from tests.integration.fulfillment.builders import (
    MULTI,
    OWN,
    SINGLE,
    cancel,
    facts,
    milestone,
    pack,
    packed,
    routed,
)

pytestmark = pytest.mark.django_db


def test_everything_in_one_box_makes_task_and_order_packed():
    case = routed(quantities=(2, 1))

    [parcel] = pack(case, packed("PK-1", case.lines, weight_kg=Decimal("1.5")))

    assert (parcel.point_parcel_no, parcel.status, parcel.packed_at) == ("PK-1", "PACKED", NOW)
    assert parcel.weight_kg == Decimal("1.5")
    assert sorted(parcel.items.values_list("quantity", flat=True)) == [1, 2]
    assert case.status() == ("PACKED", "PACKED")
    assert case.task.packed_at == NOW
    assert facts(case.task) == ["task.created", "task.packed"]
    assert facts(parcel) == ["parcel.packed", "label.requested"]


def test_a_task_is_packed_step_by_step():
    case = routed(quantities=(1, 1), allow_split=True)
    first, second = case.lines

    pack(case, packed("PK-1", [first]))
    between = case.status()
    pack(case, packed("PK-2", [second]))

    assert between == ("IN_FULFILLMENT", "PICKING")
    assert case.status() == ("PACKED", "PACKED")
    assert facts(case.task) == ["task.created", "task.picking", "task.packed"]


def test_the_same_call_again_has_no_effect():
    case = routed(quantities=(1, 1))
    [before] = pack(case)
    events = facts(before)

    [again] = pack(case)

    assert again == before
    assert Parcel.objects.count() == 1
    assert facts(before) == events


def test_a_call_adds_what_is_new_to_what_was_there():
    case = routed(quantities=(1, 1), allow_split=True)
    first, second = case.lines
    [one] = pack(case, packed("PK-1", [first]))

    both = pack(case, packed("PK-2", [second]), packed("PK-1", [first]))

    assert [parcel.point_parcel_no for parcel in both] == ["PK-2", "PK-1"]
    assert both[1] == one
    assert Parcel.objects.count() == 2


def test_the_planned_parcel_is_the_one_that_gets_packed():
    case = routed(delivery=SINGLE, quantities=(1, 1))
    planned = Parcel.objects.get()

    [parcel] = pack(case)

    assert parcel == planned
    assert (parcel.status, parcel.number) == ("PACKED", planned.number)
    assert Document.objects.count() == 1
    assert facts(parcel) == ["parcel.planned", "label.requested", "parcel.packed"]


def test_a_planned_parcel_keeps_only_what_was_packed():
    case = routed(delivery=SINGLE, quantities=(1, 1))

    [parcel] = pack(case, packed("PK-1", case.lines[:1]))

    assert parcel.items.get().task_line.number == case.lines[0]
    assert case.status() == ("IN_FULFILLMENT", "PICKING")


def test_a_parcel_whose_label_was_waiting_is_labelled_at_once():
    case = routed(delivery=SINGLE)
    services.fetch_due_labels(now=NOW)
    printed = Parcel.objects.get().tracking_number

    [parcel] = pack(case, packed("PK-1", case.lines, tracking_number="ELSE-1"))

    planned = Parcel.objects.get()
    assert (parcel.status, parcel.tracking_number) == ("LABELLED", printed)
    assert (planned.status, planned.tracking_number) == ("LABELLED", printed)
    assert facts(parcel, "parcel.") == ["parcel.planned", "parcel.packed", "parcel.labelled"]


def test_an_own_carrier_needs_no_label():
    case = routed(delivery=OWN)

    [parcel] = pack(case, packed("PK-1", case.lines, carrier="Own Fleet", tracking_number="TRK-1"))

    assert (parcel.carrier, parcel.tracking_number) == ("Own Fleet", "TRK-1")
    assert Document.objects.exists() is False


def test_an_own_carrier_must_be_named():
    case = routed(delivery=OWN)

    with pytest.raises(services.CarrierMissing):
        pack(case, packed("PK-1", case.lines))

    assert Parcel.objects.exists() is False


@pytest.mark.parametrize("number", ["PK-1", "PK-9"])
def test_other_contents_under_a_used_number_are_refused(number):
    case = routed(quantities=(1, 1), allow_split=True)
    first, second = case.lines
    pack(case, packed("PK-1", [first]), packed("PK-9", [second]))

    with pytest.raises(services.ParcelNumberTaken):
        pack(case, packed(number, case.lines))


def test_a_number_is_unique_in_its_point_but_not_beyond():
    case = routed()
    pack(case)
    neighbour = routed(point=case.point)
    stranger = routed(point=make_point())

    with pytest.raises(services.ParcelNumberTaken):
        pack(neighbour)
    pack(stranger)

    assert Parcel.objects.filter(task=neighbour.task).exists() is False
    assert Parcel.objects.count() == 2


def test_a_number_twice_in_a_call_is_refused():
    case = routed(quantities=(1, 1), allow_split=True)

    with pytest.raises(services.ParcelNumberTaken):
        pack(case, *(packed("PK-1", [line]) for line in case.lines))


def test_a_line_can_be_in_one_parcel_only():
    case = routed(quantities=(1, 1), allow_split=True)
    first, second = case.lines

    with pytest.raises(services.LineAlreadyPacked):
        pack(case, packed("PK-1", [first]), packed("PK-2", [first, second]))

    assert Parcel.objects.exists() is False


def test_a_task_that_may_not_be_split_has_one_parcel():
    case = routed(quantities=(1, 1))
    first, second = case.lines
    pack(case, packed("PK-1", [first]))

    with pytest.raises(services.SplitNotAllowed):
        pack(case, packed("PK-2", [second]))

    assert Parcel.objects.count() == 1


def test_a_line_of_another_task_is_not_found():
    case, other = routed(), routed()

    with pytest.raises(services.LineNotInTask):
        pack(case, packed("PK-1", other.lines))


def test_a_cancelled_line_is_not_packed():
    case = routed(quantities=(1, 1))
    cancel(case, case.order_lines[0])

    with pytest.raises(services.LineCancelled) as refusal:
        pack(case)

    assert refusal.value.details == {"line": case.lines[0]}
    assert Parcel.objects.exists() is False


def test_nothing_of_a_cancelled_task_is_packed():
    case = routed()
    cancel(case)

    with pytest.raises(services.LineCancelled):
        pack(case)


@pytest.mark.parametrize("parcels", [(), (packed("", [1]),), (packed("PK-1", []),)])
def test_a_parcel_needs_a_number_and_lines(parcels):
    request = PackRequest(task_number="FT1", parcels=parcels)

    with pytest.raises(services.EmptyParcel):
        services.pack_parcels(request=request, actor=point_actor(make_point()), now=NOW)


def test_another_points_task_is_not_found():
    case = routed()
    case.actor = point_actor(make_point(organization=case.point.organization))

    with pytest.raises(services.TaskNotFound):
        pack(case)


def test_a_contradicting_order_number_is_not_found():
    case = routed()

    with pytest.raises(services.TaskNotFound):
        pack(case, order_external_id="OTHER")
    pack(case, order_external_id=case.order.external_id)

    assert Parcel.objects.count() == 1


def test_a_planned_parcel_seen_travelling_is_only_given_its_name():
    case = routed(delivery=SINGLE)
    planned = Parcel.objects.get()
    milestone(case, "SHIPPED", parcel_id=planned.pk)

    [parcel] = pack(case)

    parcel.refresh_from_db()
    assert (parcel.status, parcel.point_parcel_no) == ("SHIPPED", "PK-1")
    assert case.status() == ("SHIPPED", "SHIPPED")


def test_a_line_repeated_within_a_parcel_counts_once():
    case = routed(delivery=MULTI)

    pack(case, packed("PK-1", case.lines * 2))

    assert ParcelItem.objects.get().quantity == 1

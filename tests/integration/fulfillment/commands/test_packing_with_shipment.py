"""Packing that first has the carrier make the shipment: its failure changes nothing."""

import pytest

from fulfillment.carriers import registry
from fulfillment.carriers.base import CarrierError
from fulfillment.choices import TaskStatus as T
from fulfillment.models import Document, Parcel
from fulfillment.services import commands
from fulfillment.services.commands import CarrierFailed, WholePacking
from tests.integration.fulfillment.builders import MULTI, OWN, SINGLE, disagreements, facts, routed
from tests.integration.fulfillment.commands.stages import told

pytestmark = pytest.mark.django_db(transaction=True)

SHIPPED = WholePacking(with_shipment=True)


class Failing:
    """A carrier that makes no shipment, and remembers what it was asked to take back."""

    code = "swift"

    def __init__(self, *, temporary):
        self.temporary = temporary
        self.taken_back = []

    def buy_label(self, _request):
        raise CarrierError("Postcode is not served", temporary=self.temporary)

    def find_label(self, _reference):
        return None

    def void_label(self, reference):
        self.taken_back.append(reference)


@pytest.mark.parametrize("delivery", [SINGLE, MULTI, OWN])
def test_the_task_is_packed_with_its_label(delivery):
    case = routed(delivery=delivery, quantities=(1, 2))

    commands.pack_whole(**told(case), packing=SHIPPED)

    box = Parcel.objects.exclude(status="CANCELLED").get()
    [label] = box.documents.exclude(status="VOID")
    assert (box.status, label.status) == ("LABELLED", "READY")
    assert box.tracking_number != ""
    assert case.status() == ("PACKED", T.PACKED)
    assert facts(case.task)[-1] == "task.packed"
    assert list(disagreements()) == []


def test_every_box_has_a_label_of_its_own():
    case = routed(quantities=(3,))

    commands.pack_whole(**told(case), packing=WholePacking(with_shipment=True, parcel_count=2))

    boxes = Parcel.objects.exclude(status="CANCELLED").order_by("pk")
    assert [[item.quantity for item in box.items.all()] for box in boxes] == [[2], [1]]
    assert [box.status for box in boxes] == ["LABELLED", "LABELLED"]
    assert Document.objects.filter(kind="LABEL", status="READY").count() == 2


@pytest.mark.parametrize("temporary", [True, False])
def test_a_carrier_that_fails_changes_nothing(temporary):
    case = routed(delivery=MULTI, quantities=(1,))
    carrier = Failing(temporary=temporary)
    before = case.status()

    with registry.connected("swift", carrier), pytest.raises(CarrierFailed):
        commands.pack_whole(**told(case), packing=WholePacking(with_shipment=True, carrier="swift"))

    assert case.status() == before
    assert case.stock() == [(10, 1)]
    assert not Parcel.objects.exclude(status="CANCELLED").exists()
    assert len(carrier.taken_back) == 1
    assert facts(case.task) == ["task.created"]
    assert list(disagreements()) == []


def test_after_a_failure_it_can_be_packed_with_another_carrier():
    case = routed(delivery=SINGLE, quantities=(1,))
    with (
        registry.connected("swift", Failing(temporary=False)),
        pytest.raises(CarrierFailed),
    ):
        commands.pack_whole(**told(case), packing=WholePacking(with_shipment=True, carrier="swift"))

    commands.pack_whole(**told(case), packing=WholePacking(with_shipment=True, carrier="ups"))

    case.task.refresh_from_db()
    box = Parcel.objects.exclude(status="CANCELLED").get()
    assert (case.task.status, case.task.carrier, box.carrier) == (T.PACKED, "ups", "ups")

from datetime import timedelta
from decimal import Decimal

import pytest

from fulfillment import services
from fulfillment.carriers import registry
from fulfillment.carriers.base import CarrierError
from fulfillment.choices import ServiceLevel, Station
from fulfillment.models import Document, Parcel
from fulfillment.services import ParcelChange
from tests.factories import NOW
from tests.integration.fulfillment.boxes import box, report, station
from tests.integration.fulfillment.builders import facts, routed

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(minutes=2)
LABEL_VALUES = {
    "carrier": "jt",
    "service_level": ServiceLevel.EXPRESS,
    "weight_kg": Decimal("2.5"),
    "length_cm": Decimal(30),
    "width_cm": Decimal(20),
    "height_cm": Decimal(5),
}
TRACKING_VALUES = {"tracking_number": "TRK-9", "tracking_url": "https://track.example.com/9"}


def change(case, parcel, version=None, **values) -> Parcel:
    asked = ParcelChange(parcel_id=parcel.pk, values=values, expected_version=version)
    services.change_parcel(change=asked, actor=case.actor, now=NOW)
    return Parcel.objects.get(pk=parcel.pk)


@pytest.mark.parametrize(("name", "value"), [*LABEL_VALUES.items(), *TRACKING_VALUES.items()])
def test_details_can_be_changed_before_there_is_a_label(name, value):
    case = routed()
    parcel = box(case)

    changed = change(case, parcel, **{name: value})

    assert getattr(changed, name) == value
    assert changed.version == parcel.version + 1
    assert facts(parcel, "parcel.") == ["parcel.packed", "parcel.edited"]


@pytest.mark.parametrize(("name", "value"), LABEL_VALUES.items())
def test_what_is_on_the_label_stands_once_it_is_ready(name, value):
    case = routed()
    parcel = box(case)
    services.fetch_due_labels(now=NOW)

    with pytest.raises(services.DetailFrozen) as refused:
        change(case, parcel, note="Too late", **{name: value})

    assert (refused.value.names, refused.value.station) == ((name,), Station.READY)
    assert Parcel.objects.get(pk=parcel.pk).note == ""


@pytest.mark.parametrize(("name", "value"), TRACKING_VALUES.items())
def test_tracking_stands_once_the_parcel_has_arrived(name, value):
    case = routed()
    parcel = box(case, carrier="self")
    report(case, parcel, Station.SHIPPED, minutes=1)

    on_the_road = change(case, parcel, **{name: value})
    report(case, parcel, Station.DELIVERED, minutes=2)
    with pytest.raises(services.DetailFrozen):
        change(case, parcel, **{name: ""})

    assert getattr(on_the_road, name) == value


def test_a_note_can_always_be_changed():
    case = routed()
    parcel = box(case)
    report(case, parcel, Station.CANCELLED, minutes=1)

    changed = change(case, parcel, note="Void")

    assert changed.note == "Void"


def test_the_same_values_change_nothing():
    case = routed()
    parcel = box(case, note="As it is")

    changed = change(case, parcel, note="As it is")

    assert changed.version == parcel.version
    assert facts(parcel, "parcel.") == ["parcel.packed"]


def test_somebody_elses_change_is_not_overwritten():
    case = routed()
    parcel = box(case)
    change(case, parcel, version=1, note="First")

    with pytest.raises(services.ParcelChanged):
        change(case, parcel, version=1, note="Second")

    assert Parcel.objects.get(pk=parcel.pk).note == "First"


def test_a_failed_label_is_asked_for_again():
    class Refusing:
        def buy_label(self, request):
            raise CarrierError("No such ward", temporary=False, code="W1")

        def find_label(self, reference):
            return None

    case = routed()
    with registry.connected("ghn", Refusing()):
        parcel = box(case, carrier="ghn")
        services.fetch_due_labels(now=LATER)
        failed = (station(parcel), Parcel.objects.get(pk=parcel.pk).version)
        code = Document.objects.get().error_code
        change(case, parcel, carrier="jt")
    again = station(parcel)
    services.fetch_due_labels(now=LATER)

    assert failed == (Station.LABEL_FAILED, 2)
    assert code == "W1"
    assert (again, station(parcel)) == (Station.LABEL_PENDING, Station.READY)


def test_a_failed_label_is_tried_again_when_somebody_says_so():
    case = routed()
    parcel = box(case)
    report(case, parcel, Station.LABEL_FAILED, minutes=1, description="No such ward")

    report(case, parcel, Station.LABEL_PENDING, minutes=2)
    services.fetch_due_labels(now=LATER)

    assert station(parcel) == Station.READY
    assert Document.objects.get().attempts == 1


def test_a_carrier_without_labels_needs_none():
    case = routed()
    parcel = box(case)

    change(case, parcel, carrier="self")

    assert station(parcel) == Station.READY
    assert Document.objects.get().status == "VOID"

"""Changing what is known of a parcel, and voiding it by itself."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from channels_app.choices import DeliveryScenario
from fulfillment import lifecycle
from fulfillment.carriers import registry
from fulfillment.carriers.base import CarrierError
from fulfillment.choices import DocumentKind, DocumentStatus, ServiceLevel, Station
from fulfillment.models import Document, FulfillmentTask, Parcel
from fulfillment.services import label_jobs
from fulfillment.services.label_jobs import CHANNEL
from fulfillment.services.labels import plan_parcels
from fulfillment.services.settling import settle
from fulfillment.services.unit_packing import wants_label
from fulfillment.services.voiding import labelled_of, void_parcels
from fulfillment.services.work import OrderWork, ParcelWork, TaskWork, lock_parcel
from oms.events import outbox
from oms.events.choices import EventType
from oms.events.outbox import Fact
from oms.kernel import errors
from oms.kernel.actors import Actor
from oms.kernel.contention import retried

Value = str | Decimal | ServiceLevel | None

ON_THE_LABEL = frozenset(
    {"carrier", "service_level", "weight_kg", "length_cm", "width_cm", "height_cm"}
)
TRACKING = frozenset({"tracking_number", "tracking_url"})
EDITABLE = ON_THE_LABEL | TRACKING | {"note"}
_BEFORE_READY = frozenset({Station.CREATED, Station.LABEL_PENDING, Station.LABEL_FAILED})
_ARRIVED = frozenset(
    {
        Station.DELIVERED,
        Station.RETURNED_TO_POINT,
        Station.LOST,
        Station.DAMAGED,
        Station.CANCELLED,
    }
)


class DetailFrozen(errors.Conflict):
    """A detail cannot be changed where the parcel is now. `names` are the columns."""

    code = "detail_frozen"

    def __init__(self, *, names: tuple[str, ...], station: Station) -> None:
        super().__init__(f"It cannot be changed for a {station} parcel", details=list(names))
        self.names = names
        self.station = station


class ParcelChanged(errors.Conflict):
    """Somebody changed the parcel since the version that was read."""

    code = "parcel_changed"


class CarrierRefused(errors.Conflict):
    """The carrier does not take the label back. Nothing was changed."""

    code = "carrier_refused"

    def __init__(self, error: CarrierError) -> None:
        super().__init__("The carrier refused")
        self.carrier_code = error.code
        self.carrier_message = str(error)


class CarrierUnavailable(errors.Conflict):
    """The carrier did not answer. Nothing was changed."""

    code = "carrier_unavailable"


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelChange:
    """New values by column, of EDITABLE; `expected_version` is the one that was read, if known."""

    parcel_id: int
    values: Mapping[str, Value]
    expected_version: int | None = None


@retried
@transaction.atomic
def change_parcel(*, change: ParcelChange, actor: Actor, now: datetime) -> None:
    """Change details of a parcel; the same values again change nothing.

    What is on the label can be changed until there is one: it is asked for anew, also after it
    failed. Tracking can be changed until the parcel has arrived or is void, notes always.

    Raises ParcelNotFound, ParcelChanged, DetailFrozen.
    """
    work, task, box = lock_parcel(
        parcel_id=change.parcel_id, task_number="", point_parcel_no="", actor=actor
    )
    parcel = Parcel.objects.get(pk=change.parcel_id)
    if change.expected_version not in (None, parcel.version):
        raise ParcelChanged("The parcel was changed meanwhile", version=parcel.version)
    fresh = {name: new for name, new in change.values.items() if getattr(parcel, name) != new}
    _check_open(fresh, box.station if box else Station.CANCELLED)
    if not fresh:
        return
    Parcel.objects.filter(pk=parcel.pk).update(**fresh, changed_at=now)
    said = [_edited(work, task, parcel, box, sorted(fresh))]
    if box is not None and ON_THE_LABEL & fresh.keys():
        said += _label_again(work, task, box, str(fresh.get("carrier", parcel.carrier)), now=now)
    outbox.record(said, actor=actor, now=now)


def _check_open(fresh: Mapping[str, Value], station: Station) -> None:
    frozen: set[str] = set()
    if station not in _BEFORE_READY:
        frozen |= ON_THE_LABEL & fresh.keys()
    if station in _ARRIVED:
        frozen |= TRACKING & fresh.keys()
    if frozen:
        raise DetailFrozen(names=tuple(sorted(frozen)), station=station)


def _edited(
    work: OrderWork, task: TaskWork, parcel: Parcel, box: ParcelWork | None, names: list[str]
) -> Fact:
    labelled = replace(_labelled(work, task, parcel), status=box.status if box else parcel.status)
    return label_jobs.label_fact(EventType.PARCEL_EDITED, labelled, changed=names)


def _labelled(work: OrderWork, task: TaskWork, parcel: Parcel) -> label_jobs.Labelled:
    return label_jobs.Labelled(
        parcel_id=parcel.pk,
        parcel_number=parcel.number,
        status=parcel.status,
        point_parcel_no=parcel.point_parcel_no,
        carrier=parcel.carrier,
        task_number=task.number,
        channel_id=task.channel_id,
        point_id=task.point_id,
        order_id=work.order.pk,
        order_number=work.order.external_id,
        organization_id=work.order.organization_id,
    )


def _label_again(
    work: OrderWork, task: TaskWork, box: ParcelWork, carrier: str, *, now: datetime
) -> list[Fact]:
    labelled = replace(labelled_of(work, task, box), carrier=carrier)
    said = label_jobs.void_labels_of([labelled], now=now)
    if wants_label(task, carrier, is_named=True):
        said += label_jobs.ask_for_labels([labelled], now=now)
    return said


def cancel_parcel(*, parcel_id: int, reason: str, actor: Actor, now: datetime) -> None:
    """Void a parcel that has not left: its label first at the carrier, then here.

    Its units go back to its task and may be packed again; a task that ships in one parcel planned
    with it plans the next one. Raises ParcelNotFound, lifecycle.StationRefused,
    CarrierRefused, CarrierUnavailable; the carrier is asked only when the rest would go through.
    """
    with transaction.atomic():
        lock_for_cancelling(parcel_id=parcel_id, actor=actor)
    void_at_carrier(parcel_id=parcel_id)
    _cancel(parcel_id=parcel_id, reason=reason, actor=actor, now=now)


def lock_for_cancelling(*, parcel_id: int, actor: Actor) -> tuple[OrderWork, TaskWork, ParcelWork]:
    """Lock a parcel that can be voided. Raises ParcelNotFound, StationRefused."""
    work, task, box = lock_parcel(
        parcel_id=parcel_id, task_number="", point_parcel_no="", actor=actor
    )
    if box is None:
        raise lifecycle.StationRefused(source=Station.CANCELLED, target=Station.CANCELLED)
    lifecycle.check_station(source=box.station, target=Station.CANCELLED)
    return work, task, box


def void_at_carrier(*, parcel_id: int) -> None:
    """Have the carrier take back the labels it may have sold us. Nothing is locked meanwhile.

    Raises CarrierRefused, CarrierUnavailable.
    """
    labels = Document.objects.filter(parcel_id=parcel_id, kind=DocumentKind.LABEL, attempts__gt=0)
    live = labels.exclude(status=DocumentStatus.VOID).exclude(carrier=CHANNEL)
    for carrier, reference in live.values_list("carrier", "reference"):
        try:
            registry.get(carrier).void_label(reference)
        except LookupError as exc:
            raise CarrierUnavailable("The carrier is not connected") from exc
        except CarrierError as error:
            if error.temporary:
                raise CarrierUnavailable("The carrier does not answer") from error
            raise CarrierRefused(error) from error


@retried
@transaction.atomic
def _cancel(*, parcel_id: int, reason: str, actor: Actor, now: datetime) -> None:
    work, task, box = lock_for_cancelling(parcel_id=parcel_id, actor=actor)
    said = void_parcels(work, task, [box], now=now)
    settle(work, said=said, actor=actor, now=now, cause=reason)
    single = task.delivery == DeliveryScenario.CHANNEL_CARRIER_SINGLE
    if single and task.live_lines and not task.parcels:
        again = FulfillmentTask.objects.filter(pk=task.id)
        plan_parcels(tasks=list(again), actor=actor, now=now)

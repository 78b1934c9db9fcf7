"""What messages say beside their events, read for a whole batch at once."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from channels_app.models import Channel
from fulfillment.models import Parcel
from oms.events.choices import EventType
from oms.events.models import Event
from oms.locations.models import FulfillmentPoint
from oms.orders.models import CancelRequest


class ParcelNumbers(NamedTuple):
    channel_parcel_no: str
    tracking_number: str


class Decision(NamedTuple):
    comment: str
    decided_by: str
    decided_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Readings:
    """By key: names of channels and points, numbers of parcels, decisions of cancel requests."""

    channels: dict[int, str] = field(default_factory=dict)
    points: dict[int, str] = field(default_factory=dict)
    parcels: dict[int, ParcelNumbers] = field(default_factory=dict)
    decisions: dict[int, Decision] = field(default_factory=dict)


_NAMING_CHANNEL = frozenset(
    {EventType.TASK_CREATED, EventType.CANCELLATION_CREATED, EventType.TASK_CANCEL_REQUESTED}
)


def read_for(events: Sequence[Event]) -> Readings:
    """At most four queries, however many events."""
    return Readings(
        channels=_channels(
            {event.channel_ref for event in events if event.type in _NAMING_CHANNEL}
        ),
        points=_points(
            {event.point_ref for event in events if event.type == EventType.TASK_RECEIVED}
        ),
        parcels=_parcels(
            {event.subject_id for event in events if event.type == EventType.PARCEL_STATUS_CHANGED}
        ),
        decisions=_decisions(
            {
                event.data["cancel_request_id"]
                for event in events
                if event.type == EventType.ORDER_CANCEL_DECIDED
            }
        ),
    )


def _channels(keys: set[int | None]) -> dict[int, str]:
    wanted = [key for key in keys if key is not None]
    found = Channel.objects.filter(pk__in=wanted) if wanted else Channel.objects.none()
    return dict(found.values_list("pk", "name"))


def _points(keys: set[int | None]) -> dict[int, str]:
    wanted = [key for key in keys if key is not None]
    found = FulfillmentPoint.objects
    return dict((found.filter(pk__in=wanted) if wanted else found.none()).values_list("pk", "name"))


def _parcels(keys: set[int]) -> dict[int, ParcelNumbers]:
    found = Parcel.objects.filter(pk__in=keys) if keys else Parcel.objects.none()
    rows = found.values_list("pk", "channel_parcel_no", "tracking_number")
    return {key: ParcelNumbers(ours, tracking) for key, ours, tracking in rows}


def _decisions(keys: set[int]) -> dict[int, Decision]:
    found = CancelRequest.objects.filter(pk__in=keys, decided_at__isnull=False)
    rows = (found if keys else found.none()).values_list(
        "pk", "comment", "decided_by", "decided_at"
    )
    return {key: Decision(comment, by, at) for key, comment, by, at in rows if at is not None}

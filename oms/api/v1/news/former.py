"""What an object was before an event, as far as the event itself tells."""

from collections.abc import Mapping

from fulfillment.choices import ParcelStatus, Station
from oms.api.v1.orders.mapping import AFTER_SHIPPING, BEFORE_PACKING
from oms.api.v1.shipments.mapping import STATUS_OUT
from oms.events.models import Event

Former = Mapping[str, object] | None
"""Members that changed, with what they were; empty where nobody knows. None: to clients of this
API nothing changed, so there is nothing to tell."""

# As far as the stored state alone tells: quantities and holds may make it another word.
ORDER: Mapping[str, str] = {**BEFORE_PACKING, **AFTER_SHIPPING}
SHIPMENT: Mapping[str, str] = {
    **{str(station): word for station, word in STATUS_OUT.items()},
    # States of the parcel that are no stations.
    ParcelStatus.PLANNED: STATUS_OUT[Station.CREATED],
    ParcelStatus.PACKED: STATUS_OUT[Station.READY],
    ParcelStatus.LABELLED: STATUS_OUT[Station.READY],
    ParcelStatus.MANIFESTED: STATUS_OUT[Station.READY],
}


def unknown(_event: Event) -> Former:
    return {}


def status_of_order(event: Event) -> Former:
    was = event.data.get("before")
    return _changed(ORDER[was], ORDER[event.status]) if was else {}


def status_of_shipment(event: Event) -> Former:
    """Stations are told where they are finer than the parcel's state."""
    was = event.data.get("station_before") or event.data.get("before")
    if not was:
        return {}
    return _changed(SHIPMENT[was], SHIPMENT[event.data.get("station") or event.status])


def unlabelled(_event: Event) -> Former:
    return {"status": SHIPMENT[Station.LABEL_PENDING]}


def unpacked(event: Event) -> Former:
    """What an order of which nothing was packed reads as."""
    return {"status": ORDER[event.status]}


def packed(_event: Event) -> Former:
    return {"status": "processing"}


def unheld(event: Event) -> Former:
    """What a held order was is what it would be."""
    return {"status": ORDER[event.status]}


def held(_event: Event) -> Former:
    return {"status": "on_hold"}


def delivered(_event: Event) -> Former:
    return {"status": "delivered"}


def open_request(_event: Event) -> Former:
    return {"status": "open"}


def _changed(was: str, now: str) -> Former:
    return None if was == now else {"status": was}

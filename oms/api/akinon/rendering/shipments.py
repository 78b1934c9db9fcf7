"""The shipment of a package: its box, once a carrier is known (contract 7.3)."""

from typing import Any

from fulfillment.carriers import registry
from fulfillment.models import FulfillmentTask, Parcel
from fulfillment.queries import station_of
from oms.api.akinon.rendering.values import stamp, text_or_none


def shipped_box(task: FulfillmentTask) -> Parcel | None:
    """The box a package travels in, of a task loaded with its live boxes; the first of several.

    A package that was packed without a shipment has none until somebody names a carrier.
    """
    return next(filter(has_shipment, task.parcels.all()), None)


def has_shipment(box: Parcel) -> bool:
    """Whether somebody carries a box, or it has a number; whoever packed it alone is nobody."""
    return bool(box.tracking_number or carrier_or_none(box.carrier))


def carrier_or_none(name: str) -> str | None:
    """A carrier by the name that is kept of it; none for those who carry a box themselves."""
    return None if name in registry.WITHOUT_LABEL else name or None


def shipment(box: Parcel, *, label_url: str | None) -> dict[str, Any]:
    """A shipment; `state` is where the box is, in our words."""
    return {
        "id": box.number,
        "awb_number": text_or_none(box.tracking_number),
        "tracking_url": text_or_none(box.tracking_url),
        "shipping_company": carrier_or_none(box.carrier),
        "cargo_company": carrier_or_none(box.carrier),
        "state": station_of(box).lower(),
        "label_url": label_url,
        "created_date": stamp(box.created_at),
        "modified_date": stamp(box.changed_at),
    }

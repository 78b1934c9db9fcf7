"""The shipment of a package: its box, once a carrier is known (contract 7.3)."""

from typing import Any

from fulfillment.models import FulfillmentTask, Parcel
from fulfillment.queries import station_of
from oms.api.akinon.rendering.values import stamp, text_or_none


def shipped_box(task: FulfillmentTask) -> Parcel | None:
    """The box a package travels in, of a task loaded with its live boxes; the first of several.

    A package that was packed without a shipment has none until somebody names a carrier.
    """
    boxes = (box for box in task.parcels.all() if box.tracking_number or box.carrier)
    return next(boxes, None)


def shipment(box: Parcel, *, label_url: str | None) -> dict[str, Any]:
    """A shipment; `state` is where the box is, in our words."""
    return {
        "id": box.number,
        "awb_number": text_or_none(box.tracking_number),
        "tracking_url": text_or_none(box.tracking_url),
        "shipping_company": text_or_none(box.carrier),
        "cargo_company": text_or_none(box.carrier),
        "state": station_of(box).lower(),
        "label_url": label_url,
        "created_date": stamp(box.created_at),
        "modified_date": stamp(box.changed_at),
    }

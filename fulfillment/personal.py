"""What parcels tell about the buyers of orders, for the export of a customer's data."""

from collections.abc import Sequence
from typing import Any

import msgspec

from fulfillment.models import Parcel
from fulfillment.services.consignments import recipient_of
from oms.orders.models import Order


def shipments_of(orders: Sequence[Order]) -> list[dict[str, Any]]:
    """The parcels of these orders: where each goes, and by what number a carrier knows it.

    Raises crypto.SealBroken.
    """
    parcels = Parcel.objects.filter(task__order__in=orders)
    loaded = parcels.select_related("task__order__buyer", "consignment").order_by("pk")
    return [
        {
            "number": str(parcel.number),
            "order": parcel.task.order.external_id,
            "status": str(parcel.status),
            "carrier": parcel.carrier or None,
            "tracking_number": parcel.tracking_number or None,
            "note": parcel.note or None,
            "recipient": msgspec.to_builtins(recipient_of(parcel)),
        }
        for parcel in loaded
    ]

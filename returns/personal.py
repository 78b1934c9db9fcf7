"""What returns tell about the buyers of orders, for the export of a customer's data."""

from collections.abc import Sequence
from typing import Any

from oms.orders.models import Order
from returns.models import ReturnOrder, ReturnUnit


def returns_of(orders: Sequence[Order]) -> list[dict[str, Any]]:
    """The returns of these orders, with what was said and shown about each unit."""
    rows = ReturnOrder.objects.filter(order__in=orders).select_related("order").order_by("pk")
    return [
        {
            "number": row.number,
            "external_id": row.external_id,
            "order": row.order_external_id,
            "status": str(row.status),
            "tracking_number": row.tracking_number or None,
            "note": row.note or None,
            "units": [_unit(unit) for unit in row.units.all()],
        }
        for row in rows.prefetch_related("units__sku")
    ]


def _unit(unit: ReturnUnit) -> dict[str, Any]:
    return {
        "sku": unit.sku.code,
        "reason": unit.reason or None,
        "images": list(unit.image_urls),
    }

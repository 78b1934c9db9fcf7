"""Who was told about an order, and why somebody was not."""

from dataclasses import dataclass

from oms.backoffice.formats import TONES
from oms.events.choices import DeliveryState, EndpointState
from oms.events.models import Delivery
from oms.events.queries import deliveries_of_order
from oms.orders.models import Order

LONGEST = 40  # deliveries on the order's page; the list of deliveries has them all

_STILL = {
    EndpointState.PAUSED: "The endpoint is paused",
    EndpointState.UNVERIFIED: "The endpoint is not verified",
}


@dataclass(frozen=True, slots=True)
class Told:
    """One delivery, and why it has not arrived; empty when it has, or is just on its way."""

    row: Delivery
    tone: str
    why: str


def of_order(order: Order) -> list[Told]:
    """The newest deliveries of an order, its tasks and parcels."""
    newest = deliveries_of_order(order_id=order.pk).order_by("-id")[:LONGEST]
    return [Told(row, TONES.get(row.state, "idle"), why_not(row)) for row in newest]


def why_not(row: Delivery) -> str:
    """Why a delivery has not arrived, as a sentence."""
    if row.state in {DeliveryState.DELIVERED, DeliveryState.SKIPPED}:
        return ""
    if row.state == DeliveryState.SUPPRESSED:
        return f"Held back: {row.endpoint.state_reason or 'the endpoint was disabled'}"
    if row.state == DeliveryState.PENDING and row.endpoint.state in _STILL:
        return _STILL[EndpointState(row.endpoint.state)]
    return row.last_error

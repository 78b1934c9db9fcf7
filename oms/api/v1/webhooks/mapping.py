"""Endpoints and deliveries: the contract's words and ours."""

from collections.abc import Mapping

from oms.events.choices import DeliveryState, EndpointState

STATUS: Mapping[str, str] = {
    EndpointState.ACTIVE: "enabled",
    EndpointState.PAUSED: "paused",
    EndpointState.DISABLED: "disabled",
    EndpointState.UNVERIFIED: "unverified",
}
DELIVERY_STATUS: Mapping[str, str] = {
    DeliveryState.PENDING: "pending",
    DeliveryState.DELIVERED: "delivered",
    DeliveryState.EXHAUSTED: "failed",
    DeliveryState.SUPPRESSED: "suppressed",
    DeliveryState.SKIPPED: "skipped",
}
DELIVERY_STATE: Mapping[str, DeliveryState] = {
    word: DeliveryState(state) for state, word in DELIVERY_STATUS.items()
}
EVERYTHING = "*"
"""What an endpoint that names no events is subscribed to."""
PREFIX = "whe_"

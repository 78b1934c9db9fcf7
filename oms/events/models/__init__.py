"""What happened, who wants to know, and each attempt to tell."""

from oms.events.models.deliveries import Delivery, DeliveryAttempt, DeliveryQuerySet, MessageBody
from oms.events.models.endpoints import (
    Endpoint,
    EndpointHealth,
    EndpointQuerySet,
    EndpointSecret,
    EndpointTally,
)
from oms.events.models.facts import Event, EventQuerySet
from oms.events.models.replays import Replay

__all__ = [
    "Delivery",
    "DeliveryAttempt",
    "DeliveryQuerySet",
    "Endpoint",
    "EndpointHealth",
    "EndpointQuerySet",
    "EndpointSecret",
    "EndpointTally",
    "Event",
    "EventQuerySet",
    "MessageBody",
    "Replay",
]

"""Telling receivers the news: claim, prepare, send, record (docs/adr/0013).

`claiming` takes due deliveries, `preparing` makes their messages, `courier` sends them from one
event loop, `recording` writes what came of it, and `delivering` runs the four. What decides is
pure: `retries` when a failed delivery is tried again, `health` what may be sent to an endpoint.
"""

from oms.events.sending.at_once import (
    DeliveryArrived,
    DeliveryUnderWay,
    DeliveryUnknown,
    NothingToSend,
    send_at_once,
)
from oms.events.sending.claiming import release_orphaned
from oms.events.sending.delivering import Delivered, Pace, deliver

__all__ = [
    "Delivered",
    "DeliveryArrived",
    "DeliveryUnderWay",
    "DeliveryUnknown",
    "NothingToSend",
    "Pace",
    "deliver",
    "release_orphaned",
    "send_at_once",
]

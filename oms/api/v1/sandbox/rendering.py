"""Answers of the sandbox."""

import datetime as dt

from fulfillment.services import CaughtUp, Outing
from oms.api.v1.road import identifiers
from oms.api.v1.road.fields import moment


def clock(now: dt.datetime, real_now: dt.datetime) -> dict[str, object]:
    """The clock."""
    ahead = (now - real_now).total_seconds()
    return {"now": moment(now), "advanced_seconds": int(ahead)}


def moved(done: CaughtUp, real_now: dt.datetime) -> dict[str, object]:
    """The clock after a move."""
    return {
        **clock(done.now, real_now),
        "holds_released": done.holds_released,
        "cancellation_requests_expired": done.cancel_requests_expired,
        "tasks_taken_back": done.tasks_hopped,
        "orders_routed": done.orders_routed,
        "orders_completed": done.orders_completed,
    }


def outing(done: Outing) -> dict[str, object]:
    """What was shipped, and what was not."""
    return {
        "orders": done.orders,
        "shipments_created": done.boxes_packed,
        "shipments_picked_up": done.boxes_shipped,
        "shipments_delivered": done.boxes_delivered,
        "not_served": [
            {
                "order_id": identifiers.of_uuid("ord_", each.public_id),
                "external_id": each.external_id,
                "reason": each.reason,
            }
            for each in done.unserved
        ],
        "remaining": done.remaining,
    }

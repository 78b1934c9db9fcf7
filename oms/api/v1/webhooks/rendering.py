"""Endpoints and deliveries as the API shows them."""

from collections.abc import Sequence
from typing import Any

from oms.api.v1.news.messages import event_id
from oms.api.v1.news.words import name_of
from oms.api.v1.road import identifiers
from oms.api.v1.road.fields import moment
from oms.api.v1.webhooks.mapping import DELIVERY_STATUS, EVERYTHING, PREFIX, STATUS
from oms.events.choices import DeliveryState, EndpointFormat
from oms.events.models import Delivery, Endpoint

Shown = dict[str, Any]


def endpoint_id(endpoint: Endpoint) -> str:
    return identifiers.of_uuid(PREFIX, endpoint.public_id)


def endpoint(row: Endpoint, *, secret: str | None = None) -> Shown:
    """An endpoint; with its secret only where that is told, once."""
    told = {} if secret is None else {"secret": secret}
    return {
        "id": endpoint_id(row),
        "url": row.url,
        "events": row.words or [EVERYTHING],
        "description": row.description or None,
        "status": STATUS[row.state],
        "status_reason": row.state_reason or None,
        "format": row.format,
        **told,
        "version": row.version,
        "created_at": moment(row.created_at),
        "updated_at": moment(row.updated_at),
    }


def endpoints(rows: Sequence[Endpoint]) -> list[Shown]:
    return [endpoint(row) for row in rows]


def deliveries(rows: Sequence[Delivery], *, wire_format: str) -> list[Shown]:
    """What an endpoint of that format was told of."""
    return [_delivery(row, wire_format=wire_format) for row in rows]


def _delivery(row: Delivery, *, wire_format: str) -> Shown:
    is_ours = wire_format == EndpointFormat.V1
    waits = row.state == DeliveryState.PENDING
    return {
        "event_id": event_id(row.event),
        "event_type": (is_ours and name_of(row.event.type)) or row.event.type,
        "status": DELIVERY_STATUS[row.state],
        "attempts": row.tries,
        "last_status": row.last_status,
        "last_error": row.last_error or None,
        "next_attempt_at": moment(row.not_before) if waits else None,
        "created_at": moment(row.created_at),
        "finished_at": moment(row.finished_at),
    }

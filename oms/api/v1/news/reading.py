"""The objects of messages, read for a whole batch at once: a query or two for each kind.

Status and version come from one look at a row, so that they belong together.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db.models import F, OuterRef, Subquery

from fulfillment.choices import DocumentKind, DocumentStatus, ParcelStatus
from fulfillment.lifecycle import station_of
from fulfillment.models import Document, Parcel
from oms.api.v1.news import former
from oms.api.v1.news.words import About
from oms.api.v1.orders.mapping import REQUEST_STATUS
from oms.api.v1.orders.rendering import status as order_status
from oms.api.v1.road import identifiers
from oms.api.v1.webhooks.mapping import STATUS
from oms.events.models import Endpoint, Event
from oms.locations.models import FulfillmentPoint
from oms.orders.models import CancelRequest, Customer, Order
from returns.models import ReturnOrder

Shown = dict[str, Any]


def read_for(wanted: Sequence[tuple[About, Event]]) -> Mapping[int, Shown]:
    """By key of the event: what its message shows. Objects that are not there are left out."""
    by_kind: defaultdict[About, list[Event]] = defaultdict(list)
    for about, event in wanted:
        by_kind[about].append(event)
    found: dict[int, Shown] = {}
    for about, events in by_kind.items():
        if about == About.LEVEL:
            found |= _levels(events)
            continue
        keys = {event.pk: _key(about, event) for event in events}
        objects = _READERS[about](set(keys.values()))
        for event in events:
            shown = objects.get(keys[event.pk])
            if shown is not None:
                found[event.pk] = shown | _further(event)
    return found


def _key(about: About, event: Event) -> int:
    if about == About.CANCELLATION_REQUEST:
        return int(event.data["cancel_request_id"])
    return event.subject_id


def _further(event: Event) -> Shown:
    """What only the event tells."""
    percent = event.data.get("percent")
    return {} if percent is None else {"failing_percent": percent}


def _orders(keys: set[int]) -> dict[int, Shown]:
    rows = Order.objects.filter(pk__in=keys).prefetch_related("lines", "holds")
    return {
        row.pk: {
            "id": identifiers.of_uuid("ord_", row.public_id),
            "external_id": row.external_id,
            "status": order_status(row),
            "version": row.version,
        }
        for row in rows
    }


def _requests(keys: set[int]) -> dict[int, Shown]:
    rows = CancelRequest.objects.filter(pk__in=keys)
    return {
        row.pk: {
            "id": identifiers.of_uuid("crq_", row.public_id),
            "order_id": identifiers.of_uuid("ord_", row.order.public_id),
            "status": REQUEST_STATUS[row.decision],
        }
        for row in rows.select_related("order").only(
            "public_id", "status", "decision", "order__public_id"
        )
    }


def _shipments(keys: set[int]) -> dict[int, Shown]:
    """Boxes that were packed; one that is only planned is no shipment yet."""
    labels = Document.objects.filter(parcel=OuterRef("pk"), kind=DocumentKind.LABEL)
    live = labels.exclude(status=DocumentStatus.VOID).order_by("-pk").values("status")[:1]
    rows = Parcel.objects.filter(pk__in=keys, packed_at__isnull=False).annotate(
        label=Subquery(live), order_public_id=F("task__order__public_id")
    )
    return {row.pk: _shipment(row) for row in rows}


def _shipment(row: Any) -> Shown:
    """A parcel with the state of its live `label` and its `order_public_id`."""
    status = ParcelStatus(row.status)
    station = station_of(status=status, stage=row.stage, label=row.label)
    return {
        "id": identifiers.of_number("shp_", row.number, row.created_at),
        "order_id": identifiers.of_uuid("ord_", row.order_public_id),
        "status": former.SHIPMENT[station],
        "version": row.version,
    }


def _levels(events: Sequence[Event]) -> dict[int, Shown]:
    """Their events say all of it but the public id of the point."""
    keys = {event.point_ref for event in events if event.point_ref is not None}
    points = dict(FulfillmentPoint.objects.filter(pk__in=keys).values_list("pk", "public_id"))
    return {
        event.pk: {
            "sku": event.data["sku"],
            "location_id": identifiers.of_uuid("loc_", points[event.point_ref]),
            "on_hand": event.data["on_hand"],
            "reserved": event.data["reserved"],
            "unavailable": event.data["unavailable"],
            "incoming": event.data["incoming"],
            "safety_stock": event.data["safety"],
            "available": max(0, event.data["available"]),
            "version": event.data["version"],
        }
        for event in events
        if event.point_ref in points
    }


def _customers(keys: set[int]) -> dict[int, Shown]:
    rows = Customer.objects.filter(pk__in=keys).only("public_id", "status", "version")
    return {
        row.pk: {
            "id": identifiers.of_uuid("cus_", row.public_id),
            "status": row.status.lower(),
            "version": row.version,
        }
        for row in rows
    }


def _returns(keys: set[int]) -> dict[int, Shown]:
    rows = ReturnOrder.objects.filter(pk__in=keys).select_related("order")
    return {
        row.pk: {
            "id": identifiers.of_uuid("ret_", row.public_id),
            "order_id": identifiers.of_uuid("ord_", row.order.public_id) if row.order else None,
            "status": row.status.lower(),
            "refund_decision": row.refund_decision.lower(),
            "version": row.version,
        }
        for row in rows
    }


def _endpoints(keys: set[int]) -> dict[int, Shown]:
    rows = Endpoint.objects.filter(pk__in=keys).only("public_id", "state", "version")
    return {
        row.pk: {
            "id": identifiers.of_uuid("whe_", row.public_id),
            "status": STATUS[row.state],
            "version": row.version,
        }
        for row in rows
    }


_READERS: Mapping[About, Callable[[set[int]], dict[int, Shown]]] = {
    About.ORDER: _orders,
    About.CANCELLATION_REQUEST: _requests,
    About.SHIPMENT: _shipments,
    About.CUSTOMER: _customers,
    About.RETURN: _returns,
    About.ENDPOINT: _endpoints,
}

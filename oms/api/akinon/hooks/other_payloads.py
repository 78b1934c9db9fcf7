"""Objects of messages that are no packages: transfers, locations, and orders that were split."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from oms.api.akinon import location_reads, order_reads, package_reads, states, transfer_reads
from oms.api.akinon.package_reads import Package
from oms.api.akinon.rendering.locations import location
from oms.api.akinon.rendering.orders import order
from oms.api.akinon.rendering.states import state
from oms.api.akinon.rendering.transfers import transfer
from oms.api.akinon.rendering.values import stamp
from oms.events.choices import EventType
from oms.events.models import Event
from oms.kernel.actors import SYSTEM
from oms.orders import bundles

Shown = dict[str, Any]


def transfers(events: Sequence[Event]) -> dict[int, Shown]:
    """By event; each in the state its event led to."""
    rows = transfer_reads.feed(actor=SYSTEM).in_bulk({event.subject_id for event in events})
    known = transfer_reads.known_points(rows.values())
    return {
        event.pk: transfer(rows[event.subject_id], known=known) | _then(event)
        for event in events
        if event.subject_id in rows
    }


def transfer_shipments(events: Sequence[Event]) -> dict[int, Shown]:
    """By event, for transfers that have a carrier or a number."""
    rows = transfer_reads.feed(actor=SYSTEM).in_bulk({event.subject_id for event in events})
    told = ((event, rows.get(event.subject_id)) for event in events)
    return {
        event.pk: {
            "id": row.public_number,
            "awb_number": row.tracking_number or None,
            "tracking_url": None,
            "shipping_company": row.carrier or None,
            "cargo_company": row.carrier or None,
            "state": row.status.lower(),
            "label_url": None,
            "package": package_reads.package_id(row.task.number),
            "package_number": package_reads.package_number(row.task.number),
            "order_id": row.task.order.number,
            "order_number": row.task.order.external_id,
            "transfer": row.public_number,
            "created_date": stamp(row.created_at),
            "modified_date": stamp(row.changed_at),
        }
        for event, row in told
        if row is not None and (row.carrier or row.tracking_number)
    }


def locations(events: Sequence[Event]) -> dict[int, Shown]:
    """By event: the whole location, as it is now."""
    points = location_reads.feed(actor=SYSTEM).in_bulk({event.subject_id for event in events})
    known = location_reads.known_of(list(points.values()))
    return {
        event.pk: location(points[event.subject_id], known=known[event.subject_id])
        for event in events
        if event.subject_id in points
    }


def orders(events: Sequence[Event], *, now: dt.datetime) -> dict[int, Shown]:
    """By event: the order, and the packages it was split into then."""
    keys = {event.subject_id for event in events}
    rows = list(order_reads.feed(actor=SYSTEM).filter(pk__in=keys))
    shown = {one.order.pk: one for one in order_reads.shown(rows)}
    tasks = package_reads.feed(actor=SYSTEM).filter(order__in=keys).order_by("pk")
    by_order: dict[int, list[Package]] = {}
    for one in package_reads.shown(list(tasks), now=now):
        by_order.setdefault(one.task.order_id, []).append(one)
    return {
        event.pk: {
            **order(shown[event.subject_id]),
            "package_set": [
                _part(one) for one in by_order.get(event.subject_id, ()) if _was_made(one, event)
            ],
        }
        for event in events
        if event.subject_id in shown
    }


def _then(event: Event) -> Shown:
    if event.type == EventType.NEWS_PUBLISHED or not event.status:
        return {}
    then = state(states.transfer_state(event.status))
    return {"state": then, "modified_date": stamp(event.occurred_at)}


def _was_made(one: Package, event: Event) -> bool:
    """Whether it is one of the packages an event names; a message by hand names none: all."""
    named = event.data.get("tasks")
    return not isinstance(named, list) or one.task.number in named


def _part(one: Package) -> Shown:
    return {
        "id": one.id,
        "number": package_reads.package_number(one.task.number),
        "stock_location_erp_code": one.task.point.code,
        "state": state(one.state),
        "packageitem_set": [
            {
                "id": line.number,
                "order_item": bundles.ordered_line(line.order_line).number,
                "quantity": line.quantity_live or line.quantity,
            }
            for line in one.items
        ],
    }

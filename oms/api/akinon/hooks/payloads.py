"""The objects messages are about, read for a whole batch at once (contract 3.5 to 3.7)."""

import copy
import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from django.db.models import Q

from channels_app.models import Channel
from fulfillment.models import Parcel
from oms.api.akinon import package_reads
from oms.api.akinon.hooks import other_payloads
from oms.api.akinon.hooks.words import WORDS, About, state_after
from oms.api.akinon.package_reads import Package
from oms.api.akinon.rendering import packages
from oms.api.akinon.rendering.shipments import has_shipment, shipment, shipped_box
from oms.api.akinon.rendering.states import state
from oms.api.akinon.rendering.values import stamp
from oms.events.choices import EventType, SubjectType
from oms.events.models import Event
from oms.kernel.actors import SYSTEM

Shown = dict[str, Any]


class Told(NamedTuple):
    """An event, and the word that tells of it."""

    event: Event
    word: str


def payloads(told: Sequence[Told], *, channel: object, now: dt.datetime) -> dict[int, Shown]:
    """By event; without those of other channels than the one that is wanted, and those whose
    object is not there. `channel` None: of all.
    """
    wanted = _of_channel(told, channel)
    by_about: defaultdict[About, list[Told]] = defaultdict(list)
    for each in wanted:
        by_about[WORDS[each.word].about].append(each)
    shown: dict[int, Shown] = {}
    for about, some in by_about.items():
        shown |= _READERS[about](some, now)
    return shown


def _of_channel(told: Sequence[Told], channel: object) -> Sequence[Told]:
    if channel is None:
        return told
    keys = {each.event.channel_ref or 0 for each in told}
    numbers = dict(Channel.objects.filter(pk__in=keys).values_list("pk", "number"))
    return [each for each in told if numbers.get(each.event.channel_ref or 0) == channel]


def _packages(told: Sequence[Told], now: dt.datetime) -> dict[int, Shown]:
    found = _found_packages((each.event for each in told), now)
    return {
        each.event.pk: _as_then(found[number], each)
        for each in told
        if (number := _task_key(each.event)) in found
    }


def _as_then(one: Package, told: Told) -> Shown:
    """A package in the state its event led to, which it may have left since."""
    event = told.event
    is_moved = event.subject_type == SubjectType.TASK and event.status
    if not is_moved or event.type == EventType.NEWS_PUBLISHED:
        return packages.package(one)
    task = copy.copy(one.task)
    task.status, task.changed_at = event.status, event.occurred_at
    shown = packages.package(replace(one, task=task))
    return shown | {"state": state(state_after(event))}


def _found_packages(events: Iterable[Event], now: dt.datetime) -> dict[object, Package]:
    """By key of the task, and by its number: events of boxes name that."""
    keys = {_task_key(event) for event in events}
    named = Q(pk__in=[key for key in keys if isinstance(key, int)])
    named |= Q(number__in=[key for key in keys if isinstance(key, str)])
    rows = package_reads.feed(actor=SYSTEM).filter(named)
    found = package_reads.shown(list(rows), now=now)
    by_key: dict[object, Package] = {one.task.pk: one for one in found}
    return by_key | {one.task.number: one for one in found}


def _task_key(event: Event) -> int | str:
    if event.subject_type == SubjectType.TASK:
        return event.subject_id
    return str(event.data.get("task", ""))


def _shipments(told: Sequence[Told], now: dt.datetime) -> dict[int, Shown]:
    """Boxes that have a carrier or a number, as shipments of their packages; transfers likewise."""
    of_transfers = [each for each in told if each.event.subject_type == SubjectType.TRANSFER]
    of_boxes = [each for each in told if each.event.subject_type == SubjectType.PARCEL]
    of_tasks = [each for each in told if each.event.subject_type == SubjectType.TASK]
    shown = other_payloads.transfer_shipments([each.event for each in of_transfers])
    found = _found_packages((each.event for each in (*of_boxes, *of_tasks)), now)
    boxes = Parcel.objects.in_bulk({each.event.subject_id for each in of_boxes})
    for each in of_boxes:
        one, box = found.get(_task_key(each.event)), boxes.get(each.event.subject_id)
        if one and box and has_shipment(box):
            shown[each.event.pk] = _shipment(one, box)
    for each in of_tasks:
        package = found.get(_task_key(each.event))
        box = shipped_box(package.task) if package else None
        if package and box:
            shown[each.event.pk] = _shipment(package, box)
    return shown


def _shipment(one: Package, box: Parcel) -> Shown:
    return {
        **shipment(box, label_url=one.label_url),
        "package": one.id,
        "package_number": package_reads.package_number(one.task.number),
        "order_id": one.task.order.number,
        "order_number": one.task.order.external_id,
        "transfer": None,
        "modified_date": stamp(box.changed_at),
    }


def _transfers(told: Sequence[Told], _now: dt.datetime) -> dict[int, Shown]:
    return other_payloads.transfers([each.event for each in told])


def _locations(told: Sequence[Told], _now: dt.datetime) -> dict[int, Shown]:
    return other_payloads.locations([each.event for each in told])


def _orders(told: Sequence[Told], now: dt.datetime) -> dict[int, Shown]:
    return other_payloads.orders([each.event for each in told], now=now)


_READERS: Mapping[About, Callable[[Sequence[Told], dt.datetime], dict[int, Shown]]] = {
    About.PACKAGE: _packages,
    About.SHIPMENT: _shipments,
    About.TRANSFER: _transfers,
    About.LOCATION: _locations,
    About.ORDER: _orders,
}

"""Telling the source of an order how far its items are: durable, in order per item (contract 1.5).

An event of a task becomes one `RemoteUpdate` per item, in the event's transaction. A job sends the
oldest of each item in bulk, an organization at a time. What the other side will never take is
kept as refused; everything else is sent until it is taken.
"""

import datetime as dt
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from channels_app.choices import UpdateState
from channels_app.connectors.base import ConnectorError, RemoteRefused
from channels_app.connectors.omnitron import Client
from channels_app.models import Channel, RemoteUpdate
from fulfillment.models import FulfillmentTask, Invoice, Parcel, TaskInvoice
from oms.api.akinon.sync import carriers, channels, jobs, words
from oms.api.akinon.sync.configuration import client_settings, item_status
from oms.events.choices import EventType
from oms.events.models import Event
from oms.orders import bundles

LANE = "akinon.push"
BATCH = 200
KEPT = dt.timedelta(weeks=12)
IS_SYNCED = "is_synced"  # a member of the data of what a transition did
_SHIPPED = frozenset({"500", "510", "520", "540", "550"})


def note_statuses(event: Event, *, now: dt.datetime) -> int:
    """Write down what the items of a task are to be called; how many. Safe to repeat.

    Nothing for channels of other kinds, for states that are told nobody, and where the transition
    says not to (`sync_remote_order_status`, told by the event as `is_synced`).
    """
    if event.data.get(IS_SYNCED) is False:
        return 0
    if event.channel_ref is None:
        return 0
    channel = Channel.objects.filter(pk=event.channel_ref, type__in=channels.TYPES).first()
    if channel is None:
        return 0
    status = item_status(organization_id=channel.organization_id, event_type=event.type)
    if status is None:
        return 0
    task = FulfillmentTask.objects.select_related("order").get(pk=event.subject_id)
    bodies = _bodies(task, _said(task, event.type, status))
    RemoteUpdate.objects.bulk_create(
        [
            RemoteUpdate(
                organization_id=channel.organization_id,
                channel=channel,
                subject=key,
                body=body,
                order_ref=task.order_id,
                event_ref=event.pk,
                not_before=now,
            )
            for key, body in bodies.items()
        ],
        ignore_conflicts=True,
    )
    jobs.is_due(LANE)
    return len(bodies)


def push_due(*, now: dt.datetime, limit: int = BATCH) -> int:
    """Send a batch of due updates. Returns how many were claimed."""
    claimed = _claim(now=now, limit=limit)
    for organization_id in sorted({update.organization_id for update in claimed}):
        mine = [each for each in claimed if each.organization_id == organization_id]
        _send(organization_id, mine, now=now)
    return len(claimed)


def send_again(*, update_ids: Sequence[int], now: dt.datetime) -> int:
    """Have refused updates sent once more; how many there were."""
    refused = RemoteUpdate.objects.filter(pk__in=update_ids, state=UpdateState.REFUSED)
    return refused.update(
        state=UpdateState.PENDING, not_before=now, attempts=0, last_error="", updated_at=now
    )


def forget_old(*, now: dt.datetime, limit: int = 5000) -> int:
    """Delete updates that were sent long ago. Returns how many."""
    old = RemoteUpdate.objects.filter(state=UpdateState.SENT, sent_at__lt=now - KEPT)
    keys = list(old.order_by("pk").values_list("pk", flat=True)[:limit])
    return RemoteUpdate.objects.filter(pk__in=keys).delete()[0]


def _said(task: FulfillmentTask, event_type: str, status: str) -> dict[str, object]:
    """What is told of every item: its status, where it has another, invoice and shipment."""
    said: dict[str, object] = {"status": status} if status else {}
    if event_type != EventType.TASK_SHIPMENT_CHANGED:
        said |= _invoice(task)
    if status in _SHIPPED or event_type == EventType.TASK_SHIPMENT_CHANGED:
        said |= _shipment(task)
    return said


def _bodies(task: FulfillmentTask, said: Mapping[str, object]) -> dict[str, dict[str, object]]:
    """An entry for each item of a task that is still to be delivered, by its key; of a bundle one
    for all its parts.
    """
    lines = task.lines.select_related("order_line__parent").order_by("pk")
    items = [bundles.ordered_line(line.order_line) for line in lines if line.quantity_live]
    return {
        key: {"id": int(key), **said}
        for item in items
        if said and item.is_named and (key := item.external_id).isdigit()
    }


def _shipment(task: FulfillmentTask) -> dict[str, object]:
    parcels = Parcel.objects.live().filter(task=task).exclude(tracking_number="")
    parcel = parcels.order_by("pk").first()
    said: dict[str, object] = {}
    if parcel is not None:
        said["tracking_number"] = parcel.tracking_number
    if carrier := (parcel.carrier if parcel else "") or task.carrier:
        said["shipping_company"] = carriers.code_of(
            carrier, organization_id=task.order.organization_id
        )
    return said


def _invoice(task: FulfillmentTask) -> dict[str, object]:
    """What somebody else wrote stands above what we did."""
    theirs = TaskInvoice.objects.filter(task=task).first()
    if theirs is not None:
        url: dict[str, object] = {"e_archive_url": theirs.url} if theirs.url else {}
        return _numbered(theirs.number, theirs.issued_at) | url
    ours = Invoice.objects.live().filter(parcel__task=task).order_by("-pk").first()
    if ours is None:
        return {}
    return _numbered(ours.code, ours.issued_at)


def _numbered(number: str, issued_at: dt.datetime) -> dict[str, object]:
    return {"invoice_number": number, "invoice_date": words.written(issued_at)}


@transaction.atomic
def _claim(*, now: dt.datetime, limit: int) -> list[RemoteUpdate]:
    """The oldest pending update of each item, as far as it is due. One that waits holds up the
    later ones of its item only.
    """
    earlier = RemoteUpdate.objects.filter(
        state=UpdateState.PENDING,
        organization_id=OuterRef("organization_id"),
        subject=OuterRef("subject"),
        pk__lt=OuterRef("pk"),
    )
    due = RemoteUpdate.objects.select_for_update(of=("self",), skip_locked=True)
    claimed = list(
        due.filter(~Exists(earlier), state=UpdateState.PENDING, not_before__lte=now)
        .order_by("not_before", "pk")[:limit]
    )  # fmt: skip
    for update in claimed:
        update.attempts += 1
        update.not_before = now + jobs.LEASE
    RemoteUpdate.objects.bulk_update(claimed, ["attempts", "not_before"])
    return claimed


def _send(organization_id: int, updates: Sequence[RemoteUpdate], *, now: dt.datetime) -> None:
    try:
        settings = client_settings(organization_id)
    except ConnectorError as error:
        _put_off(updates, error, now=now)
        return
    with Client(settings) as client:
        try:
            client.update_items([update.body for update in updates])
        except RemoteRefused:
            for update in updates:
                _send_one(client, update, now=now)
        except ConnectorError as error:
            _put_off(updates, error, now=now)
        else:
            _sent(updates, now=now)


def _send_one(client: Client, update: RemoteUpdate, *, now: dt.datetime) -> None:
    """After a bulk was refused: each item on its own, so that only the wrong ones fail."""
    try:
        client.update_items([update.body])
    except RemoteRefused as refused:
        said = f"{refused} {', '.join(refused.members)}".strip()
        _mine([update]).update(state=UpdateState.REFUSED, last_error=said[:255], updated_at=now)
    except ConnectorError as error:
        _put_off([update], error, now=now)
    else:
        _sent([update], now=now)


def _sent(updates: Sequence[RemoteUpdate], *, now: dt.datetime) -> None:
    for group in _by_attempt(updates).values():
        _mine(group).update(state=UpdateState.SENT, sent_at=now, last_error="", updated_at=now)


def _put_off(updates: Sequence[RemoteUpdate], error: ConnectorError, *, now: dt.datetime) -> None:
    for attempts, group in _by_attempt(updates).items():
        due = now + jobs.doubling(attempts)
        _mine(group).update(not_before=due, last_error=str(error)[:255], updated_at=now)


def _by_attempt(updates: Sequence[RemoteUpdate]) -> Mapping[int, list[RemoteUpdate]]:
    found: dict[int, list[RemoteUpdate]] = {}
    for update in updates:
        found.setdefault(update.attempts, []).append(update)
    return found


def _mine(updates: Sequence[RemoteUpdate]) -> QuerySet[RemoteUpdate]:
    """Rows of one attempt, as long as it is still ours."""
    return RemoteUpdate.objects.filter(
        pk__in=[update.pk for update in updates],
        state=UpdateState.PENDING,
        attempts=updates[0].attempts,
    )

"""Carrier, tracking number and waybill of a parcel, as its channel hands them over."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from fulfillment import hints
from fulfillment.carriers.base import LabelDocument
from fulfillment.choices import DocumentKind, DocumentStatus
from fulfillment.models import Document, Parcel
from fulfillment.queries import ParcelNotFound
from fulfillment.services import contents, facts, label_jobs, recording, waybills
from fulfillment.services.contents import StoredBytes
from fulfillment.services.label_jobs import CHANNEL, Labelled
from fulfillment.services.milestones import ParcelVoided, name_parcel
from fulfillment.services.voiding import labelled_of
from fulfillment.services.work import OrderWork, ParcelWork, TaskWork, lock_parcel
from oms.events import outbox
from oms.events.choices import EventType
from oms.events.outbox import Fact
from oms.kernel import http, sealed
from oms.kernel.actors import Actor
from oms.kernel.contention import retried

_SAID = ("carrier", "delivery_type", "tracking_number")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackingDocs:
    """What a channel says of a parcel (by key); "" is what it does not say.

    With `waybill`, the bytes themselves, `waybill_url` is only kept; alone, it is fetched.
    """

    parcel_id: int
    channel_parcel_no: str = ""
    carrier: str = ""
    delivery_type: str = ""
    tracking_number: str = ""
    waybill: bytes = b""
    waybill_url: str = ""


@dataclass(slots=True, kw_only=True)
class _Handover:
    """A locked parcel, what is said of it, and its live labels by who makes them."""

    docs: TrackingDocs
    work: OrderWork
    task: TaskWork
    parcel: ParcelWork
    labels: dict[str, Document]

    @property
    def labelled(self) -> Labelled:
        return labelled_of(self.work, self.task, self.parcel)


def record_tracking_docs(*, docs: TrackingDocs, actor: Actor, now: datetime) -> None:
    """Take over what the channel says of a parcel; the same again changes nothing.

    A document of the channel replaces the label we made. Ours stays good while the channel's is
    being fetched, and is made again when only carrier or tracking number changed. The first label
    of a parcel is told as ready, any change after that as updated.

    Raises ParcelNotFound, ParcelVoided, ChannelParcelMismatch, DocumentTooLarge,
    DocumentKindUnknown, http.UrlRefused.
    """
    media_type = contents.check_document(docs.waybill) if docs.waybill else ""
    may_reach_private = _may_reach_private(docs, actor)
    if docs.waybill_url:
        http.check_url(docs.waybill_url, allow_private=may_reach_private)
    stored = contents.store_content(docs.waybill, media_type=media_type) if media_type else None
    _take_over(docs=docs, stored=stored, actor=actor, now=now)


@retried
@transaction.atomic
def _take_over(
    *, docs: TrackingDocs, stored: StoredBytes | None, actor: Actor, now: datetime
) -> None:
    handover = _lock(docs, actor=actor)
    name_parcel(handover.parcel, docs.channel_parcel_no, now=now)
    is_described_anew = _describe(docs, now=now)
    if stored is not None and not _is_at_hand(handover, stored):
        _replace(handover, stored, actor=actor, now=now)
    elif stored is None and docs.waybill_url and not _is_known(handover):
        _fetch_later(handover, actor=actor, now=now)
    elif is_described_anew:
        _tell(handover, actor=actor, now=now)


def _may_reach_private(docs: TrackingDocs, actor: Actor) -> bool:
    seen = Parcel.objects.visible_to(actor).filter(pk=docs.parcel_id)
    connector = seen.values_list("task__channel__connector", flat=True).first()
    if connector is None:
        raise ParcelNotFound("No such parcel")
    return waybills.may_reach_private(connector)


def _lock(docs: TrackingDocs, *, actor: Actor) -> _Handover:
    work, task, parcel = lock_parcel(
        parcel_id=docs.parcel_id, task_number="", point_parcel_no="", actor=actor
    )
    if parcel is None:
        raise ParcelVoided("The parcel was voided")
    live = Document.objects.filter(parcel_id=parcel.id, kind=DocumentKind.LABEL)
    labels = live.exclude(status=DocumentStatus.VOID).order_by("pk")
    return _Handover(
        docs=docs,
        work=work,
        task=task,
        parcel=parcel,
        labels={label.carrier: label for label in labels},
    )


def _describe(docs: TrackingDocs, *, now: datetime) -> bool:
    """Keep carrier, type and tracking number. True when one of them is another than before."""
    parcel = Parcel.objects.get(pk=docs.parcel_id)
    said = {name: value for name in _SAID if (value := getattr(docs, name))}
    changed = {name: value for name, value in said.items() if getattr(parcel, name) != value}
    if changed:
        Parcel.objects.filter(pk=parcel.pk).update(**changed, changed_at=now)
    return bool(changed)


def _is_at_hand(handover: _Handover, stored: StoredBytes) -> bool:
    """Whether the channel's document that we have is this one, byte for byte."""
    known = handover.labels.get(CHANNEL)
    return known is not None and known.content_id == stored.sha256


def _is_known(handover: _Handover) -> bool:
    """Whether the document at this address is there or on its way; one that failed is not."""
    known = handover.labels.get(CHANNEL)
    if known is None or known.status == DocumentStatus.FAILED:
        return False
    return sealed.read(known, "source_url") == handover.docs.waybill_url


def _replace(handover: _Handover, stored: StoredBytes, *, actor: Actor, now: datetime) -> None:
    """Put the channel's document in the place of whatever label there is."""
    outbox.record(_void_useless(handover, now=now), actor=actor, now=now)
    job = _job(handover, due=now, attempts=1)
    label = LabelDocument(
        content=handover.docs.waybill,
        tracking_number="",
        carrier="",
        media_type=stored.media_type,
    )
    done = recording.Fetched(job=job, label=label, stored=stored)
    recording.record_labels([done], actor=actor, now=now)


def _fetch_later(handover: _Handover, *, actor: Actor, now: datetime) -> None:
    said = _void_useless(handover, now=now)
    job = _job(handover, due=now, attempts=0)
    requested = EventType.LABEL_REQUESTED
    documents = [(job.pk, job.box.pk, job.reference)]
    said += label_jobs.label_facts(requested, [handover.labelled], documents)
    outbox.record(said, actor=actor, now=now)
    hints.waybills_are_due()


def _void_useless(handover: _Handover, *, now: datetime) -> list[Fact]:
    """Void what nobody will use: everything but a label of ours that is good until the other
    comes."""
    useless = [
        label
        for label in handover.labels.values()
        if label.carrier == CHANNEL or label.status != DocumentStatus.READY
    ]
    Document.objects.filter(pk__in=[label.pk for label in useless]).update(
        status=DocumentStatus.VOID, changed_at=now
    )
    documents = [(label.pk, handover.parcel.id, label.reference) for label in useless]
    return label_jobs.label_facts(EventType.LABEL_VOIDED, [handover.labelled], documents)


def _job(handover: _Handover, *, due: datetime, attempts: int) -> Document:
    """The row of a document of the channel: its job, or what is about to be recorded."""
    parcel = handover.parcel
    number = Document.objects.filter(parcel_id=parcel.id).count() + 1
    job = Document(
        organization_id=handover.work.order.organization_id,
        parcel_id=parcel.id,
        kind=DocumentKind.LABEL,
        carrier=CHANNEL,
        reference=f"CH{parcel.number:010d}-{number}",
        not_before=due,
        attempts=attempts,
        created_at=due,
        changed_at=due,
    )
    if handover.docs.waybill_url:
        sealed.write(job, "source_url", handover.docs.waybill_url)
    job.save()
    return job


def _tell(handover: _Handover, *, actor: Actor, now: datetime) -> None:
    """Carrier or tracking number are others: our label is made again, any other is as it was."""
    if handover.labels and CHANNEL not in handover.labels:
        said = label_jobs.void_labels_of([handover.labelled], now=now)
        said += label_jobs.ask_for_labels([handover.labelled], now=now)
    else:
        said = [
            facts.parcel_fact(
                EventType.LABEL_UPDATED,
                order=handover.work.order,
                task=handover.task,
                parcel=handover.parcel,
            )
        ]
    outbox.record(said, actor=actor, now=now)

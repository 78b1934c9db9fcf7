"""Writing labels down once their bytes are on file, whoever they come from."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from fulfillment.carriers import registry
from fulfillment.carriers.base import LabelDocument
from fulfillment.models import Document, StoredContent
from fulfillment.services import label_jobs, label_watches
from fulfillment.services.contents import StoredBytes
from fulfillment.services.label_jobs import CHANNEL, Labelled
from fulfillment.services.labels import described
from oms.events import outbox
from oms.events.choices import EventType
from oms.kernel import sql
from oms.kernel.actors import Actor
from oms.orders.models import Order

# Only for who still owns the attempt: a voided label, or a lease that ran out, matches nothing.
_READY = """
UPDATE fulfillment_document d
SET status = 'READY', content_id = r.sha256, last_error = '', changed_at = %(now)s
FROM unnest(%(ids)s::bigint[], %(attempts)s::int[], %(sha256s)s::text[])
     AS r (id, attempts, sha256)
WHERE d.id = r.id AND d.attempts = r.attempts AND d.status = 'PENDING'
RETURNING d.id, EXISTS (SELECT FROM fulfillment_document e
                        WHERE e.parcel_id = d.parcel_id AND e.kind = 'LABEL' AND e.id < d.id
                          AND e.content_id IS NOT NULL)
"""

# What the channel hands over takes the place of what there was.
_REPLACE = """
UPDATE fulfillment_document SET status = 'VOID', changed_at = %(now)s
WHERE parcel_id = ANY(%(parcel_ids)s::bigint[]) AND kind = 'LABEL' AND status <> 'VOID'
  AND id <> ALL(%(ids)s::bigint[])
RETURNING id, parcel_id, reference
"""

# What the point or channel said of carrier and tracking stands, unless the carrier made a shipment
# of its own (`decides`): its number is on the label. A packed parcel is now labelled.
_PARCELS = """
UPDATE fulfillment_parcel p
SET tracking_number = CASE WHEN p.tracking_number = '' OR r.decides THEN r.tracking
        ELSE p.tracking_number END,
    tracking_url = CASE WHEN p.tracking_url = '' OR r.decides THEN r.url
        ELSE p.tracking_url END,
    carrier = CASE p.carrier WHEN '' THEN r.carrier ELSE p.carrier END,
    status = CASE p.status WHEN 'PACKED' THEN 'LABELLED' ELSE p.status END,
    changed_at = %(now)s
FROM unnest(%(parcel_ids)s::bigint[], %(trackings)s::text[], %(urls)s::text[],
            %(carriers)s::text[], %(deciding)s::bool[])
     AS r (parcel_id, tracking, url, carrier, decides)
WHERE p.id = r.parcel_id
RETURNING p.id, p.tracking_number, p.carrier, p.delivery_type
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A label at hand, its bytes on file, not recorded yet."""

    job: Document
    label: LabelDocument
    stored: StoredBytes


def record_labels(fetched: Sequence[Fetched], *, actor: Actor, now: datetime) -> None:
    """Write labels down, each only if its attempt is still ours.

    The first label of a parcel is told as ready, any later one as updated.
    """
    with transaction.atomic():
        lock_orders([done.job for done in fetched])
        contents = {done.stored.sha256: _content(done.stored) for done in fetched}
        StoredContent.objects.bulk_create(contents.values(), ignore_conflicts=True)
        params: dict[str, object] = {
            "ids": [done.job.pk for done in fetched],
            "attempts": [done.job.attempts for done in fetched],
            "sha256s": [done.stored.sha256 for done in fetched],
            "now": now,
        }
        won = dict(sql.rows(_READY, params))
        if ours := [done for done in fetched if done.job.pk in won]:
            waits = {done.job.pk: done.label.ask_after for done in ours}
            label_watches.arrange({pk: wait for pk, wait in waits.items() if wait}, now=now)
            later = {pk for pk, has_earlier in won.items() if has_earlier}
            outbox.record(_label_parcels(ours, later, now=now), actor=actor, now=now)


def _content(stored: StoredBytes) -> StoredContent:
    return StoredContent(
        sha256=stored.sha256, media_type=stored.media_type, size=stored.size, file=stored.name
    )


def _label_parcels(
    ours: Sequence[Fetched], later: Collection[int], *, now: datetime
) -> list[outbox.Fact]:
    before = described([done.job.box for done in ours])
    params: dict[str, object] = {
        "parcel_ids": [done.job.box.pk for done in ours],
        "trackings": [done.label.tracking_number for done in ours],
        "urls": [done.label.tracking_url for done in ours],
        "carriers": [done.label.carrier for done in ours],
        "deciding": [registry.wants_details(done.job.carrier) for done in ours],
        "now": now,
    }
    after = {row["id"]: row for row in sql.records(_PARCELS, params)}
    jobs = {done.job.box.pk: done.job for done in ours}
    said = _replace([done.job for done in ours if done.job.carrier == CHANNEL], before, now=now)
    for parcel in before:
        job, row = jobs[parcel.parcel_id], after[parcel.parcel_id]
        ready = label_jobs.label_fact(
            EventType.LABEL_UPDATED if job.pk in later else EventType.LABEL_READY,
            parcel,
            document_id=job.pk,
            reference=job.reference,
            carrier=row["carrier"],
            delivery_type=row["delivery_type"],
            tracking_number=row["tracking_number"],
        )
        said.append(ready)
        if parcel.status == "PACKED":
            labelled = EventType.PARCEL_LABELLED
            said.append(label_jobs.label_fact(labelled, parcel, status="LABELLED"))
    return said


def _replace(
    jobs: Sequence[Document], parcels: Sequence[Labelled], *, now: datetime
) -> list[outbox.Fact]:
    """Void what the channel's documents replace."""
    if not jobs:
        return []
    params: dict[str, object] = {
        "parcel_ids": [job.box.pk for job in jobs],
        "ids": [job.pk for job in jobs],
        "now": now,
    }
    return label_jobs.label_facts(EventType.LABEL_VOIDED, parcels, sql.rows(_REPLACE, params))


def lock_orders(jobs: Sequence[Document]) -> None:
    """Take the locks that serialize what is said of these labels' parcels."""
    order_ids = {job.box.task.order_id for job in jobs}
    list(Order.objects.filter(pk__in=order_ids).locked().values_list("pk"))

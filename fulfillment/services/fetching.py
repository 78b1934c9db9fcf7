"""Getting labels: claim, ask the carrier, record. Nothing is locked while the carrier thinks."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction

from fulfillment.carriers import registry
from fulfillment.carriers.base import CarrierError, LabelDocument
from fulfillment.choices import DocumentStatus
from fulfillment.models import Document, StoredContent
from fulfillment.services import label_jobs, label_requests
from fulfillment.services.contents import StoredBytes, store_content
from fulfillment.services.labels import described
from oms.events import outbox
from oms.events.choices import EventType
from oms.kernel import crypto, sql
from oms.kernel.actors import SYSTEM
from oms.orders.models import Order

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=150)  # longer than any job may run (CELERY_TASK_TIME_LIMIT)
BACKOFF = (5, 30, 120, 600, 3600)  # seconds before the second, third, ... attempt
BATCH = 20

# Whoever moves `not_before` owns this attempt until the lease ends: one statement, no lock kept.
_CLAIM = """
UPDATE fulfillment_document
SET not_before = %(lease_end)s, attempts = attempts + 1, changed_at = %(now)s
WHERE id IN (SELECT id FROM fulfillment_document
             WHERE status = 'PENDING' AND kind = 'LABEL' AND not_before <= %(now)s
               AND (%(document_id)s::bigint IS NULL OR id = %(document_id)s)
             ORDER BY not_before, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
RETURNING id
"""

# Only for who still owns the attempt: a voided label, or a lease that ran out, matches nothing.
_READY = """
UPDATE fulfillment_document d
SET status = 'READY', content_id = r.sha256, last_error = '', changed_at = %(now)s
FROM unnest(%(ids)s::bigint[], %(attempts)s::int[], %(sha256s)s::text[])
     AS r (id, attempts, sha256)
WHERE d.id = r.id AND d.attempts = r.attempts AND d.status = 'PENDING'
RETURNING d.id
"""

# What the point or channel said of carrier and tracking stands; a packed parcel is now labelled.
_PARCELS = """
UPDATE fulfillment_parcel p
SET tracking_number = CASE p.tracking_number WHEN '' THEN r.tracking ELSE p.tracking_number END,
    carrier = CASE p.carrier WHEN '' THEN r.carrier ELSE p.carrier END,
    status = CASE p.status WHEN 'PACKED' THEN 'LABELLED' ELSE p.status END,
    changed_at = %(now)s
FROM unnest(%(parcel_ids)s::bigint[], %(trackings)s::text[], %(carriers)s::text[])
     AS r (parcel_id, tracking, carrier)
WHERE p.id = r.parcel_id
RETURNING p.id, p.tracking_number, p.carrier, p.delivery_type
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A label at hand, its bytes on file, not recorded yet."""

    job: Document
    label: LabelDocument
    stored: StoredBytes


def fetch_label(*, document_id: int, now: datetime) -> bool:
    """Try once to get one label. False when it is not due, or somebody else has it."""
    return bool(_fetch(document_id=document_id, limit=1, now=now))


def fetch_due_labels(*, now: datetime, limit: int = BATCH) -> int:
    """Try once to get each of a batch of due labels. Returns how many were claimed."""
    return _fetch(document_id=None, limit=limit, now=now)


def _fetch(*, document_id: int | None, limit: int, now: datetime) -> int:
    """Claim labels, get each from its carrier, put the bytes on file, and record them together.

    A crash in between needs no clean-up: the lease ends, the label is due again, and the next
    attempt first asks the carrier for what was bought under our reference.
    """
    claim: dict[str, object] = {
        "document_id": document_id,
        "limit": limit,
        "lease_end": now + LEASE,
        "now": now,
    }
    claimed = [pk for (pk,) in sql.rows(_CLAIM, claim)]
    if not claimed:
        return 0
    jobs = label_requests.load(claimed)
    weights = label_requests.expected_weights(jobs)
    fetched = [done for job in jobs if (done := _attempt(job, weights, now=now))]
    if fetched:
        _record(fetched, now=now)
    return len(claimed)


def _attempt(job: Document, weights: Mapping[int, Decimal], *, now: datetime) -> Fetched | None:
    """Ask the carrier once. A failure is recorded, so that the rest of the batch goes on."""
    try:
        label = _from_carrier(job, weights)
        stored = store_content(label.content, media_type=label.media_type)
    except CarrierError as error:
        _fail(job, error, now=now)
    except crypto.SealBroken:
        _fail(job, CarrierError("The address cannot be opened", temporary=True), now=now)
    except Exception as error:
        logger.exception("A label could not be made")
        _fail(job, CarrierError(f"Internal: {type(error).__name__}", temporary=True), now=now)
    else:
        return Fetched(job=job, label=label, stored=stored)
    return None


def _from_carrier(job: Document, weights: Mapping[int, Decimal]) -> LabelDocument:
    try:
        carrier = registry.get(job.carrier)
    except LookupError as exc:
        raise CarrierError("The carrier is not connected", temporary=True) from exc
    if job.attempts > 1 and (found := carrier.find_label(job.reference)):
        return found
    return carrier.buy_label(label_requests.label_request(job, weights))


def _record(fetched: Sequence[Fetched], *, now: datetime) -> None:
    """Write labels down, each only if its attempt is still ours."""
    with transaction.atomic():
        _lock_orders([done.job for done in fetched])
        contents = {done.stored.sha256: _content(done.stored) for done in fetched}
        StoredContent.objects.bulk_create(contents.values(), ignore_conflicts=True)
        params: dict[str, object] = {
            "ids": [done.job.pk for done in fetched],
            "attempts": [done.job.attempts for done in fetched],
            "sha256s": [done.stored.sha256 for done in fetched],
            "now": now,
        }
        won = {pk for (pk,) in sql.rows(_READY, params)}
        if ours := [done for done in fetched if done.job.pk in won]:
            _label_parcels(ours, now=now)


def _content(stored: StoredBytes) -> StoredContent:
    return StoredContent(
        sha256=stored.sha256, media_type=stored.media_type, size=stored.size, file=stored.name
    )


def _label_parcels(ours: Sequence[Fetched], *, now: datetime) -> None:
    before = described([done.job.parcel for done in ours])
    params: dict[str, object] = {
        "parcel_ids": [done.job.parcel_id for done in ours],
        "trackings": [done.label.tracking_number for done in ours],
        "carriers": [done.label.carrier for done in ours],
        "now": now,
    }
    after = {row["id"]: row for row in sql.records(_PARCELS, params)}
    jobs = {done.job.parcel_id: done.job for done in ours}
    said = []
    for parcel in before:
        job, row = jobs[parcel.parcel_id], after[parcel.parcel_id]
        ready = label_jobs.label_fact(
            EventType.LABEL_READY,
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
    outbox.record(said, actor=SYSTEM, now=now)


def _fail(job: Document, error: CarrierError, *, now: datetime) -> None:
    """Wait for the next step of BACKOFF, or give up; only if the attempt is still ours."""
    logger.warning("A label was not obtained", extra={"document": job.reference})
    mine = Document.objects.filter(pk=job.pk, status=DocumentStatus.PENDING, attempts=job.attempts)
    message = str(error)[:500]
    if error.temporary and job.attempts <= len(BACKOFF):
        due = now + timedelta(seconds=BACKOFF[job.attempts - 1])
        mine.update(not_before=due, last_error=message, changed_at=now)
        return
    with transaction.atomic():
        _lock_orders([job])
        if mine.update(status=DocumentStatus.FAILED, last_error=message, changed_at=now):
            [parcel] = described([job.parcel])
            failed = label_jobs.label_fact(
                EventType.LABEL_FAILED,
                parcel,
                document_id=job.pk,
                reference=job.reference,
                attempts=job.attempts,
            )
            outbox.record([failed], actor=SYSTEM, now=now)


def _lock_orders(jobs: Sequence[Document]) -> None:
    order_ids = {job.parcel.task.order_id for job in jobs}
    list(Order.objects.filter(pk__in=order_ids).locked().values_list("pk"))

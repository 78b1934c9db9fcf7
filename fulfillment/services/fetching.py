"""Getting labels: claim, ask the carrier, record. Nothing is locked while the carrier thinks."""

import logging
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction

from fulfillment.carriers import registry
from fulfillment.carriers.base import CarrierError, LabelDocument
from fulfillment.choices import DocumentStatus
from fulfillment.models import Document, Parcel
from fulfillment.services import (
    label_details,
    label_jobs,
    label_requests,
    recording,
    waybills,
)
from fulfillment.services.contents import store_content
from fulfillment.services.labels import described
from fulfillment.services.recording import Fetched
from oms.accounts.clocks import EVERYBODY, Circle
from oms.events import outbox
from oms.events.choices import EventType
from oms.kernel import crypto, sql
from oms.kernel.actors import SYSTEM

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=150)  # longer than any job may run (CELERY_TASK_TIME_LIMIT)
BACKOFF = (5, 30, 120, 600, 3600)  # seconds before the second, third, ... attempt
BATCH = 20
PATIENCE = 5.0  # seconds; a carrier that fails after more than these is slow
LONGEST = 60.0  # seconds after which no call is begun: half of what a job may take

# Whoever moves `not_before` owns this attempt until the lease ends: one statement, no lock kept.
_CLAIM = """
UPDATE fulfillment_document
SET not_before = %(lease_end)s, attempts = attempts + 1, changed_at = %(now)s
WHERE id IN (SELECT id FROM fulfillment_document
             WHERE status = 'PENDING' AND kind = 'LABEL' AND not_before <= %(now)s
               AND (%(only)s::bigint IS NULL OR organization_id = %(only)s::bigint)
               AND organization_id <> ALL(%(besides)s::bigint[])
               AND (%(document_id)s::bigint IS NULL OR id = %(document_id)s)
               AND (%(is_waybill)s::bool IS NULL OR %(is_waybill)s = (source_url IS NOT NULL))
             ORDER BY not_before, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
RETURNING id
"""


def fetch_label(*, document_id: int, now: datetime) -> bool:
    """Try once to get one label. False when it is not due, or somebody else has it."""
    which = {"document_id": document_id, "is_waybill": None, "limit": 1, **EVERYBODY.params}
    return bool(_fetch(which, now=now))


def fetch_due_labels(*, now: datetime, limit: int = BATCH, circle: Circle = EVERYBODY) -> int:
    """Try once to get each of a batch of a circle's due labels. Returns how many were claimed."""
    which = {"document_id": None, "is_waybill": False, "limit": limit, **circle.params}
    return _fetch(which, now=now)


def fetch_due_waybills(
    *, now: datetime, limit: int = waybills.BATCH, circle: Circle = EVERYBODY
) -> int:
    """The same for documents that channels keep: their servers may be slow, so fewer at a time."""
    which = {"document_id": None, "is_waybill": True, "limit": limit, **circle.params}
    return _fetch(which, now=now)


def _fetch(which: Mapping[str, object], *, now: datetime) -> int:
    """Claim labels, get each from its carrier, put the bytes on file, and record them together.

    A crash in between needs no clean-up: the lease ends, the label is due again, and the next
    attempt first asks the carrier for what was bought under our reference.
    """
    claim = {**which, "lease_end": now + LEASE, "now": now}
    claimed = [pk for (pk,) in sql.rows(_CLAIM, claim)]
    if not claimed:
        return 0
    jobs = label_requests.load(claimed)
    weights = label_requests.expected_weights(jobs)
    elsewhere = [job for job in jobs if registry.wants_details(job.carrier)]
    at_once = [job for job in jobs if job not in elsewhere]
    fetched = [done for job in at_once if (done := _attempt(job, weights, now=now))]
    if fetched:
        recording.record_labels(fetched, actor=SYSTEM, now=now)
    for made in _one_by_one(elsewhere, weights, now=now):
        recording.record_labels([made], actor=SYSTEM, now=now)
    return len(claimed)


def _one_by_one(
    jobs: Sequence[Document], weights: Mapping[int, Decimal], *, now: datetime
) -> Iterator[Fetched]:
    """Ask carriers that make shipments, far away, for as long as a batch may take.

    One that failed slowly is not asked again in this batch.
    """
    slow = set[str]()
    ends = time.monotonic() + LONGEST
    for job in jobs:
        began = time.monotonic()
        if began > ends or job.carrier in slow:
            _put_back(job, now=now)
        elif done := _attempt(job, weights, now=now):
            yield done
        elif time.monotonic() - began > PATIENCE:
            slow.add(job.carrier)


def _put_back(job: Document, *, now: datetime) -> None:
    """Nobody was asked, so the attempt does not count."""
    mine = Document.objects.filter(pk=job.pk, status=DocumentStatus.PENDING, attempts=job.attempts)
    mine.update(attempts=job.attempts - 1, not_before=next_try(1, now=now), changed_at=now)


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
    if job.source_url is not None:
        return waybills.fetch_waybill(job)
    try:
        carrier = registry.get(job.carrier)
    except LookupError as exc:
        raise CarrierError("The carrier is not connected", temporary=True) from exc
    if job.attempts > 1 and (found := carrier.find_label(job.reference)):
        return found
    request = label_requests.label_request(job, weights)
    if registry.wants_details(job.carrier):
        request = replace(request, details=label_details.details_of(job))
    return carrier.buy_label(request)


def next_try(attempts: int, *, now: datetime) -> datetime:
    """When to try again after so many attempts, at most as many as BACKOFF has steps."""
    return now + timedelta(seconds=BACKOFF[attempts - 1])


def _fail(job: Document, error: CarrierError, *, now: datetime) -> None:
    """Wait for the next step of BACKOFF, or give up; only if the attempt is still ours."""
    logger.warning("A label was not obtained", extra={"document": job.reference})
    mine = Document.objects.filter(pk=job.pk, status=DocumentStatus.PENDING, attempts=job.attempts)
    message = str(error)[:500]
    if error.temporary and job.attempts <= len(BACKOFF):
        due = next_try(job.attempts, now=now)
        mine.update(not_before=due, last_error=message, error_code=error.code[:64], changed_at=now)
        return
    with transaction.atomic():
        recording.lock_orders([job])
        failed_now = {"last_error": message, "error_code": error.code[:64], "changed_at": now}
        if mine.update(status=DocumentStatus.FAILED, **failed_now):
            Parcel.objects.filter(pk=job.box.pk).update(changed_at=now)
            [parcel] = described([job.box])
            failed = label_jobs.label_fact(
                EventType.LABEL_FAILED,
                parcel,
                document_id=job.pk,
                reference=job.reference,
                attempts=job.attempts,
                error=message,
                error_code=error.code[:64],
            )
            outbox.record([failed], actor=SYSTEM, now=now)

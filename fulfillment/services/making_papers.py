"""Getting papers drawn: claim, draw, record. Whoever needs one first draws it itself."""

import logging
import time
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from fulfillment import hints
from fulfillment.choices import DocumentKind, DocumentStatus, TemplateKind
from fulfillment.models import Document, StoredContent
from fulfillment.papers import press
from fulfillment.queries import DocumentNotFound
from fulfillment.services import fetching, paper_data, templates
from fulfillment.services.contents import StoredBytes, store_content
from fulfillment.services.fetching import BACKOFF, LEASE
from oms.accounts.clocks import EVERYBODY, Circle
from oms.kernel import crypto, errors, sql
from oms.kernel.actors import Actor

logger = logging.getLogger(__name__)

BATCH = 20
PATIENCE = 30.0  # seconds somebody waits for papers that others are drawing
_POLL = 0.05
_PDF = "application/pdf"

# As labels are claimed (see `fetching`).
_CLAIM = """
UPDATE fulfillment_document
SET not_before = %(lease_end)s, attempts = attempts + 1, changed_at = %(now)s
WHERE id IN (SELECT id FROM fulfillment_document
             WHERE status = 'PENDING' AND kind <> 'LABEL' AND not_before <= %(now)s
               AND (%(only)s::bigint IS NULL OR organization_id = %(only)s::bigint)
               AND organization_id <> ALL(%(besides)s::bigint[])
               AND (%(ids)s::bigint[] IS NULL OR id = ANY(%(ids)s::bigint[]))
             ORDER BY not_before, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
RETURNING id
"""


class PaperNotFailed(errors.Conflict):
    """Only a paper that was given up can be drawn again by hand; the others come by themselves."""

    code = "paper_not_failed"


def make_papers_now(
    *, document_ids: Sequence[int], now: datetime, patience: float = PATIENCE
) -> list[Document]:
    """Draw, here, what of these nobody else has claimed, labels too, and wait for the rest.

    Belongs outside transactions. Returns the documents in the order asked for, with their content;
    one that failed, or is late after `patience` seconds, has no content. Raises DocumentNotFound.
    """
    found = _loaded(document_ids)
    for document in found.values():
        if document.status == DocumentStatus.PENDING and document.kind == DocumentKind.LABEL:
            fetching.fetch_label(document_id=document.pk, now=now)
    papers = [pk for pk, document in found.items() if document.kind != DocumentKind.LABEL]
    if papers:
        _draw(ids=papers, limit=len(papers), now=now, circle=EVERYBODY)
    return _settled(document_ids, patience=patience)


def draw_due_papers(*, now: datetime, limit: int = BATCH, circle: Circle = EVERYBODY) -> int:
    """Try once to draw each of a batch of a circle's due papers. Returns how many were claimed."""
    return _draw(ids=None, limit=limit, now=now, circle=circle)


@transaction.atomic
def redraw_paper(*, document_id: int, actor: Actor, now: datetime) -> None:
    """Draw a failed paper again, now. Raises DocumentNotFound, PaperNotFailed."""
    mine = Document.objects.exclude(kind=DocumentKind.LABEL).filter(pk=document_id)
    if actor.organization_id is not None:
        mine = mine.filter(organization_id=actor.organization_id)
    if not mine.exists():
        raise DocumentNotFound("No such paper")
    failed = mine.filter(status=DocumentStatus.FAILED)
    again = {"status": DocumentStatus.PENDING, "attempts": 0, "not_before": now, "changed_at": now}
    if not failed.update(**again):
        raise PaperNotFailed("The paper did not fail")
    hints.papers_are_due()


def _loaded(document_ids: Collection[int]) -> dict[int, Document]:
    rows = Document.objects.filter(pk__in=document_ids).select_related("content", "parcel")
    found = {row.pk: row for row in rows}
    if missing := set(document_ids) - found.keys():
        raise DocumentNotFound("No such document", missing=len(missing))
    return found


def _settled(document_ids: Sequence[int], *, patience: float) -> list[Document]:
    """The documents once none is under way, or when patience ends."""
    deadline = time.monotonic() + patience
    while True:
        found = _loaded(document_ids)
        is_over = time.monotonic() >= deadline
        if is_over or not any(_is_under_way(row) for row in found.values()):
            return [found[pk] for pk in document_ids]
        time.sleep(_POLL)


def _is_under_way(document: Document) -> bool:
    """Whether somebody holds it; one that waits for its next try has said why."""
    return document.status == DocumentStatus.PENDING and not document.last_error


def _draw(*, ids: Sequence[int] | None, limit: int, now: datetime, circle: Circle) -> int:
    params: Mapping[str, object] = {
        "ids": None if ids is None else list(ids),
        "limit": limit,
        "lease_end": now + LEASE,
        "now": now,
        **circle.params,
    }
    claimed = [pk for (pk,) in sql.rows(_CLAIM, dict(params))]
    for job in Document.objects.filter(pk__in=claimed).order_by("pk"):
        _attempt(job, now=now)
    return len(claimed)


def _attempt(job: Document, *, now: datetime) -> None:
    """Draw once. A failure is recorded, so that the rest of the batch goes on."""
    kind = TemplateKind(job.kind)
    template = templates.template_of(organization_id=job.organization_id, kind=kind)
    try:
        sheet = paper_data.sheet_of(job)
        content = press.set_type(template.source, sheet.data, at=sheet.at)
        stored = store_content(content, media_type=_PDF)
    except press.PressError as error:
        # What Typst says may quote what the paper shows, so it is not kept: a preview tells it.
        what = "The template cannot draw this paper" if error.is_template else str(error)
        _fail(job, f"{what} (version {template.version})", is_final=error.is_template, now=now)
    except crypto.SealBroken:
        _fail(job, "The address cannot be opened", is_final=False, now=now)
    except Exception as error:
        logger.exception("A paper could not be drawn")
        _fail(job, f"Internal: {type(error).__name__}", is_final=False, now=now)
    else:
        _record(job, stored, now=now)


def _record(job: Document, stored: StoredBytes, *, now: datetime) -> None:
    """Only if the attempt is still ours: a voided paper, or a lease that ran out, matches none."""
    with transaction.atomic():
        content = StoredContent(
            sha256=stored.sha256, media_type=stored.media_type, size=stored.size, file=stored.name
        )
        StoredContent.objects.bulk_create([content], ignore_conflicts=True)
        _mine(job).update(
            status=DocumentStatus.READY, content=content, last_error="", error_code="",
            changed_at=now,
        )  # fmt: skip


def _fail(job: Document, message: str, *, is_final: bool, now: datetime) -> None:
    """Wait for the next step of BACKOFF, or give up."""
    logger.warning("A paper was not drawn", extra={"document": job.reference})
    said = {"last_error": message[:500], "changed_at": now}
    if is_final or job.attempts > len(BACKOFF):
        _mine(job).update(status=DocumentStatus.FAILED, **said)
    else:
        due = fetching.next_try(job.attempts, now=now)
        _mine(job).update(not_before=due, **said)


def _mine(job: Document) -> QuerySet[Document]:
    return Document.objects.filter(pk=job.pk, status=DocumentStatus.PENDING, attempts=job.attempts)

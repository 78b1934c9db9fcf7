"""What the bench reports to the core: boxes, and what is not to be found."""

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.db.models import Q

from fulfillment import services as fulfillment
from fulfillment.choices import Completeness
from fulfillment.models import Parcel
from fulfillment.services import ShipmentDraft
from oms.backoffice.choices import SessionEnd, Tone
from oms.backoffice.desk import board as boards
from oms.backoffice.desk.work import Work
from oms.backoffice.models import PackingSession
from oms.kernel import errors

LEASE = dt.timedelta(seconds=60)  # longer than packing and its papers take


def pack_all(session: PackingSession, work: Work) -> PackingSession:
    """Pack what was scanned as the last box of the task."""
    return _pack(session, work, completeness=Completeness.BLOCK_COMPLETE)


def pack_part(session: PackingSession, work: Work) -> PackingSession:
    """Pack what was scanned; the rest of the task stays open for another box."""
    return _pack(session, work, completeness=Completeness.MULTI_PARTIAL)


def _pack(session: PackingSession, work: Work, *, completeness: Completeness) -> PackingSession:
    """Claim, pack, record: one at a time, and a box whose record was lost is found again."""
    if (before := _adopted(session, work)) is not None:
        return _end(session, before, work, said="It was packed already")
    if not _claim(session, work):
        return _answer(session, Tone.WRONG, "It is being packed: wait a moment", work)
    draft = ShipmentDraft(
        task_id=session.task_id,
        units=boards.counted_units(session),
        completeness=completeness,
        weight_g=None if session.weight_g is None else Decimal(session.weight_g),
        other_parcels=_of_others(session),
    )
    try:
        made = fulfillment.pack_shipment(draft=draft, actor=work.actor, now=work.now)
    except errors.DomainError as refusal:
        return _answer(session, Tone.WRONG, f"Not packed. {refusal}", work)
    return _end(session, made.parcel, work, said="Packed")


def report_short(session: PackingSession, work: Work) -> PackingSession:
    """Tell the core what is not to be found. What was scanned can then be packed."""
    missing = {line.id: line.short + line.left for line in boards.load(session).missing}
    try:
        fulfillment.report_short_pick(
            task_id=session.task_id, units=missing, actor=work.actor, now=work.now
        )
    except errors.DomainError as refusal:
        return _answer(session, Tone.WRONG, f"Not reported. {refusal}", work)
    if boards.load(session).units:
        return _answer(session, Tone.RIGHT, "Reported: scan *DONE* to pack the rest", work)
    return _leave(session, work, said="Reported: nothing is left to pack")


@transaction.atomic
def _claim(session: PackingSession, work: Work) -> bool:
    """Whether this process may pack the session now; by real time, as it is about processes."""
    free = PackingSession.objects.filter(pk=session.pk, ended_at__isnull=True)
    free = free.filter(Q(packing_until__isnull=True) | Q(packing_until__lte=work.real_now))
    return bool(free.update(packing_until=work.real_now + LEASE))


def _adopted(session: PackingSession, work: Work) -> Parcel | None:
    """The box this very session packed before whoever packed it died."""
    begun = PackingSession.objects.filter(pk=session.pk, packing_until__lte=work.real_now)
    if not begun.exists():
        return None
    known = PackingSession.objects.filter(parcel__isnull=False).values("parcel_id")
    made = Parcel.objects.filter(task_id=session.task_id, packed_at__gte=session.opened_at)
    counted = boards.counted_units(session)
    for parcel in made.live().exclude(pk__in=known).order_by("pk"):
        if dict(parcel.items.values_list("task_line_id", "quantity")) == counted:
            return parcel
    return None


def _of_others(session: PackingSession) -> frozenset[int]:
    """Boxes of the task that were packed before this session, or in others."""
    boxes = Parcel.objects.filter(task_id=session.task_id, packed_at__isnull=False)
    known = PackingSession.objects.filter(task_id=session.task_id, parcel__isnull=False)
    before = boxes.filter(packed_at__lt=session.opened_at)
    return frozenset(
        [*known.values_list("parcel_id", flat=True), *before.values_list("pk", flat=True)]
    )


def _answer(session: PackingSession, tone: Tone, said: str, work: Work) -> PackingSession:
    session.tone, session.said, session.changed_at = tone, said[:1000], work.now
    session.packing_until = None
    session.save(update_fields=["tone", "said", "changed_at", "packing_until"])
    return session


def _end(session: PackingSession, parcel: Parcel, work: Work, *, said: str) -> PackingSession:
    session.parcel, session.end, session.ended_at = parcel, SessionEnd.PACKED, work.now
    session.save(update_fields=["parcel", "end", "ended_at"])
    return _answer(session, Tone.RIGHT, said, work)


def _leave(session: PackingSession, work: Work, *, said: str) -> PackingSession:
    session.end, session.ended_at = SessionEnd.LEFT, work.now
    session.save(update_fields=["end", "ended_at"])
    return _answer(session, Tone.RIGHT, said, work)

"""Polling orders: by a mark that moves with what was taken in, and an overlap (contract 1.4).

The row of the mark is the job (docs/adr/0003). A page's orders are taken in before the mark moves,
so a crash repeats some of them, which changes nothing.
"""

import datetime as dt
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from django.db import transaction
from django.db.models import Q

from channels_app.choices import SyncKind, SyncState
from channels_app.connectors.base import AuthorisationNeeded, ConnectorError
from channels_app.connectors.omnitron import Client
from channels_app.models import HeldOrder, SyncMark
from oms.api.akinon.sync import channels, importing, jobs, words
from oms.api.akinon.sync.configuration import NotConfigured, configuration, organizations
from oms.api.akinon.sync.importing import Importer
from oms.api.akinon.sync.words import Row

logger = logging.getLogger(__name__)

ENOUGH = 30.0  # seconds that must be left to begin with one more page
LOOKED_AT_AGAIN = 50  # held orders per round
MOST_PAGES = 10_000
AFTER = "modified_date__gt"
HAIR = dt.timedelta(milliseconds=1)  # by which pages overlap: their clocks may not be finer


@dataclass(frozen=True, slots=True, kw_only=True)
class Pull:
    """What one round came to. `is_complete`: the list's end was reached."""

    seen: int = 0
    taken: int = 0
    held: int = 0
    is_complete: bool = True
    pause: float = 0.0
    """Seconds until the next round."""

    def plus(self, outcome: str) -> "Pull":
        """With one more order."""
        return replace(
            self,
            seen=self.seen + 1,
            taken=self.taken + (outcome in {"placed", "updated"}),
            held=self.held + (outcome == "held"),
        )


def poll_due(*, now: dt.datetime) -> int:
    """Run one organization's round, if one is due. Returns how many were claimed: none or one."""
    ensure_marks(now=now)
    mark = _claim(now=now)
    if mark is None:
        return 0
    try:
        pull = _pull(mark, now=now)
    except ConnectorError as error:
        _fail(mark, error, now=now)
    else:
        _finish(mark, pull, now=now)
    return 1


def pull_now(*, organization_id: int, now: dt.datetime) -> Pull:
    """Read what is new at once, whenever the next round is due. Raises ConnectorError."""
    ensure_marks(now=now, organization_ids=[organization_id])
    mark = SyncMark.objects.get(organization_id=organization_id, kind=SyncKind.ORDERS)
    SyncMark.objects.filter(pk=mark.pk).update(attempts=mark.attempts + 1, updated_at=now)
    mark.attempts += 1
    pull = _pull(mark, now=now)
    _finish(mark, pull, now=now)
    return pull


def ensure_marks(*, now: dt.datetime, organization_ids: list[int] | None = None) -> None:
    """Every organization with a connection is polled."""
    wanted = organizations() if organization_ids is None else organization_ids
    there = set(
        SyncMark.objects.filter(kind=SyncKind.ORDERS, organization_id__in=wanted).values_list(
            "organization_id", flat=True
        )
    )
    SyncMark.objects.bulk_create(
        [
            SyncMark(organization_id=pk, kind=SyncKind.ORDERS, due_at=now)
            for pk in wanted
            if pk not in there
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
def _claim(*, now: dt.datetime) -> SyncMark | None:
    due = SyncMark.objects.select_for_update(of=("self",), skip_locked=True)
    mark = due.filter(kind=SyncKind.ORDERS, due_at__lte=now).order_by("due_at", "pk").first()
    if mark is None:
        return None
    mark.attempts += 1
    mark.due_at = now + jobs.LEASE
    mark.state = SyncState.RUNNING
    mark.save(update_fields=["attempts", "due_at", "state", "updated_at"])
    return mark


def _pull(mark: SyncMark, *, now: dt.datetime) -> Pull:
    settings = configuration(mark.organization_id)
    if settings.client is None:
        raise NotConfigured("OMNITRON_CLIENT_SETTINGS is not set")
    channels.align_static(
        organization_id=mark.organization_id, is_required=settings.requires_static_channel
    )
    with Client(settings.client) as client:
        importer = Importer(configuration=settings, client=client, now=now)
        pull = Pull()
        for page in _pages(client, _asked(mark, importer)):
            for row in page:
                pull = _one(importer, mark, row, pull)
            _move(mark)
            if client.seconds_left < ENOUGH:
                return replace(pull, is_complete=False)
        _look_again(importer)
        return replace(pull, pause=settings.sync.poll_seconds)


def _asked(mark: SyncMark, importer: Importer) -> dict[str, object]:
    sync = importer.configuration.sync
    asked: dict[str, object] = {"sort": "modified_date", "limit": sync.page_size}
    if reached := mark.position.get("modified_date"):
        since = words.instant(reached, "position") - dt.timedelta(seconds=sync.overlap_seconds)
        asked[AFTER] = words.written(since)
    return asked


def _pages(client: Client, asked: Mapping[str, object]) -> Iterator[list[Row]]:
    """The list of orders from the mark on.

    An order that changes moves to the end of the list, and as many others slip below a number of
    a page that was read. So a page begins where the one before ended, by the time of the change;
    `next` is followed among orders of one moment only.
    """
    for _ in range(MOST_PAGES):
        page = client.page("orders", asked)
        yield page.rows
        if page.following is None:
            return
        later = _later(asked, page.rows)
        asked = {**asked, AFTER: later, "page": 1} if later else page.following


def _later(asked: Mapping[str, object], rows: Sequence[Row]) -> str:
    """From when to ask on after these orders; empty where that is no later than it was."""
    told = [found for row in rows if (found := importing.modified_at(row))]
    if not told:
        return ""
    reached = words.written(max(told) - HAIR)
    return reached if reached > str(asked.get(AFTER, "")) else ""


def _one(importer: Importer, mark: SyncMark, row: Row, pull: Pull) -> Pull:
    if importing.is_known_copy(importer.organization_id, row):
        outcome = "unchanged"
    else:
        outcome = _taken_in(importer, row)
    if modified_at := importing.modified_at(row):
        reached = words.written(modified_at)
        mark.position["modified_date"] = max(reached, mark.position.get("modified_date", ""))
    return pull.plus(outcome)


def _taken_in(importer: Importer, row: Row) -> str:
    """One order that breaks us does not keep the others out."""
    try:
        return importing.take_in(importer, row)
    except ConnectorError:
        raise
    except Exception:
        logger.exception("An order could not be taken in")
        return importing.hold_failed(importer, row, "internal")


def _look_again(importer: Importer) -> None:
    """Orders that were held by other rules than now, for want of a channel, or by a failure."""
    judged_by = importer.configuration.fingerprint
    known = _known_channels(importer.organization_id)
    held = HeldOrder.objects.filter(organization_id=importer.organization_id).filter(
        ~Q(judged_by=judged_by)
        | Q(due_at__lte=importer.now)
        | Q(reason=importing.CHANNEL_UNKNOWN, channel_key__in=known)
    )
    for row in held.order_by("pk")[:LOOKED_AT_AGAIN]:
        if importer.client is None or importer.client.seconds_left < ENOUGH:
            return
        order = importer.client.one("orders", row.remote_key)
        if order is None:
            HeldOrder.objects.filter(pk=row.pk).update(judged_by=judged_by, due_at=None)
        else:
            _taken_in(importer, order)


def _known_channels(organization_id: int) -> list[str]:
    found = channels.remote_channels(organization_id)
    return [key for each in found if (key := channels.key_of_channel(each))]


def _move(mark: SyncMark) -> None:
    """Keep how far the round came, as long as it is still ours."""
    mine = SyncMark.objects.filter(pk=mark.pk, attempts=mark.attempts)
    mine.update(position=mark.position)


def _finish(mark: SyncMark, pull: Pull, *, now: dt.datetime) -> None:
    SyncMark.objects.filter(pk=mark.pk, attempts=mark.attempts).update(
        state=SyncState.DONE,
        position=mark.position,
        due_at=now + dt.timedelta(seconds=pull.pause),
        failures=0,
        run_at=now,
        error="",
        needs_authorisation=False,
        updated_at=now,
    )


def _fail(mark: SyncMark, error: ConnectorError, *, now: dt.datetime) -> None:
    SyncMark.objects.filter(pk=mark.pk, attempts=mark.attempts).update(
        state=SyncState.FAILED,
        due_at=now + jobs.pause_after(mark.failures + 1),
        failures=mark.failures + 1,
        error=str(error)[:255],
        needs_authorisation=isinstance(error, AuthorisationNeeded),
        updated_at=now,
    )

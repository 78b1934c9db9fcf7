"""Raising, closing and handing out entries. What mends a cause belongs to whoever owns it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby

import msgspec
from django.db import transaction

from oms.accounts.models import User
from oms.inbox import statements
from oms.inbox.choices import CloseReason
from oms.inbox.kinds import Kind, all_kinds, kind_of
from oms.inbox.models import Entry
from oms.kernel import errors, sql
from oms.kernel.actors import Actor

MOST = 10_000  # subjects of one kind that a comparison looks at
KEPT = timedelta(days=90)  # how long closed entries can be looked up
LONGEST_SNOOZE = timedelta(days=30)


class EntryNotFound(errors.NotFound):
    """No such entry, or not this actor's."""

    code = "inbox_entry_not_found"


class EntryClosed(errors.Conflict):
    """Its cause is gone; there is nothing left to do."""

    code = "inbox_entry_closed"


class OwnerUnknown(errors.InvalidInput):
    """Nobody of this name works for the organization of the entry."""

    code = "inbox_owner_unknown"


class SnoozeOutOfRange(errors.InvalidInput):
    """An entry is put off to a time from now on, at most thirty days ahead."""

    code = "inbox_snooze_out_of_range"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """One subject that is stuck, as whoever noticed it says it. No personal data."""

    kind: str
    organization_id: int
    subject_id: int
    title: str
    reason: str
    order_ref: int | None = None
    deadline_at: datetime | None = None
    details: Mapping[str, object] = field(default_factory=dict)


def raise_entry(*, sighting: Sighting, now: datetime) -> None:
    """Raise one entry; see `raise_entries`."""
    raise_entries(sightings=[sighting], now=now)


@transaction.atomic
def raise_entries(*, sightings: Sequence[Sighting], now: datetime) -> int:
    """Raise what is not raised yet and renew what is. Returns how many entries are new.

    One statement per kind. Raises UnknownKind before anything is written.
    """
    ordered = sorted(sightings, key=lambda each: each.kind)
    by_kind = [(kind_of(code), list(each)) for code, each in groupby(ordered, lambda s: s.kind)]
    new = 0
    for kind, found in by_kind:
        sql.rows(statements.LANE, {"kind": kind.code})
        new += sum(is_new for (is_new,) in sql.rows(statements.RAISE, _columns(kind, found, now)))
    return new


def _columns(kind: Kind, found: Sequence[Sighting], now: datetime) -> dict[str, object]:
    unique = list({each.subject_id: each for each in found}.values())
    return {
        "kind": kind.code,
        "subject_type": kind.subject_type,
        "now": now,
        "organization_ids": [each.organization_id for each in unique],
        "subject_ids": [each.subject_id for each in unique],
        "order_refs": [each.order_ref for each in unique],
        "titles": [each.title for each in unique],
        "reasons": [each.reason for each in unique],
        "details": [msgspec.json.encode(each.details).decode() for each in unique],
        "deadlines": [each.deadline_at for each in unique],
    }


def clear(*, kind: str, subject_ids: Collection[int], now: datetime) -> int:
    """Close the open entries of these subjects. Returns how many there were."""
    mine = Entry.objects.open().filter(kind=kind, subject_id__in=subject_ids)
    return mine.update(closed_at=now, closed_how=CloseReason.CLEARED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What one comparison came to."""

    raised: int = 0
    closed: int = 0


def reconcile_due(*, now: datetime) -> Change:
    """Compare every kind that has a probe with what is stuck now, each in its own transaction."""
    changes = [reconcile(kind=kind.code, now=now) for kind in all_kinds().values() if kind.probe]
    return Change(
        raised=sum(change.raised for change in changes),
        closed=sum(change.closed for change in changes),
    )


@transaction.atomic
def reconcile(
    *, kind: str, now: datetime, fixed_ids: Collection[int] = (), most: int = MOST
) -> Change:
    """Raise and close the entries of one kind until they are what its probe sees.

    One statement, which looks at up to `most` subjects. Entries among `fixed_ids` that it closes
    count as fixed. A kind without a probe is left alone. Raises UnknownKind.
    """
    known = kind_of(kind)
    if not known.probe:
        return Change()
    sql.rows(statements.LANE, {"kind": kind})
    params: dict[str, object] = {
        "kind": kind,
        "subject_type": known.subject_type,
        "now": now,
        "most": most,
        "fixed": list(fixed_ids),
    }
    [(raised, closed)] = sql.rows(statements.compare(known), params)
    return Change(raised=raised, closed=closed)


@transaction.atomic
def assign(*, entry_id: int, owner: str, actor: Actor, now: datetime) -> Entry:
    """Give an entry to a person of its organization by user name; to nobody when it is empty.

    Raises EntryNotFound, EntryClosed and OwnerUnknown.
    """
    entry = _locked(entry_id, actor)
    entry.owner = _person(owner, entry.organization_id) if owner else None
    entry.last_seen_at = max(entry.last_seen_at, now)
    entry.save(update_fields=["owner", "last_seen_at"])
    return entry


@transaction.atomic
def snooze(*, entry_id: int, until: datetime, actor: Actor, now: datetime) -> Entry:
    """Put an entry out of sight until a time; it comes back if its cause is still there.

    Raises EntryNotFound, EntryClosed and SnoozeOutOfRange.
    """
    if not now < until <= now + LONGEST_SNOOZE:
        raise SnoozeOutOfRange("Choose a time within the next 30 days")
    entry = _locked(entry_id, actor)
    entry.snoozed_until = until
    entry.save(update_fields=["snoozed_until"])
    return entry


def forget_closed(*, now: datetime, limit: int = 10_000) -> int:
    """Delete entries that were closed long ago. Returns how many."""
    return len(sql.rows(statements.FORGET, {"before": now - KEPT, "limit": limit}))


def _locked(entry_id: int, actor: Actor) -> Entry:
    seen = Entry.objects.visible_to(actor).select_for_update(of=("self",))
    entry = seen.filter(pk=entry_id).first()
    if entry is None:
        raise EntryNotFound("No such entry")
    if not entry.is_open:
        raise EntryClosed("Its cause is gone already")
    return entry


def _person(name: str, organization_id: int) -> User:
    person = User.objects.filter(username=name, is_staff=True, is_active=True).first()
    works_here = person is not None and (
        person.is_superuser or person.organizations.filter(pk=organization_id).exists()
    )
    if person is None or not works_here:
        raise OwnerUnknown(f"Nobody called {name} works for this organization")
    return person

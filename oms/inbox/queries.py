"""Reads of what is stuck."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q

from oms.inbox.kinds import Kind, all_kinds
from oms.inbox.models import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The entries of one kind that wait for a person."""

    kind: Kind
    found: int
    overdue: int
    oldest_at: datetime


def groups(*, organization_ids: Sequence[int], now: datetime) -> list[Group]:
    """What waits for a person in these organizations by kind, in the order of the kinds."""
    waiting = Entry.objects.waiting(now).filter(organization_id__in=organization_ids)
    counted = (
        waiting.order_by()
        .values("kind")
        .annotate(
            found=Count("pk"),
            overdue=Count("pk", filter=Q(deadline_at__lt=now)),
            oldest_at=Min("raised_at"),
        )
    )
    by_kind = {row["kind"]: row for row in counted}
    return [
        Group(
            kind=kind,
            found=row["found"],
            overdue=row["overdue"],
            oldest_at=row["oldest_at"],
        )
        for code, kind in all_kinds().items()
        if (row := by_kind.get(code))
    ]

"""What counts and corrections have in common: whose turn it is, why, and what is told of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from oms.events import outbox
from oms.events.choices import EventType, SubjectType
from oms.kernel.actors import Actor
from oms.locations.models import FulfillmentPoint

_LONGEST = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class MovementNote:
    """Why a level was set or corrected. `reason` is a StockReason or empty, `reference` theirs."""

    cause: str
    reason: str = ""
    reference: str = ""


@dataclass(slots=True)
class Changed:
    """The SKUs of one point whose level changed, in the words of its event."""

    more: list[int] = field(default_factory=list)
    short: list[int] = field(default_factory=list)
    levels: int = 0

    def add(self, sku_id: int, *, has_more: bool, is_short: bool) -> None:
        """`has_more`: than before, for new orders. `is_short`: less is there than is reserved."""
        self.levels += 1
        if has_more:
            self.more.append(sku_id)
        if is_short:
            self.short.append(sku_id)


def lock_points(point_ids: Iterable[int]) -> list[FulfillmentPoint]:
    """Lock points in primary-key order: it serializes their events and the making of levels."""
    found = FulfillmentPoint.objects.filter(pk__in=list(point_ids))
    return list(found.order_by("pk").select_for_update(no_key=True))


def report(
    event_type: EventType,
    points: Sequence[FulfillmentPoint],
    changed: Mapping[int, Changed],
    *,
    note: MovementNote,
    actor: Actor,
    now: datetime,
) -> None:
    """One fact for each of the locked points where something changed."""
    facts = [
        outbox.Fact(
            organization_id=point.organization_id,
            type=event_type,
            subject_type=SubjectType.POINT,
            subject_id=point.pk,
            point_id=point.pk,
            data={
                "point": point.code,
                "more_sku_ids": changed[point.pk].more,
                "short_sku_ids": changed[point.pk].short,
                "changed": changed[point.pk].levels,
            },
            cause=note.cause[:_LONGEST],
        )
        for point in points
        if point.pk in changed
    ]
    outbox.record(facts, actor=actor, now=now)

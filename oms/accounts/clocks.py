"""What time it is for whom. Everybody's clock is the real one; a test organization's may be ahead.

Sweeps look for due rows once for everybody, and once for each organization whose clock is ahead.
What belongs to the outside world keeps to real time, whatever a clock shows: credentials, and the
sending of news (docs/adr/0018).
"""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from django.db.models import Q
from django.utils import timezone

from oms.accounts.models import Organization

LIFETIME = 1.0  # seconds until the first clock that is moved ahead is noticed everywhere


@dataclass(frozen=True, slots=True, kw_only=True)
class Circle:
    """Organizations whose clocks show the same: `only` one, or all but those `besides`."""

    only: int | None = None
    besides: tuple[int, ...] = ()

    def members(self, path: str = "organization_id") -> Q:
        """The condition on rows, by the path to their organization's key."""
        if self.only is not None:
            return Q(**{path: self.only})
        return ~Q(**{f"{path}__in": self.besides}) if self.besides else Q()

    @property
    def params(self) -> dict[str, object]:
        """The parameters `only` and `besides` of a statement."""
        return {"only": self.only, "besides": list(self.besides)}


EVERYBODY = Circle()


class Round(Protocol):
    """A look for due rows of a circle, at its time; returns how many rows it took."""

    def __call__(self, *, now: datetime, circle: Circle) -> int: ...


def by_clock(work: Round) -> Callable[..., int]:
    """The same work for everybody, each at the time of the own clock."""

    def for_everybody(*, now: datetime) -> int:
        return sum(work(now=at, circle=circle) for circle, at in circles(now=now))

    return for_everybody


def circles(*, now: datetime) -> list[tuple[Circle, datetime]]:
    """All organizations by their clocks, and what these show. `now` is the real time."""
    ahead = _ahead.offsets()
    own = [(Circle(only=pk), now + offset) for pk, offset in ahead.items()]
    return [(Circle(besides=tuple(ahead)), now), *own]


class Ahead:
    """Whose clocks are ahead. That none is, is remembered for LIFETIME, so it costs nothing."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._none_until = float("-inf")

    def offsets(self) -> Mapping[int, timedelta]:
        """By how much, by organization."""
        if self._clock() < self._none_until:
            return {}
        found = dict(_offsets(Q(clock_offset__gt=timedelta())))
        if not found:
            self._none_until = self._clock() + LIFETIME
        return found

    def forget(self) -> None:
        """Ask the database again."""
        self._none_until = float("-inf")


_ahead = Ahead()


def forget() -> None:
    """Notice at once, in this process, that a clock was moved."""
    _ahead.forget()


def offset_of(organization_id: int) -> timedelta:
    """How far an organization's clock is ahead now, never from memory."""
    return next((ahead for _, ahead in _offsets(Q(pk=organization_id))), timedelta())


def now_of(organization_id: int) -> datetime:
    """What an organization's clock shows. For entry points: it reads the real one."""
    return timezone.now() + offset_of(organization_id)


def _offsets(which: Q) -> Iterable[tuple[int, timedelta]]:
    found = Organization.objects.filter(which).order_by("pk")
    return found.values_list("pk", "clock_offset")

"""Wire formats of endpoints: what each facade registers so that its clients hear of news.

A format says which events its words stand for, what a message is, how it is signed, and when a
failed one is tried again. The engine does the rest, the same for all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, runtime_checkable

from django.core.exceptions import ImproperlyConfigured

from oms.events.choices import EndpointFormat
from oms.events.leases import LEASE, LONGEST_DEADLINE
from oms.events.models import Endpoint, Event
from oms.kernel.errors import InvalidInput


class UnknownWord(InvalidInput):
    """A subscription names something the format does not offer."""

    code = "event_word_unknown"


class SecretUnfit(InvalidInput):
    """A secret the format cannot sign with."""

    code = "endpoint_secret_unfit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When a failed delivery is tried again, and how long one try may take."""

    delays: tuple[timedelta, ...]
    """From each failed try to the next one; after the last of them it is exhausted."""
    jitter: float = 0.2
    """A delay is stretched or shortened by up to this share."""
    deadline: timedelta = timedelta(seconds=20)
    heeds_retry_after: bool = True
    least_when_slow: timedelta = timedelta(seconds=60)
    """After a timeout, 429, 502, 503 or 504 no delay is shorter."""
    retries_at_once: bool = True
    """A connection that fails within a second is tried once more without waiting."""
    gone_statuses: frozenset[int] = frozenset({410})
    """Answers that disable the endpoint."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One message on its way."""

    message_id: str
    """The same on every try and on replays."""
    type: str
    body: bytes
    number: int
    """Of the try, from 1."""
    is_replay: bool
    sent_at: datetime


class WireFormat(Protocol):
    """What a facade registers."""

    code: EndpointFormat
    schedule: Schedule

    def types(self, endpoint: Endpoint) -> frozenset[str]:
        """The event types the endpoint's words stand for. Raises UnknownWord."""
        ...

    def variant(self, endpoint: Endpoint) -> str:
        """Endpoints of one variant get the same bytes."""
        ...

    def render(
        self, events: Sequence[Event], *, endpoint: Endpoint, now: datetime
    ) -> Mapping[int, bytes | None]:
        """Bodies by event id, all at once; None where there is nothing to tell this endpoint.

        Runs in a short transaction before the first try. May read the core.
        """
        ...

    def keys(self, endpoint: Endpoint, *, now: datetime) -> Sequence[str]:
        """The secrets to sign with, newest first; empty when the format signs nothing."""
        ...

    def headers(self, letter: Letter, *, endpoint: Endpoint, keys: Sequence[str]) -> dict[str, str]:
        """Headers of one try, signature included; the endpoint's static ones are added to them."""
        ...

    def ping(self, endpoint: Endpoint, *, now: datetime) -> bytes | None:
        """What a URL must answer before it is sent to; None: no verification is asked for."""
        ...


@runtime_checkable
class OwnSecrets(Protocol):
    """What a format also offers when each endpoint has a secret of its own."""

    def make_secret(self) -> str:
        """A new one, as its owner is told it."""
        ...

    def check_secret(self, text: str) -> None:
        """Raises SecretUnfit when it cannot sign."""
        ...


_formats: dict[str, WireFormat] = {}


def register(wire_format: WireFormat) -> None:
    """Called from `AppConfig.ready()` of whoever owns the format.

    Refuses to start with one that may wait longer for a receiver than a lease allows.
    """
    deadline = wire_format.schedule.deadline
    if deadline > LONGEST_DEADLINE:
        raise ImproperlyConfigured(
            f"Format {wire_format.code} waits {deadline} for an answer; "
            f"{LONGEST_DEADLINE} is the most while a lease lasts {LEASE}."
        )
    _formats[wire_format.code] = wire_format


def format_of(code: str) -> WireFormat:
    """The format of an endpoint. Raises UnknownWord while nobody has registered it."""
    try:
        return _formats[code]
    except KeyError as exc:
        raise UnknownWord(f"format: {code} is not offered by this installation") from exc


def offered() -> frozenset[str]:
    """The formats that endpoints can have here."""
    return frozenset(_formats)

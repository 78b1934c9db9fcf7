"""Wire formats of endpoints: what each facade registers so that its clients hear of news.

A format says which events its words stand for, what a message is, how it is signed, and when a
failed one is tried again. The engine does the rest, the same for all.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, Protocol, runtime_checkable

from django.core.exceptions import ImproperlyConfigured

from oms.events.choices import EndpointFormat
from oms.events.leases import LEASE, LONGEST_TRY
from oms.events.models import Endpoint, Event
from oms.kernel.errors import InvalidInput
from oms.kernel.http import Request

Dice = Callable[[float, float], float]


class UnknownWord(InvalidInput):
    """A subscription names something the format does not offer."""

    code = "event_word_unknown"


class OptionsUnfit(InvalidInput):
    """A setting of an endpoint that its format does not have, or not with this value."""

    code = "endpoint_options_unfit"


class RenewalUnreadable(InvalidInput):
    """What a receiver handed out is no set of headers. The text holds nothing of it."""

    code = "renewed_headers_unreadable"


class TokenUnreadable(InvalidInput):
    """What a receiver's log-in answered holds no token. The text holds nothing of it."""

    code = "sign_in_unreadable"


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
    refusing_statuses: frozenset[int] = frozenset()
    """Answers that refuse the message itself: they have delays of their own ..."""
    refused_delays: tuple[timedelta, ...] = ()
    """... counted apart from those of other failures."""
    keeps_order: bool = False
    """Each subject's news goes in order, whatever the endpoint was told ..."""
    orders_together: bool = False
    """... also over all endpoints of one client at one origin, until something was tried so often
    that it holds up only its own endpoint (`claiming.PATIENCE`).
    """

    def delays_after(self, status: int | None) -> tuple[timedelta, ...]:
        """The delays that a failure of this kind goes by."""
        return self.refused_delays if status in self.refusing_statuses else self.delays


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
        """A new one, as its owner is told it; empty where endpoints may do without."""
        ...

    def check_secret(self, text: str) -> None:
        """Raises SecretUnfit when it cannot sign."""
        ...


@runtime_checkable
class OwnOptions(Protocol):
    """What a format also offers when its endpoints have settings of their own."""

    def check_options(self, endpoint: Endpoint) -> None:
        """Raises OptionsUnfit, UrlRefused."""
        ...


MASK = "***"
"""Stands where a secret of an endpoint is; given back, it means the secret that is there."""


@runtime_checkable
class HidesOptions(Protocol):
    """A format whose settings have secrets among them. These are sealed, by names of its own."""

    def hide(
        self, given: Mapping[str, object], *, known: Mapping[str, str]
    ) -> tuple[dict[str, object], dict[str, str]]:
        """Options with MASK for each secret, and the secrets; a masked one is that of `known`."""
        ...

    def reveal(
        self, given: Mapping[str, object], *, secrets: Mapping[str, str]
    ) -> dict[str, object]:
        """Options with their secrets in place."""
        ...


@runtime_checkable
class FollowsPoints(Protocol):
    """A format whose endpoints hear of what happens at the points of their client's channel,
    whatever channel the order came from. Its endpoints need the client of a channel.
    """

    follows_points: Literal[True]


@runtime_checkable
class Anonymous(Protocol):
    """A format whose calls do not name our product as their user agent."""

    is_anonymous: Literal[True]


@runtime_checkable
class RenewsHeaders(Protocol):
    """What a format also offers when receivers hand out the static headers they want.

    A try that is answered with one of `renewing_statuses` has them asked for once and is repeated
    once, at once, with what was handed out; that is kept, sealed, in place of the static headers
    until it is refused, too.
    """

    renewing_statuses: frozenset[int]
    renewing_deadline: timedelta

    def renewal_url(self, endpoint: Endpoint) -> str:
        """Where to GET them, with the static headers; empty where the receiver has none."""
        ...

    def read_renewal(self, body: bytes) -> dict[str, str]:
        """The headers in an answer of status 200. Raises RenewalUnreadable."""
        ...


@runtime_checkable
class KeepsLog(Protocol):
    """A format whose final deliveries are kept longer than those of others."""

    kept: timedelta


@runtime_checkable
class YieldsToStatic(Protocol):
    """A format whose headers an endpoint's static ones take the place of."""

    yields_to_static: Literal[True]


@runtime_checkable
class OwnSchedule(Protocol):
    """A format whose endpoints say themselves when a failed delivery is tried again."""

    def schedule_of(self, endpoint: Endpoint, *, dice: Dice) -> Schedule:
        """The schedule of an endpoint; `dice` draws evenly between two numbers."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """A call before each try, whose answer says with which headers the try is allowed."""

    request: Request = field(repr=False)
    read: Callable[[bytes], Mapping[str, str]] = field(repr=False)
    """The headers in the body of a successful answer. Raises TokenUnreadable."""


@runtime_checkable
class SignsIn(Protocol):
    """A format whose endpoints may say how a call proves itself to the receiver."""

    signing_in_deadline: timedelta

    def credential(
        self, endpoint: Endpoint, *, secrets: Mapping[str, str]
    ) -> Mapping[str, str] | SignIn:
        """Headers for every call, or how to get them before each. `secrets` are the endpoint's
        secret options, opened.
        """
        ...


_formats: dict[str, WireFormat] = {}


def register(wire_format: WireFormat) -> None:
    """Called from `AppConfig.ready()` of whoever owns the format.

    Refuses to start with one that may wait longer for a receiver than a lease allows.
    """
    longest = _longest_try(wire_format)
    if longest > LONGEST_TRY:
        raise ImproperlyConfigured(
            f"Format {wire_format.code} may wait {longest} for an answer; "
            f"{LONGEST_TRY} is the most while a lease lasts {LEASE}."
        )
    _formats[wire_format.code] = wire_format


def _longest_try(wire_format: WireFormat) -> timedelta:
    longest = wire_format.schedule.deadline
    if isinstance(wire_format, RenewsHeaders):
        longest += longest + wire_format.renewing_deadline
    if isinstance(wire_format, SignsIn):
        longest += wire_format.signing_in_deadline
    return longest


def schedule_of(wire_format: WireFormat, endpoint: Endpoint, *, dice: Dice) -> Schedule:
    """What an endpoint's failures go by: its own schedule where the format has such, else one
    for all.
    """
    if isinstance(wire_format, OwnSchedule):
        return wire_format.schedule_of(endpoint, dice=dice)
    return wire_format.schedule


def format_of(code: str) -> WireFormat:
    """The format of an endpoint. Raises UnknownWord while nobody has registered it."""
    try:
        return _formats[code]
    except KeyError as exc:
        raise UnknownWord(f"format: {code} is not offered by this installation") from exc


def ordered_together() -> frozenset[str]:
    """The formats whose endpoints at one receiver wait for each other."""
    return frozenset(
        code for code, wire_format in _formats.items() if wire_format.schedule.orders_together
    )


def kept_longer() -> dict[str, timedelta]:
    """How long formats with an opinion about it keep their final deliveries, by code."""
    return {
        code: wire_format.kept
        for code, wire_format in _formats.items()
        if isinstance(wire_format, KeepsLog)
    }


def offered() -> frozenset[str]:
    """The formats that endpoints can have here."""
    return frozenset(_formats)

"""What goes out and what comes back, between the database's thread and the event loop's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from oms.events.choices import AttemptOutcome
from oms.events.formats import SignIn, WireFormat
from oms.events.models import Endpoint
from oms.events.sending.claiming import Claimed


@dataclass(frozen=True, slots=True)
class Receiver:
    """An endpoint with all it takes to send to it: read once a second, not once a message."""

    endpoint: Endpoint
    wire_format: WireFormat
    keys: Sequence[str]
    headers: Mapping[str, str]
    """The static ones, or those the receiver handed out in their place."""
    is_trusted: bool
    """Its breaker is closed: a connection that fails at once is tried once more."""
    static_headers: Mapping[str, str] = field(default_factory=dict)
    """What headers that are handed out are asked for with."""
    credential: Mapping[str, str] | SignIn = field(default_factory=dict, repr=False)
    """What every try proves itself with, or how to get that before each."""


@dataclass(frozen=True, slots=True)
class Message:
    """One delivery on its way."""

    claim_id: UUID
    claimed: Claimed
    receiver: Receiver
    public_id: UUID
    type: str
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """What one try came to."""

    claim_id: UUID
    claimed: Claimed
    receiver: Receiver
    started_at: datetime
    outcome: AttemptOutcome
    duration_ms: int = 0
    status: int | None = None
    error: str = ""
    asked: timedelta | None = None
    """The pause the receiver asked for."""
    request_headers: Mapping[str, str]
    """Secrets masked."""
    answer: str = ""
    renewed: Mapping[str, str] | None = field(default=None, repr=False)
    """Headers the receiver handed out for this try, to be kept."""

"""What an endpoint is to be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointDraft:
    """A new endpoint. A client's endpoint hears of what the client is bound to, only."""

    organization_id: int
    name: str
    url: str = field(repr=False)
    format: str
    description: str = ""
    words: Sequence[str] = ()
    """The subscription in the words of the format; none is all it offers."""
    client_id: int | None = None
    secret: str | None = field(default=None, repr=False)
    """One the receiver has already; None has one made where the format needs it."""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    options: Mapping[str, object] = field(default_factory=dict, repr=False)
    """Settings of the format, its secrets among them."""
    is_ordered: bool = False
    allow_private_network: bool = False
    max_in_flight: int = 10
    rate: float = 50.0


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointChange:
    """New values; None leaves a setting as it is."""

    name: str | None = None
    description: str | None = None
    url: str | None = field(default=None, repr=False)
    words: Sequence[str] | None = None
    headers: Mapping[str, str] | None = field(default=None, repr=False)
    options: Mapping[str, object] | None = field(default=None, repr=False)
    """All of them; a secret that is masked stays what it is."""
    is_ordered: bool | None = None
    allow_private_network: bool | None = None
    max_in_flight: int | None = None
    rate: float | None = None

"""What staff can have done at the other side of a connector. A plug: the facade that speaks its
language registers itself, the back office calls whoever is registered.

Every call may use the network, so none is made inside a transaction. What cannot be done raises a
`DomainError` that says why, without secrets.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from oms.kernel.actors import Actor
from oms.kernel.errors import Conflict


class NobodyConnects(Conflict):
    """No connector is part of this installation."""

    code = "remote_desk_missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one endpoint of the other side said to a harmless call."""

    endpoint: str
    url: str
    is_well: bool
    said: str
    milliseconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteHook:
    """A webhook as the other side has it. `is_ours`: one of the six that call this installation."""

    key: str
    event_type: str
    target_url: str
    is_active: bool
    is_ours: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedHook:
    """A webhook of ours that the other side needs, and whether it is there."""

    event_type: str
    target_url: str
    is_there: bool


class RemoteDesk(Protocol):
    """One connector, seen by staff."""

    def test(self, *, organization_id: int) -> Sequence[Answer]:
        """Call each endpoint once."""
        ...

    def test_carriers(self, *, organization_id: int) -> Sequence[Answer]:
        """Ask each carrier's service for a shipment that does not exist."""
        ...

    def hooks(self, *, organization_id: int) -> Sequence[RemoteHook]:
        """The webhooks of the other side."""
        ...

    def deactivate_hooks(
        self, *, organization_id: int, actor: Actor, now: datetime
    ) -> Sequence[RemoteHook]:
        """Switch off those of the six that are on; returns them."""
        ...

    def create_hooks(
        self, *, organization_id: int, actor: Actor, now: datetime
    ) -> Sequence[RemoteHook]:
        """Make those of the six that are missing there; returns them."""
        ...

    def package_hooks(self, *, organization_id: int) -> Sequence[WantedHook]:
        """The webhooks of packages that Seller Center needs. Uses no network."""
        ...

    def create_package_hooks(
        self, *, organization_id: int, actor: Actor, now: datetime
    ) -> Sequence[WantedHook]:
        """Make those that are missing here; returns them."""
        ...

    def start_copy(self, *, organization_id: int, kind: str, actor: Actor, now: datetime) -> None:
        """Have one kind of thing (`SyncKind`) copied from the other side, soon."""
        ...


_desks: list[RemoteDesk] = []


def register(desk: RemoteDesk) -> None:
    """Called from `AppConfig.ready()` of the facade."""
    _desks[:] = [desk]


def is_there() -> bool:
    """Whether a connector is part of this installation."""
    return bool(_desks)


def desk() -> RemoteDesk:
    """The connector. Raises NobodyConnects."""
    if not _desks:
        raise NobodyConnects("No connector is part of this installation")
    return _desks[0]

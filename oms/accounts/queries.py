"""Reads of accounts: who a machine is, cheaply enough to ask on every call."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from oms.accounts.choices import CredentialKind
from oms.accounts.models import Credential, Organization
from oms.accounts.scopes import scopes_of
from oms.kernel import sealed, walls
from oms.kernel.actors import Actor

LIFETIME = 5.0  # seconds until a revoked credential or a disabled client is noticed everywhere
MOST_KEPT = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineIdentity:
    """A machine that calls us, with all that its calls are judged by.

    `is_active` is off when the client, its channel or its point is disabled. `channel_type` and
    `point_type` are empty for machines not bound to one; `refuses_unallocated` is the channel's.
    `secret` is there for kinds that sign, `digest` for all others. `expires_at` is the
    credential's. The clock of a test organization is not kept here: see `clocks`.
    """

    actor: Actor
    organization_id: int
    client_id: int
    kind: str
    key: str
    scopes: frozenset[str]
    is_active: bool
    channel_id: int | None = None
    channel_type: str = ""
    refuses_unallocated: bool = False
    point_id: int | None = None
    point_type: str = ""
    rate_limit: float | None = None
    preferences: dict[str, object] = field(default_factory=dict)
    secret: str = field(repr=False)
    digest: bytes = field(default=b"", repr=False)
    credential_id: UUID | None = None
    networks: tuple[str, ...] = ()
    expires_at: datetime | None = None
    is_test: bool = False

    @property
    def rate_key(self) -> str:
        """What its calls are counted under."""
        return f"{self.organization_id}:{self.key}"


class Machines:
    """Identities by key, each remembered for LIFETIME, also that a key is nobody's."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._known: dict[tuple[str, str, str], tuple[float, MachineIdentity | None]] = {}

    def get(self, *, kind: CredentialKind, tenant: str, key: str) -> MachineIdentity | None:
        """Whose key this is; None when nobody's."""
        asked = (kind.value, tenant, key)
        now = self._clock()
        kept = self._known.get(asked)
        if kept is not None and kept[0] > now:
            return kept[1]
        walls.outside()  # whose organization it is shows only then
        identity = _load(kind=kind, tenant=tenant, key=key, now=timezone.now())
        if len(self._known) >= MOST_KEPT:
            self._known.clear()
        self._known[asked] = (now + LIFETIME, identity)
        return identity

    def forget(self) -> None:
        """Ask the database again on the next call."""
        self._known.clear()


_machines = Machines()


def machine(*, kind: CredentialKind, tenant: str, key: str) -> MachineIdentity | None:
    """Whose key this is; None when nobody's. Kinds whose wire names no tenant are asked with "".

    Expired and revoked credentials are nobody's; disabled clients are told apart by `is_active`.
    """
    return _machines.get(kind=kind, tenant=tenant, key=key)


def forget_machines() -> None:
    """Ask the database again on the next call of this process."""
    _machines.forget()


def get_organization(*, key: int) -> Organization:
    """The organization with this key, which its machines carry."""
    return Organization.objects.get(pk=key)


def live_credential(*, client_id: int, kind: CredentialKind, now: datetime) -> Credential | None:
    """The newest credential of a client that is neither revoked nor expired, if there is one."""
    found = _live(now).filter(client_id=client_id, kind=kind).select_related("organization")
    return found.order_by("-created_at", "-pk").first()


def live_by_identifier(*, kind: CredentialKind, identifier: str) -> Credential | None:
    """A live credential of a kind whose identifiers are unique over all organizations."""
    return _live(timezone.now()).filter(kind=kind, identifier=identifier).first()


def _load(*, kind: CredentialKind, tenant: str, key: str, now: datetime) -> MachineIdentity | None:
    known = _live(now).filter(kind=kind, identifier=key)
    found = (known.filter(organization__code=tenant) if tenant else known).first()
    return None if found is None else _identity(found)


def _live(now: datetime) -> QuerySet[Credential]:
    return (
        Credential.objects.filter(revoked_at__isnull=True)
        .filter(Q(expires_at__isnull=True) | Q(expires_at__gt=now))
        .select_related("client__channel", "client__point", "organization")
        .order_by("pk")
    )


def _identity(credential: Credential) -> MachineIdentity:
    client = credential.client
    bound = client.channel or client.point
    return MachineIdentity(
        actor=Actor(
            kind="client",
            ref=client.name[:120],
            organization_id=credential.organization_id,
            channel_ids=frozenset({client.channel_id}) if client.channel_id else None,
            point_ids=frozenset({client.point_id}) if client.point_id else None,
        ),
        organization_id=credential.organization_id,
        client_id=client.pk,
        kind=client.kind,
        key=credential.identifier,
        scopes=scopes_of(
            kind=client.kind,
            named=client.scopes,
            channel_type=client.channel.type if client.channel else "",
        ),
        is_active=client.is_active and (bound is None or bound.is_active),
        channel_id=client.channel_id,
        channel_type=client.channel.type if client.channel else "",
        refuses_unallocated=bool(client.channel and client.channel.stock_policy == "REJECT"),
        point_id=client.point_id,
        point_type=client.point.type if client.point else "",
        rate_limit=client.rate_limit,
        preferences=client.preferences,
        secret=sealed.read(credential, "secret"),
        digest=bytes(credential.digest or b""),
        credential_id=credential.pk,
        networks=tuple(credential.networks),
        expires_at=credential.expires_at,
        is_test=credential.organization.is_test,
    )

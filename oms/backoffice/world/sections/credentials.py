"""The credentials of clients. Setting the secret that is already set is no change."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from oms.accounts import proofs
from oms.accounts.choices import CredentialKind
from oms.accounts.models import ApiClient, Credential
from oms.backoffice.world.places import Place, WorldRefused
from oms.backoffice.world.plan import SECRET, Plan
from oms.backoffice.world.shapes import Record

# By kind: the member that names the credential (none: the secret names itself), and the secret.
MEMBERS: dict[str, tuple[str | None, str]] = {
    "oms4": ("key", "secret"),
    "increff": ("username", "password"),
    "token": (None, "token"),
    "login": ("username", "password"),
    "api_key": (None, "key"),
    "oauth2": ("client_id", "client_secret"),
}
_ALWAYS = {"kind", "state", "domain"}


@dataclass(slots=True)
class Credentials:
    """Every live credential by kind and identifier, and the changes to write."""

    plan: Plan
    now: datetime
    live: dict[tuple[str, str], list[Credential]] = field(default_factory=dict)
    made: list[Credential] = field(default_factory=list)
    changed: list[Credential] = field(default_factory=list)
    seen: dict[tuple[int, str, str], Record] = field(default_factory=dict)

    @classmethod
    def of_database(cls, plan: Plan, *, now: datetime) -> "Credentials":
        """Read the credentials that count."""
        book = cls(plan, now)
        for row in Credential.objects.filter(revoked_at__isnull=True).select_related("client"):
            book.live.setdefault((row.kind, row.identifier), []).append(row)
        return book

    def sync(self, client: ApiClient, entries: Sequence[Record]) -> None:
        """Make one client's credentials be what its entries say. Raises WorldRefused."""
        for entry in entries:
            self._sync_one(client, entry)

    def write(self) -> None:
        """Store what was made and changed."""
        Credential.objects.bulk_create(self.made)
        fields = ["secret", "digest", "revoked_at", "updated_at"]
        Credential.objects.bulk_update(self.changed, fields, batch_size=500)

    def _sync_one(self, client: ApiClient, entry: Record) -> None:
        kind = CredentialKind(entry.text("kind").upper())
        name_member, secret_member = MEMBERS[entry.text("kind")]
        _check_members(entry, {name_member, secret_member})
        secret = entry.optional(secret_member)
        identifier = entry.optional(name_member) if name_member else None
        if name_member is None and secret is not None:
            identifier = _identifier(kind, secret, entry.place(secret_member))
        if identifier is None:
            self._expect_any(client, kind, entry, name_member or secret_member)
            return
        self._refuse_repeat(client, kind, identifier, entry)
        found = self._find(client, kind, identifier, entry)
        if entry.is_absent:
            self._revoke(found)
        elif found is None:
            entry.require(secret_member, what=f"{entry.text('kind')} credential")
            self._make(client, kind, identifier, str(secret))
        elif secret is not None and not proofs.is_proof(found, secret):
            self._change(found, secret)

    def _expect_any(
        self, client: ApiClient, kind: CredentialKind, entry: Record, member: str
    ) -> None:
        """An export without secrets leaves out what names a token: one must exist already."""
        owned = any(
            row.client_id == client.pk
            for (known, _), rows in self.live.items()
            if known == kind
            for row in rows
        )
        if not owned or member in {"username", "client_id"} or kind == CredentialKind.OMS4:
            raise WorldRefused(entry.at, f"`{member}` is missing")

    def _refuse_repeat(
        self, client: ApiClient, kind: CredentialKind, identifier: str, entry: Record
    ) -> None:
        key = (client.organization_id, str(kind), identifier)
        if key in self.seen:
            raise WorldRefused(entry.at, f"is described twice; first at {self.seen[key].at}")
        self.seen[key] = entry

    def _find(
        self, client: ApiClient, kind: CredentialKind, identifier: str, entry: Record
    ) -> Credential | None:
        """The credential of that name, if this client has it.

        Only OMS4 says on the wire which organization calls; every other name is unique over all.
        """
        for row in self.live.get((kind, identifier), ()):
            if row.client_id == client.pk:
                return row
            if kind != CredentialKind.OMS4 or row.organization_id == client.organization_id:
                raise WorldRefused(entry.at, f"belongs to client {row.client} already")
        return None

    def _make(self, client: ApiClient, kind: CredentialKind, identifier: str, secret: str) -> None:
        row = Credential(
            client=client,
            organization_id=client.organization_id,
            kind=kind,
            identifier=identifier,
        )
        proofs.set_proof(row, secret)
        self.made.append(row)
        self.live.setdefault((kind, identifier), []).append(row)
        self.plan.created(_label(row))

    def _change(self, row: Credential, secret: str) -> None:
        proofs.set_proof(row, secret)
        row.updated_at = self.now
        self.changed.append(row)
        self.plan.changed(_label(row), {"secret": (SECRET, SECRET)})

    def _revoke(self, row: Credential | None) -> None:
        if row is None:
            return
        row.revoked_at = row.updated_at = self.now
        self.changed.append(row)
        self.plan.removed(_label(row))


def _check_members(entry: Record, allowed: set[str | None]) -> None:
    for name in entry.values:
        if name not in allowed and name not in _ALWAYS:
            kind = entry.text("kind")
            raise WorldRefused(entry.place(name), f"a credential of kind {kind} has no `{name}`")
    if entry.optional("domain") is not None:
        raise WorldRefused(entry.place("domain"), "is not kept in this release; leave it null")


def _identifier(kind: CredentialKind, secret: str, place: Place) -> str:
    try:
        return proofs.identifier_of(kind, secret)
    except proofs.ApiKeyMalformed as refusal:
        raise WorldRefused(place, str(refusal)) from refusal


def _label(row: Credential) -> str:
    return f"credential {row.kind.lower()} {row.identifier} of client {row.client.name}"

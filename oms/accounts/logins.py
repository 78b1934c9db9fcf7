"""User name and password, traded for a token: made here, and whose one is.

A token has 160 random bits and ends by itself; only its keyed hash is kept. Identities are
remembered as those of other credentials are, also that a token is nobody's.
"""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F

from oms.accounts import proofs, queries
from oms.accounts.choices import CredentialKind
from oms.accounts.models import LoginToken
from oms.accounts.queries import LIFETIME, MOST_KEPT, MachineIdentity
from oms.kernel import crypto, errors, walls

TOKEN_BYTES = 20
MOST_LIVE = 1_000  # tokens of one credential; a further one ends the oldest
LONGEST_NAME = 128
LONGEST_PASSWORD = 512


class WrongCredentials(errors.InvalidInput):
    """No such user name, not its password, or a machine that is not active: never told apart."""

    code = "wrong_credentials"


def log_in(*, username: str, password: str, now: datetime, lifetime: timedelta) -> str:
    """Trade a user name and its password for a token, which is told this once.

    Older tokens stay good until their own time. Refuses with WrongCredentials.
    """
    machine = _machine(username, password)
    try:
        return _issue(machine, now=now, lifetime=lifetime)
    except IntegrityError:
        # What is remembered is gone: the credential was removed, and perhaps made anew.
        queries.forget_machines()
        return _issue(_machine(username, password), now=now, lifetime=lifetime)


def _issue(machine: MachineIdentity | None, *, now: datetime, lifetime: timedelta) -> str:
    credential_id = machine.credential_id if machine else None
    if machine is None or credential_id is None or not machine.is_active:
        raise WrongCredentials("Unable to log in with provided credentials.")
    token = secrets.token_hex(TOKEN_BYTES)
    walls.outside()
    with transaction.atomic():
        _end_old(credential_id, now=now)
        LoginToken.objects.create(
            organization_id=machine.organization_id,
            credential_id=credential_id,
            digest=_digest(token),
            password_digest=machine.digest,
            issued_at=now,
            expires_at=now + lifetime,
        )
    return token


def _machine(username: str, password: str) -> MachineIdentity | None:
    if not 0 < len(username) <= LONGEST_NAME or not 0 < len(password) <= LONGEST_PASSWORD:
        return None
    found = queries.machine(kind=CredentialKind.LOGIN, tenant="", key=username)
    if found is None or not proofs.is_machines(found, CredentialKind.LOGIN, password):
        return None
    return found


def _end_old(credential_id: UUID, *, now: datetime) -> None:
    """Take out what is over, and the oldest of too many."""
    own = LoginToken.objects.filter(credential_id=credential_id)
    own.filter(expires_at__lte=now).delete()
    kept = own.order_by("-issued_at", "-pk").values("pk")[: MOST_LIVE - 1]
    if own.count() >= MOST_LIVE:
        own.exclude(pk__in=list(kept.values_list("pk", flat=True))).delete()


@dataclass(frozen=True, slots=True)
class _Grant:
    """What a token stands for; none of it ever changes."""

    username: str
    password_digest: bytes
    expires_at: datetime


class LoginTokens:
    """Grants by hash of their token, each remembered for LIFETIME, also that there is none."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._known: dict[bytes, tuple[float, _Grant | None]] = {}

    def get(self, digest: bytes) -> _Grant | None:
        """What a token stands for; None when it is nobody's."""
        now = self._clock()
        kept = self._known.get(digest)
        if kept is not None and kept[0] > now:
            return kept[1]
        if len(self._known) >= MOST_KEPT:
            self._known.clear()
        walls.outside()
        found = _load(digest)
        self._known[digest] = (now + LIFETIME, found)
        return found

    def forget(self) -> None:
        """Ask the database again on the next call."""
        self._known.clear()


_tokens = LoginTokens()


def machine_of_token(token: str, *, now: datetime) -> MachineIdentity | None:
    """The machine whose token this is: a fixed one, or one that was traded for a password.

    None when it is nobody's, over, or its credential was revoked or has another password.
    """
    grant = _tokens.get(_digest(token)) if len(token) == TOKEN_BYTES * 2 else None
    if grant is None:
        return _of_fixed(token, now=now)
    if grant.expires_at <= now:
        return None
    machine = queries.machine(kind=CredentialKind.LOGIN, tenant="", key=grant.username)
    if machine is None or machine.digest != grant.password_digest:
        return None
    return None if _is_over(machine, now) else machine


def forget_login_tokens() -> None:
    """Ask the database again on the next call of this process."""
    _tokens.forget()


def _of_fixed(token: str, *, now: datetime) -> MachineIdentity | None:
    kind = CredentialKind.TOKEN
    machine = queries.machine(kind=kind, tenant="", key=proofs.identifier_of(kind, token))
    if machine is None or not proofs.is_machines(machine, kind, token):
        return None
    return None if _is_over(machine, now) else machine


def _is_over(machine: MachineIdentity, now: datetime) -> bool:
    return machine.expires_at is not None and machine.expires_at <= now


def _load(digest: bytes) -> _Grant | None:
    """A token whose credential has the password it was given for."""
    rows = LoginToken.objects.filter(
        digest=digest, credential__digest=F("password_digest")
    ).values_list("credential__identifier", "password_digest", "expires_at")
    row = rows.first()
    return None if row is None else _Grant(row[0], bytes(row[1]), row[2])


def _digest(token: str) -> bytes:
    return crypto.fingerprint(token, purpose="login_token")

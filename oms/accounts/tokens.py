"""Access tokens: whose one is. Only their hashes are known here."""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from oauth2_provider.models import AccessToken

from oms.accounts import queries
from oms.accounts.choices import CredentialKind
from oms.accounts.oauth import TOKEN_PREFIX
from oms.accounts.queries import LIFETIME, MOST_KEPT, MachineIdentity
from oms.kernel import errors, walls


class TokenExpired(errors.Forbidden):
    """The access token was good, and its time is over."""

    code = "token_expired"


@dataclass(frozen=True, slots=True)
class _Grant:
    """What a token stands for; none of it ever changes."""

    client_id: str
    scopes: frozenset[str]
    expires_at: datetime


class Tokens:
    """Grants by hash of their token, each remembered for LIFETIME, also that there is none."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._known: dict[str, tuple[float, _Grant | None]] = {}

    def get(self, checksum: str) -> _Grant | None:
        """What a token stands for; None when it is nobody's."""
        now = self._clock()
        kept = self._known.get(checksum)
        if kept is not None and kept[0] > now:
            return kept[1]
        if len(self._known) >= MOST_KEPT:
            self._known.clear()
        walls.outside()
        found = _load(checksum)
        self._known[checksum] = (now + LIFETIME, found)
        return found

    def forget(self) -> None:
        """Ask the database again on the next call."""
        self._known.clear()


_tokens = Tokens()


def machine_of_token(token: str, *, now: datetime) -> MachineIdentity | None:
    """The machine a token was given to, with the token's scopes as far as it still has them.

    None when it is nobody's, or the credential it was made with was revoked. Raises TokenExpired.
    """
    if not token.startswith(TOKEN_PREFIX):
        return None
    grant = _tokens.get(hashlib.sha256(token.encode("utf-8", "replace")).hexdigest())
    if grant is None:
        return None
    machine = queries.machine(kind=CredentialKind.OAUTH2, tenant="", key=grant.client_id)
    if machine is None:
        return None
    if grant.expires_at <= now:
        raise TokenExpired("The access token has expired.")
    return replace(machine, scopes=machine.scopes & grant.scopes)


def forget_tokens() -> None:
    """Ask the database again on the next call of this process."""
    _tokens.forget()


def _load(checksum: str) -> _Grant | None:
    known = AccessToken.objects.filter(token_checksum=checksum, application__isnull=False)
    row = known.values_list("application__client_id", "scope", "expires").first()
    if row is None:
        return None
    client_id, scope, expires_at = row
    return _Grant(str(client_id), frozenset(scope.split()), expires_at)

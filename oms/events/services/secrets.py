"""The secrets of endpoints: told once, rotated with a time in which both sign."""

from datetime import datetime, timedelta

from django.db import transaction

from oms.events import formats, outbox
from oms.events.choices import EventType
from oms.events.endpoint_facts import endpoint_fact
from oms.events.models import Endpoint, EndpointSecret
from oms.events.services.finding import locked_endpoint
from oms.kernel import sealed
from oms.kernel.actors import Actor
from oms.kernel.errors import Conflict, InvalidInput

GRACE_SECONDS = 86_400
LONGEST_GRACE_SECONDS = 604_800
MOST_OLD = 2


class NoSecretHere(Conflict):
    """The format signs with the secret of the client's credential; the endpoint has none."""

    code = "endpoint_has_no_secret"


class TooManySecrets(Conflict):
    """Two old secrets still sign; wait until one of them has expired."""

    code = "endpoint_secrets_exhausted"


class GraceUnfit(InvalidInput):
    """The old secret may go on signing for up to seven days."""

    code = "endpoint_grace_unfit"


def rotate_secret(
    *,
    endpoint_id: int,
    actor: Actor,
    now: datetime,
    grace_seconds: int = GRACE_SECONDS,
    secret: str | None = None,
) -> str:
    """Give an endpoint a new secret, made here or brought by its owner; it is told this once.

    For `grace_seconds` every message carries a signature of the old one too. Raises
    EndpointNotFound, NoSecretHere, TooManySecrets, GraceUnfit, SecretUnfit.
    """
    if not 0 <= grace_seconds <= LONGEST_GRACE_SECONDS:
        raise GraceUnfit(f"grace_seconds: 0 to {LONGEST_GRACE_SECONDS}")
    with transaction.atomic():
        endpoint = locked_endpoint(endpoint_id=endpoint_id, actor=actor)
        new = _new_secret(endpoint, secret)
        _retire(endpoint, until=now + timedelta(seconds=grace_seconds), now=now)
        _store(endpoint, new, now=now)
        fact = endpoint_fact(
            endpoint, EventType.ENDPOINT_SECRET_ROTATED, grace_seconds=grace_seconds
        )
        outbox.record([fact], actor=actor, now=now)
    return new


def set_secret(*, endpoint_id: int, secret: str, actor: Actor, now: datetime) -> bool:
    """Make the endpoint's secret be this one. False when it is already; the old one ends at once.

    Raises what `rotate_secret` raises.
    """
    current = EndpointSecret.objects.filter(endpoint_id=endpoint_id, expires_at__isnull=True)
    row = current.first()
    if row is not None and sealed.read(row, "secret") == secret:
        return False
    rotate_secret(endpoint_id=endpoint_id, secret=secret, grace_seconds=0, actor=actor, now=now)
    return True


def first_secret(endpoint: Endpoint, secret: str | None, *, now: datetime) -> str:
    """The secret of a new endpoint; empty where the format needs none. Raises SecretUnfit."""
    if not isinstance(formats.format_of(endpoint.format), formats.OwnSecrets):
        if secret is not None:
            raise NoSecretHere(f"Endpoints of format {endpoint.format} have no secret of their own")
        return ""
    new = _new_secret(endpoint, secret)
    _store(endpoint, new, now=now)
    return new


def purge_secrets(*, now: datetime) -> int:
    """Forget what has expired: afterwards no column holds it, sealed or not."""
    return EndpointSecret.objects.filter(expires_at__lte=now).delete()[0]


def _new_secret(endpoint: Endpoint, secret: str | None) -> str:
    wire_format = formats.format_of(endpoint.format)
    if not isinstance(wire_format, formats.OwnSecrets):
        raise NoSecretHere(f"Endpoints of format {endpoint.format} have no secret of their own")
    if secret is None:
        return wire_format.make_secret()
    wire_format.check_secret(secret)
    return secret


def _retire(endpoint: Endpoint, *, until: datetime, now: datetime) -> None:
    rows = EndpointSecret.objects.filter(endpoint=endpoint)
    rows.filter(expires_at__lte=now).delete()
    if until <= now:
        rows.filter(expires_at__isnull=True).delete()
        return
    if rows.filter(expires_at__isnull=False).count() >= MOST_OLD:
        raise TooManySecrets(f"{MOST_OLD} old secrets still sign")
    rows.filter(expires_at__isnull=True).update(expires_at=until)


def _store(endpoint: Endpoint, secret: str, *, now: datetime) -> None:
    row = EndpointSecret(endpoint=endpoint, created_at=now)
    sealed.write(row, "secret", secret)
    row.save(force_insert=True)

"""The rows of calls with a key: claimed, kept, found again, forgotten."""

import datetime as dt
import uuid
from dataclasses import dataclass

import msgspec
from django.http import HttpResponse

from oms.api.models import IdempotentCall
from oms.kernel import crypto, sealed, sql
from oms.kernel.identifiers import uuid7

MEMORY = dt.timedelta(hours=72)
LOCK_NOT_AVAILABLE = "55P03"
PURGED_AT_ONCE = 5_000
_KEPT_HEADERS = ("Content-Type", "Location", "ETag", "Retry-After", "Content-Language")

_CLAIM = sql.one_line("""
    INSERT INTO api_idempotentcall
        (id, organization_id, method, path, key, fingerprint, created_at, expires_at)
    VALUES (%(id)s, %(organization_id)s, %(method)s, %(path)s, %(key)s, %(fingerprint)s,
        %(at)s, %(expires_at)s)
    ON CONFLICT (organization_id, key, method, path) DO NOTHING
    RETURNING id
""")
_KEEP = sql.one_line("""
    UPDATE api_idempotentcall
    SET status = %(status)s, headers = %(headers)s::jsonb, body = %(body)s
    WHERE id = %(id)s
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A call with a key."""

    organization_id: int
    method: str
    path: str
    key: str
    fingerprint: bytes
    at: dt.datetime


def claim(asked: Asked) -> uuid.UUID | None:
    """Take the key within the open transaction; None when it was taken before.

    Waits for a rival's transaction; raises OperationalError (LOCK_NOT_AVAILABLE) after the
    session's lock timeout. A key that is out of date is taken anew.
    """
    sql.require_transaction()
    return _insert(asked) or (_insert(asked) if _forget_outdated(asked) else None)


def keep(row: uuid.UUID, response: HttpResponse) -> None:
    """Store how the call was answered; the body may name buyers, so it is sealed."""
    headers = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
    call = IdempotentCall(pk=row)
    body = crypto.seal(response.content, place=sealed.place(call, "body"))
    sql.rows(
        _KEEP,
        {
            "id": row,
            "status": response.status_code,
            "headers": msgspec.json.encode(headers).decode(),
            "body": body,
        },
    )


def find(asked: Asked) -> IdempotentCall | None:
    """The row of a key."""
    return IdempotentCall.objects.filter(
        organization_id=asked.organization_id,
        key=asked.key,
        method=asked.method,
        path=asked.path,
    ).first()


def answer(known: IdempotentCall) -> HttpResponse:
    """The stored answer."""
    body = crypto.unseal(bytes(known.body or b""), place=sealed.place(known, "body"))
    response = HttpResponse(body, status=known.status, headers=known.headers)
    if "Content-Type" not in known.headers:
        del response.headers["Content-Type"]
    response.headers["Idempotency-Replayed"] = "true"
    return response


def purge(*, now: dt.datetime) -> int:
    """Delete a batch of rows that are out of date."""
    due = IdempotentCall.objects.filter(expires_at__lte=now).order_by("expires_at")
    batch = due.values_list("pk", flat=True)[:PURGED_AT_ONCE]
    return IdempotentCall.objects.filter(pk__in=list(batch)).delete()[0]


def _insert(asked: Asked) -> uuid.UUID | None:
    found = sql.rows(
        _CLAIM,
        {
            "id": uuid7(),
            "organization_id": asked.organization_id,
            "method": asked.method,
            "path": asked.path,
            "key": asked.key,
            "fingerprint": asked.fingerprint,
            "at": asked.at,
            "expires_at": asked.at + MEMORY,
        },
    )
    return found[0][0] if found else None


def _forget_outdated(asked: Asked) -> int:
    known = IdempotentCall.objects.filter(
        organization_id=asked.organization_id,
        key=asked.key,
        method=asked.method,
        path=asked.path,
        expires_at__lte=asked.at,
    )
    return known.delete()[0]

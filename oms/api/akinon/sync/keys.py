"""The other side's keys, and what they name here."""

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from channels_app.choices import RemoteKind
from channels_app.models import RemoteKey


def known(*, organization_id: int, kind: RemoteKind, keys: Collection[str]) -> dict[str, RemoteKey]:
    """What is kept of these keys, by key."""
    found = RemoteKey.objects.filter(
        organization_id=organization_id, kind=kind, remote_key__in=set(keys)
    )
    return {row.remote_key: row for row in found}


def one(*, organization_id: int, kind: RemoteKind, key: str) -> RemoteKey | None:
    """What is kept of one key."""
    return known(organization_id=organization_id, kind=kind, keys=[key]).get(key)


def remember(
    *,
    organization_id: int,
    kind: RemoteKind,
    key: str,
    local_id: int | None = None,
    local_code: str = "",
    data: Mapping[str, Any] | None = None,
    modified_at: dt.datetime | None = None,
) -> None:
    """Keep what a key names, in one statement; the last to say it is right."""
    RemoteKey.objects.bulk_create(
        [
            RemoteKey(
                organization_id=organization_id,
                kind=kind,
                remote_key=key,
                local_id=local_id,
                local_code=local_code,
                data=data or {},
                modified_at=modified_at,
            )
        ],
        update_conflicts=True,
        unique_fields=["organization", "kind", "remote_key"],
        update_fields=["local_id", "local_code", "data", "modified_at", "updated_at"],
    )

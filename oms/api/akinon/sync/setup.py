"""The first-time copy (contract 2.4): asked for, done by a job, with its state to look at.

The mark of each kind is the job (docs/adr/0003). Copying again changes what is different only.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.db import transaction

from channels_app.choices import ChannelType, RemoteKind, SyncKind, SyncState
from channels_app.connectors.base import AuthorisationNeeded, ConnectorError
from channels_app.connectors.omnitron import Client
from channels_app.models import RemoteKey, SyncMark
from oms.api.akinon.sync import channels, geography, jobs, keys, stores, words
from oms.api.akinon.sync.configuration import client_settings
from oms.kernel import errors
from oms.kernel.actors import Actor
from oms.locations.models import FulfillmentPoint

LANE = "akinon.setup"
TRIES = 5  # then it is failed, until somebody asks again
PAGE = 100
_SAID: Mapping[SyncState, str] = {
    SyncState.IDLE: "pending",
    SyncState.PENDING: "pending",
    SyncState.RUNNING: "running",
    SyncState.DONE: "done",
    SyncState.FAILED: "failed",
}
COPIED = tuple(kind for kind in SyncKind if kind != SyncKind.ORDERS)


class CopyUnknown(errors.InvalidInput):
    """There is no first-time copy of this kind."""

    code = "copy_unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyState:
    """`status` in the words of the contract; `detail` says what was copied, or what went wrong."""

    status: str
    detail: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Copying:
    organization_id: int
    client: Client
    actor: Actor
    now: dt.datetime


def is_required(*, organization_id: int, kind: SyncKind) -> bool:
    """Whether nothing of the kind was copied yet."""
    mark = SyncMark.objects.filter(organization_id=organization_id, kind=kind).first()
    return mark is None or mark.run_at is None


@transaction.atomic
def start(*, organization_id: int, kind: SyncKind, now: dt.datetime) -> None:
    """Have a kind copied soon; one that is under way goes on. Raises CopyUnknown."""
    if kind not in COPIED:
        raise CopyUnknown(f"{kind} is not copied on request")
    mark, _ = SyncMark.objects.select_for_update(of=("self",)).get_or_create(
        organization_id=organization_id, kind=kind
    )
    if mark.state in {SyncState.PENDING, SyncState.RUNNING} and mark.due_at is not None:
        return
    mark.state, mark.due_at, mark.failures, mark.error = SyncState.PENDING, now, 0, ""
    mark.save(update_fields=["state", "due_at", "failures", "error", "updated_at"])
    jobs.is_due(LANE)


def state_of(*, organization_id: int, kind: SyncKind) -> CopyState:
    """How far a copy is."""
    mark = SyncMark.objects.filter(organization_id=organization_id, kind=kind).first()
    if mark is None:
        return CopyState(status="pending", detail=None)
    counted = ", ".join(f"{name}: {count}" for name, count in mark.position.items())
    return CopyState(status=_SAID[SyncState(mark.state)], detail=mark.error or counted or None)


def copy_due(*, now: dt.datetime) -> int:
    """Copy one kind that is asked for. Returns how many were claimed: none or one."""
    mark = _claim(now=now)
    if mark is None:
        return 0
    try:
        counted = _copy(mark, now=now)
    except (ConnectorError, errors.DomainError) as error:
        _fail(mark, error, now=now)
    else:
        _end(mark, SyncState.DONE, now=now, position=counted, run_at=now)
    return 1


def copy_now(*, organization_id: int, kind: SyncKind, now: dt.datetime) -> Mapping[str, int]:
    """Copy a kind at once; how many of each. Raises ConnectorError."""
    mark, _ = SyncMark.objects.get_or_create(organization_id=organization_id, kind=kind)
    counted = _copy(mark, now=now)
    _end(mark, SyncState.DONE, now=now, position=counted, run_at=now)
    return counted


@transaction.atomic
def _claim(*, now: dt.datetime) -> SyncMark | None:
    due = SyncMark.objects.select_for_update(of=("self",), skip_locked=True)
    mark = due.filter(kind__in=COPIED, due_at__lte=now).order_by("due_at", "pk").first()
    if mark is None:
        return None
    mark.attempts += 1
    mark.due_at = now + jobs.LEASE
    mark.state = SyncState.RUNNING
    mark.save(update_fields=["attempts", "due_at", "state", "updated_at"])
    return mark


def _copy(mark: SyncMark, *, now: dt.datetime) -> dict[str, int]:
    organization_id = mark.organization_id
    actor = Actor(kind="connector", ref="omnitron", organization_id=organization_id)
    with Client(client_settings(organization_id)) as client:
        copying = _Copying(organization_id=organization_id, client=client, actor=actor, now=now)
        return _COPIES[SyncKind(mark.kind)](copying)


def _fail(mark: SyncMark, error: Exception, *, now: dt.datetime) -> None:
    failures = mark.failures + 1
    is_last = failures >= TRIES or isinstance(error, errors.DomainError)
    _end(
        mark,
        SyncState.FAILED if is_last else SyncState.PENDING,
        now=now,
        due_at=None if is_last else now + jobs.pause_after(failures),
        failures=failures,
        error=str(error)[:255],
        needs_authorisation=isinstance(error, AuthorisationNeeded),
    )


def _end(mark: SyncMark, state: SyncState, *, now: dt.datetime, **further: object) -> None:
    """Record how a run ended, as long as it is still ours."""
    values: dict[str, object] = {
        "state": state,
        "due_at": None,
        "failures": 0,
        "error": "",
        "needs_authorisation": False,
        "updated_at": now,
        **further,
    }
    SyncMark.objects.filter(pk=mark.pk, attempts=mark.attempts).update(**values)


def _copy_channels(copying: _Copying) -> dict[str, int]:
    is_market = copying.client.settings.is_seller_center
    kind = ChannelType.SELLER_CENTER if is_market else ChannelType.OMNITRON
    rows = copying.client.rows("channels", limit=PAGE)
    here = channels.remote_channels(copying.organization_id)
    for row in rows:
        key = words.key_of(row)
        if key and channels.channel_of(key, here) is None:
            channels.open_channel(
                organization_id=copying.organization_id, said=row, key=key, kind=kind
            )
    return {"channels": len(rows)}


def _copy_stores(copying: _Copying) -> dict[str, int]:
    rows = copying.client.rows("retail_stores", limit=PAGE)
    for row in rows:
        store = stores.with_address(
            row, organization_id=copying.organization_id, client=copying.client
        )
        stores.take_store(
            organization_id=copying.organization_id,
            store=store,
            actor=copying.actor,
            now=copying.now,
        )
    return {"stores": len(rows)}


def _copy_store_keys(copying: _Copying) -> dict[str, int]:
    """The stores themselves, by key, for those that are points already; the rest are left out."""
    rows = copying.client.rows("retail_stores", limit=PAGE)
    points = dict(
        FulfillmentPoint.objects.filter(organization_id=copying.organization_id).values_list(
            "code", "pk"
        )
    )
    for row in rows:
        code = words.text(row.get("erp_code"), 64)
        if words.key_of(row) and code in points:
            keys.remember(
                organization_id=copying.organization_id,
                kind=RemoteKind.STORE,
                key=words.key_of(row),
                local_id=points[code],
                local_code=code,
            )
    return {"retail_stores": len(rows)}


def _copy_addresses(copying: _Copying) -> dict[str, int]:
    return geography.copy(organization_id=copying.organization_id, client=copying.client)


def _copy_reasons(copying: _Copying) -> dict[str, int]:
    """Cancellation reasons, and carriers with them."""
    reasons = _keep(copying, "cancellation_reasons", RemoteKind.REASON, "subject")
    carriers = _keep(copying, "cargo_companies", RemoteKind.CARGO_COMPANY, "name")
    return {"cancellation_reasons": reasons, "cargo_companies": carriers}


def _keep(copying: _Copying, endpoint: str, kind: RemoteKind, name: str) -> int:
    rows = copying.client.rows(endpoint, limit=PAGE)
    told = {words.key_of(row) for row in rows} - {""}
    for row in rows:
        if key := words.key_of(row):
            keys.remember(
                organization_id=copying.organization_id,
                kind=kind,
                key=key,
                local_code=words.text(row.get(name), 255),
                data=dict(row),
            )
    RemoteKey.objects.filter(organization_id=copying.organization_id, kind=kind).exclude(
        remote_key__in=told
    ).delete()
    return len(rows)


_COPIES: Mapping[SyncKind, Callable[[_Copying], dict[str, int]]] = {
    SyncKind.CHANNELS: _copy_channels,
    SyncKind.RETAIL_STORES: _copy_store_keys,
    SyncKind.STOCK_LOCATIONS: _copy_stores,
    SyncKind.ADDRESSES: _copy_addresses,
    SyncKind.REASONS: _copy_reasons,
}

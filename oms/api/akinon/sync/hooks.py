"""The other side's hooks that lead here: the six (contract 2.2), listed, made and switched off."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from channels_app.connectors.omnitron import Client, ClientSettings
from oms.api.akinon.sync import words
from oms.api.akinon.sync.configuration import client_settings
from oms.api.akinon.sync.words import Row

# Event type: where it goes here, below `/api/v1/oms/`. The last has no final slash (12.14).
RECEIVERS = {
    "order.created": "orders_omnitron/",
    "order.updated": "orders_omnitron/",
    "cancellation_plan.created": "cancellation_plan/",
    "cancellation_plan.updated": "cancellation_plan/",
    "retail_store.created": "stocklocations-webhook",
    "retail_store.updated": "stocklocations-webhook",
}
PREFIX = "/api/v1/oms/"
ALL = 999


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """A hook of the other side. `is_ours`: one of the six, leading to a receiver of this OMS."""

    key: str
    event_type: str
    target_url: str
    is_active: bool
    is_ours: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What was done, or would be: hooks switched off, event types a hook was made for."""

    deactivated: tuple[Hook, ...] = ()
    created: tuple[str, ...] = ()


def hooks_of(*, organization_id: int, receiver_url: str = "") -> list[Hook]:
    """Every hook of the other side, in its order. Raises ConnectorError."""
    settings = client_settings(organization_id)
    with Client(settings) as client:
        return _list(client, receiver_url)


def deactivate(*, organization_id: int, is_dry_run: bool = False, receiver_url: str = "") -> Change:
    """Switch off those of the six that are on; nothing else is touched. Raises ConnectorError."""
    settings = client_settings(organization_id)
    with Client(settings) as client:
        found = _list(client, receiver_url)
        on = tuple(hook for hook in found if hook.is_ours and hook.is_active)
        for hook in () if is_dry_run else on:
            client.change("hooks", hook.key, {"is_active": False})
        return Change(deactivated=on)


def create_missing(
    *, organization_id: int, is_dry_run: bool = False, receiver_url: str = ""
) -> Change:
    """Make those of the six that no active hook is for; none in mode B. Raises ConnectorError."""
    settings = client_settings(organization_id)
    if settings.is_seller_center:
        return Change()
    with Client(settings) as client:
        found = _list(client, receiver_url)
        there = {hook.event_type for hook in found if hook.is_ours and hook.is_active}
        missing = tuple(name for name in RECEIVERS if name not in there)
        for name in () if is_dry_run else missing:
            client.create("hooks", _new(settings, name, receiver_url))
        return Change(created=missing)


def _list(client: Client, receiver_url: str) -> list[Hook]:
    return [_hook(row, client.settings, receiver_url) for row in client.rows("hooks", limit=ALL)]


def _hook(row: Row, settings: ClientSettings, receiver_url: str) -> Hook:
    event_type = words.text(row.get("event_type"), 128).replace("-", ".")
    target = words.text(row.get("target_url"), 2048)
    return Hook(
        key=words.key_of(row),
        event_type=event_type,
        target_url=target,
        is_active=row.get("is_active") is not False,
        is_ours=_leads_here(event_type, target, _roots(settings, receiver_url)),
    )


def _leads_here(event_type: str, target: str, roots: Sequence[str]) -> bool:
    """By event type and a target at this OMS (contract 12a.9); a final slash means nothing."""
    if event_type not in RECEIVERS:
        return False
    wanted = {f"{root}{RECEIVERS[event_type]}".rstrip("/") for root in roots}
    return _plain(target).rstrip("/") in wanted


def _roots(settings: ClientSettings, receiver_url: str) -> list[str]:
    """Where this OMS is seen: by its own address, and through Omnitron's."""
    seen = (receiver_url, settings.oms_url, settings.base_url)
    return [f"{origin}{PREFIX}" for url in seen if url and (origin := _origin(url))]


def _new(settings: ClientSettings, event_type: str, receiver_url: str) -> Row:
    root = _roots(settings, receiver_url)[0]
    return {
        "event_type": event_type,
        "target_url": f"{root}{RECEIVERS[event_type]}",
        "secret_key": None,
        "additional_headers": {},
        "config": {},
        "retry_countdown_config": {"choice": "exponential", "kwargs": {"base": 2}},
        "is_active": True,
    }


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower() if parts.netloc else ""


def _plain(url: str) -> str:
    """Without query, and with the host in lower case."""
    return f"{_origin(url)}{urlsplit(url).path}"

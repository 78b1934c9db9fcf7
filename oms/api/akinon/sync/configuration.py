"""The application settings that the connector reads, with what is chosen where they say nothing."""

import hashlib
import json
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from channels_app.connectors.base import AuthorisationNeeded
from channels_app.connectors.omnitron import ClientSettings, SettingsUnreadable
from channels_app.connectors.omnitron import read_settings as read_client_settings
from oms.accounts import app_settings
from oms.accounts.models import ApplicationSetting
from oms.api.akinon.sync import filtering

logger = logging.getLogger(__name__)

CLIENT = "OMNITRON_CLIENT_SETTINGS"
RULES = "ORDER_FILTER_RULES"
SYNC = "OMNITRON_SYNC_SETTINGS"
SUPPLIER_CODE_FIELD = "SUPPLIER_CODE_FIELD"
STATIC_CHANNEL = "REQUIRE_STATIC_CHANNEL"

_SUPPLIER_CODE_FIELDS = ("attributes.supplier_code", "extra_field.supplier_code")
_ITEM_STATUSES: Mapping[str, str] = {
    "task.packed": "450",
    "task.shipped": "500",
    "task.ready_for_pickup": "520",
    "task.attempted": "540",
    "task.delivered": "550",
    "task.invoice_changed": "",
    "task.shipment_changed": "",
}
_PAYMENT_METHODS: Mapping[str, str] = {
    "credit_card": "CARD",
    "masterpass": "CARD",
    "bank_transfer": "BANK_TRANSFER",
    "funds_transfer": "BANK_TRANSFER",
    "cash_on_delivery": "COD",
    "pay_on_delivery": "COD",
}
_told: set[tuple[int, str]] = set()


class NotConfigured(AuthorisationNeeded):
    """The organization has no connection to Omnitron, or one that cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncSettings:
    """`OMNITRON_SYNC_SETTINGS`, each member with a default; what the contract leaves open."""

    poll_seconds: float = 60.0
    overlap_seconds: float = 300.0
    page_size: int = 100
    checks_order_status: bool = True
    skipped_item_statuses: frozenset[int] = frozenset({50, 100, 425})
    cancelling_item_statuses: frozenset[int] = frozenset({100})
    item_statuses: Mapping[str, str] = field(default_factory=lambda: dict(_ITEM_STATUSES))
    payment_methods: Mapping[str, str] = field(default_factory=lambda: dict(_PAYMENT_METHODS))
    supplier_code_fields: tuple[str, ...] = _SUPPLIER_CODE_FIELDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """All that one organization set for the connector."""

    organization_id: int
    client: ClientSettings | None
    sync: SyncSettings
    rules: Sequence[filtering.Rule]
    requires_static_channel: bool
    fingerprint: str
    """Of what decides which orders are taken in."""

    @property
    def is_seller_center(self) -> bool:
        """Mode B."""
        return self.client is not None and self.client.is_seller_center


def configuration(organization_id: int) -> Configuration:
    """What is set; without a client where no connection is. Raises NotConfigured when the one that
    is set cannot be read.
    """
    is_set = app_settings.is_set(organization_id=organization_id, key=CLIENT)
    client = client_settings(organization_id) if is_set else None
    is_seller_center = client is not None and client.is_seller_center
    rules = app_settings.value_of(organization_id=organization_id, key=RULES)
    said = app_settings.value_of(organization_id=organization_id, key=SYNC)
    fields = app_settings.value_of(organization_id=organization_id, key=SUPPLIER_CODE_FIELD)
    judging = json.dumps([rules, said, is_seller_center], sort_keys=True, default=str)
    return Configuration(
        organization_id=organization_id,
        client=client,
        sync=_sync_settings(said, fields, is_seller_center=is_seller_center),
        rules=filtering.read_rules(rules),
        requires_static_channel=app_settings.value_of(
            organization_id=organization_id, key=STATIC_CHANNEL
        )
        is not False,
        fingerprint=hashlib.sha256(judging.encode()).hexdigest()[:32],
    )


def client_settings(organization_id: int) -> ClientSettings:
    """The connection that is set. Raises NotConfigured."""
    value = app_settings.value_of(organization_id=organization_id, key=CLIENT)
    if value is None:
        raise NotConfigured(f"{CLIENT} is not set")
    try:
        settings = read_client_settings(value)
    except SettingsUnreadable as error:
        raise NotConfigured(f"{CLIENT}: {error}") from None
    for name in settings.unknown:
        _tell_once(organization_id, name)
    return settings


def item_status(*, organization_id: int, event_type: str) -> str | None:
    """What an item is called after an event of its task: empty where it is called as before, None
    where nothing is told. Whether the connection can be read is seen when it is used.
    """
    if not app_settings.is_set(organization_id=organization_id, key=CLIENT):
        return None
    said = app_settings.value_of(organization_id=organization_id, key=SYNC)
    own = said.get("item_statuses") if isinstance(said, dict) else None
    return {**_ITEM_STATUSES, **_texts(own)}.get(event_type)


def organizations() -> list[int]:
    """Those that have a connection."""
    found = ApplicationSetting.objects.filter(key=CLIENT).order_by("organization_id")
    return list(found.values_list("organization_id", flat=True))


def _tell_once(organization_id: int, name: str) -> None:
    if (organization_id, name) not in _told:
        _told.add((organization_id, name))
        logger.warning("An endpoint of endpoint_conf is not known", extra={"endpoint": name[:64]})


def _sync_settings(value: object, fields: object, *, is_seller_center: bool) -> SyncSettings:
    said: Mapping[str, Any] = value if isinstance(value, dict) else {}
    default = SyncSettings()
    cancelling = frozenset({50, 100}) if is_seller_center else frozenset({100})
    return SyncSettings(
        poll_seconds=_number(said.get("poll_seconds"), default.poll_seconds),
        overlap_seconds=_number(said.get("overlap_seconds"), default.overlap_seconds),
        page_size=int(_number(said.get("page_size"), default.page_size)),
        checks_order_status=said.get("checks_order_status") is not False,
        skipped_item_statuses=_numbers(
            said.get("skipped_item_statuses"), default.skipped_item_statuses
        ),
        cancelling_item_statuses=_numbers(said.get("cancelling_item_statuses"), cancelling),
        item_statuses={**_ITEM_STATUSES, **_texts(said.get("item_statuses"))},
        payment_methods={**_PAYMENT_METHODS, **_texts(said.get("payment_methods"))},
        supplier_code_fields=_paths(fields),
    )


def _number(value: object, default: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return default
    return float(value) if value > 0 else default


def _numbers(value: object, default: frozenset[int]) -> frozenset[int]:
    if not isinstance(value, list):
        return default
    return frozenset(int(each) for each in value if str(each).isascii() and str(each).isdigit())


def _texts(value: object) -> dict[str, str]:
    said = value if isinstance(value, dict) else {}
    return {str(name): str(word) for name, word in said.items() if word is not None}


def _paths(value: object) -> tuple[str, ...]:
    said: Iterable[object] = value if isinstance(value, list) else [value]
    return tuple(str(path) for path in said if path) or _SUPPLIER_CODE_FIELDS

"""How values look: chips, instants, numbers, links. HTML only through `format_html`."""

from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.db.models import Model
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

NOTHING = "-"
ACTOR_NAMES = {"staff": "", "system": "the system", "client": "API client "}

# One vocabulary of colours for the states of everything: orders, tasks, parcels, returns, ...
TONES: dict[str, str] = {
    "CREATED": "idle",
    "PAID": "idle",
    "PLANNED": "idle",
    "PENDING": "idle",
    "UNALLOCATED": "warn",
    "OUT_OF_STOCK": "bad",
    "ALLOCATED": "new",
    "ACCEPTED": "new",
    "IN_FULFILLMENT": "work",
    "PICKING": "work",
    "PICKED": "work",
    "PACKED": "work",
    "LABELLED": "work",
    "MANIFESTED": "work",
    "SHIPPED": "move",
    "OUT_FOR_DELIVERY": "move",
    "DELIVERED": "good",
    "READY": "good",
    "WAITING_REMOTE": "warn",
    "WAITING_TRANSFER": "warn",
    "NEEDS_REPLANNING": "bad",
    "BLOCKED": "bad",
    "READY_FOR_PICKUP": "good",
    "IN_TRANSIT": "move",
    "TRANSFERRED": "good",
    "PACKED_FOR_REFUND": "off",
    "DELIVERY_FAILED": "bad",
    "ATTEMPTED": "warn",
    "RETURNED_TO_POINT": "warn",
    "RETURNED": "warn",
    "LOST": "bad",
    "FAILED": "bad",
    "CANCELLED": "off",
    "VOID": "off",
    "EXPECTED": "idle",
    "RECEIVED": "work",
    "INSPECTED": "work",
    "PASS": "good",
    "FAIL": "bad",
    "APPROVED": "good",
    "REJECTED": "off",
    "OPEN": "warn",
    "CLOSED": "off",
    "ACCEPT": "good",
    "REJECT": "off",
    "SERVED": "good",
    "PARTLY_SERVED": "warn",
    "WAITING": "warn",
    "ACTIVE": "good",
    "UNVERIFIED": "warn",
    "PAUSED": "warn",
    "DISABLED": "bad",
    "EXHAUSTED": "bad",
    "SUPPRESSED": "warn",
    "SKIPPED": "off",
}


@lru_cache(maxsize=64)
def zone_named(name: str) -> ZoneInfo:
    """A time zone; UTC for a name nobody knows, because a page must not fail on it."""
    try:
        return ZoneInfo(name or "UTC")
    except (KeyError, ValueError):
        return ZoneInfo("UTC")


def chip(value: str, label: str) -> SafeString:
    """A state in its colour."""
    return format_html('<span class="chip chip-{}">{}</span>', TONES.get(value, "idle"), label)


def moment(value: datetime | None, zone: str = "UTC") -> SafeString | str:
    """An instant in the organization's zone; the exact one in UTC on hovering."""
    if value is None:
        return NOTHING
    local = value.astimezone(zone_named(zone))
    exact = value.astimezone(UTC)
    return format_html(
        '<time datetime="{}" title="{} UTC">{}</time>',
        exact.isoformat(),
        f"{exact:%Y-%m-%d %H:%M:%S}",
        f"{local.day} {local:%b %Y, %H:%M}",
    )


def number(value: int | Decimal | None) -> str:
    """With thin thousands."""
    return NOTHING if value is None else f"{value:,}"


def money(amount: Decimal | None, currency: str) -> str:
    """Two decimals at least; more only when they say something."""
    if amount is None:
        return NOTHING
    shown = amount.quantize(Decimal("0.01"))
    return f"{shown if shown == amount else amount.normalize():,} {currency}".strip()


def copyable(text: object) -> SafeString | str:
    """A number people carry elsewhere: one click selects it, the button copies it."""
    if text in {None, ""}:
        return NOTHING
    return format_html(
        '<span class="copyable"><code>{0}</code>'
        '<button type="button" data-copy="{0}" title="Copy" aria-label="Copy {0}"></button></span>',
        text,
    )


def page_url(row: Model) -> str:
    """Where the back office shows a row."""
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def page_link(row: Model | None, text: str = "") -> SafeString | str:
    """A link to the page of a row."""
    if row is None:
        return NOTHING
    return format_html('<a href="{}">{}</a>', page_url(row), text or str(row))


def actor_name(actor: str) -> str:
    """`staff:anna` is Anna to her colleagues; everybody else is named by kind."""
    kind, _, name = actor.partition(":")
    if kind == "system":
        return ACTOR_NAMES["system"]
    return f"{ACTOR_NAMES.get(kind, f'{kind} ')}{name}" if name else actor

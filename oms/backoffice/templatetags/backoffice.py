"""The formats of `oms.backoffice.formats`, for templates."""

from datetime import datetime
from typing import Any

from django import template
from django.utils.safestring import SafeString

from fulfillment.models import Document
from oms.backoffice import formats
from oms.backoffice.admin.parcels import download_link

register = template.Library()
STEP_CHIPS = {
    "done": ("READY", "Done"),
    "missing": ("FAILED", "Missing"),
    "optional": ("PENDING", "As it comes"),
    "unknown": ("WAITING", "To be checked"),
}

register.filter("copyable", formats.copyable)
register.filter("page_url", formats.page_url)
register.filter("page_link", formats.page_link)
register.filter("number", formats.number)
register.filter("money", formats.money)
register.filter("actor_name", formats.actor_name)


@register.filter
def moment(value: datetime | None, zone: str) -> SafeString | str:
    """An instant in a zone."""
    return formats.moment(value, zone)


@register.filter
def clock(value: datetime, zone: str) -> str:
    """The time of day in a zone."""
    return f"{value.astimezone(formats.zone_named(zone)):%H:%M}"


@register.filter
def state(row: Any) -> SafeString:
    """The chip of a row's status."""
    return formats.chip(row.status, row.get_status_display())


@register.filter
def dashed(path: str) -> str:
    """A dotted path as part of an element's id."""
    return path.replace(".", "-")


@register.filter
def step_chip(state: str) -> SafeString:
    """How far a step of the set-up is."""
    value, label = STEP_CHIPS[state]
    return formats.chip(value, label)


@register.filter
def signed(value: int) -> str:
    """With its sign; nothing for zero."""
    return f"{value:+,}" if value else ""


@register.filter
def download(document: Document) -> SafeString | str:
    """A link to the bytes, when there are any."""
    return download_link(document)


@register.filter
def admin_list_url(opts: Any) -> str:
    """The name of a model's list."""
    return f"admin:{opts.app_label}_{opts.model_name}_changelist"

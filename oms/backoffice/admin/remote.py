"""What is kept of the other side of a connector: how far it is read, what waits, what came."""
# ruff: noqa: ARG002 - the arguments of these hooks are fixed by Django

import json
from collections.abc import Mapping
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from channels_app.choices import InboundKind, InboundState, SyncKind, SyncState, UpdateState
from channels_app.models import HeldOrder, InboundMessage, RemoteUpdate, SyncMark
from oms.backoffice import filters
from oms.backoffice.admin.base import RecordAdmin
from oms.backoffice.formats import NOTHING, chip, copyable, moment, number, page_link
from oms.orders.models import Order

_TONES = {
    UpdateState.PENDING: "PENDING",
    UpdateState.SENT: "READY",
    UpdateState.REFUSED: "FAILED",
    InboundState.DONE: "READY",
    SyncState.IDLE: "VOID",
    SyncState.RUNNING: "PICKING",
    SyncState.FAILED: "FAILED",
}


class _RemoteAdmin(RecordAdmin[Any]):
    """Rows of an organization's connection, newest first."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Every page tells the time of the organization."""
        return super().get_queryset(request).select_related("organization")

    @admin.display(description="state")
    def state_chip(self, row: Any) -> SafeString:
        return chip(_TONES.get(row.state, "PENDING"), row.get_state_display())

    @admin.display(description="last error")
    def error_text(self, row: Any) -> str:
        return row.last_error or NOTHING


@admin.register(SyncMark)
class SyncMarkAdmin(_RemoteAdmin):
    """How far each kind of thing was read."""

    list_display = ("kind_name", "state_chip", "last_run", "next_run", "failures", "last_error")
    list_filter = (
        filters.column_filter("kind", SyncKind, title="kind"),
        filters.column_filter("state", SyncState, title="state"),
        filters.OrganizationFilter,
    )

    def page(self, request: HttpRequest, row: SyncMark) -> Mapping[str, object]:
        """Where it stands, and why it does not go on."""
        zone = row.organization.timezone
        return {
            "title": f"Reading of {row.get_kind_display().lower()}",
            "subtitle": f"of {row.organization}",
            "headline": self.state_chip(row),
            "facts": [
                ("Last came to its end", moment(row.run_at, zone)),
                ("Due", moment(row.due_at, zone)),
                ("Tries", number(row.attempts)),
                ("Failures in a row", number(row.failures)),
                ("Account is accepted", "no" if row.needs_authorisation else "yes"),
                ("Error", row.error or NOTHING),
            ],
            "raw": json.dumps(row.position, indent=1, ensure_ascii=False),
        }

    @admin.display(description="what")
    def kind_name(self, row: SyncMark) -> str:
        return row.get_kind_display()

    @admin.display(description="last run")
    def last_run(self, row: SyncMark) -> SafeString | str:
        return moment(row.run_at, row.organization.timezone)

    @admin.display(description="due")
    def next_run(self, row: SyncMark) -> SafeString | str:
        return moment(row.due_at, row.organization.timezone)

    @admin.display(description="last error")
    def last_error(self, row: SyncMark) -> str:
        return row.error or NOTHING


@admin.register(HeldOrder)
class HeldOrderAdmin(_RemoteAdmin):
    """Orders of the other side that are not taken in, and why."""

    list_display = ("number", "reason", "channel_key", "modified", "tries")
    list_filter = (filters.OrganizationFilter,)
    search_fields = ("number",)
    search_help_text = "Number of the order"

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Exactly: the number or the other side's key."""
        if term := search_term.strip().replace("\x00", ""):
            queryset = queryset.filter(number=term) | queryset.filter(remote_key=term)
        return queryset, False

    def page(self, request: HttpRequest, row: HeldOrder) -> Mapping[str, object]:
        """Why it was not taken in, and when it is looked at again."""
        zone = row.organization.timezone
        return {
            "title": f"Order {row.number}",
            "subtitle": "was not taken in",
            "facts": [
                ("Reason", row.reason),
                ("Number", copyable(row.number)),
                ("Key at the other side", copyable(row.remote_key)),
                ("Channel's key", row.channel_key or NOTHING),
                ("Changed there", moment(row.modified_at, zone)),
                ("Tries", number(row.attempts)),
                ("Looked at again", moment(row.due_at, zone) if row.due_at else "when it changes"),
            ],
        }

    @admin.display(description="changed there")
    def modified(self, row: HeldOrder) -> SafeString | str:
        return moment(row.modified_at, row.organization.timezone)

    @admin.display(description="tries")
    def tries(self, row: HeldOrder) -> str:
        return number(row.attempts)


@admin.register(RemoteUpdate)
class RemoteUpdateAdmin(_RemoteAdmin):
    """What the other side is told about its order items."""

    list_display = ("subject", "state_chip", "status_sent", "tries", "due", "error_text", "sent")
    list_filter = (
        filters.column_filter("state", UpdateState, title="state"),
        filters.OrganizationFilter,
    )
    search_fields = ("subject",)
    search_help_text = "The other side's key of the item"

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Exactly."""
        if term := search_term.strip().replace("\x00", ""):
            queryset = queryset.filter(subject=term)
        return queryset, False

    def page(self, request: HttpRequest, row: RemoteUpdate) -> Mapping[str, object]:
        """What is sent, and how that goes."""
        zone = row.organization.timezone
        order = Order.objects.filter(pk=row.order_ref).first() if row.order_ref else None
        return {
            "title": f"Item {row.subject}",
            "subtitle": f"told to the other side of {row.channel}",
            "headline": self.state_chip(row),
            "facts": [
                ("Order", page_link(order)),
                ("Status", self.status_sent(row)),
                ("Tries", number(row.attempts)),
                ("Next try", self.due(row)),
                ("Sent", moment(row.sent_at, zone)),
                ("Last error", self.error_text(row)),
            ],
            "raw": json.dumps(row.body, indent=1, ensure_ascii=False),
        }

    @admin.display(description="status")
    def status_sent(self, row: RemoteUpdate) -> str:
        body: Any = row.body
        return str(body.get("status", NOTHING)) if isinstance(body, Mapping) else NOTHING

    @admin.display(description="tries")
    def tries(self, row: RemoteUpdate) -> str:
        return number(row.attempts)

    @admin.display(description="next try")
    def due(self, row: RemoteUpdate) -> SafeString | str:
        is_open = row.state == UpdateState.PENDING
        return moment(row.not_before, row.organization.timezone) if is_open else NOTHING

    @admin.display(description="sent")
    def sent(self, row: RemoteUpdate) -> SafeString | str:
        return moment(row.sent_at, row.organization.timezone)


@admin.register(InboundMessage)
class InboundMessageAdmin(_RemoteAdmin):
    """What the other side told us. Bodies are sealed and never shown."""

    list_display = ("short_uuid", "kind_name", "state_chip", "received", "tries", "error_text")
    list_filter = (
        filters.column_filter("kind", InboundKind, title="kind"),
        filters.column_filter("state", InboundState, title="state"),
        filters.OrganizationFilter,
    )
    search_fields = ("uuid",)
    search_help_text = "The event's uuid"
    left_out = ("body",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Without what is sealed."""
        return super().get_queryset(request).defer("body")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Exactly, with and without dashes."""
        if term := search_term.strip().replace("\x00", "").replace("-", "").lower():
            queryset = queryset.filter(uuid=term)
        return queryset, False

    def page(self, request: HttpRequest, row: InboundMessage) -> Mapping[str, object]:
        """How it was answered, and what came of it."""
        zone = row.organization.timezone
        return {
            "title": f"{row.get_kind_display()} from the other side",
            "subtitle": row.uuid,
            "headline": self.state_chip(row),
            "facts": [
                ("Received", moment(row.received_at, zone)),
                ("Done", moment(row.done_at, zone)),
                ("Tries", number(row.attempts)),
                ("Answered with", str(row.answer_status or NOTHING)),
                ("Last error", self.error_text(row)),
            ],
        }

    @admin.display(description="uuid")
    def short_uuid(self, row: InboundMessage) -> str:
        return row.uuid[:12]

    @admin.display(description="kind")
    def kind_name(self, row: InboundMessage) -> str:
        return row.get_kind_display()

    @admin.display(description="received")
    def received(self, row: InboundMessage) -> SafeString | str:
        return moment(row.received_at, row.organization.timezone)

    @admin.display(description="tries")
    def tries(self, row: InboundMessage) -> str:
        return number(row.attempts)

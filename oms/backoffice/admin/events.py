# ruff: noqa: ARG002 - the arguments of these hooks are fixed by Django

import json
from collections.abc import Mapping
from typing import Any

from django.contrib import admin
from django.contrib.admin import SimpleListFilter
from django.db.models import Max, Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from catalog.models import Spu
from channels_app.models import Channel
from fulfillment.models import (
    CancellationTask,
    FulfillmentTask,
    Handover,
    Invoice,
    Manifest,
    Parcel,
    Picklist,
)
from oms.backoffice import filters, search
from oms.backoffice.acting import Call, RowAction
from oms.backoffice.admin.base import RecordAdmin
from oms.backoffice.formats import actor_name, chip, copyable, moment, page_link
from oms.backoffice.timeline import sentence_of
from oms.events import relay
from oms.events.choices import EventType, SubjectType
from oms.events.models import Endpoint, Event
from oms.inventory.models import StockLevel
from oms.kernel.errors import Conflict
from oms.locations.models import FulfillmentPoint
from oms.orders.models import Order

RECENT = 100_000  # events a filter by type looks through; the type alone has no index

_SUBJECTS: dict[str, Any] = {
    SubjectType.ORDER: Order,
    SubjectType.TASK: FulfillmentTask,
    SubjectType.PARCEL: Parcel,
    SubjectType.CANCELLATION: CancellationTask,
    SubjectType.POINT: FulfillmentPoint,
    SubjectType.CHANNEL: Channel,
    SubjectType.SPU: Spu,
    SubjectType.ENDPOINT: Endpoint,
    SubjectType.LEVEL: StockLevel,
    SubjectType.PICKLIST: Picklist,
    SubjectType.MANIFEST: Manifest,
    SubjectType.HANDOVER: Handover,
    SubjectType.INVOICE: Invoice,
}


class NotParked(Conflict):
    """Only a parked event can be relayed again."""

    code = "event_not_parked"


class TypeFilter(SimpleListFilter):
    """Looks among the newest events, because the whole table can hold many millions."""

    title = "type"
    parameter_name = "type"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return EventType.choices

    def queryset(self, request: HttpRequest, queryset: QuerySet[Event]) -> QuerySet[Event]:
        if not self.value():
            return queryset
        newest = Event.objects.aggregate(newest=Max("pk"))["newest"] or 0
        return queryset.filter(type=self.value(), pk__gt=newest - RECENT)


class ParkedFilter(filters.ConditionFilter):
    title = "relay"
    parameter_name = "relay"
    conditions = {
        "parked": ("Parked", lambda _: Q(parked_at__isnull=False)),
        "due": ("Still to be relayed", lambda _: Q(position__isnull=True, parked_at__isnull=True)),
    }


def _relay_refusal(event: Event) -> str:
    return "" if event.parked_at else "it is not parked"


def _relay(call: Call) -> str:
    if not relay.relay_again(event_id=call.row.pk, now=call.now):
        raise NotParked("It is not parked any more.")
    return "is relayed again."


@admin.register(Event)
class EventAdmin(RecordAdmin[Event]):
    """The audit trail: every fact, who caused it, and whether its handlers have run."""

    keeps_real_time = True
    list_display = ("occurred", "what", "event_type", "order", "who", "relayed")
    list_filter = (ParkedFilter, TypeFilter, filters.OrganizationFilter)
    list_select_related = ("organization",)
    search_fields = ("order_ref",)
    search_help_text = search.HELP
    row_actions = (
        RowAction(
            name="relay",
            label="Relay again",
            explanation="Its handlers run again; each of them is safe to repeat.",
            permission="events.change_event",
            refusal=_relay_refusal,
            work=_relay,
        ),
    )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Everything about the orders a number leads to."""
        if search_term.strip():
            queryset = queryset.filter(order_ref__in=search.find_orders(search_term))
        return queryset, False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Event]:
        """Times are shown in the organization's zone."""
        return super().get_queryset(request).select_related("organization")

    def prepare_rows(self, request: HttpRequest, rows: list[Event]) -> None:
        """Orders of a page of events."""
        orders = Order.objects.only("external_id").in_bulk({row.order_ref for row in rows} - {None})
        for row in rows:
            vars(row)["order"] = orders.get(row.order_ref or 0)

    def page(self, request: HttpRequest, row: Event) -> Mapping[str, object]:
        """The fact as it was written."""
        zone = row.organization.timezone
        subject = _SUBJECTS[row.subject_type].objects.filter(pk=row.subject_id).first()
        return {
            "title": sentence_of(row),
            "subtitle": f"{row.type} #{row.sequence}",
            "headline": self.relayed(row),
            "facts": [
                ("Subject", page_link(subject)),
                ("Type", copyable(row.type)),
                ("Sequence", row.sequence),
                ("Status after it", row.status),
                ("Who", actor_name(row.actor)),
                ("Cause", row.cause),
                ("Occurred", moment(row.occurred_at, zone)),
                ("Recorded", moment(row.recorded_at, zone)),
                ("Position in the feed", row.position),
                ("Tries", row.attempts),
                ("Last error", row.last_error),
                ("Parked", moment(row.parked_at, zone)),
            ],
            "raw": json.dumps(row.data, indent=2, ensure_ascii=False, sort_keys=True),
        }

    @admin.display(description="when")
    def occurred(self, row: Event) -> SafeString | str:
        return moment(row.occurred_at, row.organization.timezone)

    @admin.display(description="what")
    def what(self, row: Event) -> str:
        return sentence_of(row)

    @admin.display(description="type")
    def event_type(self, row: Event) -> SafeString:
        return format_html("<code>{}</code>", row.type)

    @admin.display(description="order")
    def order(self, row: Event) -> SafeString | str:
        return page_link(vars(row).get("order"))

    @admin.display(description="who")
    def who(self, row: Event) -> str:
        return actor_name(row.actor)

    @admin.display(description="relay")
    def relayed(self, row: Event) -> SafeString:
        if row.parked_at:
            return chip("FAILED", "Parked")
        return chip("READY", "Relayed") if row.position else chip("PENDING", "Due")

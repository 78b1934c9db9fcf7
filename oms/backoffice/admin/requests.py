# ruff: noqa: ARG002 - the arguments of these hooks are fixed by Django

from collections.abc import Mapping
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from oms.backoffice import search
from oms.backoffice.admin.base import RecordAdmin
from oms.backoffice.filters import ConditionFilter, status_filter
from oms.backoffice.formats import actor_name, chip, moment, page_link
from oms.backoffice.order_actions import HOLD_ACTIONS, REQUEST_ACTIONS
from oms.orders.choices import CancelRequestStatus
from oms.orders.models import CancelRequest, Hold


class OpenFilter(ConditionFilter):
    title = "state"
    parameter_name = "open"
    conditions = {
        "yes": ("Open", lambda _: Q(released_at__isnull=True)),
        "no": ("Released", lambda _: Q(released_at__isnull=False)),
    }


class OfOrderAdmin(RecordAdmin[Any]):
    """Rows that belong to an order and are looked up by it."""

    organization_path = "order__organization_id"
    list_select_related = ("order__organization",)
    search_fields = ("order__external_id",)
    search_help_text = search.HELP

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Every page names the order."""
        return super().get_queryset(request).select_related("order__organization")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """By any number of their order."""
        if search_term.strip():
            queryset = queryset.filter(order_id__in=search.find_orders(search_term))
        return queryset, False

    @admin.display(description="order")
    def order_number(self, row: Any) -> SafeString | str:
        return page_link(row.order)


@admin.register(Hold)
class HoldAdmin(OfOrderAdmin):
    """Every hold there is or was."""

    list_display = ("reason_name", "order_number", "note", "held_by", "placed", "expires", "state")
    list_filter = (OpenFilter, "reason")
    row_actions = HOLD_ACTIONS

    def page(self, request: HttpRequest, row: Hold) -> Mapping[str, object]:
        """As in the list."""
        zone = row.order.organization.timezone
        return {
            "facts": [
                ("Order", page_link(row.order)),
                ("State", self.state(row)),
                ("Reason", row.get_reason_display()),
                ("Note", row.note),
                ("Held by", actor_name(row.holder)),
                ("Placed", moment(row.placed_at, zone)),
                ("Ends by itself", moment(row.expires_at, zone)),
                ("Released", moment(row.released_at, zone)),
                ("Released by", actor_name(row.released_by)),
            ]
        }

    @admin.display(description="reason")
    def reason_name(self, row: Hold) -> str:
        return row.get_reason_display()

    @admin.display(description="held by")
    def held_by(self, row: Hold) -> str:
        return actor_name(row.holder)

    @admin.display(description="placed")
    def placed(self, row: Hold) -> SafeString | str:
        return moment(row.placed_at, row.order.organization.timezone)

    @admin.display(description="ends")
    def expires(self, row: Hold) -> SafeString | str:
        return moment(row.expires_at, row.order.organization.timezone)

    @admin.display(description="state")
    def state(self, row: Hold) -> SafeString:
        return chip("CLOSED", "Released") if row.released_at else chip("OPEN", "Open")


@admin.register(CancelRequest)
class CancelRequestAdmin(OfOrderAdmin):
    """Wishes to cancel: decided here."""

    list_display = ("wish", "order_number", "state", "party_name", "reason", "requested")
    list_filter = (status_filter(CancelRequestStatus), "party")
    row_actions = REQUEST_ACTIONS

    def rows_to_act_on(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Whether it can be accepted depends on what has left."""
        return queryset.prefetch_related("lines", "order__lines")

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Any | None:
        """With what the buttons' refusals look at."""
        found = super().get_object(request, object_id, from_field)
        return (
            self.rows_to_act_on(CancelRequest.objects.select_related("order__organization")).get(
                pk=found.pk
            )
            if found
            else None
        )

    def page(self, request: HttpRequest, row: CancelRequest) -> Mapping[str, object]:
        """As in the list, with the lines."""
        zone = row.order.organization.timezone
        reasons = {each.line_id: each.reason for each in row.lines.all()}
        lines = [
            f"{line} ({reasons[line.pk]})" if reasons[line.pk] else str(line)
            for line in row.order.lines.all()
            if line.pk in reasons
        ]
        return {
            "title": self.wish(row),
            "facts": [
                ("Order", page_link(row.order)),
                ("State", self.state(row)),
                ("Lines", ", ".join(lines) or "The whole order"),
                ("Whose wish", row.get_party_display()),
                ("Asked by", row.requested_by),
                ("Reason", row.reason),
                ("Asked", moment(row.requested_at, zone)),
                ("Decided", moment(row.decided_at, zone)),
                ("Decided by", actor_name(row.decided_by)),
                ("Comment", row.comment),
            ],
        }

    @admin.display(description="request")
    def wish(self, row: CancelRequest) -> str:
        return f"Cancel request {row.pk}"

    @admin.display(description="state")
    def state(self, row: CancelRequest) -> SafeString:
        return chip(row.decision or row.status, row.get_decision_display() or "Open")

    @admin.display(description="whose wish")
    def party_name(self, row: CancelRequest) -> str:
        return row.get_party_display()

    @admin.display(description="asked")
    def requested(self, row: CancelRequest) -> SafeString | str:
        return moment(row.requested_at, row.order.organization.timezone)

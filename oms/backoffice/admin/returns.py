# ruff: noqa: ARG002 - the arguments of these hooks are fixed by Django

from collections.abc import Mapping
from typing import Any

from django.contrib import admin
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from oms.backoffice import filters, search, timeline
from oms.backoffice.admin.base import RecordAdmin
from oms.backoffice.formats import NOTHING, actor_name, chip, copyable, moment, page_link
from oms.backoffice.return_actions import RETURN_ACTIONS
from oms.events.choices import SubjectType
from oms.events.models import Event
from returns.choices import RefundDecision, ReturnStatus, ReturnType
from returns.models import ReturnOrder, ReturnUnit

SEARCH_HELP = "RT number, the return's own number, its tracking number, or any number of its order"


@admin.register(ReturnOrder)
class ReturnOrderAdmin(RecordAdmin[ReturnOrder]):
    """What comes back, from announced to closed."""

    list_display = (
        "number",
        "state",
        "refund",
        "order_number",
        "external_number",
        "point_name",
        "tracking",
        "announced",
        "received",
    )
    list_filter = (
        filters.status_filter(ReturnStatus),
        filters.column_filter("refund_decision", RefundDecision, title="refund"),
        filters.column_filter("type", ReturnType, title="type"),
        filters.PointFilter,
        filters.OrganizationFilter,
    )
    search_fields = ("number",)
    search_help_text = SEARCH_HELP
    row_actions = RETURN_ACTIONS

    def get_queryset(self, request: HttpRequest) -> QuerySet[ReturnOrder]:
        """Every page names order and point."""
        return super().get_queryset(request).select_related("order", "point", "organization")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """By its numbers, or any number of its order."""
        term = search_term.strip().replace("\x00", "")
        if term:
            own = Q(number=term.upper()) | Q(external_id=term) | Q(tracking_number=term)
            queryset = queryset.filter(own | Q(order_id__in=search.find_orders(term)))
        return queryset, False

    def rows_to_act_on(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """What can be done depends on the units."""
        units = ReturnUnit.objects.select_related("sku", "point").order_by("position")
        return queryset.prefetch_related(Prefetch("units", queryset=units))

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> ReturnOrder | None:
        """With what the buttons' refusals look at."""
        found = super().get_object(request, object_id, from_field)
        if found is None:
            return None
        rows: QuerySet[ReturnOrder] = self.rows_to_act_on(self.get_queryset(request))
        return rows.get(pk=found.pk)

    def page(self, request: HttpRequest, row: ReturnOrder) -> Mapping[str, object]:
        """Facts, units and what happened."""
        zone = row.organization.timezone
        return {
            "title": f"Return {row.number}",
            "subtitle": f"of order {row.order_external_id}",
            "headline": self.state(row),
            "facts": [
                ("Order", self.order_number(row)),
                ("Kind", row.get_type_display()),
                ("Refund", self.refund(row)),
                ("Point", page_link(row.point)),
                ("Number", copyable(row.number)),
                ("Their number", copyable(row.external_id)),
                ("Carrier", row.carrier_code),
                ("Tracking number", copyable(row.tracking_number)),
                ("Announced", moment(row.created_at, zone)),
                ("Received", moment(row.received_at, zone)),
                ("Inspected", moment(row.inspected_at, zone)),
                ("Refund decided", moment(row.refund_decided_at, zone)),
                ("Decided by", actor_name(row.refund_decided_by)),
                ("Closed", moment(row.closed_at, zone)),
                ("Cancelled", moment(row.cancelled_at, zone)),
                ("Note", row.note),
            ],
            "tables": [_units(row, zone), _history(row, zone)],
        }

    @admin.display(description="status")
    def state(self, row: ReturnOrder) -> SafeString:
        return chip(row.status, row.get_status_display())

    @admin.display(description="refund")
    def refund(self, row: ReturnOrder) -> SafeString:
        return chip(row.refund_decision, row.get_refund_decision_display())

    @admin.display(description="order")
    def order_number(self, row: ReturnOrder) -> SafeString | str:
        return page_link(row.order) if row.order else f"{row.order_external_id} (not found)"

    @admin.display(description="their number")
    def external_number(self, row: ReturnOrder) -> str:
        return row.external_id or NOTHING

    @admin.display(description="point")
    def point_name(self, row: ReturnOrder) -> str:
        return row.point.name

    @admin.display(description="tracking")
    def tracking(self, row: ReturnOrder) -> str:
        return row.tracking_number or NOTHING

    @admin.display(description="announced")
    def announced(self, row: ReturnOrder) -> SafeString | str:
        return moment(row.created_at, row.organization.timezone)

    @admin.display(description="received")
    def received(self, row: ReturnOrder) -> SafeString | str:
        return moment(row.received_at, row.organization.timezone)


def _units(row: ReturnOrder, zone: str) -> dict[str, object]:
    return {
        "title": "Units",
        "labels": ["Unit", "Their number", "SKU", "Reason", "Status", "Result", "Goes", "Point",
                   "Received", "Inspected", "Pictures"],
        "rows": [
            [
                unit.position,
                unit.external_id or NOTHING,
                page_link(unit.sku),
                unit.reason or NOTHING,
                chip(unit.status, unit.get_status_display()),
                _result(unit),
                unit.get_disposition_display() or NOTHING,
                page_link(unit.point),
                moment(unit.received_at, zone),
                moment(unit.inspected_at, zone),
                _pictures(unit),
            ]
            for unit in row.units.all()
        ],
    }  # fmt: skip


def _result(unit: ReturnUnit) -> SafeString:
    said = chip(unit.qc_status, unit.get_qc_status_display())
    return format_html("{} {}", said, unit.qc_reason) if unit.qc_reason else said


def _pictures(unit: ReturnUnit) -> SafeString | str:
    """Links that tell the other side nothing of where they were clicked."""
    links = enumerate(unit.image_urls, 1)
    shown = format_html_join(
        " ", '<a href="{}" rel="noopener noreferrer" target="_blank">{}</a>',
        ((url, number) for number, url in links if url.startswith(("http://", "https://"))),
    )  # fmt: skip
    return shown or NOTHING


def _history(row: ReturnOrder, zone: str) -> dict[str, object]:
    events = Event.objects.filter(subject_type=SubjectType.RETURN, subject_id=row.pk)
    entries = timeline.entries(events.order_by("sequence")[: timeline.LONGEST])
    return {
        "title": "What happened",
        "labels": ["When", "What", "Who"],
        "rows": [[moment(each.at, zone), each.sentence, each.who] for each in entries],
    }

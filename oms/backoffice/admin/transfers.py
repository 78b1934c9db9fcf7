"""Goods that go from point to point, and what points could not find."""
# ruff: noqa: ARG002 - the arguments of these hooks are fixed by Django

from collections.abc import Mapping
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from fulfillment.choices import DiscrepancyReason, TransferStatus
from fulfillment.models import Discrepancy, TransferOrder
from oms.backoffice import filters
from oms.backoffice.admin.base import RecordAdmin
from oms.backoffice.admin.commanding import CommandingAdmin
from oms.backoffice.formats import NOTHING, actor_name, chip, copyable, moment, page_link


@admin.register(TransferOrder)
class TransferOrderAdmin(CommandingAdmin, RecordAdmin[TransferOrder]):
    """What one point sends to another, which ships it."""

    command_permission = "fulfillment.change_transferorder"

    list_display = ("number", "state", "task_number", "source_name", "target_name", "created")
    list_filter = (filters.status_filter(TransferStatus), filters.OrganizationFilter)
    search_fields = ("number",)
    search_help_text = "Number of the transfer"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Every page names task, order and both points."""
        rows = super().get_queryset(request)
        return rows.select_related("task__order", "source", "destination", "organization")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Exactly."""
        if term := search_term.strip().upper().replace("\x00", ""):
            queryset = queryset.filter(number=term)
        return queryset, False

    def page(self, request: HttpRequest, row: TransferOrder) -> Mapping[str, object]:
        """Where it is, and what is in it."""
        zone = row.organization.timezone
        lines = row.lines.select_related("task_line__order_line", "task_line__sku").order_by("pk")
        return {
            "subtitle": f"for task {row.task}",
            "headline": self.state(row),
            "facts": [
                ("Number", copyable(row.number)),
                ("Order", page_link(row.task.order)),
                ("Task", page_link(row.task)),
                ("From", page_link(row.source)),
                ("To", page_link(row.destination)),
                ("Carrier", row.carrier or NOTHING),
                ("Tracking", copyable(row.tracking_number)),
                ("Created", moment(row.created_at, zone)),
                ("Sent", moment(row.dispatched_at, zone)),
                ("Arrived", moment(row.completed_at, zone)),
            ],
            "tables": [
                {
                    "title": "Lines",
                    "labels": ["SKU", "Name", "Units"],
                    "rows": [
                        [each.task_line.sku.code, each.task_line.order_line.name, each.quantity]
                        for each in lines
                    ],
                }
            ],
        }

    @admin.display(description="status")
    def state(self, row: TransferOrder) -> SafeString:
        return chip(row.status, row.get_status_display())

    @admin.display(description="task")
    def task_number(self, row: TransferOrder) -> SafeString | str:
        return page_link(row.task)

    @admin.display(description="from")
    def source_name(self, row: TransferOrder) -> str:
        return row.source.name

    @admin.display(description="to")
    def target_name(self, row: TransferOrder) -> str:
        return row.destination.name

    @admin.display(description="created")
    def created(self, row: TransferOrder) -> SafeString | str:
        return moment(row.created_at, row.organization.timezone)


@admin.register(Discrepancy)
class DiscrepancyAdmin(RecordAdmin[Discrepancy]):
    """What points could not give although their books said they had it."""

    organization_path = "point__organization_id"
    list_display = ("sku_code", "reason_name", "point_name", "task_number", "created", "reporter")
    list_filter = (
        filters.column_filter("reason", DiscrepancyReason, title="reason"),
        filters.PointFilter,
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Every page names task, point and SKU."""
        rows = super().get_queryset(request)
        return rows.select_related(
            "task_line__task__order", "task_line__sku", "point__organization"
        )

    def page(self, request: HttpRequest, row: Discrepancy) -> Mapping[str, object]:
        """What was missing, and who said so."""
        task = row.task_line.task
        return {
            "title": f"{row.task_line.sku.code}: {row.get_reason_display().lower()}",
            "subtitle": f"at {row.point}",
            "facts": [
                ("Order", page_link(task.order)),
                ("Task", page_link(task)),
                ("Point", page_link(row.point)),
                ("SKU", page_link(row.task_line.sku)),
                ("Units asked for", str(row.task_line.quantity)),
                ("Reported", self.created(row)),
                ("By", actor_name(row.actor)),
            ],
        }

    @admin.display(description="SKU")
    def sku_code(self, row: Discrepancy) -> str:
        return row.task_line.sku.code

    @admin.display(description="reason")
    def reason_name(self, row: Discrepancy) -> str:
        return row.get_reason_display()

    @admin.display(description="point")
    def point_name(self, row: Discrepancy) -> str:
        return row.point.name

    @admin.display(description="task")
    def task_number(self, row: Discrepancy) -> SafeString | str:
        return page_link(row.task_line.task)

    @admin.display(description="reported")
    def created(self, row: Discrepancy) -> SafeString | str:
        return moment(row.created_at, row.point.organization.timezone)

    @admin.display(description="by")
    def reporter(self, row: Discrepancy) -> str:
        return actor_name(row.actor)

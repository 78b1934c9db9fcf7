# ruff: noqa: ARG002 - the arguments of these hooks are fixed by Django

from collections.abc import Mapping
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet, Sum
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from fulfillment.choices import CancellationStatus, TaskStatus
from fulfillment.models import (
    CancellationLine,
    CancellationTask,
    FulfillmentTask,
    Parcel,
    TaskLine,
)
from oms.backoffice import filters, search
from oms.backoffice.admin.base import RecordAdmin
from oms.backoffice.admin.commanding import CommandingAdmin
from oms.backoffice.formats import NOTHING, actor_name, chip, copyable, moment, number, page_link


class NumberedAdmin(RecordAdmin[Any]):
    """What a point knows by a number: tasks and their cancellations."""

    search_fields = ("number",)
    search_help_text = search.HELP

    @admin.display(description="status")
    def state(self, row: Any) -> SafeString:
        return chip(row.status, row.get_status_display())


@admin.register(FulfillmentTask)
class FulfillmentTaskAdmin(CommandingAdmin, NumberedAdmin):
    """What points were given to ship."""

    command_permission = "fulfillment.change_fulfillmenttask"

    list_display = ("number", "state", "order_number", "point_name", "units", "created", "accept")
    list_filter = (
        filters.status_filter(TaskStatus),
        filters.TaskStateFilter,
        filters.PointFilter,
        filters.ChannelFilter,
        filters.OrganizationFilter,
    )
    list_select_related = ("order", "point", "organization")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """By the task's number, or any number of its order."""
        if search_term.strip():
            queryset = queryset.filter(pk__in=search.find_tasks(search_term))
        return queryset, False

    def prepare_rows(self, request: HttpRequest, rows: list[FulfillmentTask]) -> None:
        """Units of a page of tasks."""
        lines = TaskLine.objects.filter(task__in=rows).order_by().values_list("task_id")
        units = dict(lines.annotate(units=Sum("quantity") - Sum("quantity_cancelled")))
        for row in rows:
            vars(row)["units"] = units.get(row.pk, 0)

    def page(self, request: HttpRequest, row: FulfillmentTask) -> Mapping[str, object]:
        """Facts, lines, parcels, cancellations and what the point reported."""
        zone = row.organization.timezone
        lines = row.lines.select_related("order_line", "sku").order_by("pk")
        parcels = row.parcels.order_by("pk")
        return {
            "subtitle": f"for order {row.order}",
            "headline": self.state(row),
            "facts": [
                ("Order", page_link(row.order)),
                ("Number", copyable(row.number)),
                ("Point", page_link(row.point)),
                ("Channel", row.channel.name),
                ("Delivery", row.get_delivery_display()),
                ("Carrier", " ".join(filter(None, (row.carrier, row.delivery_type)))),
                ("Stock", "reserved" if row.is_reserved else "nothing is reserved"),
                ("Stopped because", row.held_reason or NOTHING),
                ("Created", moment(row.created_at, zone)),
                ("Received by the point", moment(row.received_at, zone)),
                ("To be accepted by", moment(row.accept_by, zone)),
                ("Packed", moment(row.packed_at, zone)),
                ("Shipped", moment(row.shipped_at, zone)),
            ],
            "tables": [
                _lines_table(lines),
                _parcels_table(parcels, zone),
                _cancellations_table(row, zone),
                _activities_table(row, zone),
            ],
        }

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Every page names order, point and channel."""
        joined = super().get_queryset(request)
        return joined.select_related("order", "point", "channel", "organization")

    @admin.display(description="order")
    def order_number(self, row: FulfillmentTask) -> SafeString | str:
        return page_link(row.order)

    @admin.display(description="point")
    def point_name(self, row: FulfillmentTask) -> str:
        return row.point.name

    @admin.display(description="units")
    def units(self, row: FulfillmentTask) -> str:
        return number(vars(row)["units"])

    @admin.display(description="created")
    def created(self, row: FulfillmentTask) -> SafeString | str:
        return moment(row.created_at, row.organization.timezone)

    @admin.display(description="accept by")
    def accept(self, row: FulfillmentTask) -> SafeString | str:
        shown = moment(row.accept_by, row.organization.timezone)
        waits = row.status == TaskStatus.CREATED and row.accept_by is not None
        if waits and row.accept_by is not None and row.accept_by < timezone.now():
            return format_html('<span class="overdue">{}</span>', shown)
        return shown


def _lines_table(lines: QuerySet[TaskLine]) -> dict[str, object]:
    return {
        "title": "Lines",
        "labels": ["Number", "SKU", "Name", "Units", "Cancelled", "Shipped"],
        "rows": [
            [
                copyable(line.number),
                line.sku.code,
                line.order_line.name or line.sku.name,
                line.quantity,
                line.quantity_cancelled,
                line.quantity_shipped,
            ]
            for line in lines
        ],
    }


def _parcels_table(parcels: QuerySet[Parcel], zone: str) -> dict[str, object]:
    return {
        "title": "Parcels",
        "labels": ["Number", "Status", "Point's number", "Tracking", "Packed", "Shipped"],
        "rows": [
            [
                page_link(parcel, str(parcel.number)),
                chip(parcel.status, parcel.get_status_display()),
                copyable(parcel.point_parcel_no),
                copyable(parcel.tracking_number),
                moment(parcel.packed_at, zone),
                moment(parcel.shipped_at, zone),
            ]
            for parcel in parcels
        ],
    }


def _cancellations_table(task: FulfillmentTask, zone: str) -> dict[str, object]:
    return {
        "title": "Cancellations",
        "labels": ["Number", "Status", "Reason", "Created", "Closed"],
        "rows": [
            [
                page_link(each),
                chip(each.status, each.get_status_display()),
                each.reason,
                moment(each.created_at, zone),
                moment(each.closed_at, zone),
            ]
            for each in task.cancellations.order_by("pk")
        ],
    }


def _activities_table(task: FulfillmentTask, zone: str) -> dict[str, object]:
    return {
        "title": "What the point reported",
        "labels": ["When", "What", "In its words", "Who"],
        "rows": [
            [
                moment(each.occurred_at, zone),
                each.milestone,
                each.description,
                actor_name(each.actor),
            ]
            for each in task.activities.order_by("occurred_at", "pk")
        ],
    }


@admin.register(CancellationTask)
class CancellationTaskAdmin(NumberedAdmin):
    """What points were told to drop."""

    list_display = ("number", "state", "task_number", "order_number", "point_name", "created")
    list_filter = (filters.status_filter(CancellationStatus), filters.OrganizationFilter)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Every page names task, order and point."""
        joined = super().get_queryset(request)
        return joined.select_related("task__order", "task__point", "organization")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """By its own number, or any number of its order."""
        term = search_term.strip()
        if not term:
            return queryset, False
        exact = queryset.filter(number=term.upper())
        if exact.exists():
            return exact, False
        return queryset.filter(task_id__in=search.find_tasks(term)), False

    def page(self, request: HttpRequest, row: CancellationTask) -> Mapping[str, object]:
        """Facts and the lines to drop."""
        zone = row.organization.timezone
        joined = CancellationLine.objects.select_related("task_line__order_line", "task_line__sku")
        lines = joined.filter(cancellation=row).order_by("pk")
        return {
            "subtitle": f"of task {row.task}",
            "headline": self.state(row),
            "facts": [
                ("Order", page_link(row.task.order)),
                ("Task", page_link(row.task)),
                ("Point", page_link(row.task.point)),
                ("Reason", row.reason),
                ("Created", moment(row.created_at, zone)),
                ("Closed", moment(row.closed_at, zone)),
            ],
            "tables": [
                {
                    "title": "Lines to drop",
                    "labels": ["SKU", "Name", "Units"],
                    "rows": [
                        [each.task_line.sku.code, each.task_line.order_line.name, each.quantity]
                        for each in lines
                    ],
                }
            ],
        }

    @admin.display(description="task")
    def task_number(self, row: CancellationTask) -> SafeString | str:
        return page_link(row.task)

    @admin.display(description="order")
    def order_number(self, row: CancellationTask) -> SafeString | str:
        return page_link(row.task.order)

    @admin.display(description="point")
    def point_name(self, row: CancellationTask) -> str:
        return row.task.point.name

    @admin.display(description="created")
    def created(self, row: CancellationTask) -> SafeString | str:
        return moment(row.created_at, row.organization.timezone)

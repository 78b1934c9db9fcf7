# ruff: noqa: ARG002 - the arguments of these hooks are fixed by Django

from collections.abc import Mapping
from typing import Any

from django.contrib import admin
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from oms.backoffice import filters, forms, ledger, search
from oms.backoffice.acting import Call, RowAction
from oms.backoffice.admin.base import RecordAdmin
from oms.backoffice.formats import chip, moment, number, page_link
from oms.inventory import services as inventory
from oms.inventory.models import StockLevel

SEARCH_HELP = "SKU code or its beginning, barcode, or the brand's code"


class AvailableFilter(filters.ConditionFilter):
    title = "available"
    parameter_name = "available"
    conditions = {
        "owed": ("Less than promised", lambda _: filters.OWED),
        "below": ("Below zero", lambda _: filters.BELOW_ZERO),
        "none": ("Nothing left", lambda _: Q(reserved__gte=F("on_hand") - F("safety"))),
    }


def _adjust(call: Call) -> str:
    level: StockLevel = call.row
    inventory.adjust_stock(
        point=level.point,
        sku_id=level.sku_id,
        delta=call.answers["delta"],
        reason=call.answers["reason"],
        actor=call.actor,
        now=call.now,
    )
    return f"changed by {call.answers['delta']:+,}."


@admin.register(StockLevel)
class StockLevelAdmin(RecordAdmin[StockLevel]):
    """What is where, what is spoken for, and how it came to be."""

    page_template = "admin/backoffice/stock.html"
    list_display = (
        "sku_code",
        "name",
        "point_name",
        "available",
        "on_hand_units",
        "reserved_units",
        "safety_units",
        "unavailable_units",
        "incoming_units",
        "updated",
    )
    list_filter = (AvailableFilter, filters.PointFilter, filters.OrganizationFilter)
    search_fields = ("sku__code",)
    search_help_text = SEARCH_HELP
    row_actions = (
        RowAction(
            name="adjust",
            label="Adjust stock",
            explanation="Adds to or takes from the units on hand. What is reserved stays as it "
            "is. The next count of the point is the truth again.",
            permission="inventory.change_stocklevel",
            form=forms.AdjustForm,
            work=_adjust,
            name_of=lambda level: f"{level.sku.code} at {level.point.name}",
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[StockLevel]:
        """Every page names SKU and point."""
        return super().get_queryset(request).select_related("sku", "point", "organization")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """By what stands on the shelf label."""
        if search_term.strip():
            queryset = queryset.filter(sku_id__in=search.find_skus(search_term))
        return queryset, False

    def page(self, request: HttpRequest, row: StockLevel) -> Mapping[str, object]:
        """The level and a page of its ledger."""
        before = request.GET.get("before", "")
        return {
            "title": row.sku.code,
            "subtitle": f"{row.sku.name or row.sku.code} at {row.point.name}",
            "level": row,
            "zone": row.organization.timezone,
            "ledger": ledger.read(row, before=before),
        }

    @admin.display(description="SKU")
    def sku_code(self, row: StockLevel) -> SafeString | str:
        return row.sku.code

    @admin.display(description="name")
    def name(self, row: StockLevel) -> str:
        return row.sku.name

    @admin.display(description="point")
    def point_name(self, row: StockLevel) -> SafeString | str:
        return page_link(row.point)

    @admin.display(description="available")
    def available(self, row: StockLevel) -> SafeString | str:
        if not row.is_stocked:
            return chip("CLOSED", "Not kept")
        name = "below" if row.available < 0 else "none" if row.available == 0 else "some"
        return format_html('<span class="units units-{}">{}</span>', name, number(row.available))

    @admin.display(description="on hand")
    def on_hand_units(self, row: StockLevel) -> str:
        return number(row.on_hand)

    @admin.display(description="reserved")
    def reserved_units(self, row: StockLevel) -> str:
        return number(row.reserved)

    @admin.display(description="safety")
    def safety_units(self, row: StockLevel) -> str:
        return number(row.safety)

    @admin.display(description="unavailable")
    def unavailable_units(self, row: StockLevel) -> str:
        return number(row.unavailable)

    @admin.display(description="incoming")
    def incoming_units(self, row: StockLevel) -> str:
        return number(row.incoming)

    @admin.display(description="changed")
    def updated(self, row: StockLevel) -> SafeString | str:
        return moment(row.updated_at, row.organization.timezone)

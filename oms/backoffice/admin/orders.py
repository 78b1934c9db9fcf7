# ruff: noqa: ARG002 - the arguments of these hooks are fixed by Django

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet, prefetch_related_objects
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from channels_app.models import Channel
from oms.backoffice import filters, order_page, search
from oms.backoffice.admin.base import RecordAdmin
from oms.backoffice.formats import chip, moment, money, number, page_link
from oms.backoffice.keyset import Ordering
from oms.backoffice.order_actions import ORDER_ACTIONS
from oms.backoffice.scope import visible_ids
from oms.backoffice.waiting import Surroundings, sentence, surroundings
from oms.locations.models import FulfillmentPoint
from oms.orders.choices import OrderStatus
from oms.orders.models import Order


@admin.register(Order)
class OrderAdmin(RecordAdmin[Order]):
    """The list staff work from, and the page that shows everything about one order."""

    keyset = Ordering(("placed_at", "id"), partition="organization_id")
    left_out = ("payment", "customer_remark", "seller_remark", "packaging_note", "cancel_note")
    page_template = "admin/backoffice/order.html"
    list_display = (
        "order_number",
        "headline",
        "channel_name",
        "placed",
        "ship_by",
        "units",
        "total",
    )
    list_filter = (
        filters.status_filter(OrderStatus),
        filters.WaitingFilter,
        filters.HoldFilter,
        filters.ReasonFilter,
        filters.ChannelFilter,
        filters.OrderPointFilter,
        filters.PlacedFilter,
        filters.OrganizationFilter,
    )
    list_display_links = None
    search_fields = ("external_id",)
    search_help_text = search.HELP
    row_actions = ORDER_ACTIONS

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """By any number a person may hold."""
        if search_term.strip():
            queryset = queryset.filter(pk__in=search.find_orders(search_term))
        return queryset, False

    def partitions(self, request: HttpRequest) -> Iterable[int]:
        """The index of the list begins with the organization; filters may leave only one."""
        seen = visible_ids(request)
        wanted = request.GET.get("organization", "")
        if wanted.isdecimal():
            return [pk for pk in seen if pk == int(wanted)]
        for name, model in (("channel", Channel), ("point", FulfillmentPoint)):
            key = request.GET.get(name, "")
            if key.isdecimal():
                owners = model._meta.base_manager.filter(pk=int(key))
                return owners.filter(organization_id__in=seen).values_list(
                    "organization_id", flat=True
                )
        return seen

    def prepare_rows(self, request: HttpRequest, rows: list[Order]) -> None:
        """Everything the columns say about a page of orders."""
        prefetch_related_objects(rows, "channel", "organization")
        found = surroundings(rows)
        now = timezone.now()
        for row in rows:
            around = found[row.pk]
            zone = row.organization.timezone
            vars(row).update(around=around, waits=sentence(row, around, zone=zone, now=now))

    def rows_to_act_on(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Refusals look at lines, holds and the buyer."""
        return queryset.select_related("buyer").prefetch_related("lines", "holds")

    def page(self, request: HttpRequest, row: Order) -> Mapping[str, object]:
        """See `order_page`."""
        may_see = request.user.has_perm("orders.view_buyer_data")
        return order_page.load(row, may_see_buyer=may_see, now=timezone.now())

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Order | None:
        """Loaded with what the page and its actions look at."""
        found = super().get_object(request, object_id, from_field)
        if found is not None:
            order_page.complete(found)
        return found

    @admin.display(description="order")
    def order_number(self, row: Order) -> SafeString | str:
        return page_link(row, row.external_id)

    @admin.display(description="status")
    def headline(self, row: Order) -> SafeString:
        state = chip(row.status, row.get_status_display())
        waits: str = vars(row).get("waits", "")
        return format_html('{}<span class="waits">{}</span>', state, waits)

    @admin.display(description="channel")
    def channel_name(self, row: Order) -> str:
        return row.channel.name

    @admin.display(description="placed")
    def placed(self, row: Order) -> SafeString | str:
        return moment(row.placed_at, row.organization.timezone)

    @admin.display(description="ship by")
    def ship_by(self, row: Order) -> SafeString | str:
        shown = moment(row.ship_by_at, row.organization.timezone)
        is_late = row.ship_by_at and row.is_open and row.ship_by_at < timezone.now()
        return format_html('<span class="overdue">{}</span>', shown) if is_late else shown

    @admin.display(description="units")
    def units(self, row: Order) -> str:
        around: Surroundings = vars(row)["around"]
        return number(around.units)

    @admin.display(description="total")
    def total(self, row: Order) -> str:
        return money(row.total, row.currency)

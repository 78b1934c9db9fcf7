# ruff: noqa: ARG002 - the arguments of these hooks are fixed by Django

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from catalog.choices import ListingStatus
from catalog.models import Listing, Sku, Spu
from oms.backoffice import filters, search
from oms.backoffice.admin.base import ConfigAdmin, KeysetAdmin
from oms.backoffice.admin.stock import SEARCH_HELP
from oms.backoffice.formats import NOTHING, chip, money, number


class KnownFilter(filters.ConditionFilter):
    title = "SKU"
    parameter_name = "known"
    conditions = {
        "no": ("Nobody knows which", lambda _: Q(sku__isnull=True)),
        "yes": ("Known", lambda _: Q(sku__isnull=False)),
    }


@admin.register(Sku)
class SkuAdmin(KeysetAdmin[Sku], ConfigAdmin[Sku]):
    """What is stocked. The code is final: orders and stock refer to it."""

    list_display = (
        "code",
        "name",
        "brand_code",
        "brand_sku_code",
        "barcode_list",
        "weight",
        "stock",
    )
    list_filter = (filters.OrganizationFilter,)
    fixed_fields = ("organization", "code")
    search_fields = ("code",)
    search_help_text = SEARCH_HELP
    fields = (
        "organization",
        "code",
        "name",
        "brand_code",
        "brand_sku_code",
        "barcodes",
        "weight_g",
        "payload",
    )
    readonly_fields = ("payload",)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """By what stands on the article."""
        if search_term.strip():
            queryset = queryset.filter(pk__in=search.find_skus(search_term))
        return queryset, False

    @admin.display(description="barcodes")
    def barcode_list(self, row: Sku) -> str:
        return ", ".join(row.barcodes) or NOTHING

    @admin.display(description="weight")
    def weight(self, row: Sku) -> str:
        return f"{number(row.weight_g)} g" if row.weight_g is not None else NOTHING

    @admin.display(description="stock")
    def stock(self, row: Sku) -> SafeString:
        address = reverse("admin:inventory_stocklevel_changelist", query={"q": row.code})
        return format_html('<a href="{}">Levels</a>', address)


class OfChannelAdmin(KeysetAdmin[Any], ConfigAdmin[Any]):
    """What one channel shows."""

    organization_path = "channel__organization_id"
    list_select_related: ClassVar[tuple[str, ...]] = ("channel",)

    @admin.display(description="status")
    def state(self, row: Any) -> SafeString:
        tones = {"ACTIVE": "READY", "INACTIVE": "PENDING"}
        return chip(tones.get(row.status, "VOID"), row.get_status_display())


@admin.register(Spu)
class SpuAdmin(OfChannelAdmin):
    """A product as a channel shows it."""

    list_display = ("external_id", "name", "channel", "category_name", "state")
    list_filter = (filters.status_filter(ListingStatus), filters.ChannelFilter)
    fixed_fields = ("channel", "external_id")
    search_fields = ("external_id",)
    search_help_text = "The channel's id of the product"

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """By the channel's id, whole."""
        if term := search_term.strip():
            queryset = queryset.filter(external_id=term)
        return queryset, False


@admin.register(Listing)
class ListingAdmin(OfChannelAdmin):
    """The code a channel uses for a SKU; staff say which SKU it is where nobody knew."""

    list_display = (
        "channel_sku_code",
        "channel",
        "sku_code",
        "product",
        "price",
        "stock_said",
        "state",
    )
    list_filter = (KnownFilter, filters.status_filter(ListingStatus), filters.ChannelFilter)
    list_select_related = ("channel", "sku", "spu")
    raw_id_fields = ("sku", "spu")
    fixed_fields = ("channel", "spu", "channel_sku_code", "payload")
    search_fields = ("channel_sku_code",)
    search_help_text = "The channel's code, or our SKU code"
    fields = (
        "channel",
        "spu",
        "sku",
        "channel_sku_code",
        "channel_serial_no",
        "seller_sku_code",
        "original_price",
        "current_price",
        "stock",
        "status",
        "attributes",
        "payload",
    )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """By either side's code."""
        if term := search_term.strip():
            said = Q(channel_sku_code=term) | Q(sku_id__in=search.find_skus(term))
            queryset = queryset.filter(said)
        return queryset, False

    @admin.display(description="SKU")
    def sku_code(self, row: Listing) -> SafeString | str:
        return row.sku.code if row.sku else chip("UNALLOCATED", "Unknown")

    @admin.display(description="product")
    def product(self, row: Listing) -> str:
        return row.spu.name if row.spu else NOTHING

    @admin.display(description="price")
    def price(self, row: Listing) -> str:
        return money(row.current_price, "")

    @admin.display(description="channel's stock")
    def stock_said(self, row: Listing) -> str:
        return number(row.stock)

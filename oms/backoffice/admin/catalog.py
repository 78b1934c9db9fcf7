# ruff: noqa: ARG002 - the arguments of these hooks are fixed by Django

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from catalog.choices import ListingStatus
from catalog.models import Bundle, BundlePart, Listing, Sku, Spu
from oms.backoffice import filters, search
from oms.backoffice.admin.base import ConfigAdmin, KeysetAdmin
from oms.backoffice.admin.stock import SEARCH_HELP
from oms.backoffice.formats import NOTHING, chip, money, number


class KnownFilter(filters.ConditionFilter):
    title = "SKU"
    parameter_name = "known"
    conditions = {
        "no": ("Nobody knows which", lambda _: Q(sku__isnull=True, bundle__isnull=True)),
        "yes": ("Known", lambda _: Q(sku__isnull=False) | Q(bundle__isnull=False)),
    }


class CodeForm(forms.ModelForm[Any]):
    """A code is either a SKU's or a bundle's. The table refuses the rest; this says so before."""

    other: ClassVar[type[Sku] | type[Bundle]]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        code, organization = cleaned.get("code"), cleaned.get("organization")
        taken: QuerySet[Sku | Bundle] = QuerySet(self.other).filter(
            code=code, organization=organization
        )
        if code and organization and taken.filter(organization=organization).exists():
            self.add_error("code", f"There is a {self.other._meta.verbose_name} of this code.")
        return cleaned


class SkuForm(CodeForm):
    other = Bundle


class BundleForm(CodeForm):
    other = Sku


@admin.register(Sku)
class SkuAdmin(KeysetAdmin[Sku], ConfigAdmin[Sku]):
    """What is stocked. The code is final: orders and stock refer to it."""

    form = SkuForm

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


class PartFormSet(forms.BaseInlineFormSet[BundlePart, Bundle, forms.ModelForm[BundlePart]]):
    """A bundle has SKUs of its own organization only."""

    def clean(self) -> None:
        super().clean()
        for form in self.forms:
            sku = form.cleaned_data.get("sku") if form.is_valid() else None
            if sku and sku.organization_id != self.instance.organization_id:
                form.add_error("sku", "This SKU belongs to another organization.")


class PartInline(admin.TabularInline[BundlePart, Bundle]):
    """What is in the bundle. Orders keep the parts they came with."""

    model = BundlePart
    formset = PartFormSet
    fields = ("sku", "quantity", "weight")
    extra = 0
    min_num = 1
    raw_id_fields = ("sku",)
    verbose_name = "part"
    verbose_name_plural = "parts"

    def get_queryset(self, request: HttpRequest) -> QuerySet[BundlePart]:
        return super().get_queryset(request).select_related("sku").order_by("pk")

    def get_formset(self, request: HttpRequest, obj: Bundle | None = None, **kwargs: Any) -> Any:
        """A bundle has a part."""
        return super().get_formset(request, obj, validate_min=True, **kwargs)


@admin.register(Bundle)
class BundleAdmin(KeysetAdmin[Bundle], ConfigAdmin[Bundle]):
    """SKUs sold as one. The code is final: orders refer to it."""

    form = BundleForm
    list_display = ("code", "name", "part_list", "state")
    list_filter = ("is_active", filters.OrganizationFilter)
    fixed_fields = ("organization", "code")
    search_fields = ("code",)
    search_help_text = "Code"
    fields = ("organization", "code", "name", "is_active")
    inlines = (PartInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Bundle]:
        return super().get_queryset(request).prefetch_related("parts__sku")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """By the code, whole."""
        if term := search_term.strip():
            queryset = queryset.filter(code=term)
        return queryset, False

    @admin.display(description="parts")
    def part_list(self, row: Bundle) -> str:
        parts = sorted(row.parts.all(), key=lambda part: part.pk)
        return ", ".join(f"{part.quantity} x {part.sku.code}" for part in parts) or NOTHING

    @admin.display(description="state")
    def state(self, row: Bundle) -> SafeString:
        return chip("READY", "Active") if row.is_active else chip("VOID", "Inactive")


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
    """The code a channel uses for a SKU or bundle; staff say which it is where nobody knew."""

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
    list_select_related = ("channel", "sku", "bundle", "spu")
    raw_id_fields = ("sku", "bundle", "spu")
    fixed_fields = ("channel", "spu", "channel_sku_code", "payload")
    search_fields = ("channel_sku_code",)
    search_help_text = "The channel's code, or our SKU code"
    fields = (
        "channel",
        "spu",
        "sku",
        "bundle",
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
        known = row.sku or row.bundle
        return known.code if known else chip("UNALLOCATED", "Unknown")

    @admin.display(description="product")
    def product(self, row: Listing) -> str:
        return row.spu.name if row.spu else NOTHING

    @admin.display(description="price")
    def price(self, row: Listing) -> str:
        return money(row.current_price, "")

    @admin.display(description="channel's stock")
    def stock_said(self, row: Listing) -> str:
        return number(row.stock)

import calendar
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.safestring import SafeString

from channels_app.models import Channel, Seller
from oms.accounts import clocks
from oms.accounts.actors import staff_actor
from oms.backoffice.acting import ActingAdmin
from oms.backoffice.admin.base import ConfigAdmin
from oms.backoffice.channel_actions import CHANNEL_ACTIONS
from oms.backoffice.filters import OrganizationFilter
from oms.backoffice.formats import chip
from oms.backoffice.point_form import PointForm
from oms.locations import services as locations
from oms.locations.models import EVERY_DAY, CarrierCutOff, ChannelPoint, FulfillmentPoint


class ActiveAdmin(ConfigAdmin[Any]):
    """Rows that are switched off instead of deleted."""

    fixed_fields = ("organization", "code")
    list_select_related = ("organization",)
    ordering: ClassVar[tuple[str, ...]] = ("name", "-id")
    search_help_text = "Name or code"
    search_fields = ("name", "code")

    @admin.display(description="state")
    def state(self, row: Any) -> SafeString:
        return chip("READY", "Active") if row.is_active else chip("VOID", "Inactive")


class ChannelPointForm(forms.ModelForm[ChannelPoint]):
    """A point serves channels of its own organization only."""

    class Meta:
        model = ChannelPoint
        fields = ("point", "location_code")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        point, channel = cleaned.get("point"), cleaned.get("channel")
        if point and channel and channel.pk and point.organization_id != channel.organization_id:
            self.add_error("point", "This point belongs to another organization.")
        return cleaned


class ChannelPointInline(admin.TabularInline[ChannelPoint, Channel]):
    """The points that serve the channel, and what it calls them."""

    model = ChannelPoint
    form = ChannelPointForm
    extra = 0
    verbose_name = "point"
    verbose_name_plural = "points"

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Points the person may see."""
        manager = self.admin_site.get_model_admin(FulfillmentPoint)
        if db_field.name == "point":
            kwargs["queryset"] = manager.get_queryset(request).order_by("name", "pk")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(Channel)
class ChannelAdmin(ActingAdmin, ActiveAdmin):
    list_display = ("name", "code", "type", "delivery", "stock_policy", "state", "organization")
    list_filter = ("type", "is_active", OrganizationFilter)
    inlines = (ChannelPointInline,)
    row_actions = CHANNEL_ACTIONS
    fields = (
        "organization",
        "code",
        "name",
        "type",
        "delivery",
        "stock_policy",
        "is_active",
        "connector",
    )


class CutOffForm(forms.ModelForm[CarrierCutOff]):
    weekdays = forms.TypedMultipleChoiceField(
        coerce=int,
        choices=list(enumerate(calendar.day_abbr, 1)),
        initial=EVERY_DAY,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = CarrierCutOff
        fields = ("carrier", "time_of_day", "weekdays")


class CutOffInline(admin.TabularInline[CarrierCutOff, FulfillmentPoint]):
    """When carriers fetch, on the point's own clock."""

    model = CarrierCutOff
    form = CutOffForm
    extra = 0
    verbose_name = "cut-off of a carrier"
    verbose_name_plural = "cut-offs of carriers"


@admin.register(FulfillmentPoint)
class FulfillmentPointAdmin(ActiveAdmin):
    form = PointForm
    inlines = (CutOffInline,)
    list_display = (
        "name",
        "code",
        "type",
        "city",
        "country",
        "priority",
        "accept_within",
        "max_quota",
        "state",
        "organization",
    )
    list_filter = ("type", "is_active", OrganizationFilter)
    ordering = ("priority", "name", "-id")
    fieldsets = (
        (None, {"fields": ("organization", "code", "name", "type", "is_active")}),
        (
            "Routing",
            {
                "fields": (
                    *("priority", "max_quota", "accept_within", "carriers", "supplier_code"),
                    *("tags", "is_fulfillment_center", "is_pickup_location"),
                    *("is_return_available", "opening_hours", "closed_days"),
                )
            },
        ),
        (
            "Address",
            {
                "fields": (
                    *("line1", "line2", "ward", "district", "city", "state", "postcode", "country"),
                    *("phone", "timezone", "latitude", "longitude"),
                )
            },
        ),
    )

    def save_model(
        self, request: HttpRequest, obj: FulfillmentPoint, form: Any, change: Any
    ) -> None:
        """The point, then its calendar."""
        super().save_model(request, obj, form, change)
        if isinstance(form, PointForm):
            form.keep_calendar()

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: Any) -> None:
        """What else the page has of it; then it is told what was made, or is different."""
        super().save_related(request, form, formsets, change)
        point: FulfillmentPoint = form.instance
        actor = staff_actor(request, organization_id=point.organization_id)
        now = clocks.now_of(point.organization_id)
        if not change:
            locations.tell_made([point], actor=actor, now=now)
            return
        has_other_cut_offs = any(formset.has_changed() for formset in formsets)
        names = [*form.changed_names, *(["cut_offs"] if has_other_cut_offs else [])]
        locations.tell_changed({point: names}, actor=actor, now=now)


@admin.register(Seller)
class SellerAdmin(ActiveAdmin):
    list_display = ("name", "code", "supplier_code", "organization")
    list_filter = (OrganizationFilter,)
    fields = ("organization", "code", "name", "supplier_code")

# ruff: noqa: ARG002 - the arguments of these hooks are fixed by Django

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse

from channels_app.services import open_standard_channels
from oms.accounts.models import Organization, User
from oms.backoffice.acting import ActingAdmin
from oms.backoffice.admin.base import ConfigAdmin
from oms.backoffice.sandbox_actions import SANDBOX_ACTIONS
from oms.backoffice.scope import limited


class OrganizationForm(forms.ModelForm[Organization]):
    class Meta:
        model = Organization
        fields = ("code", "name", "currency", "country", "timezone", "is_test")

    def clean_timezone(self) -> str:
        name = str(self.cleaned_data["timezone"])
        if name not in available_timezones():
            raise forms.ValidationError("Nobody knows this time zone; an example: Asia/Bangkok.")
        return name

    def clean_is_test(self) -> bool:
        is_test = bool(self.cleaned_data["is_test"])
        if not is_test and self.instance.clock_offset:
            raise forms.ValidationError(
                "Its clock is ahead of the real time, so it stays a test organization."
            )
        return is_test


@admin.register(Organization)
class OrganizationAdmin(ActingAdmin, ConfigAdmin[Organization]):
    organization_path = "pk"
    form = OrganizationForm
    change_form_template = "admin/backoffice/organization.html"
    row_actions = SANDBOX_ACTIONS
    fixed_fields = ("code",)
    list_display = ("name", "code", "country", "currency", "timezone", "is_test")
    ordering = ("name", "-id")

    def save_model(self, request: HttpRequest, obj: Organization, form: Any, change: bool) -> None:
        """A new organization starts with the channels that every integration expects."""
        super().save_model(request, obj, form, change)
        if not change:
            open_standard_channels(organization=obj)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """With what can be done to a test organization."""
        row = kwargs.get("obj")
        context["page_actions"] = self.page_actions(request, row) if row is not None else []
        return super().render_change_form(request, context, *args, **kwargs)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A new organization is set up by whoever runs the installation."""
        return _is_superuser(request)


@admin.register(User)
class StaffAdmin(UserAdmin[User]):
    """People. Only a superuser changes what they may do; others see their own colleagues."""

    list_display = ("username", "first_name", "last_name", "email", "is_active", "last_login")
    list_filter = ("is_active", "is_superuser", "groups")
    search_fields = ("username", "first_name", "last_name", "email")
    search_help_text = "Name or e-mail"
    ordering = ("username", "-id")
    show_full_result_count = False
    actions = None
    filter_horizontal = ("groups", "user_permissions", "organizations")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("Person", {"fields": ("first_name", "last_name", "email")}),
        ("Sees", {"fields": ("organizations",)}),
        (
            "May",
            {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")},
        ),
        ("Dates", {"fields": ("last_login", "date_joined")}),
    )
    readonly_fields = ("last_login", "date_joined")

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """Colleagues: people who share an organization."""
        return limited(super().get_queryset(request), request, "organizations__pk").distinct()

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> User | None:
        """A stranger does not exist."""
        found = super().get_object(request, object_id, from_field)
        if found is None:
            raise Http404("No such user.")
        return found

    def has_add_permission(self, request: HttpRequest) -> bool:
        return _is_superuser(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_superuser(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """People who leave are made inactive: their name stands in the audit trail."""
        return False


def _is_superuser(request: HttpRequest) -> bool:
    return isinstance(request.user, User) and request.user.is_superuser

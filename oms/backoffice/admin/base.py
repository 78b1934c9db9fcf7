"""The two kinds of pages: records that nobody edits by hand, and configuration."""
# ruff: noqa: ARG002 - the arguments of these hooks are fixed by Django

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, TypeVar

import django_stubs_ext
from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Model, QuerySet
from django.db.models.expressions import Combinable
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from oms.accounts.models import Organization
from oms.backoffice.acting import ActingAdmin
from oms.backoffice.counting import CappedPaginator
from oms.backoffice.keyset import Ordering
from oms.backoffice.lists import KeysetChangeList
from oms.backoffice.scope import limited

django_stubs_ext.monkeypatch()

M = TypeVar("M", bound=Model)


class ScopedAdmin(admin.ModelAdmin[M]):
    """Shows what belongs to the person's organizations; anything else does not exist."""

    organization_path: ClassVar[str] = "organization_id"
    list_per_page = 50
    list_max_show_all = 0
    show_full_result_count = False
    actions_on_bottom = False
    paginator = CappedPaginator

    def get_queryset(self, request: HttpRequest) -> QuerySet[M]:
        """Everything this class shows starts here."""
        return limited(super().get_queryset(request), request, self.organization_path)

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> M | None:
        """The row, or a plain 404: what is foreign and what is missing are not told apart."""
        found = super().get_object(request, object_id, from_field)
        if found is None:
            raise Http404(f"No such {self.opts.verbose_name}.")
        return found

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        """Choices from the person's own organizations only."""
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        path = self._path_of(db_field)
        if field is not None and field.queryset is not None and path:
            field.queryset = limited(field.queryset, request, path)
        return field

    def _path_of(self, db_field: models.ForeignKey[Any, Any]) -> str:
        target = db_field.related_model
        if target is Organization:
            return "pk"
        if not self.admin_site.is_registered(target):
            return ""
        manager = self.admin_site.get_model_admin(target)
        return manager.organization_path if isinstance(manager, ScopedAdmin) else ""

    def has_delete_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        """Nothing is deleted here: what is no longer wanted is switched off."""
        return False


class KeysetAdmin(ScopedAdmin[M]):
    """A list that pages by key."""

    keyset: ClassVar[Ordering] = Ordering()
    left_out: ClassVar[tuple[str, ...]] = ()  # big columns the list does not show
    sortable_by = ()

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """Django's, with another way of paging."""
        return KeysetChangeList

    def get_ordering(self, request: HttpRequest) -> tuple[str | Combinable, ...]:
        """Unique at the end; also the order in which actions work."""
        return tuple(f"-{column}" for column in self.keyset.columns)

    def partitions(self, request: HttpRequest) -> Iterable[int]:
        """Values of the partition column the list is merged from."""
        return ()

    def prepare_rows(self, request: HttpRequest, rows: list[M]) -> None:
        """Hook: fetch for a whole page what its columns show."""

    @admin.display(description=format_html('<input type="checkbox" id="{}">', "action-toggle"))
    def action_checkbox(self, obj: M) -> SafeString:
        """Django's tick box, without rendering a template for each of them."""
        return format_html(
            '<input type="checkbox" name="{}" value="{}" class="action-select" '
            'aria-label="Select {} for an action">',
            ACTION_CHECKBOX_NAME,
            obj.pk,
            obj,
        )


class RecordAdmin(ActingAdmin, KeysetAdmin[M]):
    """Rows of the core. Staff read them and act on them through services, never by editing."""

    page_template: ClassVar[str] = "admin/backoffice/record.html"

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Records are written by services."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        """Records are changed by services."""
        return False

    def page(self, request: HttpRequest, row: M) -> Mapping[str, object]:
        """Hook: what the template of the page shows."""
        return {}

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The page of one row; it takes no input."""
        if not self.has_view_permission(request):
            needed = f"{self.opts.app_label}.view_{self.opts.model_name}"
            raise PermissionDenied(f"This needs the permission {needed}.")
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": row,
            "title": str(row),
            "page_actions": self.page_actions(request, row),
            **self.page(request, row),
        }
        return TemplateResponse(request, self.page_template, context)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Events are the history of a record; Django's log would show less."""
        raise Http404


class ConfigAdmin(ScopedAdmin[M]):
    """Configuration, edited by people with the permission. What identifies a row is final."""

    fixed_fields: ClassVar[tuple[str, ...]] = ()
    formfield_overrides = {
        models.TextField: {"widget": forms.Textarea(attrs={"rows": 3})},
        models.JSONField: {"widget": forms.Textarea(attrs={"rows": 4, "class": "json"})},
    }

    def get_readonly_fields(self, request: HttpRequest, obj: M | None = None) -> tuple[str, ...]:
        """Identifying fields may be typed once."""
        fixed = self.fixed_fields if obj is not None else ()
        return (*super().get_readonly_fields(request, obj), *fixed)

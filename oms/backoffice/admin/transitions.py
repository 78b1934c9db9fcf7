"""Configured transitions of packages and transfers, and why points may refuse."""
# ruff: noqa: ARG002 - the arguments of these hooks are fixed by Django

import json
from collections.abc import Mapping
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from fulfillment.choices import TransitionCommand
from fulfillment.models import DenialReason, TransitionRule
from fulfillment.services.commands import (
    RuleConfigInvalid,
    add_rule,
    change_rule,
    remove_rule,
)
from oms.accounts.actors import staff_actor
from oms.backoffice import filters
from oms.backoffice.acting import Call, PageAction, RowAction
from oms.backoffice.admin.base import ConfigAdmin, RecordAdmin
from oms.backoffice.formats import NOTHING, chip, copyable, page_url
from oms.backoffice.pages import demand
from oms.backoffice.schema_forms import SchemaForm
from oms.backoffice.scope import visible_organizations
from oms.backoffice.transition_form import (
    NewTransitionForm,
    TransitionForm,
    config_form,
    said_config,
    state_name,
)
from oms.kernel.errors import DomainError

_FIELDS = ("name", "slug", "family", "source", "destination", "command", "is_visible")
_CHANGE = "fulfillment.change_transitionrule"


def _remove(call: Call) -> str:
    remove_rule(number=call.row.public_number, actor=call.actor)
    return "is gone; what was done by it stays in the log."


@admin.register(TransitionRule)
class TransitionRuleAdmin(RecordAdmin[TransitionRule]):
    """Moves an organization allows; each is a button and a slug."""

    list_display = ("name", "slug", "from_state", "to_state", "command_name", "shown")
    list_filter = (
        filters.column_filter("command", TransitionCommand, title="command"),
        filters.OrganizationFilter,
    )
    search_fields = ("slug", "name")
    search_help_text = "Slug or name"
    row_actions = (
        RowAction(
            name="remove",
            label="Remove",
            explanation="Nobody can make this move any more, neither here nor by its slug.",
            permission="fulfillment.delete_transitionrule",
            work=_remove,
            is_destructive=True,
        ),
    )

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """Django's own: there are few."""
        return ChangeList

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """As they were seeded."""
        return ("organization_id", "id")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Every page names the organization."""
        return super().get_queryset(request).select_related("organization")

    def get_urls(self) -> list[URLPattern]:
        """Changing has a page of its own."""
        view = self.admin_site.admin_view(self.settings_view)
        name = "fulfillment_transitionrule_settings"
        return [path("<int:pk>/settings/", view, name=name), *super().get_urls()]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Through the service."""
        return request.user.has_perm("fulfillment.add_transitionrule")

    def page_actions(self, request: HttpRequest, row: Any) -> list[PageAction]:
        """Settings before the rest."""
        offered = super().page_actions(request, row)
        if not request.user.has_perm(_CHANGE):
            return offered
        url = reverse("admin:fulfillment_transitionrule_settings", args=[row.pk])
        return [PageAction("Settings", url, is_destructive=False, refusal=""), *offered]

    def page(self, request: HttpRequest, row: TransitionRule) -> Mapping[str, object]:
        """What it does; secrets of its configuration are not in it."""
        return {
            "title": row.name,
            "subtitle": row.get_command_display(),
            "facts": [
                ("Organization", str(row.organization)),
                ("Slug", copyable(row.slug)),
                ("Number", copyable(row.public_number)),
                ("Family", row.family),
                ("From", state_name(row.source)),
                ("To", state_name(row.destination)),
                ("Shown as a button", "yes" if row.is_visible else "no"),
                ("Secrets", "stored" if row.secrets else NOTHING),
            ],
            "raw": json.dumps(row.config, indent=1, ensure_ascii=False) if row.config else "",
        }

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """A new transition."""
        demand(request, "fulfillment.add_transitionrule")
        own = list(visible_organizations(request))
        form = NewTransitionForm(request.POST or None, organizations=own)
        config = config_form(None, request.POST if request.method == "POST" else None)
        if request.method == "POST" and self._sound(form, config):
            organization_id = int(form.cleaned_data["organization"])
            try:
                rule = add_rule(
                    organization_id=organization_id,
                    draft=form.draft(said_config(config)),
                    actor=staff_actor(request, organization_id=organization_id),
                    now=timezone.now(),
                )
            except DomainError as refused:
                _tell(refused, form, config)
            else:
                messages.success(request, f"{rule.name} was made.")
                return HttpResponseRedirect(page_url(rule))
        return self._form(request, form, config, None)

    def settings_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Change a transition."""
        demand(request, _CHANGE)
        rule = self.get_object(request, str(pk))
        if rule is None:
            raise Http404("No such transition.")
        known = {name: getattr(rule, name) for name in _FIELDS}
        form = TransitionForm(request.POST or None, initial=known)
        config = config_form(rule, request.POST if request.method == "POST" else None)
        if request.method == "POST" and self._sound(form, config):
            try:
                change_rule(
                    number=rule.public_number,
                    draft=form.draft(said_config(config)),
                    actor=staff_actor(request, organization_id=rule.organization_id),
                    now=timezone.now(),
                )
            except DomainError as refused:
                _tell(refused, form, config)
            else:
                messages.success(request, f"{form.cleaned_data['name']} was changed.")
                return HttpResponseRedirect(page_url(rule))
        return self._form(request, form, config, rule)

    def _sound(self, form: TransitionForm, config: SchemaForm) -> bool:
        """Both are asked, so that everything that is wrong is told at once."""
        is_config_sound = config.is_valid()
        return form.is_valid() and is_config_sound

    def _form(
        self,
        request: HttpRequest,
        form: TransitionForm,
        config: SchemaForm,
        rule: TransitionRule | None,
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": f"Settings of {rule.name}" if rule else "New transition",
            "fields": form,
            "form": config,
            "back": page_url(rule) if rule else _list_url(),
        }
        return TemplateResponse(request, "admin/backoffice/transition.html", context)

    @admin.display(description="from")
    def from_state(self, row: TransitionRule) -> str:
        return state_name(row.source)

    @admin.display(description="to")
    def to_state(self, row: TransitionRule) -> str:
        return state_name(row.destination)

    @admin.display(description="command")
    def command_name(self, row: TransitionRule) -> str:
        return row.get_command_display()

    @admin.display(description="button")
    def shown(self, row: TransitionRule) -> SafeString:
        return chip("READY", "Shown") if row.is_visible else chip("VOID", "Hidden")


def _tell(refused: DomainError, form: TransitionForm, config: SchemaForm) -> None:
    """Put a refusal where it belongs."""
    if isinstance(refused, RuleConfigInvalid):
        config.add_errors({path: [text] for path, text in refused.problems.items()})
    else:
        form.add_error(None, str(refused))


def _list_url() -> str:
    return reverse("admin:fulfillment_transitionrule_changelist")


@admin.register(DenialReason)
class DenialReasonAdmin(ConfigAdmin[DenialReason]):
    """Why a point may refuse a package. What is no longer wanted is switched off."""

    fixed_fields = ("organization",)
    list_display = ("title", "remote_id", "priority", "state", "organization")
    list_filter = ("is_active", filters.OrganizationFilter)
    list_select_related = ("organization",)
    ordering = ("organization__name", "priority", "title", "-id")
    search_fields = ("title", "remote_id")
    search_help_text = "Title, or the other side's id"
    fields = ("organization", "title", "remote_id", "priority", "is_active")

    def save_model(self, request: HttpRequest, obj: DenialReason, form: Any, change: Any) -> None:
        """With the time of the change."""
        obj.changed_at = timezone.now()
        super().save_model(request, obj, form, change)

    @admin.display(description="state")
    def state(self, row: DenialReason) -> SafeString:
        return chip("READY", "Active") if row.is_active else chip("VOID", "Inactive")

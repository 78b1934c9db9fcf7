"""Buttons for the configured transitions of tasks and transfers, and the page each leads to."""

from typing import Any, ClassVar

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from fulfillment.models import TransferOrder, TransitionRule
from fulfillment.services.commands import perform, perform_on_transfer
from oms.accounts import clocks
from oms.accounts.actors import staff_actor
from oms.backoffice import commands
from oms.backoffice.acting import ActingAdmin, PageAction
from oms.backoffice.formats import page_url
from oms.backoffice.pages import demand
from oms.kernel.errors import DomainError


class CommandingAdmin(ActingAdmin):
    """Offers the transitions of a row. Comes before the class that says which rows there are."""

    command_permission: ClassVar[str]

    def get_urls(self) -> list[URLPattern]:
        """One page per row and transition."""
        command = path(
            "<int:pk>/command/<int:rule_id>/",
            self.admin_site.admin_view(self.command_view),
            name=self._command_url_name(),
        )
        return [command, *super().get_urls()]

    def _command_url_name(self) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_command"

    def page_actions(self, request: HttpRequest, row: Any) -> list[PageAction]:
        """Transitions that begin where the row is, for people who may make them."""
        before = super().page_actions(request, row)
        if not request.user.has_perm(self.command_permission):
            return before
        name = f"admin:{self._command_url_name()}"
        offered = [
            PageAction(
                rule.name,
                reverse(name, args=[row.pk, rule.pk]),
                is_destructive=rule.command in commands.DESTRUCTIVE,
                refusal="",
            )
            for rule in commands.rules_for(row)
        ]
        return [*offered, *before]

    def command_view(self, request: HttpRequest, pk: int, rule_id: int) -> HttpResponse:
        """Ask what the command has to be told, then run it."""
        demand(request, self.command_permission)
        row = self.get_object(request, str(pk))
        rules = TransitionRule.objects.filter(pk=rule_id)
        rule = rules.filter(organization_id=row.organization_id).first() if row else None
        if row is None or rule is None:
            raise Http404("No such transition.")
        posted = request.POST if request.method == "POST" else None
        form = commands.form_of(rule.command)(posted, row=row)
        is_asked = request.method == "POST" and form.is_valid()
        if is_asked and self._performed(request, row, rule, form):
            return HttpResponseRedirect(page_url(row))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": row,
            "title": f"{rule.name}: {row}",
            "subtitle": rule.get_command_display(),
            "form": form,
            "label": rule.name,
            "is_destructive": rule.command in commands.DESTRUCTIVE,
            "back": page_url(row),
        }
        return TemplateResponse(request, "admin/backoffice/command.html", context)

    def _performed(
        self, request: HttpRequest, row: Any, rule: TransitionRule, form: commands.CommandForm
    ) -> bool:
        """Whether it was done; a refusal stands in the form."""
        said: dict[str, Any] = {
            "rule": rule,
            "arguments": form.arguments(),
            "actor": staff_actor(request, organization_id=row.organization_id),
            "now": clocks.now_of(row.organization_id),
        }
        try:
            if isinstance(row, TransferOrder):
                perform_on_transfer(transfer_id=row.pk, **said)
            else:
                perform(task_id=row.pk, **said)
        except DomainError as refused:
            form.add_error(None, str(refused))
            return False
        messages.success(request, f"{row}: {rule.name.lower()} is done.")
        return True

"""Actions of staff: first a page that says what will change and what will not, then the doing.

Each action calls one service per row and reports per row. It is offered on lists (for the ticked
rows) and on the page of one row, to people with its permission.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from oms.accounts import clocks
from oms.accounts.actors import staff_actor
from oms.kernel.actors import Actor
from oms.kernel.errors import DomainError

MAX_ROWS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What an action's work is given."""

    row: Any
    answers: Mapping[str, Any]
    actor: Actor
    now: datetime


def _always(_row: Any) -> str:
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowAction:
    """Something staff can have done to a row.

    `refusal` says why a row cannot be changed, from what the list already knows; the service
    still decides. `work` does it and returns what happened, as the end of a sentence.
    """

    name: str
    label: str
    explanation: str
    permission: str
    work: Callable[[Call], str]
    refusal: Callable[[Any], str] = _always
    form: type[Form] | None = None
    is_destructive: bool = False
    organization_of: Callable[[Any], int] = lambda row: int(row.organization_id)
    name_of: Callable[[Any], str] = str


@dataclass(frozen=True, slots=True)
class PageAction:
    """A button on the page of one row."""

    label: str
    url: str
    is_destructive: bool
    refusal: str


class ActingAdmin(admin.ModelAdmin[Any]):
    """Offers `row_actions`. Comes before the class that says which rows there are.

    They are taken at the time of the row's organization, or at the real time.
    """

    row_actions: ClassVar[tuple[RowAction, ...]] = ()
    keeps_real_time: ClassVar[bool] = False

    def allowed_actions(self, request: HttpRequest) -> Iterable[RowAction]:
        """The actions this person may take."""
        return [action for action in self.row_actions if request.user.has_perm(action.permission)]

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Only ours: Django's own *delete selected* has no place here."""
        return {
            action.name: (partial(_begin, action), action.name, action.label)
            for action in self.allowed_actions(request)
        }

    def get_urls(self) -> list[URLPattern]:
        """One address per action; the rows stand in it."""
        act = path(
            "act/<slug:name>/", self.admin_site.admin_view(self.act), name=self.act_url_name()
        )
        return [act, *super().get_urls()]

    def act_url_name(self) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_act"

    def act_url(self, action: RowAction, ids: Iterable[Any], *, back: str) -> str:
        """The page that asks before an action is taken on these rows."""
        query = urlencode({"ids": ",".join(str(pk) for pk in ids), "next": back})
        address = reverse(f"admin:{self.act_url_name()}", args=[action.name])
        return f"{address}?{query}"

    def page_actions(self, request: HttpRequest, row: Model) -> list[PageAction]:
        """Buttons of one row's page; an action that would be refused is shown with the reason."""
        return [
            PageAction(
                action.label,
                self.act_url(action, [row.pk], back=request.get_full_path()),
                action.is_destructive,
                action.refusal(row),
            )
            for action in self.allowed_actions(request)
        ]

    def rows_to_act_on(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Hook: load what `refusal` and `work` look at."""
        return queryset

    def act(self, request: HttpRequest, name: str) -> HttpResponse:
        """Ask, then do."""
        action = next((each for each in self.row_actions if each.name == name), None)
        if action is None:
            raise Http404("No such action.")
        if not request.user.has_perm(action.permission):
            raise PermissionDenied(f"This needs the permission {action.permission}.")
        rows = self._chosen(request)
        if request.method != "POST":
            return self._ask(request, action, rows, action.form() if action.form else None)
        form = action.form(request.POST) if action.form else None
        if form is not None and not form.is_valid():
            return self._ask(request, action, rows, form)
        answers = form.cleaned_data if form is not None else {}
        for row in rows:
            self._do(request, action, row, answers)
        return HttpResponseRedirect(self._back(request))

    def _chosen(self, request: HttpRequest) -> list[Any]:
        text = request.POST.get("ids") or request.GET.get("ids", "")
        ids = [part for part in text.split(",") if part.strip()][:MAX_ROWS]
        try:
            chosen = self.get_queryset(request).filter(pk__in=ids)
            rows = list(self.rows_to_act_on(chosen).order_by("pk"))
        except ValueError as exc:
            raise Http404("No such rows.") from exc
        if not rows:
            raise Http404("No such rows.")
        return rows

    def _ask(
        self, request: HttpRequest, action: RowAction, rows: list[Any], form: Form | None
    ) -> HttpResponse:
        judged = [(row, action.refusal(row)) for row in rows]
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": action.label,
            "action": action,
            "form": form,
            "able": [action.name_of(row) for row, refusal in judged if not refusal],
            "unable": [(action.name_of(row), refusal) for row, refusal in judged if refusal],
            "ids": ",".join(str(row.pk) for row in rows),
            "back": self._back(request),
        }
        return TemplateResponse(request, "admin/backoffice/ask.html", context)

    def _do(
        self, request: HttpRequest, action: RowAction, row: Any, answers: Mapping[str, Any]
    ) -> None:
        name = action.name_of(row)
        if refusal := action.refusal(row):
            self.message_user(request, f"{name}: {refusal}", messages.WARNING)
            return
        try:
            organization_id = action.organization_of(row)
            actor = staff_actor(request, organization_id=organization_id)
            now = timezone.now() if self.keeps_real_time else clocks.now_of(organization_id)
            call = Call(row=row, answers=answers, actor=actor, now=now)
            done = action.work(call)
        except DomainError as refused:
            self.message_user(request, f"{name}: {refused}", messages.WARNING)
        else:
            self.message_user(request, f"{name} {done}", messages.SUCCESS)

    def _back(self, request: HttpRequest) -> str:
        wanted = request.POST.get("next") or request.GET.get("next", "")
        if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
            return wanted
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")


def _begin(
    action: RowAction, manager: ActingAdmin, request: HttpRequest, queryset: QuerySet[Any]
) -> HttpResponse:
    """From a list: go to the page that asks, with the ticked rows."""
    ids = queryset.order_by("pk").values_list("pk", flat=True)[:MAX_ROWS]
    return HttpResponseRedirect(manager.act_url(action, ids, back=request.get_full_path()))

"""Pages of the back office that show no single model: who may open them, and how they are drawn."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache

from oms.accounts.models import Organization
from oms.backoffice.scope import visible_organizations

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page about one organization. `name` is that of the address its chooser has."""

    name: str
    title: str
    explanation: str
    permission: str

    @property
    def url(self) -> str:
        """Where the organization is chosen."""
        return reverse(f"admin:{self.name}")

    def url_of(self, organization_id: int) -> str:
        return reverse(f"admin:{self.name}_of", args=[organization_id])


SETTINGS = Page(
    name="app_settings",
    title="Settings",
    explanation="What applications are told: connection, order filters, and the rest.",
    permission="accounts.view_applicationsetting",
)
SETUP = Page(
    name="remote_setup",
    title="Omnitron set-up",
    explanation="What is done and what is missing until orders flow.",
    permission="channels_app.view_channel",
)
PAGES = (SETUP, SETTINGS)


def demand(request: HttpRequest, permission: str) -> None:
    """Refuse people without a permission."""
    if not request.user.has_perm(permission):
        raise PermissionDenied(f"This needs the permission {permission}.")


def page_view(page: Page) -> Callable[[View[P]], View[P]]:
    """Lets people with the page's permission in. Nothing of it is cached."""

    def decorate(view: View[P]) -> View[P]:
        @never_cache
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            demand(request, page.permission)
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def organization_of(request: HttpRequest, organization_id: int) -> Organization:
    """One of the person's organizations; any other does not exist."""
    for organization in visible_organizations(request):
        if organization.pk == organization_id:
            return organization
    raise Http404("No such organization.")


def draw(
    request: HttpRequest, template: str, context: dict[str, Any], *, page: Page
) -> TemplateResponse:
    """The page in the admin's frame."""
    shared = {**admin.site.each_context(request), "page": page, "title": page.title}
    return TemplateResponse(request, f"admin/backoffice/{template}", {**shared, **context})


def chooser(page: Page) -> View[[]]:
    """The page on which the organization is chosen; passed over by people who have but one."""

    @page_view(page)
    def choose(request: HttpRequest) -> HttpResponse:
        offered = [(each, page.url_of(each.pk)) for each in visible_organizations(request)]
        if len(offered) == 1:
            return HttpResponseRedirect(offered[0][1])
        return draw(request, "choose_organization.html", {"offered": offered}, page=page)

    return choose

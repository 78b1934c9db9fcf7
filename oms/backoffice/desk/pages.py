"""What the desks' pages share: who may open them, and how they are drawn."""

import mimetypes
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Concatenate, ParamSpec

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache

from oms.backoffice.desk.points import points_of

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """One of the places to work at. `name` is that of its address, which takes a point's key."""

    name: str
    title: str
    explanation: str
    permission: str

    @property
    def url(self) -> str:
        """Where the point is chosen."""
        return reverse(f"admin:{self.name}")

    def url_at(self, point_id: int) -> str:
        """The desk of a point."""
        return reverse(f"admin:{self.name}_point", args=[point_id])


BENCH = Desk(
    name="bench",
    title="Pick and pack",
    explanation="Scan what you pick, pack it, print label and invoice.",
    permission="backoffice.pack_at_bench",
)
DOCK = Desk(
    name="dock",
    title="Manifests",
    explanation="Put parcels on manifests and hand them over to their carriers.",
    permission="fulfillment.work_at_dock",
)
RETURNS = Desk(
    name="returns_desk",
    title="Returns desk",
    explanation="Receive what comes back, judge it, and say where it goes.",
    permission="returns.receive_return",
)
DESKS = (BENCH, DOCK, RETURNS)


def desk_view(desk: Desk) -> Callable[[View[P]], View[P]]:
    """Lets people of the staff with the desk's permission in. Nothing of it is cached."""

    def decorate(view: View[P]) -> View[P]:
        @never_cache
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if not request.user.has_perm(desk.permission):
                raise PermissionDenied(f"This needs the permission {desk.permission}.")
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def page(
    request: HttpRequest, template: str, context: dict[str, Any], *, desk: Desk
) -> TemplateResponse:
    """A page of a desk: the admin's frame without its sidebar."""
    shared = {
        **admin.site.each_context(request),
        "is_nav_sidebar_enabled": False,
        "desk": desk,
        "title": desk.title,
    }
    return TemplateResponse(request, f"admin/backoffice/desk/{template}", {**shared, **context})


def file_response(
    content: bytes, name: str, *, media_type: str = "application/pdf"
) -> HttpResponse:
    """Bytes shown by the browser where it can, kept by nobody."""
    suffix = mimetypes.guess_extension(media_type) or ".bin"
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f'inline; filename="{name}{suffix}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def chooser(desk: Desk) -> View[[]]:
    """The page on which the point is chosen; passed over by people who have but one."""

    @desk_view(desk)
    def choose(request: HttpRequest) -> HttpResponse:
        points = [(point, desk.url_at(point.pk)) for point in points_of(request)]
        if len(points) == 1:
            return HttpResponseRedirect(points[0][1])
        return page(request, "choose.html", {"points": points}, desk=desk)

    return choose

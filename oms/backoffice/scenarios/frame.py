"""What the pages about scenarios share: which scenario, who may, and the admin's frame."""

from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest
from django.template.response import TemplateResponse

from fulfillment.models import Scenario
from oms.backoffice.pages import demand
from oms.backoffice.scope import limited


def scenario_of(request: HttpRequest, pk: int, permission: str) -> Scenario:
    """A scenario of the person's organizations, to people with a permission."""
    demand(request, permission)
    rows = limited(Scenario.objects.select_related("organization"), request, "organization_id")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404("No such scenario.")
    return found


def draw(request: HttpRequest, template: str, context: dict[str, Any]) -> TemplateResponse:
    """A page in the frame of the admin, below the list of scenarios."""
    shared = {**admin.site.each_context(request), "opts": Scenario._meta}
    return TemplateResponse(request, f"admin/backoffice/{template}", {**shared, **context})

"""Which points a person may work at."""

from collections.abc import Sequence
from dataclasses import replace

from django.http import Http404, HttpRequest
from django.utils import timezone

from oms.accounts import clocks
from oms.accounts.actors import staff_actor
from oms.backoffice.desk.work import Work
from oms.backoffice.scope import limited
from oms.locations.choices import PointType
from oms.locations.models import FulfillmentPoint

# Points that a system of their own runs come last: people work there when it is down.
_PLACES = {PointType.STORE: 0, PointType.GENERAL: 1, PointType.EXTERNAL: 2}


def points_of(request: HttpRequest) -> Sequence[FulfillmentPoint]:
    """Active points of the person's organizations, those without a system of their own first."""
    seen = limited(FulfillmentPoint.objects.filter(is_active=True), request, "organization_id")
    found = seen.select_related("organization").order_by("name", "pk")
    return sorted(found, key=lambda point: _PLACES[PointType(point.type)])


def work_at(request: HttpRequest, point_id: int) -> Work:
    """The point, who works there and what time it is. Raises Http404 for a foreign point."""
    seen = limited(FulfillmentPoint.objects.filter(pk=point_id), request, "organization_id")
    point = seen.select_related("organization").first()
    if point is None:
        raise Http404("No such fulfillment point.")
    actor = staff_actor(request, organization_id=point.organization_id)
    now = clocks.now_of(point.organization_id)
    here = replace(actor, point_ids=frozenset({point.pk}))
    return Work(point=point, actor=here, now=now, real_now=timezone.now())

"""What a person of the staff may see: the organizations they work for, and nothing else."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from oms.accounts.actors import organization_ids
from oms.accounts.models import Organization
from oms.backoffice.formats import zone_named

M = TypeVar("M", bound=Model)
_CACHED = "oms_organizations"


def limited(queryset: QuerySet[M], request: HttpRequest, path: str) -> QuerySet[M]:
    """The rows of the person's organizations; `path` leads from the row to its organization."""
    allowed = organization_ids(request)
    if allowed is None:
        return queryset
    if len(allowed) == 1:  # equality lets PostgreSQL read an index in order; IN may not
        return queryset.filter(**{path: allowed[0]})
    return queryset.filter(**{f"{path}__in": allowed})


def visible_organizations(request: HttpRequest) -> Sequence[Organization]:
    """The person's organizations, by name; read once per request."""
    cache = vars(request)
    if _CACHED not in cache:
        rows = limited(Organization.objects.order_by("name", "pk"), request, "pk")
        cache[_CACHED] = list(rows)
    known: list[Organization] = cache[_CACHED]
    return known


def visible_ids(request: HttpRequest) -> list[int]:
    """Keys of the person's organizations, spelled out also for a superuser."""
    return [organization.pk for organization in visible_organizations(request)]


def zone_of(request: HttpRequest) -> ZoneInfo:
    """The time zone the person's organizations share, or UTC."""
    zones = {organization.timezone for organization in visible_organizations(request)}
    return zone_named(zones.pop() if len(zones) == 1 else "UTC")


def midnight(request: HttpRequest, *, days_ago: int = 0) -> datetime:
    """When today began where the person's organizations are."""
    today = timezone.now().astimezone(zone_of(request))
    return today.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=days_ago)

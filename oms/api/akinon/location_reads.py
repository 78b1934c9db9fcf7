"""Stock locations as they are shown, in a fixed number of statements whatever the page."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Count, Q

from channels_app.choices import RemoteKind
from channels_app.models import RemoteKey
from fulfillment.models import FulfillmentTask
from oms.api.akinon import filtering, states
from oms.api.akinon.filtering import Filter, moments
from oms.api.akinon.rendering.locations import STORE, WAREHOUSE, Known
from oms.api.akinon.wishes import is_cancel_wished
from oms.kernel.actors import Actor
from oms.locations.choices import PointType
from oms.locations.models import FulfillmentPoint, FulfillmentPointQuerySet
from oms.locations.queries import PointNotFound

# Packages that count towards the quota (8.7): from waiting to ready for packaging, and those whose
# cancellation waits.
OPEN_VALUES = ("100", "150", "200", "300", "400")
_LEVELS: Mapping[str, RemoteKind] = {
    "country": RemoteKind.COUNTRY,
    "city": RemoteKind.CITY,
    "township": RemoteKind.TOWNSHIP,
    "district": RemoteKind.DISTRICT,
}
_COLUMNS = {"country": "country", "city": "city", "township": "district", "district": "ward"}


def feed(*, actor: Actor) -> FulfillmentPointQuerySet:
    """The points the actor may see; in no order yet."""
    return FulfillmentPoint.objects.visible_to(actor)


def get(*, number: int, actor: Actor) -> FulfillmentPoint:
    """One point. Raises PointNotFound, also for somebody else's."""
    found = feed(actor=actor).filter(number=number).first()
    if found is None:
        raise PointNotFound("No such stock location")
    return found


def known_of(points: Sequence[FulfillmentPoint]) -> dict[int, Known]:
    """What is known of points elsewhere, by their keys: three statements for all of them."""
    keys, quotas, places = _omnitron_ids(points), open_packages(points), _places(points)
    return {
        point.pk: Known(
            omnitron_id=keys.get(point.pk),
            quota=quotas.get(point.pk, 0),
            places={
                level: found
                for level, column in _COLUMNS.items()
                if (
                    found := places.get(
                        (point.organization_id, _LEVELS[level], getattr(point, column).casefold())
                    )
                )
            },
        )
        for point in points
    }


def open_packages(points: Iterable[FulfillmentPoint]) -> dict[int, int]:
    """How many packages of each point count towards its quota; points without one are left out."""
    is_open = Q(status__in=states.tasks_at(OPEN_VALUES))
    is_waiting = ~Q(status__in=states.PAST_CANCELLING) & is_cancel_wished()
    tasks = FulfillmentTask.objects.filter(point_id__in=[point.pk for point in points])
    counted = tasks.filter(is_open | is_waiting).values_list("point_id").annotate(Count("pk"))
    return dict(counted.order_by("point_id"))


def _omnitron_ids(points: Sequence[FulfillmentPoint]) -> dict[int, int]:
    keys = RemoteKey.objects.filter(
        organization_id__in={point.organization_id for point in points},
        kind=RemoteKind.STORE,
        local_id__in=[point.pk for point in points],
    )
    found = keys.values_list("local_id", "remote_key")
    return {pk: int(key) for pk, key in found if pk is not None and key.isdecimal()}


def _places(
    points: Sequence[FulfillmentPoint],
) -> dict[tuple[int, str, str], Mapping[str, Any]]:
    """The other side's places by organization, kind and name, or code, without letter case."""
    names = {getattr(point, column) for point in points for column in _COLUMNS.values()} - {""}
    codes = {name.lower() for name in names}
    rows = RemoteKey.objects.filter(
        Q(local_code__in=names) | Q(kind=RemoteKind.COUNTRY, data__code__in=codes),
        organization_id__in={point.organization_id for point in points},
        kind__in=_LEVELS.values(),
    ).order_by("pk")
    found: dict[tuple[int, str, str], Mapping[str, Any]] = {}
    for row in rows:
        said = {**row.data, "pk": _number(row.remote_key)}
        for name in (row.local_code, str(row.data.get("code") or "")):
            if name:
                found.setdefault((row.organization_id, row.kind, name.casefold()), said)
    return found


def _number(key: str) -> int | None:
    return int(key) if key.isdecimal() else None


def _of_type(text: str) -> Q:
    """A word nobody knows fits nothing."""
    if text not in (STORE, WAREHOUSE):
        return Q(pk__in=[])
    return Q(type=PointType.STORE) if text == STORE else ~Q(type=PointType.STORE)


FILTERS: Mapping[str, Filter] = {
    "id": filtering.of_whole("number"),
    "id__in": filtering.of_wholes("number"),
    "pk__in": filtering.of_wholes("number"),
    "erp_code": filtering.of_text("code"),
    "erp_code__in": filtering.of_texts("code"),
    "name": filtering.of_text("name"),
    "name__icontains": filtering.of_text("name__icontains"),
    "stock_location_type": _of_type,
    "is_active": filtering.of_flag("is_active"),
    "is_fulfillment_center": filtering.of_flag("is_fulfillment_center"),
    "is_pickup_location": filtering.of_flag("is_pickup_location"),
    "supplier_code": filtering.of_text("supplier_code"),
    "conf__supplier_code": filtering.of_text("supplier_code"),
    "tag": lambda text: Q(tags__contains=[text]),
    **moments("created_date", "created_at"),
    **moments("modified_date", "updated_at"),
}
SORTS: Mapping[str, str] = {
    "id": "number",
    "erp_code": "code",
    "name": "name",
    "priority": "priority",
    "created_date": "created_at",
    "modified_date": "updated_at",
}

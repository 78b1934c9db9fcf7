import datetime as dt
from typing import Any, cast

from oms.backoffice.world.directory import Directory
from oms.backoffice.world.plan import Plan
from oms.backoffice.world.reading import World
from oms.backoffice.world.sections import owned
from oms.backoffice.world.shapes import Record
from oms.backoffice.world.syncing import Rows, Table
from oms.kernel.actors import Actor
from oms.locations import services as locations
from oms.locations.models import FulfillmentPoint, PointCalendar

SECTION = "fulfillment_points"
COLUMNS = {
    "name": "name",
    "type": "type",
    "address.line1": "line1",
    "address.line2": "line2",
    "address.ward": "ward",
    "address.district": "district",
    "address.city": "city",
    "address.state": "state",
    "address.postcode": "postcode",
    "address.country": "country",
    "phone": "phone",
    "timezone": "timezone",
    "priority": "priority",
    "carriers": "carriers",
    "accept_within": "accept_within",
    "capacity.max_quota": "max_quota",
    "supplier_code": "supplier_code",
    "email": "email",
    "latitude": "latitude",
    "longitude": "longitude",
    "tags": "tags",
    "conf": "conf",
    "is_fulfillment_center": "is_fulfillment_center",
    "is_pickup_location": "is_pickup_location",
    "is_delivery_location": "is_delivery_location",
    "is_return_available": "is_return_available",
    "is_fast_delivery_available": "is_fast_delivery_available",
    "is_active": "is_active",
}


def table() -> Table[FulfillmentPoint]:
    return Table(model=FulfillmentPoint, what="point", columns=COLUMNS, required=("name",))


def apply(
    world: World, directory: Directory, plan: Plan, *, actor: Actor, now: dt.datetime
) -> None:
    """Create and update fulfillment points, and tell of each that is new or different."""
    rows = cast("Rows", directory.points)
    known = set(rows)
    points = table()
    keyed = owned.apply(SECTION, points, rows, world, directory, plan)
    changed = {point: list(names) for point, names in points.changed.items()}
    for key, entry in keyed:
        if "calendar" not in entry:
            continue
        is_known = key in known
        is_other = _sync_calendar(rows[key], entry, plan if is_known else Plan())
        if is_other and is_known:
            changed.setdefault(rows[key], []).append("calendar")
    locations.tell_made(points.made, actor=actor, now=now)
    locations.tell_changed(changed, actor=actor, now=now)


def _sync_calendar(point: FulfillmentPoint, entry: Record, plan: Plan) -> bool:
    """When the point works; null: always. Returns whether that is new."""
    wanted = cast("dict[str, Any] | None", entry.values["calendar"])
    row = PointCalendar.objects.filter(point=point).first()
    before = calendar_of(row) if row else None
    if before == wanted:
        return False
    if wanted is None:
        PointCalendar.objects.filter(point=point).delete()
    else:
        PointCalendar.objects.update_or_create(
            point=point,
            defaults={
                "hours": wanted["hours"],
                "closed_days": [dt.date.fromisoformat(day) for day in wanted["closed_days"]],
            },
        )
    plan.changed(f"point {point.code}", {"calendar": (before, wanted)})
    return True


def calendar_of(row: PointCalendar) -> dict[str, Any]:
    """A calendar as a file says it."""
    return {"hours": row.hours, "closed_days": [day.isoformat() for day in row.closed_days]}


def remove_absent(world: World, directory: Directory, plan: Plan) -> None:
    """Remove points that nothing refers to."""
    owned.remove_absent(SECTION, table(), world, directory, plan)

"""Changes of fulfillment points that a machine makes, and telling of those that others made: staff
and world files have their own ways.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from django.db import transaction
from msgspec import UNSET, UnsetType

from oms.events import outbox
from oms.events.choices import EventType, SubjectType
from oms.kernel import errors
from oms.kernel.actors import Actor
from oms.locations.models import FulfillmentPoint
from oms.locations.queries import PointNotFound


class SupplierCodeTaken(errors.InvalidInput):
    """Another active point of the organization ships for this seller."""

    code = "supplier_code_taken"


@dataclass(frozen=True, slots=True, kw_only=True)
class PointChange:
    """What is to be different; what is not named stays. `conf` is merged by its members."""

    name: str | UnsetType = UNSET
    email: str | UnsetType = UNSET
    phone: str | UnsetType = UNSET
    evening_phone: str | UnsetType = UNSET
    fax: str | UnsetType = UNSET
    priority: int | UnsetType = UNSET
    max_quota: int | UnsetType | None = UNSET
    supplier_code: str | UnsetType = UNSET
    tags: list[str] | UnsetType = UNSET
    conf: Mapping[str, Any] | UnsetType = UNSET
    is_active: bool | UnsetType = UNSET
    is_fulfillment_center: bool | UnsetType = UNSET
    is_pickup_location: bool | UnsetType = UNSET
    is_delivery_location: bool | UnsetType = UNSET
    is_return_available: bool | UnsetType = UNSET
    is_fast_delivery_available: bool | UnsetType = UNSET


@transaction.atomic
def change_point(
    *, point_id: int, change: PointChange, actor: Actor, now: datetime
) -> FulfillmentPoint:
    """Change a point and tell so; a change that changes nothing tells nothing.

    Raises PointNotFound, SupplierCodeTaken.
    """
    mine = FulfillmentPoint.objects.visible_to(actor).filter(pk=point_id)
    point = mine.select_for_update(of=("self",)).first()
    if point is None:
        raise PointNotFound("No such fulfillment point")
    changed = _differing(point, change)
    if not changed:
        return point
    for name, value in changed.items():
        setattr(point, name, value)
    _check_supplier(point)
    point.updated_at = now
    point.save(update_fields=[*changed, "updated_at"])
    tell_changed({point: sorted(changed)}, actor=actor, now=now)
    return point


def tell_made(points: Sequence[FulfillmentPoint], *, actor: Actor, now: datetime) -> None:
    """Record that points are new, in the transaction that made them."""
    facts = [_fact(point, EventType.POINT_CREATED) for point in points]
    outbox.record(facts, actor=actor, now=now)


def tell_changed(
    changed: Mapping[FulfillmentPoint, Sequence[str]], *, actor: Actor, now: datetime
) -> None:
    """Record which columns of points are different, one fact a point; a point none of whose columns
    is has none. In the transaction that changed them, for it holds their rows.
    """
    facts = [
        _fact(point, EventType.POINT_UPDATED, changed=sorted(names))
        for point, names in changed.items()
        if names
    ]
    outbox.record(facts, actor=actor, now=now)


def _differing(point: FulfillmentPoint, change: PointChange) -> dict[str, Any]:
    """Columns whose value is another than the one there is."""
    wanted: dict[str, Any] = {
        each.name: value
        for each in fields(change)
        if (value := getattr(change, each.name)) is not UNSET
    }
    if "conf" in wanted:
        wanted["conf"] = {**point.conf, **wanted["conf"]}
    return {name: value for name, value in wanted.items() if getattr(point, name) != value}


def _check_supplier(point: FulfillmentPoint) -> None:
    """One active point per seller's code; the organization's points may not change meanwhile."""
    if not (point.supplier_code and point.is_active):
        return
    others = FulfillmentPoint.objects.filter(
        organization_id=point.organization_id, supplier_code=point.supplier_code, is_active=True
    )
    if others.exclude(pk=point.pk).exists():
        raise SupplierCodeTaken(
            "Another active location has this supplier code.", field="supplier_code"
        )


def _fact(point: FulfillmentPoint, kind: EventType, **more: object) -> outbox.Fact:
    return outbox.Fact(
        organization_id=point.organization_id,
        type=kind,
        subject_type=SubjectType.POINT,
        subject_id=point.pk,
        point_id=point.pk,
        data={"point": point.code, "point_id": point.pk, **more},
    )

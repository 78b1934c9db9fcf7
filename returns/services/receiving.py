"""What arrived."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from oms.events.choices import EventType
from oms.kernel import errors
from oms.kernel.actors import Actor
from oms.kernel.contention import retried
from oms.locations.models import FulfillmentPoint
from oms.orders import services as orders
from returns import lifecycle
from returns.choices import UnitStatus
from returns.drafts import Receipt
from returns.models import ReturnOrder, ReturnUnit
from returns.services.expecting import ReturnPointUnknown
from returns.services.locking import ReturnWork, Told, lock_return, positions, settle


class TrackingNumberDiffers(errors.InvalidInput):
    """The parcel that arrived is not the one this return was announced with."""

    code = "return_tracking_number_differs"


@retried
@transaction.atomic
def receive_return(
    *, public_id: UUID, receipt: Receipt, actor: Actor, now: dt.datetime
) -> ReturnOrder:
    """Record that units arrived; those that did already stay as they are, so it may be said again.

    Tells the order what came back. Nothing becomes available by it, and nothing is refunded.
    Raises ReturnNotFound, UnitNotFound, TrackingNumberDiffers, ReturnPointUnknown and, for what
    was cancelled, UnitTransitionRefused or ReturnTransitionRefused.
    """
    work = lock_return(public_id=public_id, actor=actor)
    new = _arriving(work, receipt)
    if not new:
        return work.row
    point_id = _point_id(work.row, receipt, actor=actor)
    received_at = receipt.received_at or now
    for unit in new:
        unit.status = UnitStatus.RECEIVED
        unit.point_id, unit.received_at = point_id, received_at
    ReturnUnit.objects.bulk_update(new, ["status", "point", "received_at"])
    if work.row.received_at is None:
        work.row.received_at, work.row.point_id = received_at, point_id
    if receipt.tracking_number:
        work.row.tracking_number = receipt.tracking_number
    told: Told = (EventType.RETURN_RECEIVED, {"units": positions(new)})
    settle(work, told, actor=actor, now=now)
    report_arrival(work, new, actor=actor, now=now)
    return work.row


def report_arrival(
    work: ReturnWork, units: Sequence[ReturnUnit], *, actor: Actor, now: dt.datetime
) -> None:
    """Tell the order which of its units came back."""
    back = Counter(unit.order_line_id for unit in units if unit.order_line_id is not None)
    if work.order is not None and back:
        orders.record_return(
            order=work.order, units=back, actor=actor, now=now, cause=work.row.number
        )


def _arriving(work: ReturnWork, receipt: Receipt) -> list[ReturnUnit]:
    """Units that are new with this receipt."""
    if receipt.unit_ids:
        named = work.chosen(receipt.unit_ids)
    else:
        expected = work.row.tracking_number
        if receipt.tracking_number and expected not in {"", receipt.tracking_number}:
            raise TrackingNumberDiffers("The return was announced with another tracking number")
        named = [unit for unit in work.units if unit.status != UnitStatus.CANCELLED]
        if not named:
            lifecycle.check(source=work.row.status, target=lifecycle.S.RECEIVED)
    new = [unit for unit in named if unit.status not in lifecycle.ARRIVED]
    for unit in new:
        lifecycle.check_unit(source=unit.status, target=UnitStatus.RECEIVED)
    return new


def _point_id(row: ReturnOrder, receipt: Receipt, *, actor: Actor) -> int:
    if receipt.point_id is None:
        return row.point_id
    seen = FulfillmentPoint.objects.visible_to(actor)
    if not seen.filter(pk=receipt.point_id, organization_id=row.organization_id).exists():
        raise ReturnPointUnknown("No such point for this return")
    return receipt.point_id

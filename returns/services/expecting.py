"""Announcing a return."""

import datetime as dt
from collections.abc import Sequence

from django.db import IntegrityError, transaction

from channels_app.models import Channel
from oms.events import outbox
from oms.events.choices import EventType
from oms.kernel import errors
from oms.kernel.actors import Actor
from oms.kernel.contention import retried
from oms.locations.models import FulfillmentPoint
from oms.orders import services as orders
from oms.orders.models import Order
from oms.orders.queries import OrderNotFound
from returns import queries
from returns.drafts import ReturnDraft, UnitDraft
from returns.models import ReturnOrder, ReturnUnit
from returns.services.allotting import Allotment, allot, allot_alone
from returns.services.locking import fact

MOST_UNITS = 1_000


class BadReturnUnits(errors.InvalidInput):
    """No units, too many, or two with one number."""

    code = "bad_return_units"


class ReturnAlreadyExpected(errors.Conflict):
    """The number is another return's: `public_id` says which."""

    code = "return_already_expected"


class ReturnPointUnknown(errors.InvalidInput):
    """The point is not one of the actor's, or none is named and none shipped the units."""

    code = "return_point_unknown"


@retried
@transaction.atomic
def expect_return(*, draft: ReturnDraft, actor: Actor, now: dt.datetime) -> ReturnOrder:
    """Announce units that will come back.

    Of an order, only shipped units can be expected back, each once: the order's row is locked
    while they are counted. An order told by channel and number that we do not have leaves the
    return alone until it is found, see `match_return`. Raises OrderNotFound, BadReturnUnits,
    ReturnAlreadyExpected, ReturnPointUnknown, and what `allot` raises.
    """
    _check_units(draft.units)
    order = _lock_order(draft, actor=actor)
    _check_number(draft)
    if order is None:
        channel_id = _channel_alone(draft, actor=actor)
        given = allot_alone(organization_id=draft.organization_id, drafts=draft.units)
    else:
        channel_id = order.channel_id
        given = allot(order=order, drafts=draft.units)
        if len(given) > MOST_UNITS:
            raise BadReturnUnits(f"A return has 1 to {MOST_UNITS} units", units=[])
    row = ReturnOrder(
        channel_id=channel_id, order=order, point_id=_point_id(draft, given, actor=actor)
    )
    _write(row, draft, now=now)
    units = _write_units(row, draft.units, given)
    outbox.record(
        [fact(row, EventType.RETURN_EXPECTED, units=len(units), type=row.type)],
        actor=actor,
        now=now,
    )
    return row


def _check_units(units: Sequence[UnitDraft]) -> None:
    if not 1 <= len(units) <= MOST_UNITS:
        raise BadReturnUnits(f"A return has 1 to {MOST_UNITS} units", units=[])
    seen: set[str] = set()
    for place, unit in enumerate(units):
        if unit.external_id is not None and unit.external_id in seen:
            raise BadReturnUnits("Two units have the same number", units=[place])
        seen.add(unit.external_id or "")


def _lock_order(draft: ReturnDraft, *, actor: Actor) -> Order | None:
    seen = Order.objects.visible_to(actor).filter(organization_id=draft.organization_id)
    if draft.order_id is not None:
        named = seen.filter(pk=draft.order_id)
    else:
        named = seen.filter(channel=draft.channel_id, external_id=draft.order_external_id)
    found = named.values_list("pk", flat=True).first()
    return None if found is None else orders.lock_order(order_id=found)


def _channel_alone(draft: ReturnDraft, *, actor: Actor) -> int:
    """The channel of a return whose order we do not have."""
    channel_id = draft.channel_id
    is_seen = actor.channel_ids is None or channel_id in actor.channel_ids
    if channel_id is None or not draft.order_external_id or not is_seen:
        raise OrderNotFound("No such order")
    mine = Channel.objects.filter(pk=channel_id, organization_id=draft.organization_id)
    if not mine.exists():
        raise OrderNotFound("No such order")
    return channel_id


def _check_number(draft: ReturnDraft) -> None:
    if draft.external_id is None:
        return
    taken = ReturnOrder.objects.filter(
        organization_id=draft.organization_id, external_id=draft.external_id
    ).first()
    if taken is not None:
        raise ReturnAlreadyExpected("There is a return with this number", public_id=taken.public_id)


def _point_id(draft: ReturnDraft, given: Sequence[Allotment], *, actor: Actor) -> int:
    seen = FulfillmentPoint.objects.visible_to(actor).filter(organization_id=draft.organization_id)
    if draft.point_id is not None:
        wanted = [draft.point_id]
    else:
        line_ids = {each.line_id for each in given if each.line_id is not None}
        wanted = queries.shipping_points(line_ids=line_ids)
    allowed = set(seen.filter(pk__in=wanted).values_list("pk", flat=True))
    for point_id in wanted:
        if point_id in allowed:
            return point_id
    raise ReturnPointUnknown("No such point for this return")


def _write(row: ReturnOrder, draft: ReturnDraft, *, now: dt.datetime) -> None:
    row.organization_id = draft.organization_id
    row.order_external_id = row.order.external_id if row.order else draft.order_external_id
    row.external_id = draft.external_id
    row.type = draft.type
    row.carrier_code = draft.carrier_code
    row.tracking_number = draft.tracking_number
    row.note = draft.note
    row.created_at = row.changed_at = now
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        _check_number(draft)  # somebody took it between our look and our insert
        raise
    row.refresh_from_db(fields=["number"])


def _write_units(
    row: ReturnOrder, drafts: Sequence[UnitDraft], given: Sequence[Allotment]
) -> list[ReturnUnit]:
    """Of a set of a bundle, the first unit keeps the number the draft has."""
    first = {each.place: at for at, each in reversed(list(enumerate(given)))}
    return ReturnUnit.objects.bulk_create(
        [
            ReturnUnit(
                return_order=row,
                position=at + 1,
                external_id=drafts[each.place].external_id if first[each.place] == at else None,
                order_line_id=each.line_id,
                sku_id=each.sku_id,
                reason=drafts[each.place].reason,
            )
            for at, each in enumerate(given)
        ]
    )

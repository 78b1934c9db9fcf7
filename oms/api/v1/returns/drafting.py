"""From the bodies of calls to what the services of returns take."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from channels_app.models import Channel
from oms.accounts.queries import MachineIdentity
from oms.api.v1.returns import mapping
from oms.api.v1.road import identifiers
from oms.api.v1.road.problems import FieldError, Problem, validation_failed
from oms.locations.queries import PointNotFound, point_by_public_id
from oms.orders.models import Order
from oms.orders.queries import OrderNotFound
from returns.drafts import Receipt, ReturnDraft, ReturnEdit, UnitDraft, UnitResult

Values = Mapping[str, Any]
AHEAD = dt.timedelta(minutes=5)  # how far a clock of theirs may be ahead


def draft(said: Values, *, machine: MachineIdentity) -> ReturnDraft:
    """A return to expect. Raises OrderNotFound, unknown_location and those of its members."""
    order = _order(said, machine)
    return ReturnDraft(
        organization_id=machine.organization_id,
        order_id=order.pk,
        external_id=said.get("external_id"),
        type=mapping.TYPE[said["type"]],
        point_id=_point_id(said, machine),
        carrier_code=said.get("carrier_code") or "",
        tracking_number=said.get("tracking_number") or "",
        note=said.get("note") or "",
        units=_units(said["units"], order),
    )


def edit(said: Values) -> ReturnEdit:
    """What a patch changes: null clears."""
    texts = ("carrier_code", "tracking_number", "note")
    refund = said.get("refund_decision")
    return ReturnEdit(
        refund_decision=mapping.REFUND_DECISION[refund] if refund is not None else None,
        **{name: said[name] or "" for name in texts if name in said},
    )


def receipt(said: Values, *, machine: MachineIdentity, now: dt.datetime) -> Receipt:
    """What arrived. Raises unknown_location, and out_of_range for a time that is yet to come."""
    received_at = said.get("received_at")
    if received_at is not None and received_at > now + AHEAD:
        told = _("is in the future")
        raise validation_failed([FieldError("/received_at", "out_of_range", told)])
    return Receipt(
        unit_ids=unit_ids(said.get("units", ())),
        tracking_number=said.get("tracking_number", ""),
        point_id=_point_id(said, machine),
        received_at=received_at,
    )


def results(said: Values) -> list[UnitResult]:
    """What an inspection found."""
    return [
        UnitResult(
            unit_id=unit_id,
            qc_status=mapping.QC_STATUS[each["qc_status"]],
            qc_reason=each.get("qc_reason") or "",
            disposition=mapping.DISPOSITION[each["disposition"]],
            image_urls=tuple(each.get("image_urls", ())),
        )
        for each, unit_id in zip(
            said["units"], unit_ids([each["id"] for each in said["units"]]), strict=True
        )
    ]


def unit_ids(texts: Sequence[str]) -> tuple[UUID, ...]:
    """What is in identifiers of units that were read as such."""
    read = (identifiers.uuid_of("rtu_", text) for text in texts)
    return tuple(key for key in read if key is not None)


def _order(said: Values, machine: MachineIdentity) -> Order:
    seen = Order.objects.visible_to(machine.actor)
    if (text := said.get("order_id")) is not None:
        key = identifiers.uuid_of("ord_", text)
        found = None if key is None else seen.filter(public_id=key).first()
    else:
        channel_id = _channel_id(said["channel"], machine)
        number = said["order_external_id"]
        found = seen.filter(channel_id=channel_id, external_id=number).first()
    if found is None:
        raise OrderNotFound("No such order")
    return found


def _channel_id(code: str, machine: MachineIdentity) -> int:
    """By its code, without regard to case. A bound machine names its own, or nothing."""
    named = Channel.objects.filter(organization_id=machine.organization_id, code__iexact=code)
    found = named.values_list("pk", flat=True).first()
    if machine.channel_id is not None and found != machine.channel_id:
        raise Problem(403, "insufficient_scope", _("This client serves another channel"))
    if found is None:
        told = _("no channel has this code")
        raise validation_failed([FieldError("/channel", "unknown_value", told)])
    return found


def _point_id(said: Values, machine: MachineIdentity) -> int | None:
    text = said.get("location_id")
    if text is None:
        return None
    try:
        key = identifiers.uuid_of("loc_", text)
        return point_by_public_id(actor=machine.actor, public_id=key).pk
    except PointNotFound as exc:
        error = FieldError("/location_id", "unknown_value", _("does not exist"))
        raise Problem(422, "unknown_location", errors=[error]) from exc


def _units(said: Sequence[Values], order: Order) -> tuple[UnitDraft, ...]:
    placed_at = identifiers.moment_of(order.public_id)
    drafts = []
    for place, each in enumerate(said):
        number = None
        if (text := each.get("order_line_id")) is not None:
            number = identifiers.number_of("oli_", text)
            if number is None or identifiers.of_number("oli_", number, placed_at) != text:
                told = _("the order has no such line")
                pointer = f"/units/{place}/order_line_id"
                raise validation_failed([FieldError(pointer, "unknown_value", told)])
        drafts.append(
            UnitDraft(
                line_number=number,
                sku_code=each.get("sku") or "",
                external_id=each.get("external_id"),
                reason=each.get("reason") or "",
            )
        )
    return tuple(drafts)

"""Return events: what they are read from, and their body (contract API 10)."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch

from channels_app.choices import ChannelType
from fulfillment.choices import TaskStatus
from fulfillment.models import FulfillmentTask
from oms.api.increff import codes, combos
from oms.api.increff.codes import SkuName
from oms.api.increff.push.suborders import location_codes, parts_of
from oms.api.increff.push.values import offset, some_text
from oms.locations.models import ChannelPoint
from oms.orders.models import OrderLine
from returns.choices import ReturnStatus, ReturnType, UnitStatus
from returns.models import ReturnOrder, ReturnUnit

Data = dict[str, Any]

ORDER_TYPE: Mapping[str, str] = {
    ReturnType.CUSTOMER_RETURN: "CUSTOMER_RETURN",
    ReturnType.UNDELIVERED: "RETURN_TO_ORIGIN",
}
STATUS: Mapping[str, str] = {
    ReturnStatus.EXPECTED: "CREATED",
    ReturnStatus.RECEIVED: "CREATED",
    ReturnStatus.INSPECTED: "COMPLETED",
    ReturnStatus.CLOSED: "COMPLETED",
    ReturnStatus.CANCELLED: "CANCELLED",
}
UNIT_STATUS: Mapping[str, str] = {
    UnitStatus.EXPECTED: "CREATED",
    UnitStatus.RECEIVED: "CREATED",
    UnitStatus.INSPECTED: "COMPLETED",
    UnitStatus.CANCELLED: "CANCELLED",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """A return with what is told of it."""

    row: ReturnOrder
    location_code: str
    units: list[ReturnUnit]
    names: Mapping[int, SkuName]
    combos: list[OrderLine]
    bundle_names: Mapping[int, SkuName]


def expectations(return_ids: Collection[int], *, efs_channel_id: int) -> dict[int, Expectation]:
    """By key of the return; left out is what another system sent out, or what comes to a point the
    EFS channel no longer runs. Six queries at most, and three more for combos.
    """
    units = (
        ReturnUnit.objects.select_related("order_line__parent")
        .prefetch_related(parts_of("order_line__parent__parts"))
        .order_by("position")
    )
    rows = ReturnOrder.objects.filter(pk__in=return_ids).select_related("channel")
    places = location_codes(efs_channel_id)
    near = [
        row
        for row in rows.prefetch_related(Prefetch("units", queryset=units))
        if row.point_id in places
    ]
    foreign = _sent_by_others({row.order_id for row in near if row.order_id}, set(places))
    told = [row for row in near if row.order_id not in foreign]
    of_rows = {row.pk: _combos(row.units.all()) for row in told}
    of_combos = [line for listed in of_rows.values() for line in listed]
    skus = {unit.sku_id for row in told for unit in row.units.all()}
    skus |= {part.sku_id for line in of_combos for part in line.parts.all() if part.sku_id}
    names = codes.sku_names(skus, efs_channel_id=efs_channel_id)
    bundle_names = codes.bundle_names(
        {line.bundle_id for line in of_combos if line.bundle_id}, efs_channel_id=efs_channel_id
    )
    return {
        row.pk: Expectation(
            row=row,
            location_code=places[row.point_id],
            units=list(row.units.all()),
            names=names,
            combos=of_rows[row.pk],
            bundle_names=bundle_names,
        )
        for row in told
    }


def _combos(units: Iterable[ReturnUnit]) -> list[OrderLine]:
    """The lines of combos that units are parts of, each once."""
    parents = (unit.order_line.parent for unit in units if unit.order_line)
    return list({line.pk: line for line in parents if line is not None}.values())


def _sent_by_others(order_ids: Collection[int], ours: Collection[int]) -> set[int]:
    """Orders that other EFS channels processed, and this one did not."""
    points: dict[int, set[int]] = {}
    tasks = FulfillmentTask.objects.filter(order_id__in=order_ids)
    for order_id, point_id in tasks.exclude(status=TaskStatus.CANCELLED).values_list(
        "order_id", "point_id"
    ):
        points.setdefault(order_id, set()).add(point_id)
    far = {order_id: found for order_id, found in points.items() if found.isdisjoint(ours)}
    if not far:
        return set()
    external = set(
        ChannelPoint.objects.filter(
            channel__type=ChannelType.EFS, point_id__in=set().union(*far.values())
        ).values_list("point_id", flat=True)
    )
    return {order_id for order_id, found in far.items() if found & external}


def return_event(found: Expectation, *, event_type: str, has_extras: bool) -> Data:
    """One message: the union of its editions, every key of it."""
    row = found.row
    return {
        "forwardOrderCode": row.order_external_id,
        "returnOrderCode": return_code(row),
        "locationCode": found.location_code,
        "channelName": row.channel.code,
        "eventType": event_type,
        "returnOrderTime": offset(row.created_at),
        "orderItems": [_item(found, unit) for unit in found.units],
        "orderType": ORDER_TYPE[row.type],
        "awbNumber": row.tracking_number,
        "transporter": row.carrier_code,
        "status": STATUS[row.status],
        "orderCustomAttributes": None,
        "orderItemCustomAttributes": None,
        "virtualSkuDefinitions": combos.definitions(found.combos, found.names, found.bundle_names),
        "bundledSkuDefinitions": None,
    } | (_extras(row) if has_extras else {})


def return_code(row: ReturnOrder) -> str:
    """The sales channel's number of a return; ours while it has none."""
    return row.external_id or row.number


def unit_code(row: ReturnOrder, unit: ReturnUnit) -> str:
    """The sales channel's number of a unit; made from the return's while it has none."""
    return unit.external_id or f"{return_code(row)}-{unit.position}"


def _item(found: Expectation, unit: ReturnUnit) -> Data:
    return {
        "returnItemCode": unit_code(found.row, unit),
        "reason": some_text(unit.reason),
        "channelSkuCode": found.names[unit.sku_id].channel_sku_code,
        "status": UNIT_STATUS[unit.status],
        "isBundled": None,
    }


def _extras(row: ReturnOrder) -> Data:
    """The three members whose names nobody knows for sure."""
    return {
        "logisticsStatus": None,
        "approvedDate": offset(row.refund_decided_at) if row.refund_decided_at else None,
        "isUploaded": False,
    }

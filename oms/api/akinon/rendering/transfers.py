"""Transfer orders, as calls answer them and hooks tell them (contract 3.7, 9.13)."""

from collections.abc import Mapping, Sequence
from typing import Any

from fulfillment.models import TransferOrder
from oms.api.akinon import states
from oms.api.akinon.package_reads import package_id
from oms.api.akinon.rendering.locations import Known, location
from oms.api.akinon.rendering.states import state
from oms.api.akinon.rendering.values import stamp, text_or_none
from oms.orders import bundles

Shown = dict[str, Any]


def transfer(
    one: TransferOrder, *, known: Mapping[int, Known], commands: Sequence[Shown] = ()
) -> Shown:
    """A transfer in full, loaded by `transfer_reads.feed`; `known` is of its points, by key."""
    return {
        "id": one.public_number,
        "number": one.number,
        "state": state(states.transfer_state(one.status)),
        "order": one.task.order.number,
        "order_number": one.task.order.external_id,
        "package": package_id(one.task.number),
        "source": location(one.source, known=known[one.source_id]),
        "destination": location(one.destination, known=known[one.destination_id]),
        "shipping_company": text_or_none(one.carrier),
        "tracking_number": text_or_none(one.tracking_number),
        "transferitem_set": [
            {
                "package_item": line.task_line.number,
                "order_item": bundles.ordered_line(line.task_line.order_line).number,
                "quantity": line.quantity,
            }
            for line in one.lines.all()
        ],
        "extra_information": one.extra,
        "commands": list(commands),
        "created_date": stamp(one.created_at),
        "modified_date": stamp(one.changed_at),
    }


def short_transfer(one: TransferOrder) -> Shown:
    """A transfer as short lists have it: codes instead of objects."""
    return {
        "id": one.public_number,
        "number": one.number,
        "state": states.transfer_state(one.status).enum_value,
        "order": one.task.order.number,
        "package": package_id(one.task.number),
        "source_erp_code": one.source.code,
        "destination_erp_code": one.destination.code,
        "transferitem_count": len(one.lines.all()),
    }

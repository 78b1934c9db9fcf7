"""Who reacts to what. The whole wiring of the system, on one page."""

from collections.abc import Mapping, Sequence

from fulfillment import handlers as fulfillment
from oms.api.akinon.sync import handlers as omnitron
from oms.events.choices import EventType
from oms.events.relay import Handler
from returns import handlers as returns

# Once a task is packed, has left or has ended, nobody looks for its units any more.
LEAVES_THE_PICKLIST = (
    EventType.TASK_PACKED,
    EventType.TASK_SHIPPED,
    EventType.TASK_ATTEMPTED,
    EventType.TASK_DELIVERED,
    EventType.TASK_RETURNED_TO_POINT,
    EventType.TASK_LOST,
    EventType.TASK_CANCELLED,
    EventType.TASK_HOPPED,
)

# What the source of an order is told of its items.
IS_TOLD_TO_THE_SOURCE = (
    EventType.TASK_PACKED,
    EventType.TASK_READY_FOR_PICKUP,
    EventType.TASK_SHIPPED,
    EventType.TASK_ATTEMPTED,
    EventType.TASK_DELIVERED,
    EventType.TASK_INVOICE_CHANGED,
    EventType.TASK_SHIPMENT_CHANGED,
)


def _handlers(kind: EventType) -> Sequence[Handler]:
    """Of an event of a task."""
    picklist = [fulfillment.close_finished_picklist] if kind in LEAVES_THE_PICKLIST else []
    source = [omnitron.note_statuses] if kind in IS_TOLD_TO_THE_SOURCE else []
    return [*picklist, *source]


SUBSCRIPTIONS: Mapping[str, Sequence[Handler]] = {
    EventType.STOCK_COUNTED: [fulfillment.wake_waiting_orders, fulfillment.flag_unserved_tasks],
    EventType.STOCK_ADJUSTED: [fulfillment.wake_waiting_orders, fulfillment.flag_unserved_tasks],
    EventType.ORDER_CANCEL_REQUESTED: [fulfillment.pass_on_wish],
    EventType.ORDER_BUYER_ERASED: [fulfillment.erase_documents, returns.erase_words],
    EventType.ORDER_HELD: [fulfillment.announce_terms],
    EventType.ORDER_RELEASED: [fulfillment.announce_terms],
    EventType.ORDER_EDITED: [fulfillment.announce_deadline],
    EventType.CANCELLATION_CREATED: [fulfillment.wake_waiting_orders],
    EventType.RETURN_CLOSED: [returns.credit_return],
    **{kind: _handlers(kind) for kind in {*LEAVES_THE_PICKLIST, *IS_TOLD_TO_THE_SOURCE}},
}

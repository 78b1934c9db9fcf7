"""Who reacts to what. The whole wiring of the system, on one page."""

from collections.abc import Mapping, Sequence

from fulfillment import handlers as fulfillment
from oms.events.choices import EventType
from oms.events.relay import Handler
from returns import handlers as returns

SUBSCRIPTIONS: Mapping[str, Sequence[Handler]] = {
    EventType.STOCK_COUNTED: [fulfillment.wake_waiting_orders, fulfillment.flag_unserved_tasks],
    EventType.STOCK_ADJUSTED: [fulfillment.wake_waiting_orders, fulfillment.flag_unserved_tasks],
    EventType.ORDER_CANCEL_REQUESTED: [fulfillment.pass_on_wish],
    EventType.ORDER_BUYER_ERASED: [fulfillment.erase_documents, returns.erase_words],
    EventType.CANCELLATION_CREATED: [fulfillment.wake_waiting_orders],
}

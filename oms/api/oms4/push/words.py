"""The message types, who may have them, and the events they tell of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from oms.accounts.choices import ClientKind
from oms.api.oms4.push import messages
from oms.api.oms4.push.messages import Data
from oms.api.oms4.push.reading import Readings
from oms.events.choices import EventType
from oms.events.models import Event

PING = "ping"
WEBHOOK_TYPE: Mapping[str, str] = {ClientKind.POINT: "FP", ClientKind.CHANNEL: "SC"}


@dataclass(frozen=True, slots=True)
class Word:
    """One message type. `for_every_channel`: not only for channels of type General."""

    tells_of: EventType
    data: Callable[[Event, Readings], Data]
    for_every_channel: bool = False


# A cancellation is an event of its lines and, when nothing is left, one of the order: the first
# is told, so that each cancellation is one message.
WORDS: Mapping[str, Mapping[str, Word]] = {
    ClientKind.POINT: {
        "new_ft": Word(EventType.TASK_CREATED, messages.new_ft),
        "generated_shipping_label": Word(EventType.LABEL_READY, messages.generated_shipping_label),
        "new_ct": Word(EventType.CANCELLATION_CREATED, messages.new_ct),
        "shipping_label_updated": Word(EventType.LABEL_UPDATED, messages.shipping_label_updated),
        "cancel_request": Word(EventType.TASK_CANCEL_REQUESTED, messages.cancel_request),
    },
    ClientKind.CHANNEL: {
        "new_order": Word(EventType.ORDER_PLACED, messages.new_order, for_every_channel=True),
        "handle_buyer_cancellation": Word(
            EventType.ORDER_CANCEL_DECIDED, messages.handle_buyer_cancellation
        ),
        "cancle_order": Word(
            EventType.ORDER_LINES_CANCELLED, messages.cancle_order, for_every_channel=True
        ),
        "ft_received_by_fp": Word(EventType.TASK_RECEIVED, messages.ft_received_by_fp),
        "parcel_packed": Word(EventType.PARCEL_PACKED, messages.parcel_packed),
        "parcel_status_updated": Word(
            EventType.PARCEL_STATUS_CHANGED, messages.parcel_status_updated
        ),
        "spu_stock_update": Word(EventType.STOCK_CHANGED, messages.spu_stock_update),
        "spu_price_update": Word(EventType.PRICE_CHANGED, messages.spu_price_update),
        "spu_status_update": Word(EventType.SPU_STATUS_CHANGED, messages.spu_status_update),
        "request_spu_info": Word(EventType.SPU_REQUESTED, messages.request_spu_info),
    },
}


def word_for(kind: str, event_type: str) -> tuple[str, Word] | None:
    """The message type of a family that tells of an event; None when there is nothing to tell."""
    return _BY_EVENT.get((kind, event_type))


_BY_EVENT = {
    (str(kind), str(word.tells_of)): (name, word)
    for kind, words in WORDS.items()
    for name, word in words.items()
}

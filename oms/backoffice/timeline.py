"""What happened to an order, one sentence per event, in the words of the people who read it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from oms.backoffice.formats import TONES, actor_name
from oms.events.choices import EventType
from oms.events.models import Event
from oms.orders.choices import CancelDecision, HoldReason
from returns.choices import RefundDecision

LONGEST = 500  # events on one page; an order with more is looked up in the event list

SENTENCES: dict[EventType, str] = {
    EventType.ORDER_PLACED: "Order {order} came in",
    EventType.ORDER_UPDATED: "The channel changed the order",
    EventType.ORDER_PAID: "Payment confirmed; the order may be routed",
    EventType.ORDER_UNALLOCATED: "The order waits: {reason}",
    EventType.ORDER_ALLOCATED: "Routed: {reason}",
    EventType.ORDER_IN_FULFILLMENT: "Work on the order began",
    EventType.ORDER_PACKED: "Everything is packed",
    EventType.ORDER_PARTLY_PACKED: "The first of it is packed",
    EventType.ORDER_PARTLY_SHIPPED: "The first of it has left",
    EventType.ORDER_SHIPPED: "Everything has left",
    EventType.ORDER_OUT_FOR_DELIVERY: "The order is out for delivery",
    EventType.ORDER_DELIVERED: "The order was delivered",
    EventType.ORDER_RETURNED_TO_POINT: "The order came back undelivered",
    EventType.ORDER_RETURNED: "The order was returned",
    EventType.ORDER_LOST: "The order was lost",
    EventType.ORDER_REOPENED: "The order went back to an earlier state",
    EventType.ORDER_LINES_CANCELLED: "Lines cancelled: {lines}",
    EventType.ORDER_CANCELLED: "The order was cancelled",
    EventType.ORDER_HELD: "Held: {hold_reason}",
    EventType.ORDER_RELEASED: "Hold released: {hold_reason}",
    EventType.ORDER_CANCEL_REQUESTED: "Cancellation was asked for",
    EventType.ORDER_CANCEL_DECIDED: "Cancel request decided: {decision}",
    EventType.ORDER_SKUS_MATCHED: "Unknown SKUs are known now: {skus}",
    EventType.ORDER_BUYER_ERASED: "The buyer's data was erased",
    EventType.ORDER_EDITED: "The order was edited: {changed}",
    EventType.ORDER_COMPLETED: "The order was closed",
    EventType.TASK_CREATED: "Task {task} was created",
    EventType.TASK_RECEIVED: "Task {task} was received by the point",
    EventType.TASK_ACCEPTED: "Task {task} was accepted",
    EventType.TASK_PICKING: "Picking of task {task} began",
    EventType.TASK_PICKED: "Task {task} was picked",
    EventType.TASK_PACKED: "Task {task} was packed",
    EventType.TASK_SHIPPED: "Task {task} has left",
    EventType.TASK_DELIVERED: "Task {task} was delivered",
    EventType.TASK_ATTEMPTED: "A delivery of task {task} was attempted",
    EventType.TASK_RETURNED_TO_POINT: "Task {task} came back undelivered",
    EventType.TASK_LOST: "Task {task} was lost",
    EventType.TASK_LINES_CANCELLED: "Lines of task {task} were cancelled",
    EventType.TASK_CANCELLED: "Task {task} was cancelled",
    EventType.TASK_TERMS_CHANGED: "The terms of task {task} changed: a hold or its deadline",
    EventType.TASK_HOPPED: "Task {task} was taken from {point}: not accepted in time",
    EventType.ORDER_SPLIT: "The order became several tasks",
    EventType.TASK_NEEDS_REPLANNING: "Task {task} has to be planned anew",
    EventType.TASK_REFUSED: "Task {task} was refused by its point",
    EventType.TASK_BLOCKED: "Task {task} was blocked",
    EventType.TASK_UNBLOCKED: "Task {task} was unblocked",
    EventType.TASK_READY_FOR_PICKUP: "Task {task} is ready for pickup",
    EventType.TASK_DELIVERY_FAILED: "Delivery of task {task} failed",
    EventType.TASK_PACKED_FOR_REFUND: "Task {task} was set aside for a refund",
    EventType.TASK_INVOICE_CHANGED: "The invoice of task {task} changed",
    EventType.TASK_SHIPMENT_CHANGED: "Carrier or numbers of task {task} changed",
    EventType.TRANSFER_CREATED: "Transfer {transfer} was made for task {task}",
    EventType.TRANSFER_READY: "Transfer {transfer} is ready for shipment",
    EventType.TRANSFER_DISPATCHED: "Transfer {transfer} is on its way",
    EventType.TRANSFER_COMPLETED: "Transfer {transfer} arrived",
    EventType.TRANSFER_CANCELLED: "Transfer {transfer} was cancelled",
    EventType.TASK_OUT_OF_STOCK: "Task {task} can no longer be served from stock",
    EventType.TASK_REOPENED: "Task {task} went back to an earlier state",
    EventType.TASK_SHORT_PICKED: "The point did not find units of task {task}",
    EventType.TASK_ACTIVITY_REPORTED: "The point reported on task {task}: {milestone}",
    EventType.PARCEL_PLANNED: "Parcel {parcel} was planned",
    EventType.PARCEL_PACKED: "Parcel {parcel} was packed",
    EventType.PARCEL_LABELLED: "Parcel {parcel} was labelled",
    EventType.PARCEL_MANIFESTED: "Parcel {parcel} was put on manifest {manifest}",
    EventType.PARCEL_STATUS_CHANGED: "Parcel {parcel}: {state}",
    EventType.PARCEL_VOIDED: "Parcel {parcel} was voided",
    EventType.PARCEL_EDITED: "Details of parcel {parcel} were changed",
    EventType.LABEL_REQUESTED: "A label for parcel {parcel} was asked for",
    EventType.LABEL_READY: "The label of parcel {parcel} is ready",
    EventType.LABEL_FAILED: "No label for parcel {parcel}: {error}",
    EventType.LABEL_VOIDED: "The label of parcel {parcel} was voided",
    EventType.LABEL_UPDATED: "The label of parcel {parcel} was replaced",
    EventType.TASK_CANCEL_REQUESTED: "The point of task {task} was told of the cancel request",
    EventType.CANCELLATION_CREATED: "The point was told to drop lines: {cancellation}",
    EventType.CANCELLATION_CLOSED: "Cancellation {cancellation} was closed",
    EventType.RETURN_EXPECTED: "Return {return} is expected",
    EventType.RETURN_EDITED: "Return {return} was edited: {changed}",
    EventType.RETURN_RECEIVED: "Units of return {return} arrived: {units}",
    EventType.RETURN_INSPECTED: "Units of return {return} were inspected: {units}",
    EventType.RETURN_CANCELLED: "Return {return} was cancelled",
    EventType.RETURN_REFUND_DECIDED: "Refund of return {return}: {decision}",
    EventType.RETURN_CLOSED: "Return {return} was closed",
    EventType.PICKLIST_CREATED: "Picklist {picklist} was made of {tasks} tasks",
    EventType.PICKLIST_CLOSED: "Picklist {picklist} was closed",
    EventType.MANIFEST_CREATED: "Manifest {manifest} for {carrier}: {parcels} parcels",
    EventType.INVOICE_ISSUED: "Invoice {invoice} of {gross_total} {currency} for parcel {parcel}",
    EventType.INVOICE_CORRECTED: "Credit note {credit_note} of {gross_total} {currency} "
    "for invoice {invoice}",
    EventType.HANDOVER_COMPLETED: "Hand-over {handover} to {carrier}: {parcels} parcels",
    EventType.HANDOVER_SIGNED: "The signed paper of hand-over {handover} was filed",
    EventType.STOCK_COUNTED: "Stock was counted at {point}",
    EventType.STOCK_ADJUSTED: "Stock was adjusted at {point}",
    EventType.STOCK_CHANGED: "The available stock of product {spu} changed",
    EventType.CUSTOMER_CREATED: "The customer was entered",
    EventType.CUSTOMER_UPDATED: "The customer was changed: {changed}",
    EventType.CUSTOMER_ERASED: "The customer's personal data was erased",
    EventType.LEVEL_CHANGED: "The stock of {sku} at {point} changed",
    EventType.PRICE_CHANGED: "Prices of product {spu} changed",
    EventType.SPU_STATUS_CHANGED: "Product {spu} is {state} at its channel",
    EventType.SPU_REQUESTED: "Channel {channel} was asked for its products",
    EventType.ENDPOINT_REGISTERED: "Endpoint {endpoint} was registered",
    EventType.ENDPOINT_CHANGED: "Settings of endpoint {endpoint} were changed",
    EventType.ENDPOINT_REMOVED: "Endpoint {endpoint} was removed",
    EventType.ENDPOINT_REPLAYED: "Deliveries to endpoint {endpoint} are sent again",
    EventType.ENDPOINT_STATE_CHANGED: "Endpoint {endpoint}: {state}",
    EventType.ENDPOINT_SECRET_ROTATED: "The secret of endpoint {endpoint} was rotated",
    EventType.ENDPOINT_WARNED: "Endpoint {endpoint} has been failing for long",
    EventType.POINT_CREATED: "The point was entered",
    EventType.POINT_UPDATED: "The point was changed",
    EventType.NEWS_PUBLISHED: "A hook is told of it by hand, as {word}",
}

# The names publishers use for one thing, best first.
_ALIASES: dict[str, tuple[str, ...]] = {
    "task": ("task", "task_number"),
    "parcel": ("parcel", "parcel_number", "point_parcel_no"),
    "cancellation": ("cancellation", "cancellation_number", "number"),
    "error": ("error", "last_error", "reason"),
    "point": ("point", "point_code"),
}
_MISSING: dict[str, str] = {
    "reason": "see routing",
    "error": "see the document",
    "lines": "see the lines",
    "point": "the point",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a timeline."""

    at: datetime
    who: str
    sentence: str
    type: str
    tone: str
    cause: str


class _Words(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return _MISSING.get(name, "")


def sentence_of(event: Event) -> str:
    """The event in words; complete also when its data says less than expected."""
    template = SENTENCES.get(EventType(event.type), event.get_type_display())
    return template.format_map(_words(event)).strip().rstrip(":")


def _words(event: Event) -> _Words:
    words = _Words({key: _text(value) for key, value in event.data.items() if value})
    for name, keys in _ALIASES.items():
        if found := next((words[key] for key in keys if key in words), ""):
            words[name] = found
    words["state"] = event.status.replace("_", " ").lower()
    reason = words.get("reason", "")
    if reason in HoldReason.values:
        words["hold_reason"] = HoldReason(reason).label
    decision = words.get("decision", "")
    if decision in CancelDecision.values:
        words["decision"] = CancelDecision(decision).label.lower()
    if decision in RefundDecision.values:
        words["decision"] = RefundDecision(decision).label.lower()
    return words


def _text(value: object) -> str:
    return ", ".join(str(each) for each in value) if isinstance(value, list) else str(value)


def entries(events: Iterable[Event]) -> list[Entry]:
    """A timeline, in the order the events were written."""
    return [
        Entry(
            at=event.occurred_at,
            who=actor_name(event.actor),
            sentence=sentence_of(event),
            type=event.type,
            tone=TONES.get(event.status, "idle"),
            cause=event.cause,
        )
        for event in events
    ]

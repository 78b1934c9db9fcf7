"""What the `data` of each event type has, in public numbers and words."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from oms.events.choices import EventType as T

Schema = dict[str, object]
Members = Mapping[str, Schema]

TEXT: Schema = {"type": "string"}
MAYBE_TEXT: Schema = {"type": ["string", "null"]}
NUMBER: Schema = {"type": "integer"}
COUNT: Schema = {"type": "integer", "minimum": 0}
MOMENT: Schema = {"type": "string", "format": "date-time"}
NAMES: Schema = {"type": "array", "items": TEXT}
NUMBERS: Schema = {"type": "array", "items": NUMBER}


def items(**members: Schema) -> Schema:
    """A list of objects that have exactly these members, at least."""
    item: Schema = {"type": "object", "properties": members, "required": sorted(members)}
    return {"type": "array", "items": item}


@dataclass(frozen=True, slots=True)
class Data:
    """The members of one type's `data`; every type may have `status`, its subject's state."""

    always: Members
    sometimes: Members = field(default_factory=dict)


_ORDER: Members = {"order": TEXT}
_TASK: Members = {**_ORDER, "task": TEXT}
_PARCEL: Members = {**_TASK, "parcel": NUMBER, "point_parcel_no": MAYBE_TEXT}
_CANCELLATION: Members = {**_TASK, "cancellation": TEXT}
_LABEL: Members = {**_PARCEL, "reference": TEXT}
_MADE: Members = {"carrier": TEXT, "delivery_type": TEXT, "tracking_number": TEXT}
_ENDPOINT: Members = {"endpoint": TEXT, "format": TEXT}
_CUSTOMER: Members = {"customer": TEXT}
_PICKLIST: Members = {"picklist": NUMBER}
_RETURN: Members = {**_ORDER, "return": TEXT}
_BEFORE: Members = {"before": TEXT}
_TOTALS: Members = dict.fromkeys(("currency", "net_total", "tax_total", "gross_total"), TEXT)
_CANCELLED_LINES = items(line=TEXT, quantity=COUNT, party=TEXT, reason=TEXT)
_WANTED_LINES = items(task_line=NUMBER, quantity=COUNT)
_STOCK = items(sku=TEXT, seller_sku_code=TEXT, stock=COUNT)
_LEVEL_AT: Members = {"sku": TEXT, "point": TEXT, "version": NUMBER}
_LEVEL_UNITS: Members = dict.fromkeys(
    ("on_hand", "reserved", "unavailable", "incoming", "safety", "available"), COUNT
)
_PRICES = items(sku=TEXT, seller_sku_code=TEXT, original_price=TEXT, current_price=TEXT)


def _data(always: Members, **sometimes: Schema) -> Data:
    return Data(always, sometimes)


_MOVED_ORDER = Data(_ORDER, _BEFORE)
# By which configured transition a command was asked for, and whether its order source is told.
_ASKED: Members = {"rule": NUMBER, "slug": TEXT, "is_synced": {"type": "boolean"}}
_MOVED_TASK = Data(_TASK, {**_BEFORE, **_ASKED})
_TRANSFERRED = Data({**_TASK, "transfer": TEXT}, {**_BEFORE, **_ASKED})
_ROUTED = Data(_ORDER, {**_BEFORE, "reason": TEXT})
_HELD = _data(_ORDER, reason=TEXT, holder=TEXT)
_COUNTED = _data({"point": TEXT, "changed": COUNT})

DATA: Mapping[T, Data] = {
    T.ORDER_PLACED: _data({**_ORDER, "lines": COUNT}),
    T.ORDER_UPDATED: _data(_ORDER),
    T.ORDER_SKUS_MATCHED: _data({**_ORDER, "skus": NAMES}),
    T.ORDER_PAID: _MOVED_ORDER,
    T.ORDER_UNALLOCATED: _ROUTED,
    T.ORDER_ALLOCATED: _ROUTED,
    T.ORDER_IN_FULFILLMENT: _MOVED_ORDER,
    T.ORDER_PACKED: _MOVED_ORDER,
    T.ORDER_SHIPPED: _MOVED_ORDER,
    T.ORDER_OUT_FOR_DELIVERY: _MOVED_ORDER,
    T.ORDER_DELIVERED: _MOVED_ORDER,
    T.ORDER_RETURNED_TO_POINT: _MOVED_ORDER,
    T.ORDER_RETURNED: _MOVED_ORDER,
    T.ORDER_LOST: _MOVED_ORDER,
    T.ORDER_REOPENED: _MOVED_ORDER,
    T.ORDER_LINES_CANCELLED: _data({**_ORDER, "lines": _CANCELLED_LINES}),
    T.ORDER_CANCELLED: _MOVED_ORDER,
    T.ORDER_HELD: _HELD,
    T.ORDER_RELEASED: _HELD,
    T.ORDER_CANCEL_REQUESTED: _data({**_ORDER, "lines": NAMES}),
    T.ORDER_CANCEL_DECIDED: _data({**_ORDER, "decision": TEXT}),
    T.ORDER_BUYER_ERASED: _data(_ORDER),
    T.ORDER_PARTLY_PACKED: _data(_ORDER),
    T.ORDER_PARTLY_SHIPPED: _data(_ORDER),
    T.ORDER_SPLIT: _data({**_ORDER, "tasks": NAMES}),
    T.ORDER_EDITED: _data({**_ORDER, "changed": NAMES}),
    T.ORDER_COMPLETED: _data(_ORDER),
    T.TASK_CREATED: _data(_TASK),
    T.TASK_RECEIVED: Data(_TASK, _ASKED),
    T.TASK_ACCEPTED: _MOVED_TASK,
    T.TASK_PICKING: _MOVED_TASK,
    T.TASK_PICKED: _MOVED_TASK,
    T.TASK_PACKED: _MOVED_TASK,
    T.TASK_SHIPPED: _MOVED_TASK,
    T.TASK_DELIVERED: _MOVED_TASK,
    T.TASK_ATTEMPTED: _MOVED_TASK,
    T.TASK_RETURNED_TO_POINT: _MOVED_TASK,
    T.TASK_LOST: _MOVED_TASK,
    T.TASK_LINES_CANCELLED: Data({**_TASK, "task_lines": NUMBERS}, _ASKED),
    T.TASK_CANCELLED: _MOVED_TASK,
    T.TASK_HOPPED: _MOVED_TASK,
    T.TASK_TERMS_CHANGED: _data(_TASK),
    T.TASK_OUT_OF_STOCK: _MOVED_TASK,
    T.TASK_REOPENED: _MOVED_TASK,
    T.TASK_SHORT_PICKED: Data({**_TASK, "lines": _WANTED_LINES}, _ASKED),
    T.TASK_ACTIVITY_REPORTED: _data({**_TASK, "milestone": TEXT, "reported_at": MOMENT}),
    T.POINT_CREATED: _data({"point": TEXT}),
    T.POINT_UPDATED: _data({"point": TEXT}, changed=NAMES),
    T.TASK_NEEDS_REPLANNING: _MOVED_TASK,
    T.TASK_REFUSED: Data({**_TASK, **_BEFORE, "reason": TEXT}, _ASKED),
    T.TASK_BLOCKED: _MOVED_TASK,
    T.TASK_UNBLOCKED: _MOVED_TASK,
    T.TASK_READY_FOR_PICKUP: _MOVED_TASK,
    T.TASK_DELIVERY_FAILED: _MOVED_TASK,
    T.TASK_PACKED_FOR_REFUND: _MOVED_TASK,
    T.TASK_INVOICE_CHANGED: Data({**_TASK, "invoice": TEXT}, _ASKED),
    T.TASK_SHIPMENT_CHANGED: Data({**_TASK, "carrier": TEXT, "tracking_number": TEXT}, _ASKED),
    T.TRANSFER_CREATED: _TRANSFERRED,
    T.TRANSFER_READY: _TRANSFERRED,
    T.TRANSFER_DISPATCHED: _TRANSFERRED,
    T.TRANSFER_COMPLETED: _TRANSFERRED,
    T.TRANSFER_CANCELLED: _TRANSFERRED,
    T.TASK_CANCEL_REQUESTED: _data({**_TASK, "lines": _WANTED_LINES, "requested_at": MOMENT}),
    T.PARCEL_PLANNED: _data(_PARCEL),
    T.PARCEL_PACKED: _data({**_PARCEL, "packed_at": MOMENT}),
    T.PARCEL_LABELLED: _data(_PARCEL),
    T.PARCEL_MANIFESTED: _data({**_PARCEL, "manifest": TEXT}),
    T.PARCEL_STATUS_CHANGED: Data(
        {**_PARCEL, **_BEFORE, "milestone_at": MOMENT, "channel_parcel_no": TEXT},
        {"station": TEXT, "station_before": TEXT},
    ),
    T.PARCEL_EDITED: _data({**_PARCEL, "changed": NAMES}),
    T.PARCEL_VOIDED: _data(_PARCEL),
    T.LABEL_REQUESTED: _data(_LABEL),
    T.LABEL_READY: _data({**_LABEL, **_MADE}),
    T.LABEL_UPDATED: Data(_PARCEL, {**_MADE, "reference": TEXT}),
    T.LABEL_FAILED: _data({**_LABEL, "attempts": COUNT}, error=TEXT, error_code=TEXT),
    T.LABEL_VOIDED: _data(_LABEL),
    T.CANCELLATION_CREATED: _data(
        {**_CANCELLATION, "task_lines": NUMBERS},
        units=items(task_line=NUMBER, quantity=COUNT, party=TEXT),
    ),
    T.CANCELLATION_CLOSED: _data(_CANCELLATION),
    T.PICKLIST_CREATED: _data({**_PICKLIST, "tasks": COUNT}, external_code=TEXT),
    T.PICKLIST_CLOSED: _data({**_PICKLIST, "tasks": COUNT}),
    T.MANIFEST_CREATED: _data({"manifest": TEXT, "carrier": TEXT, "parcels": COUNT}),
    T.HANDOVER_COMPLETED: _data({"handover": TEXT, "carrier": TEXT, "parcels": COUNT}),
    T.INVOICE_ISSUED: _data({**_TASK, "parcel": NUMBER, "invoice": TEXT, **_TOTALS}),
    T.INVOICE_CORRECTED: _data(
        {**_TASK, "parcel": NUMBER, "invoice": TEXT, "credit_note": TEXT, **_TOTALS}
    ),
    T.HANDOVER_SIGNED: _data({"handover": TEXT}),
    T.STOCK_COUNTED: _COUNTED,
    T.STOCK_ADJUSTED: _COUNTED,
    T.STOCK_CHANGED: _data({"spu": TEXT, "skus": _STOCK}),
    T.LEVEL_CHANGED: _data({**_LEVEL_AT, **_LEVEL_UNITS}),
    T.CUSTOMER_CREATED: _data(_CUSTOMER),
    T.CUSTOMER_UPDATED: _data({**_CUSTOMER, "changed": NAMES}),
    T.CUSTOMER_ERASED: _data({**_CUSTOMER, "orders": COUNT}),
    T.RETURN_EXPECTED: _data({**_RETURN, "units": COUNT, "type": TEXT}),
    T.RETURN_EDITED: _data({**_RETURN, "changed": NAMES}),
    T.RETURN_RECEIVED: _data({**_RETURN, "units": NUMBERS}),
    T.RETURN_INSPECTED: _data({**_RETURN, "units": NUMBERS}),
    T.RETURN_CANCELLED: _data({**_RETURN, "units": NUMBERS}),
    T.RETURN_REFUND_DECIDED: _data({**_RETURN, "decision": TEXT}),
    T.RETURN_CLOSED: _data(_RETURN),
    T.PRICE_CHANGED: _data({"spu": TEXT, "skus": _PRICES}),
    T.SPU_STATUS_CHANGED: _data({"spu": TEXT, **_BEFORE}),
    T.SPU_REQUESTED: _data({"channel": TEXT, "spus": NAMES}),
    T.ENDPOINT_REGISTERED: _data(_ENDPOINT),
    T.ENDPOINT_CHANGED: _data({**_ENDPOINT, "changed": NAMES}),
    T.ENDPOINT_REMOVED: _data(_ENDPOINT),
    T.ENDPOINT_REPLAYED: _data({**_ENDPOINT, "deliveries": COUNT}),
    T.ENDPOINT_STATE_CHANGED: _data(_ENDPOINT, reason=TEXT),
    T.ENDPOINT_SECRET_ROTATED: _data({**_ENDPOINT, "grace_seconds": COUNT}),
    T.NEWS_PUBLISHED: _data({"endpoint": TEXT, "word": TEXT}),
    T.ENDPOINT_WARNED: _data({**_ENDPOINT, "percent": COUNT}),
}

from django.db import models


class SubjectType(models.TextChoices):
    """What a fact is about."""

    ORDER = "order", "Order"
    TASK = "task", "Fulfillment task"
    PARCEL = "parcel", "Parcel"
    CANCELLATION = "cancellation", "Cancellation task"
    POINT = "point", "Fulfillment point"
    CHANNEL = "channel", "Sales channel"
    SPU = "spu", "Product listing"
    ENDPOINT = "endpoint", "Webhook endpoint"


class EventType(models.TextChoices):
    """Facts, in the past tense. A new fact is a new row here."""

    ORDER_PLACED = "order.placed", "Order placed"
    ORDER_UPDATED = "order.updated", "Order updated by its channel"
    ORDER_PAID = "order.paid", "Order paid"
    ORDER_UNALLOCATED = "order.unallocated", "Order waits for stock or a point"
    ORDER_ALLOCATED = "order.allocated", "Order allocated"
    ORDER_IN_FULFILLMENT = "order.in_fulfillment", "Work on the order began"
    ORDER_PACKED = "order.packed", "Order packed"
    ORDER_SHIPPED = "order.shipped", "Order shipped"
    ORDER_OUT_FOR_DELIVERY = "order.out_for_delivery", "Order out for delivery"
    ORDER_DELIVERED = "order.delivered", "Order delivered"
    ORDER_RETURNED_TO_POINT = "order.returned_to_point", "Order came back undelivered"
    ORDER_RETURNED = "order.returned", "Order returned"
    ORDER_LOST = "order.lost", "Order lost"
    ORDER_REOPENED = "order.reopened", "Order went back to an earlier state"
    ORDER_LINES_CANCELLED = "order.lines_cancelled", "Lines of the order cancelled"
    ORDER_CANCELLED = "order.cancelled", "Order cancelled"
    ORDER_HELD = "order.held", "Hold placed"
    ORDER_RELEASED = "order.released", "Hold released"
    ORDER_CANCEL_REQUESTED = "order.cancel_requested", "Cancellation requested"
    ORDER_CANCEL_DECIDED = "order.cancel_decided", "Cancellation request decided"
    ORDER_SKUS_MATCHED = "order.skus_matched", "Unknown SKUs of the order found"
    ORDER_BUYER_ERASED = "order.buyer_erased", "Buyer's data erased"
    TASK_CREATED = "task.created", "Task created"
    TASK_RECEIVED = "task.received", "Task received by the point"
    TASK_ACCEPTED = "task.accepted", "Task accepted"
    TASK_PICKING = "task.picking", "Picking began"
    TASK_PICKED = "task.picked", "Task picked"
    TASK_PACKED = "task.packed", "Task packed"
    TASK_SHIPPED = "task.shipped", "Task shipped"
    TASK_DELIVERED = "task.delivered", "Task delivered"
    TASK_ATTEMPTED = "task.attempted", "Delivery attempted"
    TASK_RETURNED_TO_POINT = "task.returned_to_point", "Task came back undelivered"
    TASK_LOST = "task.lost", "Task lost"
    TASK_LINES_CANCELLED = "task.lines_cancelled", "Lines of the task cancelled"
    TASK_CANCELLED = "task.cancelled", "Task cancelled"
    TASK_HOPPED = "task.hopped", "Task taken from a point that did not accept it"
    TASK_OUT_OF_STOCK = "task.out_of_stock", "Task can no longer be served from stock"
    TASK_REOPENED = "task.reopened", "Task went back to an earlier state"
    TASK_ACTIVITY_REPORTED = "task.activity_reported", "The point reported an activity"
    PARCEL_PLANNED = "parcel.planned", "Parcel planned"
    PARCEL_PACKED = "parcel.packed", "Parcel packed"
    PARCEL_LABELLED = "parcel.labelled", "Parcel labelled"
    PARCEL_STATUS_CHANGED = "parcel.status_changed", "Parcel status changed"
    PARCEL_VOIDED = "parcel.voided", "Parcel voided"
    LABEL_REQUESTED = "label.requested", "Label requested"
    LABEL_READY = "label.ready", "Label ready"
    LABEL_FAILED = "label.failed", "Label failed"
    LABEL_VOIDED = "label.voided", "Label voided"
    CANCELLATION_CREATED = "cancellation.created", "Cancellation task created"
    CANCELLATION_CLOSED = "cancellation.closed", "Cancellation task closed"
    STOCK_COUNTED = "stock.counted", "Stock counted"
    STOCK_ADJUSTED = "stock.adjusted", "Stock adjusted"
    STOCK_CHANGED = "stock.changed", "Available stock of a product listing changed"
    PRICE_CHANGED = "price.changed", "Prices of a product listing changed"
    SPU_STATUS_CHANGED = "spu.status_changed", "Status of a product listing changed"
    SPU_REQUESTED = "spu.requested", "Product listings asked for"
    TASK_CANCEL_REQUESTED = "task.cancel_requested", "Cancellation of a task's lines requested"
    LABEL_UPDATED = "label.updated", "Label replaced"
    ENDPOINT_REGISTERED = "endpoint.registered", "Endpoint registered"
    ENDPOINT_CHANGED = "endpoint.changed", "Endpoint's settings changed"
    ENDPOINT_REMOVED = "endpoint.removed", "Endpoint removed"
    ENDPOINT_REPLAYED = "endpoint.replayed", "Deliveries sent again"
    ENDPOINT_STATE_CHANGED = "endpoint.state_changed", "Endpoint's state changed"
    ENDPOINT_SECRET_ROTATED = "endpoint.secret_rotated", "Endpoint's secret rotated"
    ENDPOINT_WARNED = "endpoint.warned", "Endpoint has been failing for long"


class EndpointFormat(models.TextChoices):
    """How news is worded, signed and retried."""

    STANDARD = "standard", "Standard Webhooks"
    OMS4 = "oms4", "OMS4 push"
    INCREFF = "increff", "Increff events"
    WHISPERER = "whisperer", "Akinon hooks"


class EndpointState(models.TextChoices):
    """Only active endpoints are sent to; for the others deliveries wait or are suppressed."""

    UNVERIFIED = "UNVERIFIED", "Unverified"
    ACTIVE = "ACTIVE", "Active"
    PAUSED = "PAUSED", "Paused"
    DISABLED = "DISABLED", "Disabled"


class BreakerState(models.TextChoices):
    CLOSED = "CLOSED", "Closed"
    OPEN = "OPEN", "Open"
    HALF_OPEN = "HALF_OPEN", "Half open"


class DeliveryState(models.TextChoices):
    """SUPPRESSED: written while its endpoint was disabled. SKIPPED: the format has no message."""

    PENDING = "PENDING", "Pending"
    DELIVERED = "DELIVERED", "Delivered"
    EXHAUSTED = "EXHAUSTED", "Exhausted"
    SUPPRESSED = "SUPPRESSED", "Suppressed"
    SKIPPED = "SKIPPED", "Nothing to tell"


class AttemptOutcome(models.TextChoices):
    """What one try came to; the same words label the metrics."""

    DELIVERED = "DELIVERED", "Delivered"
    REFUSED = "REFUSED", "Answered with an error"
    GONE = "GONE", "Receiver is gone for good"
    TIMEOUT = "TIMEOUT", "Timed out"
    CONNECTION = "CONNECTION", "No connection"
    TLS = "TLS", "TLS failed"
    ADDRESS = "ADDRESS", "Address refused"
    PROTOCOL = "PROTOCOL", "Not HTTP"
    UNRENDERED = "UNRENDERED", "The message could not be made"

from django.db import models


class TaskStatus(models.TextChoices):
    CREATED = "CREATED", "Created"
    ACCEPTED = "ACCEPTED", "Accepted"
    PICKING = "PICKING", "Picking"
    PICKED = "PICKED", "Picked"
    PACKED = "PACKED", "Packed"
    SHIPPED = "SHIPPED", "Shipped"
    DELIVERED = "DELIVERED", "Delivered"
    OUT_OF_STOCK = "OUT_OF_STOCK", "Out of stock"
    ATTEMPTED = "ATTEMPTED", "Delivery attempted"
    RETURNED_TO_POINT = "RETURNED_TO_POINT", "Returned to the point"
    LOST = "LOST", "Lost"
    CANCELLED = "CANCELLED", "Cancelled"


class TaskMilestone(models.TextChoices):
    """What a point may report about its work that moves a task. Anything else is kept as text."""

    RECEIVED = "RECEIVED", "Received"
    PICKING = "PICKING", "Picking"
    PICKED = "PICKED", "Picked"
    PACKING = "PACKING", "Packing"
    PACKED = "PACKED", "Packed"


class ParcelStatus(models.TextChoices):
    PLANNED = "PLANNED", "Planned with its task, not packed yet"
    PACKED = "PACKED", "Packed"
    LABELLED = "LABELLED", "Packed and labelled"
    MANIFESTED = "MANIFESTED", "On a manifest"
    SHIPPED = "SHIPPED", "Shipped"
    OUT_FOR_DELIVERY = "OUT_FOR_DELIVERY", "Out for delivery"
    DELIVERED = "DELIVERED", "Delivered"
    RETURNED_TO_POINT = "RETURNED_TO_POINT", "Returned to the point"
    LOST = "LOST", "Lost"
    CANCELLED = "CANCELLED", "Cancelled"


class Station(models.TextChoices):
    """Where a parcel is, finer than its status. Travelling statuses are stations of that name."""

    CREATED = "CREATED", "Created"
    LABEL_PENDING = "LABEL_PENDING", "Label asked for"
    LABEL_FAILED = "LABEL_FAILED", "Label failed"
    READY = "READY", "Ready to ship"
    PICKUP_FAILED = "PICKUP_FAILED", "Pickup failed"
    SHIPPED = "SHIPPED", "Picked up"
    IN_TRANSIT = "IN_TRANSIT", "In transit"
    OUT_FOR_DELIVERY = "OUT_FOR_DELIVERY", "Out for delivery"
    DELIVERY_FAILED = "DELIVERY_FAILED", "Delivery failed"
    RETURNING = "RETURNING", "On its way back"
    DELIVERED = "DELIVERED", "Delivered"
    RETURNED_TO_POINT = "RETURNED_TO_POINT", "Returned to the point"
    LOST = "LOST", "Lost"
    DAMAGED = "DAMAGED", "Damaged"
    CANCELLED = "CANCELLED", "Cancelled"


class ServiceLevel(models.TextChoices):
    STANDARD = "STANDARD", "Standard"
    EXPRESS = "EXPRESS", "Express"
    SAME_DAY = "SAME_DAY", "Same day"
    ECONOMY = "ECONOMY", "Economy"


class ReportSource(models.TextChoices):
    """Who saw what is reported of a parcel; empty where nobody says."""

    CARRIER = "CARRIER", "Carrier"
    WAREHOUSE = "WAREHOUSE", "Warehouse"
    MANUAL = "MANUAL", "By hand"
    PLATFORM = "PLATFORM", "Platform"


class DocumentKind(models.TextChoices):
    LABEL = "LABEL", "Shipping label"
    INVOICE = "INVOICE", "Invoice"
    CREDIT_NOTE = "CREDIT_NOTE", "Credit note"
    PACKING_SLIP = "PACKING_SLIP", "Packing slip"
    MANIFEST = "MANIFEST", "Manifest"
    HANDOVER = "HANDOVER", "Hand-over"


class TemplateKind(models.TextChoices):
    """Documents that are drawn by a template; their values are those of DocumentKind."""

    INVOICE = "INVOICE", "Invoice"
    CREDIT_NOTE = "CREDIT_NOTE", "Credit note"
    PACKING_SLIP = "PACKING_SLIP", "Packing slip"
    MANIFEST = "MANIFEST", "Manifest"
    HANDOVER = "HANDOVER", "Hand-over"


class PaperLanguage(models.TextChoices):
    ENGLISH = "en", "English"
    VIETNAMESE = "vi", "Vietnamese"


class InvoiceKind(models.TextChoices):
    INVOICE = "INVOICE", "Invoice"
    CREDIT_NOTE = "CREDIT_NOTE", "Credit note"


class Completeness(models.TextChoices):
    """What becomes of open units that a shipment leaves out."""

    BLOCK_COMPLETE = "BLOCK_COMPLETE", "None may be left out"
    SINGLE_PARTIAL = "SINGLE_PARTIAL", "They are cancelled by the seller"
    MULTI_PARTIAL = "MULTI_PARTIAL", "They stay open for further shipments"


class DocumentStatus(models.TextChoices):
    PENDING = "PENDING", "Pending"
    READY = "READY", "Ready"
    FAILED = "FAILED", "Failed"
    VOID = "VOID", "Void"


class CancellationStatus(models.TextChoices):
    OPEN = "OPEN", "Open"
    CLOSED = "CLOSED", "Closed"


class PicklistKind(models.TextChoices):
    MANUAL = "MANUAL", "Made of named tasks"
    WAVE = "WAVE", "Made by criteria"


class PicklistStatus(models.TextChoices):
    OPEN = "OPEN", "Open"
    CLOSED = "CLOSED", "Closed"


class RoutingOutcome(models.TextChoices):
    SERVED = "SERVED", "Served"
    PARTLY_SERVED = "PARTLY_SERVED", "Partly served"
    WAITING = "WAITING", "Nothing could be served"

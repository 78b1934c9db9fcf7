from django.db import models


class TaskStatus(models.TextChoices):
    CREATED = "CREATED", "Created"
    WAITING_REMOTE = "WAITING_REMOTE", "Waiting for the other side"
    WAITING_TRANSFER = "WAITING_TRANSFER", "Waiting for a transfer"
    ACCEPTED = "ACCEPTED", "Accepted"
    PICKING = "PICKING", "Picking"
    PICKED = "PICKED", "Picked"
    PACKED = "PACKED", "Packed"
    READY_FOR_PICKUP = "READY_FOR_PICKUP", "Ready for pickup"
    SHIPPED = "SHIPPED", "Shipped"
    DELIVERED = "DELIVERED", "Delivered"
    OUT_OF_STOCK = "OUT_OF_STOCK", "Out of stock"
    NEEDS_REPLANNING = "NEEDS_REPLANNING", "Needs replanning"
    BLOCKED = "BLOCKED", "Blocked"
    ATTEMPTED = "ATTEMPTED", "Delivery attempted"
    DELIVERY_FAILED = "DELIVERY_FAILED", "Delivery failed"
    RETURNED_TO_POINT = "RETURNED_TO_POINT", "Returned to the point"
    LOST = "LOST", "Lost"
    PACKED_FOR_REFUND = "PACKED_FOR_REFUND", "Packed for refund"
    CANCELLED = "CANCELLED", "Cancelled"


class TransferStatus(models.TextChoices):
    """Where goods are that one point sends to another, for a task there."""

    WAITING = "WAITING", "Waiting to be sent"
    READY = "READY", "Ready for shipment"
    IN_TRANSIT = "IN_TRANSIT", "In transit"
    TRANSFERRED = "TRANSFERRED", "Arrived"
    CANCELLED = "CANCELLED", "Cancelled"


class DiscrepancyReason(models.TextChoices):
    """Why a point cannot give a unit it was asked for."""

    NOT_FOUND = "NOT_FOUND", "Not found"
    WRONG_PRODUCT = "WRONG_PRODUCT", "Wrong product"


class InvoiceDocument(models.TextChoices):
    """What came as the document of an invoice somebody else wrote."""

    PDF = "PDF", "PDF"
    HTML = "HTML", "HTML"
    URL = "URL", "An address"


class TransitionCommand(models.TextChoices):
    """What a configured transition does."""

    STATE_TRANSITION = "STATE_TRANSITION", "Change the state only"
    COMPLETE_PACKING = "COMPLETE_PACKING", "Complete packing with shipment"
    COMPLETE_PACKING_UNSHIPPED = "COMPLETE_PACKING_UNSHIPPED", "Complete packing without shipment"
    COMPLETE_PACKING_BY_CHANNEL = "COMPLETE_PACKING_BY_CHANNEL", "Complete packing as its channel"
    REFUSE = "REFUSE", "Refuse with a reason"
    ITEMS_NOT_FOUND = "ITEMS_NOT_FOUND", "Product not found, whole package"
    ITEMS_NOT_FOUND_ADVANCED = "ITEMS_NOT_FOUND_ADVANCED", "Product not found, missing items only"
    PACK_FOR_REFUND = "PACK_FOR_REFUND", "Pack for refund"
    BLOCK = "BLOCK", "Block"
    UNBLOCK = "UNBLOCK", "Unblock"
    RELEASE_RESERVATIONS = "RELEASE_RESERVATIONS", "Deallocate reservations"
    REPLAN = "REPLAN", "Plan again"
    UPDATE_INVOICE = "UPDATE_INVOICE", "Update the invoice"
    ASSIGN_MANUALLY = "ASSIGN_MANUALLY", "Plan by hand"
    SHIP = "SHIP", "Ship"
    SHIP_BASIC = "SHIP_BASIC", "Ship, basic"
    SHIP_ADVANCED = "SHIP_ADVANCED", "Ship with numbers from outside"
    SHIP_UNINTEGRATED = "SHIP_UNINTEGRATED", "Ship without shipment integration"
    UPDATE_SHIPMENT_STATUS = "UPDATE_SHIPMENT_STATUS", "Update the shipment's status"
    UPDATE_SHIPMENT_INFO = "UPDATE_SHIPMENT_INFO", "Update the shipment's numbers"
    READY_FOR_PICKUP = "READY_FOR_PICKUP", "Ready for pickup"
    COLLECT = "COLLECT", "Collected by the customer"
    TRANSFER_READY = "TRANSFER_READY", "Transfer ready for shipment"
    TRANSFER_DISPATCH = "TRANSFER_DISPATCH", "Dispatch a transfer"
    TRANSFER_COMPLETE = "TRANSFER_COMPLETE", "Transfer arrived"
    TRANSFER_NOT_FOUND = "TRANSFER_NOT_FOUND", "Product for transfer not found"


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


class ScenarioKind(models.TextChoices):
    DISTRIBUTION = "DISTRIBUTION", "Turns orders into tasks"
    TRANSFER = "TRANSFER", "Finds where missing units come from"


class VersionState(models.TextChoices):
    DRAFT = "DRAFT", "Draft"
    ACTIVE = "ACTIVE", "Active"
    RETIRED = "RETIRED", "Retired"

from django.db import models


class OrderStatus(models.TextChoices):
    """Derived, never set by hand: see `lifecycle.order_status`."""

    CREATED = "CREATED", "Created, not paid"
    PAID = "PAID", "Paid"
    UNALLOCATED = "UNALLOCATED", "Waiting for stock or a point"
    ALLOCATED = "ALLOCATED", "Allocated"
    IN_FULFILLMENT = "IN_FULFILLMENT", "In fulfillment"
    PACKED = "PACKED", "Packed"
    SHIPPED = "SHIPPED", "Shipped"
    OUT_FOR_DELIVERY = "OUT_FOR_DELIVERY", "Out for delivery"
    DELIVERED = "DELIVERED", "Delivered"
    RETURNED_TO_POINT = "RETURNED_TO_POINT", "Returned to the point"
    RETURNED = "RETURNED", "Returned"
    LOST = "LOST", "Lost"
    CANCELLED = "CANCELLED", "Cancelled"


class CancelParty(models.TextChoices):
    """Whose wish a cancellation was."""

    CUSTOMER = "CUSTOMER", "Customer"
    SELLER = "SELLER", "Seller"
    SYSTEM = "SYSTEM", "System"


class HoldReason(models.TextChoices):
    PAYMENT = "PAYMENT", "Awaiting payment"
    FRAUD = "FRAUD", "Risk of fraud"
    ADDRESS = "ADDRESS", "Address is wrong"
    STOCK = "STOCK", "Stock to be checked"
    CUSTOMER = "CUSTOMER", "Customer asked to wait"
    OTHER = "OTHER", "Other"


class CancelRequestStatus(models.TextChoices):
    OPEN = "OPEN", "Open"
    CLOSED = "CLOSED", "Closed"


class CancelDecision(models.TextChoices):
    ACCEPT = "ACCEPT", "Accepted"
    REJECT = "REJECT", "Rejected"

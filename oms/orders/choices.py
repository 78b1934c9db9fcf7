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
    """EXPIRE: nobody decided in time."""

    ACCEPT = "ACCEPT", "Accepted"
    REJECT = "REJECT", "Rejected"
    EXPIRE = "EXPIRE", "Expired"


class PaymentStatus(models.TextChoices):
    """What the channel says of the money; whether work may begin is `Order.is_paid`."""

    UNPAID = "UNPAID", "Unpaid"
    PENDING = "PENDING", "Pending"
    PARTIALLY_PAID = "PARTIALLY_PAID", "Partially paid"
    PAID = "PAID", "Paid"
    REFUND_PENDING = "REFUND_PENDING", "Refund pending"
    PARTIALLY_REFUNDED = "PARTIALLY_REFUNDED", "Partially refunded"
    REFUNDED = "REFUNDED", "Refunded"
    CANCELLED = "CANCELLED", "Cancelled"
    OVERDUE = "OVERDUE", "Overdue"


class PaymentMethod(models.TextChoices):
    """Empty where the channel does not tell. Work on an order paid on delivery need not wait."""

    COD = "COD", "On delivery"
    BANK_TRANSFER = "BANK_TRANSFER", "Bank transfer"
    CARD = "CARD", "Card"
    CASH = "CASH", "Cash"
    QR = "QR", "QR code"
    ONLINE_BANKING = "ONLINE_BANKING", "Online banking"
    INSTALMENT = "INSTALMENT", "Instalments"


class CancelReason(models.TextChoices):
    """Why a whole order was cancelled; empty where nobody gave one of these reasons."""

    CUSTOMER_REQUEST = "CUSTOMER_REQUEST", "The customer asked for it"
    OUT_OF_STOCK = "OUT_OF_STOCK", "Out of stock"
    FRAUD = "FRAUD", "Fraud"
    UNDELIVERABLE_ADDRESS = "UNDELIVERABLE_ADDRESS", "The address cannot be delivered to"
    PAYMENT_FAILED = "PAYMENT_FAILED", "The payment failed"
    DUPLICATE = "DUPLICATE", "Ordered twice"
    OTHER = "OTHER", "Other"


class CustomerType(models.TextChoices):
    PERSON = "PERSON", "Person"
    COMPANY = "COMPANY", "Company"


class CustomerStatus(models.TextChoices):
    """Being blocked stops nothing by itself: staff see it on the customer and its orders."""

    ACTIVE = "ACTIVE", "Active"
    BLOCKED = "BLOCKED", "Blocked"

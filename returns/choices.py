from django.db import models


class ReturnType(models.TextChoices):
    CUSTOMER_RETURN = "CUSTOMER_RETURN", "Sent back by the customer"
    UNDELIVERED = "UNDELIVERED", "Came back undelivered"


class ReturnStatus(models.TextChoices):
    """Derived from the units and the refund decision: see `lifecycle.return_status`."""

    EXPECTED = "EXPECTED", "Expected"
    RECEIVED = "RECEIVED", "Received"
    INSPECTED = "INSPECTED", "Inspected"
    CLOSED = "CLOSED", "Closed"
    CANCELLED = "CANCELLED", "Cancelled"


class UnitStatus(models.TextChoices):
    EXPECTED = "EXPECTED", "Expected"
    RECEIVED = "RECEIVED", "Received"
    INSPECTED = "INSPECTED", "Inspected"
    CANCELLED = "CANCELLED", "Cancelled"


class QcStatus(models.TextChoices):
    PENDING = "PENDING", "Not inspected"
    PASS = "PASS", "Passed"
    FAIL = "FAIL", "Failed"


class Disposition(models.TextChoices):
    """What becomes of a unit. Empty: not decided, or its point books its stock by itself."""

    RESTOCK = "RESTOCK", "Back on the shelf"
    QUARANTINE = "QUARANTINE", "Set aside"
    DISCARD = "DISCARD", "Thrown away"


class RefundDecision(models.TextChoices):
    """Of its own, never a consequence of what came back."""

    PENDING = "PENDING", "Not decided"
    APPROVED = "APPROVED", "Approved"
    REJECTED = "REJECTED", "Rejected"

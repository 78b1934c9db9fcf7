from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Q

from oms.kernel.identifiers import uuid7
from oms.kernel.models import TimeStamped
from oms.orders.choices import CancelDecision, CancelParty, CancelRequestStatus, HoldReason
from oms.orders.models.lines import OrderLine
from oms.orders.models.orders import Order


class Hold(TimeStamped):
    """A reason why work on an order waits. Several may hold one order; all must be released."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="holds")
    reason = models.CharField(max_length=16, choices=HoldReason)
    note = models.TextField(default="", blank=True)
    holder = models.CharField(max_length=160, help_text="Who placed it")
    placed_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)
    released_by = models.CharField(max_length=160, default="", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(reason__in=HoldReason.values), name="orders_hold_reason_known"
            ),
            models.UniqueConstraint(
                fields=["order", "reason", "holder"],
                condition=Q(released_at__isnull=True),
                name="orders_hold_open_uniq",
            ),
        ]
        indexes = [
            models.Index(
                fields=["expires_at"],
                condition=Q(released_at__isnull=True, expires_at__isnull=False),
                name="orders_hold_expiry_idx",
            ),
        ]

    def __str__(self) -> str:
        return self.reason


class CancelRequest(TimeStamped):
    """A wish to cancel that somebody must decide. Undecided for long, it expires."""

    public_id = models.UUIDField(
        default=uuid7, db_default=RandomUUID(), unique=True, editable=False
    )
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="cancel_requests")
    status = models.CharField(
        max_length=8, choices=CancelRequestStatus, default=CancelRequestStatus.OPEN
    )
    party = models.CharField(max_length=8, choices=CancelParty, default=CancelParty.CUSTOMER)
    requested_by = models.CharField(max_length=255, default="")
    reason = models.TextField(default="", blank=True)
    requested_at = models.DateTimeField()
    decision = models.CharField(max_length=8, choices=CancelDecision, default="", blank=True)
    decided_by = models.CharField(max_length=160, default="", blank=True)
    decided_at = models.DateTimeField(null=True)
    comment = models.TextField(default="", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status="OPEN", decision="", decided_at__isnull=True)
                | Q(
                    status="CLOSED",
                    decision__in=CancelDecision.values,
                    decided_at__isnull=False,
                ),
                name="orders_cancelrequest_decided_when_closed",
            ),
        ]
        indexes = [
            models.Index(
                fields=["order"], condition=Q(status="OPEN"), name="orders_cancelrequest_open_idx"
            ),
            models.Index(
                fields=["created_at"],
                condition=Q(status="OPEN"),
                name="orders_cancelrequest_due_idx",
            ),
        ]
        permissions = [("decide_cancelrequest", "Can decide cancel requests")]

    def __str__(self) -> str:
        return f"{self.order_id}: {self.status}"


class CancelRequestLine(models.Model):
    """A line the wish is about; a request without rows is about the whole order.

    `quantity` is how many units of it; empty: all that are not cancelled.
    """

    request = models.ForeignKey(CancelRequest, on_delete=models.CASCADE, related_name="lines")
    line = models.ForeignKey(OrderLine, on_delete=models.CASCADE, related_name="+")
    quantity = models.PositiveIntegerField(null=True)
    reason = models.TextField(default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["request", "line"], name="orders_cancelrequestline_uniq"
            ),
            models.CheckConstraint(
                condition=Q(quantity__isnull=True) | Q(quantity__gt=0),
                name="orders_cancelrequestline_positive",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id}/{self.line_id}"

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from catalog.models import Sku
from channels_app.models import Channel
from oms.accounts.models import Organization
from oms.kernel.actors import Actor
from oms.kernel.identifiers import PrefixedNumber, uuid7
from oms.locations.models import FulfillmentPoint
from oms.orders.models import Order, OrderLine
from returns import lifecycle
from returns.choices import (
    Disposition,
    QcStatus,
    RefundDecision,
    ReturnStatus,
    ReturnType,
    UnitStatus,
)


class ReturnOrderQuerySet(models.QuerySet["ReturnOrder"]):
    def visible_to(self, actor: Actor) -> Self:
        seen = self
        if actor.organization_id is not None:
            seen = seen.filter(organization_id=actor.organization_id)
        if actor.point_ids is not None:
            seen = seen.filter(point_id__in=actor.point_ids)
        if actor.channel_ids is not None:
            seen = seen.filter(channel_id__in=actor.channel_ids)
        return seen

    def locked(self) -> Self:
        """Lock rows in one global order, after their orders. Evaluate inside a transaction."""
        return self.order_by("pk").select_for_update(of=("self",))


class ReturnOrder(models.Model):
    """Units of one order that come back to one point.

    `order` is empty while we do not know the order: it is told by its channel and its number
    there, and found later or never. `status` is stored for lists and always equals
    `lifecycle.return_status`. Every change of the return or of a unit raises `version`.
    """

    id = models.BigAutoField(primary_key=True)
    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    number = models.CharField(
        max_length=32, db_default=PrefixedNumber("RT", "returns_return_number_seq"), editable=False
    )
    version = models.IntegerField(default=1, db_default=1, editable=False)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+", db_index=False)
    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, null=True, blank=True, related_name="returns"
    )
    order_external_id = models.CharField("order number", max_length=128)
    external_id = models.CharField("return number", max_length=128, null=True, blank=True)
    type = models.CharField(max_length=16, choices=ReturnType, default=ReturnType.CUSTOMER_RETURN)
    status = models.CharField(max_length=12, choices=ReturnStatus, default=ReturnStatus.EXPECTED)
    point = models.ForeignKey(
        FulfillmentPoint, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    carrier_code = models.CharField(max_length=255, default="", blank=True)
    tracking_number = models.CharField(max_length=255, default="", blank=True)
    refund_decision = models.CharField(
        max_length=8, choices=RefundDecision, default=RefundDecision.PENDING
    )
    note = models.TextField(default="", blank=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True, help_text="When the first of it arrived")
    inspected_at = models.DateTimeField(null=True, help_text="When the last of it was judged")
    refund_decided_at = models.DateTimeField(null=True)
    refund_decided_by = models.CharField(max_length=160, default="", blank=True)
    closed_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)

    objects = ReturnOrderQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["number"], name="returns_return_number_uniq"),
            models.UniqueConstraint(
                fields=["organization", "external_id"], name="returns_return_external_uniq"
            ),
            models.CheckConstraint(
                condition=~Q(order_external_id=""), name="returns_return_names_its_order"
            ),
            models.CheckConstraint(
                condition=Q(external_id__isnull=True) | ~Q(external_id=""),
                name="returns_return_external_not_empty",
            ),
            models.CheckConstraint(
                condition=Q(type__in=ReturnType.values), name="returns_return_type_known"
            ),
            models.CheckConstraint(
                condition=Q(status__in=ReturnStatus.values), name="returns_return_status_known"
            ),
            models.CheckConstraint(
                condition=Q(refund_decision="PENDING", refund_decided_at__isnull=True)
                | Q(refund_decision__in=["APPROVED", "REJECTED"], refund_decided_at__isnull=False),
                name="returns_return_refund_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["RECEIVED", "INSPECTED", "CLOSED"])
                | Q(received_at__isnull=False),
                name="returns_return_received_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["INSPECTED", "CLOSED"]) | Q(inspected_at__isnull=False),
                name="returns_return_inspected_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(status="CLOSED")
                | (Q(closed_at__isnull=False) & ~Q(refund_decision="PENDING")),
                name="returns_return_closed_is_decided",
            ),
            models.CheckConstraint(
                condition=~Q(status="CANCELLED")
                | Q(cancelled_at__isnull=False, received_at__isnull=True),
                name="returns_return_cancelled_never_came",
            ),
        ]
        indexes = [
            models.Index(
                fields=["organization", "-created_at", "-id"], name="returns_return_recent_idx"
            ),
            models.Index(
                fields=["organization", "changed_at", "id"], name="returns_return_changed_idx"
            ),
            models.Index(fields=["point", "-created_at", "-id"], name="returns_return_point_idx"),
            models.Index(
                fields=["tracking_number"],
                condition=~Q(tracking_number=""),
                name="returns_return_track_idx",
            ),
        ]
        permissions = [
            ("receive_return", "Can receive and inspect returns"),
            ("cancel_return", "Can cancel returns"),
            ("decide_refund", "Can decide refunds of returns"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def has_ended(self) -> bool:
        return self.status in lifecycle.ENDED


class ReturnUnit(models.Model):
    """One physical unit of a return. `point` is where it arrived."""

    id = models.BigAutoField(primary_key=True)
    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    return_order = models.ForeignKey(
        ReturnOrder, on_delete=models.CASCADE, related_name="units", db_index=False
    )
    position = models.PositiveIntegerField()
    external_id = models.CharField(max_length=128, null=True, blank=True)
    point_code = models.CharField(
        max_length=255,
        default="",
        db_default="",
        blank=True,
        help_text="What the point that judged it calls it, where that is not its number",
    )
    order_line = models.ForeignKey(
        OrderLine, on_delete=models.PROTECT, null=True, blank=True, related_name="return_units"
    )
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="+", db_index=False)
    reason = models.TextField(default="", blank=True)
    status = models.CharField(max_length=12, choices=UnitStatus, default=UnitStatus.EXPECTED)
    qc_status = models.CharField(max_length=8, choices=QcStatus, default=QcStatus.PENDING)
    qc_reason = models.TextField(default="", blank=True)
    image_urls = ArrayField(models.CharField(max_length=2048), default=list, blank=True)
    disposition = models.CharField(max_length=12, choices=Disposition, default="", blank=True)
    point = models.ForeignKey(
        FulfillmentPoint,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    received_at = models.DateTimeField(null=True)
    inspected_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["return_order", "position"], name="returns_unit_position_uniq"
            ),
            models.UniqueConstraint(
                fields=["return_order", "external_id"], name="returns_unit_external_uniq"
            ),
            models.CheckConstraint(
                condition=Q(external_id__isnull=True) | ~Q(external_id=""),
                name="returns_unit_external_not_empty",
            ),
            models.CheckConstraint(
                condition=Q(status__in=UnitStatus.values), name="returns_unit_status_known"
            ),
            models.CheckConstraint(
                condition=Q(disposition__in=["", *Disposition.values]),
                name="returns_unit_disposition_known",
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=["EXPECTED", "CANCELLED"],
                    received_at__isnull=True,
                    point__isnull=True,
                )
                | Q(
                    status__in=["RECEIVED", "INSPECTED"],
                    received_at__isnull=False,
                    point__isnull=False,
                ),
                name="returns_unit_received_somewhere",
            ),
            models.CheckConstraint(
                condition=Q(
                    status="INSPECTED",
                    qc_status__in=["PASS", "FAIL"],
                    inspected_at__isnull=False,
                )
                | Q(
                    status__in=["EXPECTED", "RECEIVED", "CANCELLED"],
                    qc_status="PENDING",
                    inspected_at__isnull=True,
                    disposition="",
                ),
                name="returns_unit_inspected_has_result",
            ),
        ]

    def __str__(self) -> str:
        return f"unit {self.position}"

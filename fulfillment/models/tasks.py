from typing import Self

from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import F, Q

from catalog.models import Sku
from channels_app.choices import DeliveryScenario
from channels_app.models import Channel
from fulfillment.choices import TaskStatus
from fulfillment.models.routing import RoutingDecision
from oms.accounts.models import Organization
from oms.kernel.actors import Actor
from oms.kernel.identifiers import NextNumber, PrefixedNumber
from oms.locations.models import FulfillmentPoint
from oms.orders.models import Order, OrderLine


class TaskQuerySet(models.QuerySet["FulfillmentTask"]):
    def visible_to(self, actor: Actor) -> Self:
        """What a point cannot serve, and nobody else can, is not shown to its machines."""
        seen = self
        if actor.organization_id is not None:
            seen = seen.filter(organization_id=actor.organization_id)
        if actor.point_ids is not None:
            at_work = Q(is_reserved=True) | Q(status=TaskStatus.NEEDS_REPLANNING)
            seen = seen.filter(at_work, point_id__in=actor.point_ids)
        if actor.channel_ids is not None:
            seen = seen.filter(channel_id__in=actor.channel_ids)
        return seen

    def locked(self) -> Self:
        """Lock rows in one global order. Evaluate inside a transaction."""
        return self.order_by("pk").select_for_update(of=("self",))


class FulfillmentTask(models.Model):
    """The part of one order given to one point."""

    id = models.BigAutoField(primary_key=True)
    number = models.CharField(
        max_length=32, db_default=PrefixedNumber("FT", "fulfillment_task_number_seq")
    )
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+", db_index=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="tasks")
    point = models.ForeignKey(
        FulfillmentPoint, on_delete=models.PROTECT, related_name="tasks", db_index=False
    )
    decision = models.ForeignKey(
        RoutingDecision,
        on_delete=models.PROTECT,
        null=True,
        related_name="tasks",
        db_index=False,
    )
    status = models.CharField(max_length=20, choices=TaskStatus, default=TaskStatus.CREATED)
    delivery = models.CharField(max_length=24, choices=DeliveryScenario)
    is_reserved = models.BooleanField(
        default=True,
        db_default=True,
        help_text="Off: it holds no stock, and its units wait to be routed elsewhere",
    )
    blocked_from = models.CharField(
        max_length=20, default="", db_default="", blank=True, help_text="State before the block"
    )
    held_reason = models.CharField(
        max_length=255, default="", db_default="", blank=True, help_text="Why no work is done on it"
    )
    allow_split = models.BooleanField(default=False, help_text="May be packed into several parcels")
    carrier = models.CharField(max_length=255, default="", db_default="", blank=True)
    delivery_type = models.CharField(max_length=64, default="", db_default="", blank=True)
    packing_instruction = models.TextField(default="", db_default="", blank=True)
    delivery_instruction = models.TextField(default="", db_default="", blank=True)
    created_at = models.DateTimeField(db_default=TransactionNow())
    changed_at = models.DateTimeField(db_default=TransactionNow())
    received_at = models.DateTimeField(null=True)
    accept_by = models.DateTimeField(null=True, help_text="Later, the task hops")
    packed_at = models.DateTimeField(null=True)
    shipped_at = models.DateTimeField(null=True)

    objects = TaskQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["number"], name="fulfillment_task_number_uniq"),
            models.CheckConstraint(
                condition=Q(status__in=TaskStatus.values), name="fulfillment_task_status_known"
            ),
            models.CheckConstraint(
                condition=Q(delivery__in=DeliveryScenario.values),
                name="fulfillment_task_delivery_known",
            ),
            models.CheckConstraint(
                condition=Q(is_reserved=True)
                | Q(
                    status__in=[
                        "OUT_OF_STOCK",
                        "NEEDS_REPLANNING",
                        "PACKED_FOR_REFUND",
                        "CANCELLED",
                    ]
                ),
                name="fulfillment_task_works_on_reserved",
            ),
            models.CheckConstraint(
                condition=Q(status="BLOCKED") ^ Q(blocked_from=""),
                name="fulfillment_task_blocked_from_somewhere",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["SHIPPED", "DELIVERED"]) | Q(shipped_at__isnull=False),
                name="fulfillment_task_shipped_has_time",
            ),
        ]
        indexes = [
            models.Index(fields=["point", "created_at", "id"], name="fulfillment_task_feed_idx"),
            models.Index(fields=["point", "status", "id"], name="fulfillment_task_status_idx"),
            models.Index(fields=["point", "changed_at"], name="fulfillment_task_changed_idx"),
            models.Index(
                fields=["accept_by"],
                condition=Q(status="CREATED", accept_by__isnull=False),
                name="fulfillment_task_hop_idx",
            ),
        ]
        permissions = [("retry_label", "Can retry labels")]

    def __str__(self) -> str:
        return self.number


class TaskLine(models.Model):
    """Units of one order line that one task ships. Reserved at its point while live, unshipped."""

    id = models.BigAutoField(primary_key=True)
    number = models.BigIntegerField(
        unique=True, db_default=NextNumber("fulfillment_taskline_number_seq")
    )
    task = models.ForeignKey(FulfillmentTask, on_delete=models.CASCADE, related_name="lines")
    order_line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="task_lines")
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="+", db_index=False)
    quantity = models.PositiveIntegerField()
    quantity_cancelled = models.PositiveIntegerField(default=0, db_default=0)
    quantity_shipped = models.PositiveIntegerField(default=0, db_default=0)
    quantity_short = models.PositiveIntegerField(
        default=0, db_default=0, help_text="Of the cancelled ones, those the point did not find"
    )

    source_point = models.ForeignKey(
        FulfillmentPoint,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        help_text="Where the units come from by transfer, until they arrive",
    )
    is_in_transit = models.BooleanField(
        default=False, db_default=False, help_text="They left there, and are reserved nowhere"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(is_in_transit=False) | Q(source_point__isnull=False),
                name="fulfillment_taskline_comes_from_somewhere",
            ),
            models.CheckConstraint(
                condition=Q(quantity__gt=0), name="fulfillment_taskline_quantity_positive"
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=F("quantity_cancelled") + F("quantity_shipped")),
                name="fulfillment_taskline_not_exceeded",
            ),
            models.CheckConstraint(
                condition=Q(quantity_short__lte=F("quantity_cancelled")),
                name="fulfillment_taskline_short_is_cancelled",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.sku_id}"

    @property
    def quantity_live(self) -> int:
        return self.quantity - self.quantity_cancelled


class TaskActivity(models.Model):
    """What the point reported about its work, as it said it."""

    task = models.ForeignKey(FulfillmentTask, on_delete=models.CASCADE, related_name="activities")
    milestone = models.CharField(max_length=64, default="", blank=True)
    description = models.TextField()
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=TransactionNow())
    actor = models.CharField(max_length=160)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["task", "milestone", "occurred_at", "description"],
                name="fulfillment_activity_uniq",
            ),
        ]

    def __str__(self) -> str:
        return self.milestone or self.description

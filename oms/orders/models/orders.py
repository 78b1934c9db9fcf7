from datetime import datetime
from decimal import Decimal
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import TransactionNow
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from channels_app.models import Channel
from oms.accounts.models import Organization
from oms.kernel.actors import Actor
from oms.kernel.identifiers import NextNumber, uuid7
from oms.locations.models import FulfillmentPoint
from oms.orders import lifecycle, numbers
from oms.orders.choices import CancelReason, OrderStatus, PaymentMethod, PaymentStatus


class OrderQuerySet(models.QuerySet["Order"]):
    def visible_to(self, actor: Actor) -> Self:
        if actor.channel_ids is not None:
            return self.filter(channel_id__in=actor.channel_ids)  # a channel has one organization
        if actor.organization_id is not None:
            return self.filter(organization_id=actor.organization_id)
        return self

    def locked(self) -> Self:
        """Lock rows in one global order. Evaluate inside a transaction."""
        return self.order_by("pk").select_for_update(of=("self",))

    def due_for_allocation(self, now: datetime) -> Self:
        return self.filter(allocation_due_at__lte=now)


class Order(models.Model):
    """What somebody bought on one channel.

    `status` is stored for lists and always equals `lifecycle.order_status` of the lines.
    `allocation_due_at` is the job: an order with a time in it waits for routing. `is_paid` means
    that payment does not hold it up: it is paid, or will be on delivery. A trigger raises `version`
    with every change of the row, so what belongs to the order and is stored elsewhere (lines,
    buyer, holds) touches `changed_at`.
    """

    id = models.BigAutoField(primary_key=True)
    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    number = models.BigIntegerField(
        unique=True,
        db_default=NextNumber("orders_order_number_seq"),
        editable=False,
        help_text="Ours, for people; the channel's is the order number",
    )
    version = models.IntegerField(default=1, db_default=1, editable=False)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    channel = models.ForeignKey(
        Channel, on_delete=models.PROTECT, related_name="orders", db_index=False
    )
    customer = models.ForeignKey(
        "orders.Customer", on_delete=models.SET_NULL, null=True, related_name="orders"
    )
    external_id = models.CharField("order number", max_length=128)
    status = models.CharField(max_length=20, choices=OrderStatus, default=OrderStatus.CREATED)
    order_type = models.CharField(max_length=64, default="NORMAL")
    is_paid = models.BooleanField(default=False)
    is_cross_border = models.BooleanField(default=False)
    allow_split = models.BooleanField(default=False)
    campaign_id = models.CharField(max_length=128, default="", blank=True)
    ref_code = models.CharField(max_length=128, default="", blank=True)
    currency = models.CharField(max_length=3)
    country = models.CharField(max_length=64, help_text="Destination")
    city = models.CharField(max_length=255, default="", blank=True)
    postcode = models.CharField(max_length=32, default="", blank=True)
    customer_remark = models.TextField(default="", blank=True)
    seller_remark = models.TextField(default="", blank=True)
    packaging_note = models.TextField(default="", db_default="", blank=True)
    tags = ArrayField(models.CharField(max_length=32), default=list, db_default=[], blank=True)
    preferred_point = models.ForeignKey(
        FulfillmentPoint,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        help_text="Tried first, if it serves the channel",
    )
    goods_total = models.DecimalField(
        max_digits=18, decimal_places=4, default=0, help_text="Of the lines, after their discounts"
    )
    shipping_fee = models.DecimalField(max_digits=18, decimal_places=4, default=0, db_default=0)
    order_discount = models.DecimalField(max_digits=18, decimal_places=4, default=0, db_default=0)
    payment_status = models.CharField(
        max_length=20,
        choices=PaymentStatus,
        default=PaymentStatus.UNPAID,
        db_default=PaymentStatus.UNPAID.value,
    )
    payment_method = models.CharField(
        max_length=16, choices=PaymentMethod, default="", db_default="", blank=True
    )
    payment = models.JSONField(null=True, help_text="As the channel sent it, read by nobody")
    traits = models.JSONField(
        default=dict,
        db_default={},
        blank=True,
        help_text="What scenarios choose by besides; see oms.orders.traits",
    )
    placed_at = models.DateTimeField(help_text="By the channel's clock")
    channel_updated_at = models.DateTimeField(help_text="By the channel's clock")
    ship_by_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(db_default=TransactionNow())
    changed_at = models.DateTimeField(db_default=TransactionNow())
    allocation_due_at = models.DateTimeField(null=True)
    allocation_tried_at = models.DateTimeField(null=True)
    allocation_attempts = models.PositiveIntegerField(db_default=0, default=0)
    waiting_for = models.CharField(
        max_length=255, db_default="", default="", help_text="Why the last routing served nothing"
    )
    delivered_at = models.DateTimeField(null=True, help_text="When the last of it was")
    completed_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    cancel_reason = models.CharField(
        max_length=24, choices=CancelReason, default="", db_default="", blank=True
    )
    cancel_note = models.TextField(default="", db_default="", blank=True)

    objects = OrderQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "external_id"], name="orders_order_external_uniq"
            ),
            models.CheckConstraint(
                condition=Q(status__in=OrderStatus.values), name="orders_order_status_known"
            ),
            models.CheckConstraint(
                condition=~Q(status="CANCELLED") | Q(allocation_due_at__isnull=True),
                name="orders_order_cancelled_not_due",
            ),
            models.CheckConstraint(
                condition=Q(payment_status__in=PaymentStatus.values),
                name="orders_order_payment_status_known",
            ),
            models.CheckConstraint(
                condition=Q(payment_method__in=["", *PaymentMethod.values]),
                name="orders_order_payment_method_known",
            ),
            models.CheckConstraint(
                condition=Q(cancel_reason__in=["", *CancelReason.values]),
                name="orders_order_cancel_reason_known",
            ),
            models.CheckConstraint(
                condition=Q(completed_at__isnull=True) | Q(delivered_at__isnull=False),
                name="orders_order_completed_was_delivered",
            ),
        ]
        indexes = [
            models.Index(
                fields=["organization", "-placed_at", "-id"], name="orders_order_recent_idx"
            ),
            models.Index(fields=["channel", "placed_at", "id"], name="orders_order_feed_idx"),
            models.Index(
                fields=["organization", "status", "-placed_at", "-id"],
                name="orders_order_status_idx",
            ),
            models.Index(
                fields=["allocation_due_at", "placed_at", "id"],
                condition=Q(allocation_due_at__isnull=False),
                name="orders_order_due_idx",
            ),
            models.Index(fields=["external_id"], name="orders_order_number_idx"),
            models.Index(
                fields=["organization", "changed_at", "id"], name="orders_order_changed_idx"
            ),
            models.Index(
                fields=["delivered_at", "id"],
                condition=Q(delivered_at__isnull=False, completed_at__isnull=True),
                name="orders_order_to_complete_idx",
            ),
            GinIndex(fields=["tags"], condition=~Q(tags=[]), name="orders_order_tags_idx"),
        ]
        permissions = [
            ("cancel_order", "Can cancel orders"),
            ("hold_order", "Can hold and release orders"),
            ("allocate_order", "Can retry routing"),
            ("view_buyer_data", "Can see buyers' data unmasked"),
        ]

    def __str__(self) -> str:
        return self.external_id

    @property
    def is_open(self) -> bool:
        return self.status not in lifecycle.ENDED

    @property
    def shown_number(self) -> str:
        """`NH-00001234`."""
        return numbers.shown(self.number)

    @property
    def total(self) -> Decimal:
        """What the buyer pays for everything that was ordered."""
        return self.goods_total + self.shipping_fee - self.order_discount

    @property
    def was_tried(self) -> bool:
        return self.allocation_tried_at is not None

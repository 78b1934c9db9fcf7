from decimal import Decimal

from django.db import models
from django.db.models import F, Q

from catalog.models import Bundle, Sku
from oms.kernel.identifiers import NextNumber
from oms.orders.models.orders import Order


class OrderedLines(models.Manager["OrderLine"]):
    """What the channel ordered: bundles are one line, their parts are left out.

    It is behind `Order.lines` as well; and behind `OrderLine.parts`, which are what it leaves out.
    """

    def get_queryset(self) -> models.QuerySet["OrderLine"]:
        lines = super().get_queryset()
        relation = getattr(self, "field", None)  # of the manager that Django derives for relations
        is_of_parts = relation is not None and relation.name == "parent"
        return lines if is_of_parts else lines.filter(parent__isnull=True)


class EveryLine(models.Manager["OrderLine"]):
    """Lines of bundles and their parts side by side."""


class Goods(models.Manager["OrderLine"]):
    """What points are given: bundles are left out, their parts are lines like others."""

    def get_queryset(self) -> models.QuerySet["OrderLine"]:
        return super().get_queryset().filter(bundle__isnull=True)


class OrderLine(models.Model):
    """One position of an order, with how far each of its units has come.

    A line of a `bundle` has no SKU. It has its parts: lines of their own that name it as their
    `parent`, `per_set` units in each set, written by the trigger that keeps them (docs/adr/0031).
    Routing, tasks, boxes, invoices and returns know the parts only; the quantities of the bundle's
    line follow from theirs by another trigger: complete sets. `Order.lines` are `objects`.
    """

    id = models.BigAutoField(primary_key=True)
    number = models.BigIntegerField(unique=True, db_default=NextNumber("orders_line_number_seq"))
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines", db_index=False)
    position = models.PositiveIntegerField()
    external_id = models.CharField(max_length=128)
    is_named = models.BooleanField(
        default=True, db_default=True, help_text="Off: the channel gave no id, so we made one"
    )
    sku = models.ForeignKey(
        Sku, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    bundle = models.ForeignKey(
        Bundle, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    parent = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, related_name="parts", db_index=False
    )
    per_set = models.PositiveIntegerField(null=True, help_text="Units in one bundle, when ordered")
    price_share = models.DecimalField(
        max_digits=18,
        decimal_places=4,
        null=True,
        help_text="What of the whole bundle line's price falls on this part of it",
    )
    sku_code = models.CharField(max_length=128, help_text="As the channel sent it")
    channel_sku_code = models.CharField(max_length=128, default="", blank=True)
    channel_spu_id = models.CharField(max_length=128, default="", blank=True)
    name = models.CharField(max_length=255, default="", blank=True)
    remark = models.TextField(default="", blank=True)
    original_price = models.DecimalField(max_digits=16, decimal_places=4, null=True)
    unit_price = models.DecimalField(max_digits=16, decimal_places=4, null=True)
    discount_amount = models.DecimalField(max_digits=16, decimal_places=4, null=True)
    tax_amount = models.DecimalField(max_digits=16, decimal_places=4, null=True)
    line_discount = models.DecimalField(
        max_digits=18,
        decimal_places=4,
        default=0,
        db_default=0,
        help_text="Off quantity times unit price; discount_amount is told and not counted",
    )
    extra = models.JSONField(default=dict, help_text="Members the channel sent that nobody knows")

    quantity_ordered = models.PositiveIntegerField()
    cancelled_by_customer = models.PositiveIntegerField(default=0, db_default=0)
    cancelled_by_seller = models.PositiveIntegerField(default=0, db_default=0)
    cancelled_by_system = models.PositiveIntegerField(default=0, db_default=0)
    quantity_cancelled = models.PositiveIntegerField(default=0, db_default=0)
    quantity_allocated = models.PositiveIntegerField(default=0, db_default=0)
    quantity_in_progress = models.PositiveIntegerField(default=0, db_default=0)
    quantity_packed = models.PositiveIntegerField(default=0, db_default=0)
    quantity_shipped = models.PositiveIntegerField(default=0, db_default=0)
    quantity_out_for_delivery = models.PositiveIntegerField(default=0, db_default=0)
    quantity_delivered = models.PositiveIntegerField(default=0, db_default=0)
    quantity_returned_to_point = models.PositiveIntegerField(default=0, db_default=0)
    quantity_returned = models.PositiveIntegerField(default=0, db_default=0)
    quantity_lost = models.PositiveIntegerField(default=0, db_default=0)

    objects = OrderedLines()
    goods = Goods()
    every = EveryLine()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(bundle__isnull=True) | Q(sku__isnull=True, parent__isnull=True),
                name="orders_line_bundle_has_no_sku",
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True, per_set__isnull=True, price_share__isnull=True)
                | Q(
                    parent__isnull=False,
                    sku__isnull=False,
                    per_set__isnull=False,
                    per_set__gte=1,
                    price_share__isnull=False,
                ),
                name="orders_line_part_is_whole",
            ),
            models.UniqueConstraint(
                fields=["order", "external_id"], name="orders_line_external_uniq"
            ),
            models.CheckConstraint(
                condition=Q(quantity_ordered__gt=0), name="orders_line_ordered_positive"
            ),
            models.CheckConstraint(
                condition=Q(
                    quantity_cancelled=F("cancelled_by_customer")
                    + F("cancelled_by_seller")
                    + F("cancelled_by_system")
                ),
                name="orders_line_cancelled_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(
                    quantity_allocated__lte=F("quantity_ordered") - F("quantity_cancelled")
                ),
                name="orders_line_not_overallocated",
            ),
            models.CheckConstraint(
                condition=Q(quantity_in_progress__lte=F("quantity_allocated")),
                name="orders_line_progress_allocated",
            ),
            models.CheckConstraint(
                condition=Q(quantity_packed__lte=F("quantity_allocated")),
                name="orders_line_not_overpacked",
            ),
            models.CheckConstraint(
                condition=Q(quantity_shipped__lte=F("quantity_packed")),
                name="orders_line_not_overshipped",
            ),
            models.CheckConstraint(
                condition=Q(
                    quantity_shipped__gte=F("quantity_delivered")
                    + F("quantity_out_for_delivery")
                    + F("quantity_returned_to_point")
                    + F("quantity_lost")
                ),
                name="orders_line_not_overdelivered",
            ),
            models.CheckConstraint(
                condition=Q(quantity_returned__lte=F("quantity_shipped")),
                name="orders_line_not_overreturned",
            ),
        ]
        indexes = [
            models.Index(
                fields=["sku", "order"],
                condition=Q(quantity_allocated__lt=F("quantity_ordered") - F("quantity_cancelled")),
                name="orders_line_waiting_idx",
            ),
            models.Index(fields=["sku", "order"], name="orders_line_sku_idx"),
            models.Index(
                fields=["parent"],
                condition=Q(parent__isnull=False),
                name="orders_line_parts_idx",
            ),
            models.Index(
                fields=["bundle", "order"],
                condition=Q(bundle__isnull=False),
                name="orders_line_bundle_idx",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity_ordered} x {self.sku_code}"

    @property
    def total(self) -> Decimal:
        """What the line costs, after its discount. A price nobody told counts nothing, and that of
        a bundle counts on its own line, not on its parts.
        """
        return (self.unit_price or Decimal(0)) * self.quantity_ordered - self.line_discount

    @property
    def ordered_id(self) -> int:
        """The key of the line the channel knows: of a part that of its bundle."""
        return self.parent_id or self.pk

    @property
    def quantity_live(self) -> int:
        return self.quantity_ordered - self.quantity_cancelled

    @property
    def quantity_waiting(self) -> int:
        return self.quantity_live - self.quantity_allocated

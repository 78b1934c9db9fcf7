from typing import Self

from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import F, Q

from catalog.models import Listing, Sku
from oms.accounts.models import Organization
from oms.inventory.choices import MovementKind
from oms.kernel.actors import Actor
from oms.locations.models import FulfillmentPoint


class StockLevelQuerySet(models.QuerySet["StockLevel"]):
    def visible_to(self, actor: Actor) -> Self:
        seen = self
        if actor.organization_id is not None:
            seen = seen.filter(organization_id=actor.organization_id)
        if actor.point_ids is not None:
            seen = seen.filter(point_id__in=actor.point_ids)
        return seen

    def locked(self) -> Self:
        """Lock rows in one global order. Evaluate inside a transaction."""
        return self.order_by("pk").select_for_update(of=("self",))

    def with_available(self) -> Self:
        return self.annotate(available_now=F("on_hand") - F("reserved") - F("safety"))


class StockLevel(models.Model):
    """Units of one SKU at one point. Equals the sum of its movements, always.

    `reserved` may exceed `on_hand`: a warehouse's count is the truth (docs/adr/0006). What never
    happens is a reservation without available stock.
    """

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="levels", db_index=False)
    point = models.ForeignKey(
        FulfillmentPoint, on_delete=models.PROTECT, related_name="levels", db_index=False
    )
    on_hand = models.IntegerField(default=0, db_default=0)
    reserved = models.IntegerField(default=0, db_default=0)
    safety = models.IntegerField(default=0, db_default=0)
    is_stocked = models.BooleanField(
        default=True, db_default=True, help_text="Off: the point said it does not keep this SKU"
    )
    counted_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField(db_default=TransactionNow())

    objects = StockLevelQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sku", "point"], name="inventory_level_uniq"),
            models.CheckConstraint(
                condition=Q(on_hand__gte=0), name="inventory_level_on_hand_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(reserved__gte=0), name="inventory_level_reserved_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(safety__gte=0), name="inventory_level_safety_not_negative"
            ),
        ]
        indexes = [
            models.Index(fields=["point", "sku"], name="inventory_level_point_idx"),
            models.Index(
                fields=["organization", "id"],
                condition=Q(reserved__gt=F("on_hand")),
                name="inventory_level_short_idx",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sku_id}@{self.point_id}"

    @property
    def available(self) -> int:
        """What a new reservation may take; negative when the point counted less than is owed."""
        return self.on_hand - self.reserved - self.safety


class StockMovement(models.Model):
    """One change of one level. Append-only: a trigger and the database role both refuse more."""

    id = models.BigAutoField(primary_key=True)
    organization = models.ForeignKey(
        Organization,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,  # the subject's own row guards it; see docs/adr/0007
    )
    level = models.ForeignKey(
        StockLevel, on_delete=models.PROTECT, related_name="movements", db_index=False
    )
    kind = models.CharField(max_length=8, choices=MovementKind)
    on_hand_delta = models.IntegerField(default=0)
    reserved_delta = models.IntegerField(default=0)
    cause = models.CharField(max_length=160, help_text="Number of the task, count or correction")
    actor = models.CharField(max_length=160)
    recorded_at = models.DateTimeField(db_default=TransactionNow())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=MovementKind.values), name="inventory_movement_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(kind="RESERVE", on_hand_delta=0, reserved_delta__gt=0)
                | Q(kind="RELEASE", on_hand_delta=0, reserved_delta__lt=0)
                | Q(kind="SHIP", on_hand_delta__lte=0, reserved_delta__lt=0)
                | Q(kind__in=["COUNT", "RECEIPT", "RETURN", "ADJUST"], reserved_delta=0),
                name="inventory_movement_deltas_fit_kind",
            ),
        ]
        indexes = [models.Index(fields=["level", "-id"], name="inventory_movement_level_idx")]

    def __str__(self) -> str:
        return f"{self.kind} {self.on_hand_delta:+d}/{self.reserved_delta:+d}"


class StockAnnouncement(models.Model):
    """What a channel was last told to have of one of its listings."""

    listing = models.OneToOneField(
        Listing, on_delete=models.CASCADE, primary_key=True, related_name="announcement"
    )
    quantity = models.IntegerField()
    announced_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.quantity} of listing {self.listing_id}"


class StockWatch(models.Model):
    """How far the ledger was read for announcements. One row.

    Every movement up to `movement_id` was looked at. Up to `next_movement_id` all were that could
    be seen; others with smaller ids may still have been in open transactions, all of which are
    over once no transaction older than `next_transaction` runs.
    """

    ONLY = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY)
    movement_id = models.BigIntegerField(default=0)
    next_movement_id = models.BigIntegerField(default=0)
    next_transaction = models.BigIntegerField(default=0)
    looked_at = models.DateTimeField(null=True)
    compared_at = models.DateTimeField(null=True, help_text="When everything was last compared")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="inventory_stockwatch_is_one"),
        ]

    def __str__(self) -> str:
        return f"read up to {self.movement_id}"

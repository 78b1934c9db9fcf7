from typing import Self

from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import F, Q

from catalog.models import Listing, Sku
from oms.accounts.models import Organization
from oms.inventory.choices import MovementKind, StockReason
from oms.kernel.actors import Actor
from oms.kernel.identifiers import uuid7
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

    def below_available(self, units: int) -> Self:
        """Of which fewer units could be had; what is owed counts as none, so 0 finds nothing."""
        return self.with_available().filter(available_now__lt=units) if units else self.none()


class StockLevel(models.Model):
    """Units of one SKU at one point. Equals the sum of its movements, always.

    `unavailable` (damaged, under inspection) and `incoming` (announced) are units beside `on_hand`,
    not among them. `version` is raised by the database with every change.

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
    unavailable = models.IntegerField(default=0, db_default=0)
    incoming = models.IntegerField(default=0, db_default=0)
    version = models.IntegerField(default=1, db_default=1, editable=False)
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
            models.CheckConstraint(
                condition=Q(unavailable__gte=0), name="inventory_level_unavailable_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(incoming__gte=0), name="inventory_level_incoming_not_negative"
            ),
        ]
        indexes = [
            models.Index(fields=["point", "sku"], name="inventory_level_point_idx"),
            models.Index(fields=["organization", "id"], name="inventory_level_made_idx"),
            models.Index(
                fields=["organization", "updated_at", "id"], name="inventory_level_changed_idx"
            ),
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
    """One change of one level. Append-only: a trigger and the database role both refuse more.

    `safety_delta` says who kept how much back; it is no movement of units.
    """

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
    unavailable_delta = models.IntegerField(default=0, db_default=0)
    incoming_delta = models.IntegerField(default=0, db_default=0)
    safety_delta = models.IntegerField(default=0, db_default=0)
    cause = models.CharField(max_length=160, help_text="Number of the task, count or correction")
    reason = models.CharField(
        max_length=16, choices=StockReason, default="", db_default="", blank=True
    )
    reference = models.CharField(
        max_length=128, default="", db_default="", blank=True, help_text="Theirs, such as PO-77"
    )
    actor = models.CharField(max_length=160)
    recorded_at = models.DateTimeField(db_default=TransactionNow())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=MovementKind.values), name="inventory_movement_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(reason__in=["", *StockReason.values]),
                name="inventory_movement_reason_known",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["COUNT", "RECEIPT", "RETURN", "ADJUST"])
                | Q(unavailable_delta=0, incoming_delta=0, safety_delta=0),
                name="inventory_movement_plain_kinds_are_plain",
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


class StockAdjustmentQuerySet(models.QuerySet["StockAdjustment"]):
    def visible_to(self, actor: Actor) -> Self:
        """Who serves some points only sees what it made itself: others may concern more points."""
        seen = self
        if actor.organization_id is not None:
            seen = seen.filter(organization_id=actor.organization_id)
        if actor.point_ids is not None:
            seen = seen.filter(actor=str(actor))
        return seen


class StockAdjustment(models.Model):
    """Corrections of several levels that were made together or not at all.

    Its movements in the ledger have the cause `cause`. `results` says the same in public words,
    in the order of the corrections: `sku`, `point` (public id), `delta`, `on_hand` after it, and
    the `version` of the level after all.
    """

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=16, choices=StockReason)
    reference = models.CharField(max_length=128, default="", blank=True)
    results = models.JSONField(default=list)
    actor = models.CharField(max_length=160)
    made_at = models.DateTimeField()

    objects = StockAdjustmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(reason__in=StockReason.values), name="inventory_adjustment_reason_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reason} {self.public_id}"

    @property
    def cause(self) -> str:
        """What the ledger and the facts call it."""
        return f"adjustment {self.public_id}"


class StockAnnouncement(models.Model):
    """What a channel was last told to have of one of its listings."""

    listing = models.OneToOneField(
        Listing, on_delete=models.CASCADE, primary_key=True, related_name="announcement"
    )
    quantity = models.IntegerField()
    announced_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.quantity} of listing {self.listing_id}"


class LevelNews(models.Model):
    """Which version of a level was last told."""

    level = models.OneToOneField(
        StockLevel, on_delete=models.CASCADE, primary_key=True, related_name="news"
    )
    version = models.IntegerField()
    told_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"version {self.version} of {self.level_id}"


class StockWatch(models.Model):
    """How far the ledger was read by somebody: one row each.

    Every movement up to `movement_id` was looked at. Up to `next_movement_id` all were that could
    be seen; others with smaller ids may still have been in open transactions, all of which are
    over once no transaction older than `next_transaction` runs.
    """

    LISTINGS = 1
    LEVELS = 2

    id = models.PositiveSmallIntegerField(primary_key=True, default=LISTINGS)
    movement_id = models.BigIntegerField(default=0)
    next_movement_id = models.BigIntegerField(default=0)
    next_transaction = models.BigIntegerField(default=0)
    looked_at = models.DateTimeField(null=True)
    compared_at = models.DateTimeField(null=True, help_text="When everything was last compared")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(id__in=[1, 2]), name="inventory_stockwatch_reader_known"
            ),
        ]

    def __str__(self) -> str:
        return f"read up to {self.movement_id}"

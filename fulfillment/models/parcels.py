from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID, TransactionNow
from django.db import models
from django.db.models import Q

from fulfillment import lifecycle
from fulfillment.choices import ParcelStatus, ReportSource, ServiceLevel
from fulfillment.models.tasks import FulfillmentTask, TaskLine
from oms.accounts.models import Organization
from oms.kernel.actors import Actor
from oms.kernel.identifiers import NextNumber, uuid7
from oms.kernel.sealed import SealedField
from oms.locations.models import FulfillmentPoint


class ParcelQuerySet(models.QuerySet["Parcel"]):
    def visible_to(self, actor: Actor) -> Self:
        seen = self
        if actor.organization_id is not None:
            seen = seen.filter(organization_id=actor.organization_id)
        if actor.point_ids is not None:
            seen = seen.filter(point_id__in=actor.point_ids)
        if actor.channel_ids is not None:
            seen = seen.filter(task__channel_id__in=actor.channel_ids)
        return seen

    def live(self) -> Self:
        return self.exclude(status=ParcelStatus.CANCELLED)

    def packed(self) -> Self:
        """Boxes that exist, or did until they were voided; not those only planned."""
        return self.filter(packed_at__isnull=False)


class Parcel(models.Model):
    """One physical box of a task.

    PLANNED parcels exist for CHANNEL_CARRIER_SINGLE only: made with the task, so that the label
    can be fetched at once; `point_parcel_no` is empty until packing names it. `milestone_at` is
    the event time that decided the present state. `stage` is the station where the status alone
    does not tell it, else empty. A trigger raises `version` with every change of the row, so what
    belongs to the parcel and is stored elsewhere (its label) touches `changed_at`.
    """

    id = models.BigAutoField(primary_key=True)
    number = models.BigIntegerField(
        unique=True, db_default=NextNumber("fulfillment_parcel_number_seq")
    )
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    task = models.ForeignKey(FulfillmentTask, on_delete=models.PROTECT, related_name="parcels")
    point = models.ForeignKey(
        FulfillmentPoint, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    point_parcel_no = models.CharField(max_length=128, null=True, blank=True)
    channel_parcel_no = models.CharField(max_length=128, default="", db_default="", blank=True)
    parcel_type = models.CharField(max_length=64, default="NORMAL", db_default="NORMAL")
    status = models.CharField(max_length=20, choices=ParcelStatus)
    stage = models.CharField(
        max_length=20,
        choices=[(stage, stage.label) for stage in sorted(lifecycle.STAGES)],
        default="",
        db_default="",
        blank=True,
    )
    version = models.IntegerField(default=1, db_default=1, editable=False)
    external_id = models.CharField(max_length=128, default="", db_default="", blank=True)
    milestone_at = models.DateTimeField(null=True)
    carrier = models.CharField(max_length=255, default="", db_default="", blank=True)
    delivery_type = models.CharField(max_length=64, default="", db_default="", blank=True)
    tracking_number = models.CharField(max_length=128, default="", db_default="", blank=True)
    tracking_url = models.CharField(max_length=2048, default="", db_default="", blank=True)
    service_level = models.CharField(
        max_length=8,
        choices=ServiceLevel,
        default=ServiceLevel.STANDARD,
        db_default=ServiceLevel.STANDARD.value,
    )
    waybill_url = models.CharField(max_length=2048, default="", db_default="", blank=True)
    weight_kg = models.DecimalField(max_digits=12, decimal_places=4, null=True)
    length_cm = models.DecimalField(max_digits=12, decimal_places=4, null=True)
    width_cm = models.DecimalField(max_digits=12, decimal_places=4, null=True)
    height_cm = models.DecimalField(max_digits=12, decimal_places=4, null=True)
    source_location = models.CharField(max_length=1000, default="", db_default="", blank=True)
    delivery_cost = models.DecimalField(max_digits=16, decimal_places=4, null=True)
    cod_amount = models.DecimalField(max_digits=18, decimal_places=4, default=0, db_default=0)
    insured_value = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    note = models.TextField(default="", db_default="", blank=True)
    package_sku = models.CharField(
        max_length=255, default="", db_default="", blank=True, help_text="Packing material used"
    )
    created_at = models.DateTimeField(db_default=TransactionNow())
    changed_at = models.DateTimeField(db_default=TransactionNow())
    packed_at = models.DateTimeField(null=True)
    shipped_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)

    objects = ParcelQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["point", "point_parcel_no"],
                condition=Q(point_parcel_no__isnull=False),
                name="fulfillment_parcel_point_no_uniq",
            ),
            models.CheckConstraint(
                condition=Q(status__in=ParcelStatus.values), name="fulfillment_parcel_status_known"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["PLANNED", "CANCELLED"]) | Q(packed_at__isnull=False),
                name="fulfillment_parcel_packed_has_time",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["PLANNED", "PACKED", "LABELLED", "MANIFESTED", "CANCELLED"])
                | Q(shipped_at__isnull=False),
                name="fulfillment_parcel_shipped_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(status="CANCELLED") | Q(shipped_at__isnull=True),
                name="fulfillment_parcel_shipped_not_cancelled",
            ),
            models.CheckConstraint(
                condition=Q(stage="")
                | Q(stage="PICKUP_FAILED", status__in=["PACKED", "LABELLED", "MANIFESTED"])
                | Q(stage__in=["IN_TRANSIT", "DELIVERY_FAILED", "RETURNING"], status="SHIPPED")
                | Q(stage="DAMAGED", status="LOST"),
                name="fulfillment_parcel_stage_fits_status",
            ),
            models.CheckConstraint(
                condition=Q(service_level__in=ServiceLevel.values),
                name="fulfillment_parcel_service_level_known",
            ),
            models.CheckConstraint(
                condition=Q(cod_amount__gte=0), name="fulfillment_parcel_cod_not_negative"
            ),
        ]
        indexes = [
            models.Index(
                fields=["tracking_number"],
                condition=~Q(tracking_number=""),
                name="fulfillment_parcel_track_idx",
            ),
            models.Index(
                fields=["channel_parcel_no"],
                condition=~Q(channel_parcel_no=""),
                name="fulfillment_parcel_chan_no_idx",
            ),
            models.Index(
                fields=["organization", "created_at", "id"], name="fulfillment_parcel_feed_idx"
            ),
            models.Index(
                fields=["organization", "changed_at", "id"],
                name="fulfillment_parcel_changed_idx",
            ),
        ]

    def __str__(self) -> str:
        return self.point_parcel_no or str(self.number)

    @property
    def has_left(self) -> bool:
        return self.shipped_at is not None


class Consignment(models.Model):
    """Where a parcel was said to come from and go to when it was made.

    Later edits of the order or the point change nothing here. `recipient` is the buyer's contact,
    sealed and erased like the order's; parcels without a row go where their order goes.
    """

    sealed_by: ClassVar[str] = "parcel_id"

    parcel = models.OneToOneField(
        Parcel, on_delete=models.CASCADE, primary_key=True, related_name="consignment"
    )
    sender = models.JSONField()
    recipient = SealedField(null=True)

    def __str__(self) -> str:
        return f"consignment of parcel {self.parcel_id}"


class ParcelItem(models.Model):
    """Units of a task line inside a parcel."""

    parcel = models.ForeignKey(
        Parcel, on_delete=models.CASCADE, related_name="items", db_index=False
    )
    task_line = models.ForeignKey(TaskLine, on_delete=models.PROTECT, related_name="parcel_items")
    quantity = models.PositiveIntegerField()
    serials = ArrayField(
        models.CharField(max_length=255),
        default=list,
        db_default=[],
        blank=True,
        help_text="Of the units, where the point told them",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["parcel", "task_line"], name="fulfillment_parcelitem_uniq"
            ),
            models.CheckConstraint(
                condition=Q(quantity__gt=0), name="fulfillment_parcelitem_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} x line {self.task_line_id}"


class ParcelMilestone(models.Model):
    """A dated fact about a parcel's journey. All are kept; the latest decides the state.

    `milestone` is a `Station`, or empty when only a text was reported. `report_key` tells reports
    apart that say the same; under one that the reporter gave (`source_event_id`), a parcel has one.
    """

    public_id = models.UUIDField(default=uuid7, db_default=RandomUUID(), editable=False)
    parcel = models.ForeignKey(
        Parcel, on_delete=models.CASCADE, related_name="milestones", db_index=False
    )
    milestone = models.CharField(max_length=20, default="", blank=True)
    description = models.TextField(default="", blank=True)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=TransactionNow())
    actor = models.CharField(max_length=160)
    source = models.CharField(
        max_length=9, choices=ReportSource, default="", db_default="", blank=True
    )
    source_event_id = models.CharField(max_length=255, default="", db_default="", blank=True)
    report_key = models.CharField(max_length=255, default="", db_default="", blank=True)
    location_text = models.CharField(max_length=255, default="", db_default="", blank=True)
    proof_url = models.CharField(max_length=2048, default="", db_default="", blank=True)
    was_applied = models.BooleanField(
        default=True, db_default=True, help_text="Off: kept without moving the parcel"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["parcel", "milestone", "occurred_at", "description", "report_key"],
                name="fulfillment_milestone_uniq",
            ),
            models.UniqueConstraint(
                fields=["parcel", "source_event_id"],
                condition=~Q(source_event_id=""),
                name="fulfillment_milestone_source_uniq",
            ),
        ]

    def __str__(self) -> str:
        return self.milestone or self.description

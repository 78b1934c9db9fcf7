from typing import Self

from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import Q

from fulfillment.choices import TransferStatus
from fulfillment.models.tasks import FulfillmentTask, TaskLine
from oms.accounts.models import Organization
from oms.kernel.actors import Actor
from oms.kernel.identifiers import NextNumber
from oms.locations.models import FulfillmentPoint


class TransferQuerySet(models.QuerySet["TransferOrder"]):
    def visible_to(self, actor: Actor) -> Self:
        """A point sees what it sends and what it gets."""
        seen = self
        if actor.organization_id is not None:
            seen = seen.filter(organization_id=actor.organization_id)
        if actor.point_ids is not None:
            seen = seen.filter(
                Q(source_id__in=actor.point_ids) | Q(destination_id__in=actor.point_ids)
            )
        if actor.channel_ids is not None:
            seen = seen.filter(task__channel_id__in=actor.channel_ids)
        return seen

    def open(self) -> Self:
        """Neither arrived nor cancelled."""
        ended = [TransferStatus.TRANSFERRED, TransferStatus.CANCELLED]
        return self.exclude(status__in=ended)


class TransferOrder(models.Model):
    """Goods one point sends to another, which ships them to the buyer.

    The units stay reserved at the source until they are dispatched, belong to no level while they
    travel, and are reserved at the destination from their arrival on (docs/adr/0026).
    """

    id = models.BigAutoField(primary_key=True)
    public_number = models.BigIntegerField(
        unique=True, db_default=NextNumber("fulfillment_transfer_number_seq")
    )
    number = models.CharField(max_length=32)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    task = models.ForeignKey(FulfillmentTask, on_delete=models.PROTECT, related_name="transfers")
    source = models.ForeignKey(
        FulfillmentPoint, on_delete=models.PROTECT, related_name="transfers_out", db_index=False
    )
    destination = models.ForeignKey(
        FulfillmentPoint, on_delete=models.PROTECT, related_name="transfers_in", db_index=False
    )
    status = models.CharField(max_length=12, choices=TransferStatus, default=TransferStatus.WAITING)
    carrier = models.CharField(max_length=255, default="", db_default="", blank=True)
    tracking_number = models.CharField(max_length=255, default="", db_default="", blank=True)
    extra = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(db_default=TransactionNow())
    changed_at = models.DateTimeField(db_default=TransactionNow())
    dispatched_at = models.DateTimeField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)

    objects = TransferQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["task", "number"], name="fulfillment_transfer_number_uniq"
            ),
            models.CheckConstraint(
                condition=Q(status__in=TransferStatus.values),
                name="fulfillment_transfer_status_known",
            ),
            models.CheckConstraint(
                condition=~Q(source=models.F("destination")),
                name="fulfillment_transfer_goes_elsewhere",
            ),
        ]
        indexes = [
            models.Index(fields=["source", "status", "id"], name="fulfillment_transfer_out_idx"),
            models.Index(fields=["organization", "id"], name="fulfillment_transfer_list_idx"),
        ]

    def __str__(self) -> str:
        return self.number


class TransferLine(models.Model):
    """All units of one task line, on their way from another point."""

    transfer = models.ForeignKey(TransferOrder, on_delete=models.CASCADE, related_name="lines")
    task_line = models.ForeignKey(TaskLine, on_delete=models.PROTECT, related_name="transfer_lines")
    quantity = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["transfer", "task_line"], name="fulfillment_transferline_uniq"
            ),
            models.CheckConstraint(
                condition=Q(quantity__gt=0), name="fulfillment_transferline_quantity_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of {self.task_line_id}"

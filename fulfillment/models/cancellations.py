from typing import Self

from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import Q

from fulfillment.choices import CancellationStatus
from fulfillment.models.tasks import FulfillmentTask, TaskLine
from oms.accounts.models import Organization
from oms.kernel.actors import Actor
from oms.kernel.identifiers import PrefixedNumber


class CancellationQuerySet(models.QuerySet["CancellationTask"]):
    def visible_to(self, actor: Actor) -> Self:
        seen = self
        if actor.organization_id is not None:
            seen = seen.filter(organization_id=actor.organization_id)
        if actor.point_ids is not None:
            seen = seen.filter(task__point_id__in=actor.point_ids)
        return seen


class CancellationTask(models.Model):
    """Tells a point to drop lines of a task. Closed once the task has ended."""

    id = models.BigAutoField(primary_key=True)
    number = models.CharField(
        max_length=32,
        unique=True,
        db_default=PrefixedNumber("CT", "fulfillment_cancellation_number_seq"),
    )
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    task = models.ForeignKey(
        FulfillmentTask, on_delete=models.PROTECT, related_name="cancellations"
    )
    status = models.CharField(
        max_length=8, choices=CancellationStatus, default=CancellationStatus.OPEN
    )
    reason = models.TextField(default="", blank=True)
    created_at = models.DateTimeField(db_default=TransactionNow())
    changed_at = models.DateTimeField(db_default=TransactionNow())
    closed_at = models.DateTimeField(null=True)

    objects = CancellationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status="OPEN", closed_at__isnull=True)
                | Q(status="CLOSED", closed_at__isnull=False),
                name="fulfillment_cancellation_closed_has_time",
            ),
        ]
        indexes = [
            models.Index(fields=["task"], name="fulfillment_canc_task_idx"),
        ]

    def __str__(self) -> str:
        return self.number


class CancellationLine(models.Model):
    """A task line to drop, with the units."""

    cancellation = models.ForeignKey(
        CancellationTask, on_delete=models.CASCADE, related_name="lines"
    )
    task_line = models.ForeignKey(TaskLine, on_delete=models.PROTECT, related_name="cancellations")
    quantity = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cancellation", "task_line"], name="fulfillment_cancline_uniq"
            ),
            models.CheckConstraint(
                condition=Q(quantity__gt=0), name="fulfillment_cancline_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of line {self.task_line_id}"

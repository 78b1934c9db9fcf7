from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import Q

from fulfillment.choices import DiscrepancyReason
from fulfillment.models.tasks import FulfillmentTask, TaskLine
from oms.accounts.models import Organization
from oms.kernel.identifiers import NextNumber
from oms.locations.models import FulfillmentPoint


class DenialReason(models.Model):
    """Why points may refuse tasks, in an organization's words."""

    public_number = models.BigIntegerField(
        unique=True, db_default=NextNumber("fulfillment_denialreason_number_seq")
    )
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="denial_reasons", db_index=False
    )
    title = models.CharField(max_length=255)
    remote_id = models.CharField(max_length=100, default="", db_default="", blank=True)
    priority = models.PositiveIntegerField(null=True, blank=True)
    is_active = models.BooleanField(default=True, db_default=True)
    created_at = models.DateTimeField(db_default=TransactionNow())
    changed_at = models.DateTimeField(db_default=TransactionNow())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "title"], name="fulfillment_denialreason_title_uniq"
            )
        ]

    def __str__(self) -> str:
        return self.title


class TaskDenial(models.Model):
    """A point refused a task. The words of the reason are kept as they were."""

    task = models.ForeignKey(FulfillmentTask, on_delete=models.CASCADE, related_name="denials")
    point = models.ForeignKey(
        FulfillmentPoint, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    reason = models.ForeignKey(DenialReason, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=255)
    note = models.TextField(default="", db_default="", blank=True)
    created_at = models.DateTimeField(db_default=TransactionNow())
    actor = models.CharField(max_length=160)

    def __str__(self) -> str:
        return self.title


class Discrepancy(models.Model):
    """A point could not give the units of a task line: its books and its shelf disagree."""

    task_line = models.ForeignKey(TaskLine, on_delete=models.CASCADE, related_name="discrepancies")
    point = models.ForeignKey(
        FulfillmentPoint, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    reason = models.CharField(max_length=16, choices=DiscrepancyReason)
    created_at = models.DateTimeField(db_default=TransactionNow())
    actor = models.CharField(max_length=160)

    class Meta:
        verbose_name_plural = "discrepancies"
        constraints = [
            models.CheckConstraint(
                condition=Q(reason__in=DiscrepancyReason.values),
                name="fulfillment_discrepancy_reason_known",
            )
        ]

    def __str__(self) -> str:
        return self.get_reason_display()

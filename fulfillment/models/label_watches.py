"""Labels whose carrier is asked, from time to time, how far their parcels are."""

from django.db import models
from django.db.models import Q

from fulfillment.models.documents import Document
from oms.accounts.models import Organization


class LabelWatch(models.Model):
    """The job of asking about one label, and what its carrier said last.

    Due at `due_at`, claimed by moving that to the end of a lease and counting the attempt; without
    a time, nobody asks any more. It is there before the carrier is first called, so that a shipment
    is taken back also where the answer, and then the label, was lost (docs/adr/0032).
    """

    document = models.OneToOneField(
        Document, on_delete=models.CASCADE, primary_key=True, related_name="watch"
    )
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    carrier = models.CharField(max_length=255, help_text="As the document has it")
    due_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0, db_default=0)
    failures = models.PositiveSmallIntegerField(default=0, db_default=0, help_text="In a row")
    last_status = models.CharField(max_length=64, default="", db_default="", blank=True)
    last_error = models.CharField(max_length=255, default="", db_default="", blank=True)
    asked_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "label watches"
        indexes = [
            models.Index(
                fields=["due_at", "document"],
                condition=Q(due_at__isnull=False),
                name="fulfillment_labelwatch_due_idx",
            ),
            models.Index(
                fields=["carrier", "due_at"],
                condition=Q(due_at__isnull=False),
                name="fulfillment_labelwatch_of_idx",
            ),
        ]

    def __str__(self) -> str:
        return f"watch of document {self.document_id}"

from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import Q

from fulfillment.choices import InvoiceDocument
from fulfillment.models.documents import StoredContent
from fulfillment.models.tasks import FulfillmentTask


class TaskInvoice(models.Model):
    """The invoice of a task that somebody else wrote: what they told of it, the last word only."""

    task = models.OneToOneField(
        FulfillmentTask, on_delete=models.CASCADE, related_name="outside_invoice"
    )
    number = models.CharField(max_length=128)
    issued_at = models.DateTimeField()
    kind = models.CharField(max_length=4, choices=InvoiceDocument)
    url = models.CharField(max_length=2048, default="", db_default="", blank=True)
    content = models.ForeignKey(
        StoredContent,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    changed_at = models.DateTimeField(db_default=TransactionNow())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="URL", content__isnull=True) & ~Q(url="")
                | Q(kind__in=["PDF", "HTML"], content__isnull=False, url=""),
                name="fulfillment_taskinvoice_is_one_thing",
            )
        ]

    def __str__(self) -> str:
        return self.number

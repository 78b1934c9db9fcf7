"""What the commands remember: when which world was applied, and how far an import has come."""

from django.contrib.postgres.functions import TransactionNow
from django.db import models

from channels_app.models import Channel
from oms.orders.models import OrderLine


class WorldApplication(models.Model):
    """World files that were applied. `digest` is over their bytes, in their order."""

    digest = models.CharField(max_length=64)
    files = models.TextField()
    changes = models.PositiveIntegerField()
    applied_at = models.DateTimeField(db_default=TransactionNow())

    def __str__(self) -> str:
        return self.files


class OrderImport(models.Model):
    """How far the import of one file into one channel has come.

    Only a short cut: what makes a repeated import harmless is that an order exists once per
    number, and `ImportedCancellation`.
    """

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="+")
    mapping = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, help_text="SHA-256 of the file")
    file = models.TextField()
    refused_file = models.TextField()
    refused_size = models.PositiveBigIntegerField(default=0)
    rows_done = models.PositiveBigIntegerField(default=0)
    totals = models.JSONField(default=dict)
    started_at = models.DateTimeField(db_default=TransactionNow())
    changed_at = models.DateTimeField(db_default=TransactionNow())
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "mapping", "digest"], name="backoffice_orderimport_uniq"
            ),
        ]

    def __str__(self) -> str:
        return self.file


class ImportedCancellation(models.Model):
    """Units of an order line that one row of an imported file has cancelled.

    Written in the transaction that cancels them. A row cancels as many units as it says, less
    what stands here, however often it is loaded.
    """

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+", db_index=False)
    reference = models.CharField(max_length=128, help_text="Number of the cancellation")
    row = models.PositiveIntegerField(help_text="Row within the cancellation")
    line = models.ForeignKey(OrderLine, on_delete=models.CASCADE, related_name="+")
    quantity = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(quantity__gt=0), name="backoffice_importedcancellation_positive"
            ),
        ]
        indexes = [
            models.Index(fields=["channel", "reference"], name="backoffice_cancellation_idx"),
        ]

    def __str__(self) -> str:
        return f"{self.reference}/{self.row}"

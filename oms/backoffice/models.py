"""What the commands remember: when which world was applied, and how far an import has come. And
what people do at the bench, scan by scan.
"""

from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import Q

from channels_app.models import Channel
from fulfillment.models import FulfillmentTask, Parcel, Picklist, TaskLine
from oms.backoffice.choices import BenchQuestion, SessionEnd, Tone
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


class PackingSession(models.Model):
    """One person picking and packing one task at the bench, until a box is packed.

    All that was scanned is here, so that a reload or another tablet goes on from it. `question` is
    what the bench wants confirmed, `times` what the next scan counts for, `said` its last words.
    While a box is being packed, `packing_until` lies ahead; nobody else packs it then.
    """

    task = models.ForeignKey(
        FulfillmentTask, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    picklist = models.ForeignKey(
        Picklist, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    person = models.CharField(max_length=150, help_text="User name")
    times = models.PositiveIntegerField(default=1)
    weight_g = models.PositiveIntegerField(null=True)
    packing_until = models.DateTimeField(null=True)
    question = models.CharField(max_length=8, choices=BenchQuestion, default="", blank=True)
    said = models.CharField(max_length=1000, default="", blank=True)
    tone = models.CharField(max_length=8, choices=Tone, default=Tone.CALM)
    parcel = models.ForeignKey(
        Parcel, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    opened_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    end = models.CharField(max_length=8, choices=SessionEnd, default="", blank=True)

    class Meta:
        default_permissions = ()
        permissions = [("pack_at_bench", "Can pick and pack at the bench")]
        constraints = [
            models.UniqueConstraint(
                fields=["task"],
                condition=Q(ended_at__isnull=True),
                name="backoffice_session_one_per_task",
            ),
            models.CheckConstraint(
                condition=Q(end="", ended_at__isnull=True)
                | (Q(end__in=SessionEnd.values) & Q(ended_at__isnull=False)),
                name="backoffice_session_ended_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(end="PACKED") | Q(parcel__isnull=False),
                name="backoffice_session_packed_has_parcel",
            ),
            models.CheckConstraint(
                condition=Q(times__gt=0), name="backoffice_session_times_positive"
            ),
        ]
        indexes = [
            models.Index(
                fields=["person", "id"],
                condition=Q(ended_at__isnull=True),
                name="backoffice_session_open_idx",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} packs {self.task_id}"


class BenchScan(models.Model):
    """Something scanned. `token` is the browser's, so that a scan sent twice counts once.

    `units` went to `task_line`; negative ones were taken out again. Commands and refused scans
    have neither.
    """

    session = models.ForeignKey(
        PackingSession, on_delete=models.CASCADE, related_name="scans", db_index=False
    )
    token = models.UUIDField()
    text = models.CharField(max_length=255)
    task_line = models.ForeignKey(
        TaskLine, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    units = models.IntegerField(default=0)
    scanned_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["session", "token", "task_line"],
                nulls_distinct=False,
                name="backoffice_scan_once",
            ),
            models.CheckConstraint(
                condition=Q(task_line__isnull=True, units=0)
                | (Q(task_line__isnull=False) & ~Q(units=0)),
                name="backoffice_scan_counts_units",
            ),
        ]

    def __str__(self) -> str:
        return self.text

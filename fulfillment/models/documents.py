from typing import ClassVar

from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import Q

from fulfillment.choices import DocumentKind, DocumentStatus
from fulfillment.models.invoices import Invoice
from fulfillment.models.parcels import Parcel
from fulfillment.models.picklists import Picklist
from oms.accounts.models import Organization
from oms.kernel.sealed import SealedField


class StoredContent(models.Model):
    """Bytes on file, once per content. Written before any document points at them."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    media_type = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    file = models.FileField(upload_to="", max_length=255)
    created_at = models.DateTimeField(db_default=TransactionNow())

    def __str__(self) -> str:
        return self.sha256


_SUBJECTS = ("parcel", "invoice", "manifest", "handover", "picklist")


def _is_of_one_thing() -> Q:
    of_one = Q()
    for subject in _SUBJECTS:
        of_one |= Q(**{f"{other}__isnull": other != subject for other in _SUBJECTS})
    return of_one


class Document(models.Model):
    """A label or paper of one thing, and the job that gets it.

    What it is of: a parcel (label, packing slip), an invoice or credit note, a manifest, a
    hand-over, or a picklist.

    While PENDING the row is the job: due at `not_before`, claimed by moving it past a lease and
    counting the attempt. `reference` is what the carrier is asked by after a crash, so that no
    label is bought twice. `source_url` is where the channel keeps a document of its own; what opens
    such an address may be a secret, so it is sealed.
    """

    sealed_by: ClassVar[str] = "reference"

    id = models.BigAutoField(primary_key=True)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    parcel = models.ForeignKey(
        Parcel, on_delete=models.PROTECT, null=True, related_name="documents"
    )
    invoice = models.ForeignKey(
        Invoice, on_delete=models.PROTECT, null=True, related_name="documents", db_index=False
    )
    manifest = models.ForeignKey(
        "fulfillment.Manifest",
        on_delete=models.PROTECT,
        null=True,
        related_name="documents",
        db_index=False,
    )
    handover = models.ForeignKey(
        "fulfillment.Handover",
        on_delete=models.PROTECT,
        null=True,
        related_name="documents",
        db_index=False,
    )
    picklist = models.ForeignKey(
        Picklist, on_delete=models.PROTECT, null=True, related_name="documents", db_index=False
    )
    kind = models.CharField(max_length=16, choices=DocumentKind)
    status = models.CharField(max_length=8, choices=DocumentStatus, default=DocumentStatus.PENDING)
    carrier = models.CharField(max_length=255, help_text="Who makes it; `oms` makes its own")
    reference = models.CharField(max_length=64)
    source_url = SealedField(null=True, editable=False)
    content = models.ForeignKey(
        StoredContent, on_delete=models.PROTECT, null=True, related_name="documents"
    )
    not_before = models.DateTimeField(db_default=TransactionNow())
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)
    last_error = models.CharField(max_length=500, default="", db_default="", blank=True)
    error_code = models.CharField(
        max_length=64, default="", db_default="", blank=True, help_text="As the carrier calls it"
    )
    created_at = models.DateTimeField(db_default=TransactionNow())
    changed_at = models.DateTimeField(db_default=TransactionNow())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reference"], name="fulfillment_document_ref_uniq"),
            models.UniqueConstraint(
                fields=["parcel", "kind", "carrier"],
                condition=~Q(status="VOID"),
                name="fulfillment_document_live_uniq",
            ),
            *(
                models.UniqueConstraint(
                    fields=[subject, "kind"],
                    condition=Q(**{f"{subject}__isnull": False}) & ~Q(status="VOID"),
                    name=f"fulfillment_document_{subject}_uniq",
                )
                for subject in _SUBJECTS[1:]
            ),
            models.CheckConstraint(
                condition=_is_of_one_thing(), name="fulfillment_document_of_one_thing"
            ),
            models.CheckConstraint(
                condition=~Q(kind="LABEL") | Q(parcel__isnull=False),
                name="fulfillment_document_label_of_parcel",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=DocumentKind.values), name="fulfillment_document_kind_known"
            ),
            models.CheckConstraint(
                condition=~Q(status="READY") | Q(content__isnull=False),
                name="fulfillment_document_ready_has_content",
            ),
            models.CheckConstraint(
                condition=Q(status__in=DocumentStatus.values),
                name="fulfillment_document_status_known",
            ),
        ]
        indexes = [
            models.Index(
                fields=["not_before", "id"],
                condition=Q(status="PENDING"),
                name="fulfillment_document_due_idx",
            ),
            models.Index(
                fields=["organization", "id"],
                condition=Q(status="FAILED"),
                name="fulfillment_doc_failed_idx",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"

    @property
    def box(self) -> Parcel:
        """The parcel of a label or packing slip."""
        if self.parcel is None:
            raise LookupError(f"{self.kind} {self.reference} is of no parcel")
        return self.parcel

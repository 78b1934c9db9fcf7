from typing import ClassVar

from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import Q

from channels_app.models import Channel
from fulfillment.models.parcels import Parcel
from fulfillment.models.picklists import DockQuerySet
from oms.accounts.models import Organization
from oms.kernel.identifiers import PrefixedNumber, uuid7
from oms.kernel.sealed import SealedField
from oms.locations.models import FulfillmentPoint


class ManifestQuerySet(DockQuerySet["Manifest"]):
    """Manifests."""


class HandoverQuerySet(DockQuerySet["Handover"]):
    """Hand-overs."""


class Manifest(models.Model):
    """Boxes of one point that one carrier is to collect.

    `channel` is set when all of them are that channel's; `carrier` is whom the point named, which
    may differ from what is on a label. `external_code` is what the sales channel calls it.
    """

    id = models.BigAutoField(primary_key=True)
    number = models.CharField(
        max_length=32, unique=True, db_default=PrefixedNumber("MF", "fulfillment_manifest_seq")
    )
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    point = models.ForeignKey(
        FulfillmentPoint, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    channel = models.ForeignKey(
        Channel, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    carrier = models.CharField(max_length=255)
    external_code = models.CharField(max_length=255, default="", db_default="", blank=True)
    created_at = models.DateTimeField(db_default=TransactionNow())
    created_by = models.CharField(max_length=160)

    objects = ManifestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(carrier=""), name="fulfillment_manifest_carrier_named"
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "id"], name="fulfillment_manifest_org_idx"),
            models.Index(fields=["point", "id"], name="fulfillment_manifest_point_idx"),
        ]

    def __str__(self) -> str:
        return self.number


class ManifestParcel(models.Model):
    """A box on a manifest; it stays there when it is voided later."""

    id = models.BigAutoField(primary_key=True)
    manifest = models.ForeignKey(Manifest, on_delete=models.CASCADE, related_name="entries")
    parcel = models.OneToOneField(Parcel, on_delete=models.PROTECT, related_name="manifest_entry")

    def __str__(self) -> str:
        return f"parcel {self.parcel_id} on manifest {self.manifest_id}"


class Handover(models.Model):
    """Boxes of one point that a carrier took away, and what the driver brought and signed.

    Nobody knows what is in `eway_bill`, so it is sealed. `signed_content` is the signed paper.
    """

    sealed_by: ClassVar[str] = "public_id"

    id = models.BigAutoField(primary_key=True)
    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    number = models.CharField(
        max_length=32, unique=True, db_default=PrefixedNumber("HO", "fulfillment_handover_seq")
    )
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    point = models.ForeignKey(
        FulfillmentPoint, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    channel = models.ForeignKey(
        Channel, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    carrier = models.CharField(max_length=255)
    vehicle_number = models.CharField(max_length=255, default="", db_default="", blank=True)
    remarks = models.CharField(max_length=255, default="", db_default="", blank=True)
    lr_number = models.CharField(
        "lorry receipt", max_length=255, default="", db_default="", blank=True
    )
    eway_bill = SealedField("e-way bill", null=True, editable=False)
    signed_content = models.ForeignKey(
        "fulfillment.StoredContent", on_delete=models.PROTECT, null=True, related_name="+"
    )
    signed_at = models.DateTimeField(null=True, help_text="When the signed paper was filed")
    handed_over_at = models.DateTimeField()
    created_by = models.CharField(max_length=160)

    objects = HandoverQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(carrier=""), name="fulfillment_handover_carrier_named"
            ),
            models.CheckConstraint(
                condition=Q(signed_content__isnull=True, signed_at__isnull=True)
                | Q(signed_content__isnull=False, signed_at__isnull=False),
                name="fulfillment_handover_signed_has_time",
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "id"], name="fulfillment_handover_org_idx"),
            models.Index(fields=["point", "id"], name="fulfillment_handover_point_idx"),
        ]

    def __str__(self) -> str:
        return self.number


class HandoverParcel(models.Model):
    """A box a hand-over is about. `is_taken`: it left with this one; else it had left before,
    and this one's paper only names it again.
    """

    id = models.BigAutoField(primary_key=True)
    handover = models.ForeignKey(
        Handover, on_delete=models.CASCADE, related_name="entries", db_index=False
    )
    parcel = models.ForeignKey(Parcel, on_delete=models.PROTECT, related_name="handover_entries")
    is_taken = models.BooleanField(default=True, db_default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["handover", "parcel"], name="fulfillment_handoverparcel_uniq"
            ),
            models.UniqueConstraint(
                fields=["parcel"],
                condition=Q(is_taken=True),
                name="fulfillment_handoverparcel_taken_uniq",
            ),
        ]

    def __str__(self) -> str:
        return f"parcel {self.parcel_id} in hand-over {self.handover_id}"

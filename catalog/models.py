from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from catalog.choices import ListingStatus
from channels_app.models import Channel
from oms.accounts.models import Organization
from oms.kernel.actors import Actor
from oms.kernel.models import TimeStamped


class SkuQuerySet(models.QuerySet["Sku"]):
    def visible_to(self, actor: Actor) -> Self:
        if actor.organization_id is None:
            return self
        return self.filter(organization_id=actor.organization_id)


class Sku(TimeStamped):
    """What is stocked."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="skus")
    code = models.CharField(max_length=128)
    name = models.CharField(max_length=255, default="", blank=True)
    brand_code = models.CharField(max_length=128, default="", blank=True)
    brand_sku_code = models.CharField(max_length=128, default="", blank=True)
    barcodes = ArrayField(models.CharField(max_length=64), default=list, blank=True)
    weight_g = models.PositiveIntegerField(null=True, blank=True)
    tags = ArrayField(models.CharField(max_length=64), default=list, db_default=[], blank=True)
    payload = models.JSONField(
        default=dict,
        db_default={},
        blank=True,
        help_text="What whoever made it told besides, read by nobody",
    )

    objects = SkuQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "code"], name="catalog_sku_code_uniq"),
            models.UniqueConstraint(
                fields=["organization", "brand_code", "brand_sku_code"],
                condition=~Q(brand_sku_code=""),
                name="catalog_sku_brand_uniq",
            ),
        ]
        indexes = [GinIndex(fields=["barcodes"], name="catalog_sku_barcodes_idx")]

    def __str__(self) -> str:
        return self.code


class BundleQuerySet(models.QuerySet["Bundle"]):
    def visible_to(self, actor: Actor) -> Self:
        if actor.organization_id is None:
            return self
        return self.filter(organization_id=actor.organization_id)


class Bundle(TimeStamped):
    """SKUs that are sold as one. It has no stock: there is as much of it as of its scarcest part.

    Its code is no SKU's code of the organization, which a trigger guards on both tables. Whoever
    orders it gets the parts it has then; one without parts, or that is off, is no known code.
    """

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="bundles")
    code = models.CharField(max_length=128)
    name = models.CharField(max_length=255, default="", blank=True)
    is_active = models.BooleanField(default=True, db_default=True)

    objects = BundleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "code"], name="catalog_bundle_code_uniq"
            ),
            models.CheckConstraint(condition=~Q(code=""), name="catalog_bundle_has_code"),
        ]

    def __str__(self) -> str:
        return self.code


class BundlePart(models.Model):
    """Units of one SKU in one bundle. `weight` is the share of the bundle's price that one unit
    bears, against the other units in it.
    """

    bundle = models.ForeignKey(
        Bundle, on_delete=models.CASCADE, related_name="parts", db_index=False
    )
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="bundle_parts")
    quantity = models.PositiveIntegerField(default=1)
    weight = models.DecimalField(max_digits=12, decimal_places=4, default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bundle", "sku"], name="catalog_bundlepart_sku_uniq"),
            models.CheckConstraint(
                condition=Q(quantity__gte=1, quantity__lte=10_000),
                name="catalog_bundlepart_quantity_positive",
            ),
            models.CheckConstraint(
                condition=Q(weight__gt=0), name="catalog_bundlepart_weight_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.sku_id}"


class Spu(TimeStamped):
    """A product as one channel shows it; its variants are listings."""

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="spus")
    external_id = models.CharField(max_length=128)
    name = models.CharField(max_length=255)
    category_id = models.CharField(max_length=128, default="", blank=True)
    category_name = models.CharField(max_length=1000, default="", blank=True)
    image_url = models.CharField(max_length=2048, default="", blank=True)
    status = models.CharField(max_length=8, choices=ListingStatus, default=ListingStatus.ACTIVE)
    listed_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(null=True, blank=True, help_text="By the channel's clock")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "external_id"], name="catalog_spu_external_uniq"
            ),
            models.CheckConstraint(
                condition=Q(status__in=ListingStatus.values), name="catalog_spu_status_known"
            ),
        ]

    def __str__(self) -> str:
        return self.external_id


class Listing(TimeStamped):
    """The code one channel uses for a SKU or a bundle; for neither while nobody knows which."""

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="listings")
    spu = models.ForeignKey(
        Spu, on_delete=models.CASCADE, null=True, blank=True, related_name="listings"
    )
    sku = models.ForeignKey(
        Sku, on_delete=models.PROTECT, null=True, blank=True, related_name="listings"
    )
    bundle = models.ForeignKey(
        Bundle,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="listings",
        db_index=False,
    )
    channel_sku_code = models.CharField(max_length=255)
    channel_serial_no = models.CharField(max_length=255, default="", blank=True)
    seller_sku_code = models.CharField(max_length=128, default="", blank=True)
    original_price = models.DecimalField(max_digits=16, decimal_places=4, null=True, blank=True)
    current_price = models.DecimalField(max_digits=16, decimal_places=4, null=True, blank=True)
    stock = models.IntegerField(null=True, blank=True, help_text="As the channel last said")
    status = models.CharField(max_length=8, choices=ListingStatus, default=ListingStatus.ACTIVE)
    attributes = models.JSONField(default=dict, blank=True)
    payload = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "spu", "channel_sku_code"],
                nulls_distinct=False,
                name="catalog_listing_code_uniq",
            ),
            models.CheckConstraint(
                condition=Q(status__in=ListingStatus.values), name="catalog_listing_status_known"
            ),
            models.CheckConstraint(
                condition=Q(sku__isnull=True) | Q(bundle__isnull=True),
                name="catalog_listing_names_one",
            ),
        ]
        indexes = [
            models.Index(fields=["channel", "channel_sku_code"], name="catalog_listing_lookup_idx"),
            models.Index(
                fields=["bundle"],
                condition=Q(bundle__isnull=False),
                name="catalog_listing_bundle_idx",
            ),
        ]

    def __str__(self) -> str:
        return self.channel_sku_code

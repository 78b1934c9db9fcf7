from typing import Self, TypeVar

from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import Q

from catalog.models import Sku
from channels_app.models import Channel
from fulfillment.choices import PicklistKind, PicklistStatus
from fulfillment.models.tasks import FulfillmentTask
from oms.accounts.models import Organization
from oms.kernel.actors import Actor
from oms.kernel.identifiers import NextNumber
from oms.kernel.models import TimeStamped
from oms.locations.models import FulfillmentPoint

Row = TypeVar("Row", bound=models.Model)


class DockQuerySet(models.QuerySet[Row]):
    """Rows of the dock: each of one point, and of one channel or several."""

    def visible_to(self, actor: Actor) -> Self:
        seen = self
        if actor.organization_id is not None:
            seen = seen.filter(organization_id=actor.organization_id)
        if actor.point_ids is not None:
            seen = seen.filter(point_id__in=actor.point_ids)
        if actor.channel_ids is not None:
            seen = seen.filter(channel_id__in=actor.channel_ids)
        return seen


class PicklistQuerySet(DockQuerySet["Picklist"]):
    """Picklists."""


class Picklist(models.Model):
    """Tasks of one point that are picked together.

    `channel` is set when all of them are that channel's. `external_code` is what the point's own
    system calls it. `criteria` is what a wave was made by. Closed once every task on it is packed
    or has ended.
    """

    id = models.BigAutoField(primary_key=True)
    number = models.IntegerField(
        unique=True, db_default=NextNumber("fulfillment_picklist_number_seq")
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
    external_code = models.CharField(max_length=255, default="", db_default="", blank=True)
    kind = models.CharField(max_length=8, choices=PicklistKind, default=PicklistKind.MANUAL)
    criteria = models.JSONField(default=dict)
    status = models.CharField(max_length=8, choices=PicklistStatus, default=PicklistStatus.OPEN)
    created_at = models.DateTimeField(db_default=TransactionNow())
    closed_at = models.DateTimeField(null=True)
    created_by = models.CharField(max_length=160)

    objects = PicklistQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["point", "channel", "external_code"],
                condition=~Q(external_code=""),
                nulls_distinct=False,
                name="fulfillment_picklist_code_uniq",
            ),
            models.CheckConstraint(
                condition=Q(status="OPEN", closed_at__isnull=True)
                | Q(status="CLOSED", closed_at__isnull=False),
                name="fulfillment_picklist_closed_has_time",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=PicklistKind.values), name="fulfillment_picklist_kind_known"
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "id"], name="fulfillment_picklist_org_idx"),
            models.Index(fields=["point", "status", "id"], name="fulfillment_picklist_point_idx"),
        ]
        permissions = [("work_at_dock", "Can make picklists, manifests and hand-overs")]

    def __str__(self) -> str:
        return f"PL-{self.number}"


class PicklistEntry(models.Model):
    """A task on a picklist, at its place in the order of picking.

    Active as long as its list is open: a task is on one open list at most.
    """

    id = models.BigAutoField(primary_key=True)
    picklist = models.ForeignKey(
        Picklist, on_delete=models.CASCADE, related_name="entries", db_index=False
    )
    task = models.ForeignKey(
        FulfillmentTask, on_delete=models.PROTECT, related_name="picklist_entries", db_index=False
    )
    position = models.PositiveIntegerField(help_text="From 1, in the order of picking")
    is_active = models.BooleanField(default=True, db_default=True)
    is_original = models.BooleanField(
        default=True, db_default=True, help_text="Off: added to the list later"
    )
    added_at = models.DateTimeField(db_default=TransactionNow())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["picklist", "position"],
                name="fulfillment_picklistentry_place_uniq",
            ),
            models.UniqueConstraint(
                fields=["task", "picklist"], name="fulfillment_picklistentry_uniq"
            ),
            models.UniqueConstraint(
                fields=["task"],
                condition=Q(is_active=True),
                name="fulfillment_picklistentry_active_uniq",
            ),
            models.CheckConstraint(
                condition=Q(position__gt=0), name="fulfillment_picklistentry_place_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}. task {self.task_id}"


class ShelfPlace(TimeStamped):
    """Where a SKU lies at a point that keeps no system of its own."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    point = models.ForeignKey(
        FulfillmentPoint, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    sku = models.ForeignKey(Sku, on_delete=models.CASCADE, related_name="+")
    shelf = models.CharField(max_length=64, help_text="As it is written on the shelf: A-02-3")

    class Meta:
        verbose_name = "shelf"
        verbose_name_plural = "shelves"
        constraints = [
            models.UniqueConstraint(fields=["point", "sku"], name="fulfillment_shelf_uniq"),
            models.CheckConstraint(condition=~Q(shelf=""), name="fulfillment_shelf_named"),
        ]

    def __str__(self) -> str:
        return self.shelf

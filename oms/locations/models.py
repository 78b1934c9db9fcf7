from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper

from channels_app.models import Channel
from oms.accounts.models import Organization
from oms.kernel.actors import Actor
from oms.kernel.identifiers import uuid7
from oms.kernel.models import TimeStamped
from oms.locations.choices import PointType

EVERY_DAY = [1, 2, 3, 4, 5, 6, 7]


def every_day() -> list[int]:
    """All days of the week, by ISO: Monday is 1."""
    return list(EVERY_DAY)


class FulfillmentPointQuerySet(models.QuerySet["FulfillmentPoint"]):
    def visible_to(self, actor: Actor) -> Self:
        seen = self
        if actor.organization_id is not None:
            seen = seen.filter(organization_id=actor.organization_id)
        if actor.point_ids is not None:
            seen = seen.filter(pk__in=actor.point_ids)
        return seen


class FulfillmentPoint(TimeStamped):
    """A warehouse, store or external system that ships."""

    public_id = models.UUIDField(
        default=uuid7, db_default=RandomUUID(), unique=True, editable=False
    )
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="points")
    code = models.CharField(max_length=64)
    name = models.CharField(max_length=255)
    type = models.CharField(max_length=16, choices=PointType, default=PointType.GENERAL)
    line1 = models.CharField(max_length=255, default="", blank=True)
    line2 = models.CharField(max_length=255, default="", blank=True)
    ward = models.CharField(max_length=255, default="", db_default="", blank=True)
    district = models.CharField(max_length=255, default="", db_default="", blank=True)
    city = models.CharField(max_length=255, default="", blank=True)
    state = models.CharField(max_length=255, default="", blank=True)
    postcode = models.CharField(max_length=32, default="", blank=True)
    country = models.CharField(max_length=64, default="", blank=True)
    phone = models.CharField(max_length=32, default="", db_default="", blank=True)
    timezone = models.CharField(max_length=64, default="", blank=True)
    priority = models.IntegerField(default=100, help_text="Lower is tried first")
    carriers = ArrayField(models.CharField(max_length=255), default=list, blank=True)
    accept_within = models.PositiveIntegerField(
        null=True, blank=True, help_text="Minutes; a task not accepted in time hops"
    )
    max_quota = models.PositiveIntegerField(null=True, blank=True, help_text="Tasks a day")
    supplier_code = models.CharField(max_length=64, default="", blank=True)
    is_active = models.BooleanField(default=True)
    channels = models.ManyToManyField(Channel, through="ChannelPoint", related_name="points")

    objects = FulfillmentPointQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "code"], name="locations_point_code_uniq"
            ),
            models.CheckConstraint(
                condition=Q(type__in=PointType.values), name="locations_point_type_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def address(self) -> str:
        """On one line, for documents and the wire."""
        area = (self.ward, self.district, self.city, self.state, self.postcode, self.country)
        parts = (self.line1, self.line2, *area)
        return ", ".join(part for part in parts if part)


class ChannelPoint(TimeStamped):
    """A point that serves a channel, and what the channel calls it."""

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="point_links")
    point = models.ForeignKey(
        FulfillmentPoint, on_delete=models.CASCADE, related_name="channel_links"
    )
    location_code = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "point"], name="locations_channelpoint_uniq"
            ),
            models.UniqueConstraint(
                fields=["channel", "location_code"], name="locations_channelpoint_code_uniq"
            ),
        ]

    def __str__(self) -> str:
        return self.location_code


class CarrierCutOff(TimeStamped):
    """When a carrier fetches at a point, on the point's own clock. What comes later waits for the
    next day it comes. Carriers are compared without case.
    """

    point = models.ForeignKey(FulfillmentPoint, on_delete=models.CASCADE, related_name="cut_offs")
    carrier = models.CharField(max_length=255)
    time_of_day = models.TimeField(help_text="At the point")
    weekdays = ArrayField(
        models.PositiveSmallIntegerField(),
        default=every_day,
        help_text="Monday is 1, Sunday is 7",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "point", Upper("carrier"), name="locations_cutoff_carrier_uniq"
            ),
            models.CheckConstraint(
                condition=Q(weekdays__contained_by=EVERY_DAY, weekdays__len__gt=0),
                name="locations_cutoff_weekdays_known",
            ),
            models.CheckConstraint(condition=~Q(carrier=""), name="locations_cutoff_carrier_named"),
        ]

    def __str__(self) -> str:
        return f"{self.carrier} {self.time_of_day:%H:%M}"

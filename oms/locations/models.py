from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper

from channels_app.models import Channel
from oms.accounts.models import Organization
from oms.kernel.actors import Actor
from oms.kernel.identifiers import NextNumber, uuid7
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
    number = models.BigIntegerField(
        unique=True, db_default=NextNumber("locations_point_number_seq"), editable=False
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
    evening_phone = models.CharField(max_length=32, default="", db_default="", blank=True)
    fax = models.CharField(max_length=32, default="", db_default="", blank=True)
    email = models.EmailField(default="", db_default="", blank=True)
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    timezone = models.CharField(max_length=64, default="", blank=True)
    priority = models.IntegerField(default=100, help_text="Lower is tried first")
    carriers = ArrayField(models.CharField(max_length=255), default=list, blank=True)
    accept_within = models.PositiveIntegerField(
        null=True, blank=True, help_text="Minutes; a task not accepted in time hops"
    )
    max_quota = models.PositiveIntegerField(null=True, blank=True, help_text="Tasks a day")
    supplier_code = models.CharField(max_length=64, default="", blank=True)
    tags = ArrayField(models.CharField(max_length=64), default=list, db_default=[], blank=True)
    conf = models.JSONField(
        default=dict, db_default={}, blank=True, help_text="What others keep here; read by nobody"
    )
    is_active = models.BooleanField(default=True)
    is_fulfillment_center = models.BooleanField(default=False, db_default=False)
    is_pickup_location = models.BooleanField(default=False, db_default=False)
    is_delivery_location = models.BooleanField(default=True, db_default=True)
    is_return_available = models.BooleanField(default=False, db_default=False)
    is_fast_delivery_available = models.BooleanField(default=False, db_default=False)
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
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__gte=-90, latitude__lte=90, longitude__gte=-180, longitude__lte=180),
                name="locations_point_is_on_earth",
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


class PointCalendar(TimeStamped):
    """When a point works, on its own clock. A point without one always does.

    `hours` names days by ISO number as text ("1" is Monday), each with its spans from opening to
    closing: `{"1": [["09:00", "18:00"]]}`. Days that are not named are closed; `24:00` ends a day.
    """

    point = models.OneToOneField(
        FulfillmentPoint, on_delete=models.CASCADE, related_name="calendar"
    )
    hours = models.JSONField(default=dict, db_default={}, blank=True)
    closed_days = ArrayField(models.DateField(), default=list, db_default=[], blank=True)

    class Meta:
        verbose_name = "calendar of a point"

    def __str__(self) -> str:
        return f"Calendar of {self.point_id}"

from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from oms.accounts.models import ApiClient, Organization
from oms.events.choices import BreakerState, EndpointFormat, EndpointState
from oms.kernel.actors import Actor
from oms.kernel.identifiers import uuid7
from oms.kernel.models import TimeStamped
from oms.kernel.sealed import SealedField


class EndpointQuerySet(models.QuerySet["Endpoint"]):
    def visible_to(self, actor: Actor) -> Self:
        """A machine of a channel or a point sees the endpoints that hear of that one only."""
        seen = self
        if actor.organization_id is not None:
            seen = seen.filter(organization_id=actor.organization_id)
        if actor.channel_ids is not None:
            seen = seen.filter(channel_ref__in=actor.channel_ids)
        if actor.point_ids is not None:
            seen = seen.filter(point_ref__in=actor.point_ids)
        return seen

    def kept(self) -> Self:
        return self.filter(removed_at__isnull=True)


class Endpoint(TimeStamped):
    """Where we send news, in which wire format.

    `words` are the subscription in the words of the format; empty is all it offers. `types` are
    the event types they stand for: the trigger on events matches by them. A client bound to a
    channel or a point hears only of that one (`channel_ref`, `point_ref`); with `is_by_points`, of
    the points its channel has at that moment. Rows are never deleted.
    A trigger raises `version` with every change.
    """

    sealed_by: ClassVar[str] = "public_id"

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="endpoints"
    )
    client = models.ForeignKey(
        ApiClient, on_delete=models.PROTECT, null=True, blank=True, related_name="endpoints"
    )
    channel_ref = models.BigIntegerField(null=True, blank=True, editable=False)
    point_ref = models.BigIntegerField(null=True, blank=True, editable=False)
    is_by_points = models.BooleanField(
        default=False,
        db_default=False,
        editable=False,
        help_text="Hears of what happens at its channel's points, whatever channel it came from",
    )
    name = models.CharField(max_length=255)
    description = models.CharField(max_length=255, default="", db_default="", blank=True)
    url = models.CharField(max_length=2048)
    format = models.CharField(max_length=12, choices=EndpointFormat)
    words = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    types = ArrayField(models.CharField(max_length=40), default=list, blank=True, editable=False)
    types_since = models.DateTimeField(
        db_default=Now(), editable=False, help_text="When `types` last changed"
    )
    headers = SealedField(
        null=True, blank=True, editable=False, help_text="Static headers of every call, as JSON"
    )
    options = models.JSONField(default=dict, blank=True, help_text="Settings of the wire format")
    secret_options = SealedField(
        null=True, blank=True, editable=False, help_text="Those of them that are secret, as JSON"
    )
    is_ordered = models.BooleanField(default=False, help_text="Each subject's news in order")
    allow_private_network = models.BooleanField(default=False)
    max_in_flight = models.PositiveSmallIntegerField(default=10)
    rate = models.FloatField(default=50, help_text="Deliveries per second; 0: no limit")
    state = models.CharField(max_length=12, choices=EndpointState, default=EndpointState.UNVERIFIED)
    state_reason = models.CharField(max_length=255, default="", blank=True)
    verified_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    version = models.IntegerField(default=1, db_default=1, editable=False)

    objects = EndpointQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "name"],
                condition=Q(removed_at__isnull=True),
                name="events_endpoint_name_uniq",
            ),
            models.CheckConstraint(
                condition=Q(format__in=EndpointFormat.values), name="events_endpoint_format_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=EndpointState.values), name="events_endpoint_state_known"
            ),
            models.CheckConstraint(
                condition=Q(max_in_flight__gte=1, rate__gte=0), name="events_endpoint_limits_valid"
            ),
            models.CheckConstraint(
                condition=Q(channel_ref__isnull=True) | Q(point_ref__isnull=True),
                name="events_endpoint_hears_of_one",
            ),
            models.CheckConstraint(
                condition=Q(is_by_points=False) | Q(channel_ref__isnull=False),
                name="events_endpoint_points_of_a_channel",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class EndpointSecret(models.Model):
    """What deliveries are signed with; `expires_at` empty is the current one.

    Formats that sign with the secret of the client's credential have none here.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="secrets")
    secret = SealedField(editable=False)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["endpoint"],
                condition=Q(expires_at__isnull=True),
                name="events_endpointsecret_current_uniq",
            ),
        ]

    def __str__(self) -> str:
        return f"secret of {self.endpoint_id}"


class EndpointHealth(models.Model):
    """How deliveries to an endpoint have gone lately; written by the workers, apart from what
    people set, so that neither waits for the other.

    `window` is how many may be in flight: it grows with successes and falls with timeouts, so
    that an endpoint that hangs never holds more than a few connections. `renewed_headers` are what
    the receiver handed out in place of the endpoint's static ones, where its format asks for that.
    """

    sealed_by: ClassVar[str] = "endpoint_id"

    endpoint = models.OneToOneField(
        Endpoint, on_delete=models.CASCADE, primary_key=True, related_name="health"
    )
    breaker = models.CharField(max_length=12, choices=BreakerState, db_default=BreakerState.CLOSED)
    breaker_until = models.DateTimeField(null=True)
    breaker_trips = models.PositiveIntegerField(db_default=0, help_text="In a row")
    breaker_successes = models.PositiveSmallIntegerField(db_default=0, help_text="While half open")
    recent = models.JSONField(
        db_default=models.Value([], models.JSONField()),
        help_text="Counts of attempts and failures a minute",
    )
    window = models.PositiveSmallIntegerField(db_default=2)
    tokens = models.FloatField(db_default=0)
    tokens_at = models.DateTimeField(db_default=Now())
    not_before = models.DateTimeField(null=True, help_text="The receiver asked for a pause")
    failing_since = models.DateTimeField(null=True)
    failures_in_a_row = models.PositiveIntegerField(db_default=0)
    warned_percent = models.PositiveSmallIntegerField(db_default=0)
    last_success_at = models.DateTimeField(null=True)
    last_failure_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=200, db_default="")
    renewed_headers = SealedField(null=True, editable=False)
    renewed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(breaker__in=BreakerState.values), name="events_health_breaker_known"
            ),
            models.CheckConstraint(
                condition=~Q(breaker=BreakerState.OPEN) | Q(breaker_until__isnull=False),
                name="events_health_open_has_an_end",
            ),
        ]

    def __str__(self) -> str:
        return f"health of {self.endpoint_id}"


class EndpointTally(models.Model):
    """What was tried in ten minutes, and how long it took: statistics without reading attempts.

    `durations` counts attempts by their time, each up to the bound of the same place in
    `oms.events.tallies.BOUNDS_MS`; the last place is everything slower.
    """

    endpoint = models.ForeignKey(
        Endpoint, on_delete=models.CASCADE, related_name="tallies", db_index=False
    )
    started_at = models.DateTimeField()
    attempts = models.PositiveIntegerField()
    failures = models.PositiveIntegerField()
    durations = ArrayField(models.PositiveIntegerField())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "started_at"], name="events_tally_uniq"),
            models.CheckConstraint(
                condition=Q(failures__lte=models.F("attempts")), name="events_tally_adds_up"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.endpoint_id} from {self.started_at}"

from typing import Self

from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import Q

from oms.events.choices import AttemptOutcome, DeliveryState
from oms.events.models.endpoints import Endpoint
from oms.events.models.facts import Event
from oms.kernel.actors import Actor


class MessageBody(models.Model):
    """The exact bytes of a message, rendered once: every try sends the same.

    `variant` says for whom it was rendered; endpoints whose messages are equal share one.
    """

    event = models.ForeignKey(
        Event, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    variant = models.CharField(max_length=80)
    body = models.BinaryField()
    created_at = models.DateTimeField(db_default=TransactionNow())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "variant"], name="events_messagebody_uniq"),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} for {self.variant}"


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def visible_to(self, actor: Actor) -> Self:
        """Those of the endpoints the actor sees."""
        seen = self
        if actor.organization_id is not None:
            seen = seen.filter(endpoint__organization_id=actor.organization_id)
        if actor.channel_ids is not None:
            seen = seen.filter(endpoint__channel_ref__in=actor.channel_ids)
        if actor.point_ids is not None:
            seen = seen.filter(endpoint__point_ref__in=actor.point_ids)
        return seen


class Delivery(models.Model):
    """One event for one endpoint: the job of telling it, and what became of that.

    Rows are written by a trigger in the transaction of the event, so none can be missing. A claim
    is a `claim_id` with a lease; only its owner records the outcome. `body` is empty until the
    message is rendered, before the first try.
    """

    event = models.ForeignKey(
        Event,
        on_delete=models.PROTECT,
        related_name="deliveries",
        db_index=False,
        db_constraint=False,  # the trigger takes it from the event's own row; docs/adr/0007
    )
    endpoint = models.ForeignKey(
        Endpoint,
        on_delete=models.PROTECT,
        related_name="deliveries",
        db_index=False,
        db_constraint=False,  # likewise
    )
    subject_type = models.CharField(max_length=16)
    subject_id = models.BigIntegerField()
    state = models.CharField(max_length=12, choices=DeliveryState, db_default=DeliveryState.PENDING)
    body = models.ForeignKey(
        MessageBody,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    not_before = models.DateTimeField(db_default=TransactionNow())
    attempts = models.PositiveSmallIntegerField(db_default=0, help_text="Of the present run")
    refusals = models.PositiveSmallIntegerField(
        db_default=0, help_text="Of the attempts, those the receiver refused for good reason"
    )
    tries = models.PositiveIntegerField(db_default=0, help_text="Of all runs: numbers attempts")
    replays = models.PositiveSmallIntegerField(db_default=0)
    claim_id = models.UUIDField(null=True)
    leased_until = models.DateTimeField(null=True)
    slot = models.PositiveSmallIntegerField(null=True, help_text="Of the worker that claimed it")
    last_outcome = models.CharField(max_length=16, db_default="")
    last_status = models.PositiveSmallIntegerField(null=True)
    last_error = models.CharField(max_length=200, db_default="")
    created_at = models.DateTimeField(db_default=TransactionNow())
    finished_at = models.DateTimeField(null=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(fields=["event", "endpoint"], name="events_delivery_uniq"),
            models.CheckConstraint(
                condition=Q(state__in=DeliveryState.values), name="events_delivery_state_known"
            ),
            models.CheckConstraint(
                condition=Q(claim_id__isnull=True, leased_until__isnull=True)
                | Q(claim_id__isnull=False, leased_until__isnull=False, state="PENDING"),
                name="events_delivery_claim_has_lease",
            ),
            models.CheckConstraint(
                condition=Q(state="PENDING", finished_at__isnull=True)
                | (~Q(state="PENDING") & Q(finished_at__isnull=False)),
                name="events_delivery_final_has_end",
            ),
        ]
        indexes = [
            models.Index(
                fields=["endpoint", "not_before", "id"],
                condition=Q(state="PENDING"),
                name="events_delivery_due_idx",
            ),
            models.Index(
                fields=["endpoint", "subject_type", "subject_id", "id"],
                condition=Q(state="PENDING"),
                name="events_delivery_subject_idx",
            ),
            models.Index(
                fields=["endpoint", "leased_until"],
                condition=Q(claim_id__isnull=False),
                name="events_delivery_lease_idx",
            ),
            models.Index(fields=["endpoint", "id"], name="events_delivery_list_idx"),
            models.Index(
                fields=["endpoint", "id"],
                condition=Q(state="EXHAUSTED"),
                name="events_delivery_spent_idx",
            ),
            models.Index(
                fields=["finished_at"],
                condition=Q(finished_at__isnull=False),
                name="events_delivery_finished_idx",
            ),
            models.Index(
                fields=["state", "id"],
                condition=Q(state__in=["EXHAUSTED", "SUPPRESSED"]),
                name="events_delivery_dead_idx",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} to {self.endpoint_id}"


class DeliveryAttempt(models.Model):
    """One try: what was sent, and what came back."""

    delivery = models.ForeignKey(
        Delivery,
        on_delete=models.CASCADE,
        related_name="tried",
        db_index=False,
        db_constraint=False,
    )
    number = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    duration_ms = models.PositiveIntegerField()
    outcome = models.CharField(max_length=16, choices=AttemptOutcome)
    status = models.PositiveSmallIntegerField(null=True)
    error = models.CharField(max_length=200, db_default="")
    request_headers = models.JSONField(default=dict, help_text="Secrets masked")
    answer = models.TextField(db_default="", help_text="The first 4 KB")
    is_late = models.BooleanField(db_default=False, help_text="Its lease had ended")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=AttemptOutcome.values), name="events_attempt_outcome_known"
            ),
        ]
        indexes = [models.Index(fields=["delivery", "number"], name="events_attempt_delivery_idx")]

    def __str__(self) -> str:
        return f"try {self.number} of {self.delivery_id}"

from typing import Self

from django.contrib.postgres.functions import RandomUUID, TransactionNow
from django.db import models
from django.db.models import Q

from oms.accounts.models import Organization
from oms.events.choices import EventType, SubjectType
from oms.kernel.actors import Actor


class EventQuerySet(models.QuerySet["Event"]):
    def visible_to(self, actor: Actor) -> Self:
        """A machine of a channel or a point sees what concerns that one."""
        seen = self
        if actor.organization_id is not None:
            seen = seen.filter(organization_id=actor.organization_id)
        if actor.channel_ids is not None:
            seen = seen.filter(channel_ref__in=actor.channel_ids)
        if actor.point_ids is not None:
            seen = seen.filter(point_ref__in=actor.point_ids)
        return seen

    def unrelayed(self) -> Self:
        return self.filter(position__isnull=True, parked_at__isnull=True)


class Event(models.Model):
    """One fact, written in the transaction of the fact: outbox, timeline and audit trail.

    `sequence` has no gap per subject. `order_ref` ties everything about one order together for
    its timeline; `channel_ref` and `point_ref` say whose machines may hear of it. Deliveries to
    the endpoints that subscribed are written with it, by a trigger. `position` is given by the
    relay after the commit, so that a feed read by cursor skips nothing; until then the event is
    due. What was written is never changed: the application's database role may update the
    relay's columns only.
    """

    id = models.BigAutoField(primary_key=True)
    organization = models.ForeignKey(
        Organization,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,  # the subject's own row guards it; see docs/adr/0007
    )
    type = models.CharField(max_length=40, choices=EventType)
    subject_type = models.CharField(max_length=16, choices=SubjectType)
    subject_id = models.BigIntegerField()
    sequence = models.PositiveIntegerField()
    public_id = models.UUIDField(db_default=RandomUUID(), unique=True, editable=False)
    order_ref = models.BigIntegerField(null=True, help_text="Order this belongs to, if any")
    channel_ref = models.BigIntegerField(null=True, help_text="Channel this concerns, if one")
    point_ref = models.BigIntegerField(null=True, help_text="Point this concerns, if one")
    status = models.CharField(
        max_length=24, default="", help_text="State of the subject after the fact, if it has one"
    )
    data = models.JSONField(default=dict)
    actor = models.CharField(max_length=160)
    cause = models.CharField(max_length=160, default="")
    trace = models.CharField(
        max_length=55, null=True, help_text="W3C traceparent of what caused it, when traced"
    )
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=TransactionNow())

    position = models.BigIntegerField(null=True)
    not_before = models.DateTimeField(db_default=TransactionNow())
    attempts = models.PositiveSmallIntegerField(db_default=0)
    last_error = models.CharField(max_length=200, db_default="")
    parked_at = models.DateTimeField(null=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject_type", "subject_id", "sequence"],
                name="events_event_sequence_uniq",
            ),
            models.CheckConstraint(
                condition=Q(sequence__gte=1), name="events_event_sequence_positive"
            ),
            models.CheckConstraint(
                condition=Q(subject_type__in=SubjectType.values), name="events_event_subject_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["not_before", "id"],
                condition=Q(position__isnull=True, parked_at__isnull=True),
                name="events_event_due_idx",
            ),
            models.Index(
                fields=["organization", "position"],
                condition=Q(position__isnull=False),
                name="events_event_feed_idx",
            ),
            models.Index(
                fields=["order_ref", "id"],
                condition=Q(order_ref__isnull=False),
                name="events_event_order_idx",
            ),
            models.Index(
                fields=["id"],
                condition=Q(parked_at__isnull=False),
                name="events_event_parked_idx",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type} #{self.sequence}"

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from oms.accounts.models import Organization
from oms.inbox.choices import CloseReason
from oms.inbox.kinds import Kind, kind_of
from oms.kernel.actors import Actor


class EntryQuerySet(models.QuerySet["Entry"]):
    def visible_to(self, actor: Actor) -> Self:
        if actor.organization_id is None:
            return self
        return self.filter(organization_id=actor.organization_id)

    def open(self) -> Self:
        return self.filter(closed_at__isnull=True)

    def waiting(self, now: datetime) -> Self:
        """Open, and not put off until later."""
        return self.open().filter(Q(snoozed_until__isnull=True) | Q(snoozed_until__lte=now))


class Entry(models.Model):
    """Something that does not go on by itself, from the moment it was seen until it is gone.

    There is one open entry per kind and subject. `title` and `reason` are what a person reads;
    they and `details` hold numbers and codes, never personal data. `last_seen_at` is moved every
    few minutes only, so that a long list costs no writes while nothing changes.
    """

    id = models.BigAutoField(primary_key=True)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=40)
    subject_type = models.CharField(max_length=24)
    subject_id = models.BigIntegerField()
    order_ref = models.BigIntegerField(null=True, help_text="Order this is about, if one")
    title = models.CharField(max_length=200)
    reason = models.CharField(max_length=255)
    details = models.JSONField(default=dict)
    deadline_at = models.DateTimeField(null=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    raised_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    snoozed_until = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_how = models.CharField(max_length=12, choices=CloseReason, default="", blank=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = "inbox entry"
        verbose_name_plural = "inbox"
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_type", "subject_id"],
                condition=Q(closed_at__isnull=True),
                name="inbox_entry_open_uniq",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_how="")
                | Q(closed_at__isnull=False, closed_how__in=CloseReason.values),
                name="inbox_entry_closed_somehow",
            ),
        ]
        indexes = [
            models.Index(
                fields=["organization", "kind", "id"],
                condition=Q(closed_at__isnull=True),
                name="inbox_entry_open_idx",
            ),
            models.Index(
                fields=["order_ref"],
                condition=Q(closed_at__isnull=True, order_ref__isnull=False),
                name="inbox_entry_order_idx",
            ),
            models.Index(
                fields=["closed_at"],
                condition=Q(closed_at__isnull=False),
                name="inbox_entry_closed_idx",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}: {self.reason}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def meaning(self) -> Kind:
        """What the kind says of all its entries. Raises UnknownKind."""
        return kind_of(self.kind)

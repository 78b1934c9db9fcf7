"""What is kept of the other side of a connector: its keys, how far it was read, what it is told.

Rows are found by the organization: one installation of the other side serves all its channels.
"""

from django.db import models
from django.db.models import Q

from channels_app.choices import (
    InboundKind,
    InboundState,
    RemoteKind,
    SyncKind,
    SyncState,
    UpdateState,
)
from channels_app.models.channels import Channel
from oms.accounts.models import Organization
from oms.kernel.identifiers import uuid7
from oms.kernel.models import TimeStamped
from oms.kernel.sealed import SealedField


class RemoteKey(TimeStamped):
    """A key of the other side and what it names here: a row (`local_id`) or a code (`local_code`).

    `data` is the object as the other side shows it, where others need it (places, reasons,
    carriers). Personal data is never kept here: a buyer's is with the order.
    """

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=16, choices=RemoteKind)
    remote_key = models.CharField(max_length=64)
    local_id = models.BigIntegerField(null=True, blank=True)
    local_code = models.CharField(max_length=255, default="", blank=True)
    data = models.JSONField(default=dict, blank=True)
    modified_at = models.DateTimeField(
        null=True, blank=True, help_text="Of the copy that was taken, by the other side's clock"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "kind", "remote_key"], name="channels_app_remotekey_uniq"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=RemoteKind.values), name="channels_app_remotekey_kind_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["organization", "kind", "local_id"],
                condition=Q(local_id__isnull=False),
                name="channels_app_remote_local_idx",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.remote_key}"


class SyncMark(TimeStamped):
    """How far one kind of thing was read, and the job of reading on: due at `due_at`.

    Whoever moves `due_at` to the end of a lease owns the run of this number of `attempts`.
    """

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=16, choices=SyncKind)
    state = models.CharField(max_length=8, choices=SyncState, default=SyncState.IDLE)
    position = models.JSONField(default=dict, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0, help_text="In a row")
    run_at = models.DateTimeField(null=True, blank=True, help_text="When it last came to its end")
    error = models.CharField(max_length=255, default="", blank=True)
    needs_authorisation = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "kind"], name="channels_app_syncmark_uniq"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=SyncKind.values), name="channels_app_syncmark_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=SyncState.values), name="channels_app_syncmark_state_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(due_at__isnull=False),
                name="channels_app_syncmark_due_idx",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.organization_id}"


class HeldOrder(TimeStamped):
    """An order of the other side that is not taken in, and why; looked at again when it changes.

    Also when the rules do (`judged_by` is what they were), or at `due_at` after a failure.
    """

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    remote_key = models.CharField(max_length=64)
    number = models.CharField(max_length=128)
    channel_key = models.CharField(max_length=64, default="", blank=True)
    reason = models.CharField(max_length=255)
    modified_at = models.DateTimeField(help_text="By the other side's clock")
    judged_by = models.CharField(max_length=64, default="", blank=True)
    attempts = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "remote_key"], name="channels_app_heldorder_uniq"
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "judged_by"], name="channels_app_held_rules_idx"),
        ]

    def __str__(self) -> str:
        return self.number


class RemoteUpdate(TimeStamped):
    """One thing the other side is to be told about one subject; of a subject, in this order.

    The row is the job: due at `not_before`, claimed by moving that to the end of a lease and
    counting the attempt. `event_ref` is the event it follows from, so that none is told twice.
    """

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=64, help_text="The other side's key")
    body = models.JSONField()
    order_ref = models.BigIntegerField(null=True)
    event_ref = models.BigIntegerField()
    state = models.CharField(max_length=8, choices=UpdateState, default=UpdateState.PENDING)
    attempts = models.PositiveIntegerField(default=0)
    not_before = models.DateTimeField()
    last_error = models.CharField(max_length=255, default="", blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["event_ref", "subject"], name="channels_app_remoteupdate_uniq"
            ),
            models.CheckConstraint(
                condition=Q(state__in=UpdateState.values), name="channels_app_update_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="SENT") | Q(sent_at__isnull=False),
                name="channels_app_update_sent_has_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["not_before", "id"],
                condition=Q(state="PENDING"),
                name="channels_app_update_due_idx",
            ),
            models.Index(
                fields=["organization", "subject", "id"],
                condition=Q(state="PENDING"),
                name="channels_app_update_turn_idx",
            ),
            models.Index(fields=["order_ref", "id"], name="channels_app_update_order_idx"),
            models.Index(
                fields=["organization", "id"],
                condition=Q(state="REFUSED"),
                name="channels_app_update_refused",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.state}"


class InboundMessage(models.Model):
    """A message of the other side, kept before anything is done about it, and how it was answered.

    The body is sealed, for it holds buyers' data and the channel's secrets, and is forgotten once
    the message is done. A repeated uuid finds this row.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=20, choices=InboundKind)
    uuid = models.CharField(max_length=32, help_text="Without dashes, in lower case")
    body = SealedField(null=True, editable=False)
    state = models.CharField(max_length=8, choices=InboundState, default=InboundState.PENDING)
    attempts = models.PositiveIntegerField(default=0)
    not_before = models.DateTimeField()
    received_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    answer_status = models.SmallIntegerField(null=True, blank=True)
    answer = models.JSONField(default=dict, blank=True)
    last_error = models.CharField(max_length=255, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "kind", "uuid"], name="channels_app_inbound_uniq"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=InboundKind.values), name="channels_app_inbound_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=InboundState.values), name="channels_app_inbound_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state="PENDING", body__isnull=False)
                | ~Q(state="PENDING") & Q(body__isnull=True, done_at__isnull=False),
                name="channels_app_inbound_done_is_empty",
            ),
        ]
        indexes = [
            models.Index(
                fields=["not_before", "id"],
                condition=Q(state="PENDING"),
                name="channels_app_inbound_due_idx",
            ),
            models.Index(fields=["received_at"], name="channels_app_inbound_old_idx"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.uuid}"

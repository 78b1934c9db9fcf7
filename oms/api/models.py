from django.db import models
from django.db.models import Q

from oms.kernel.identifiers import uuid7
from oms.kernel.sealed import SealedField


class IdempotentCall(models.Model):
    """A call that changes something, by the key its client gave it, and how it was answered.

    Written in the transaction of the call's effect, so there is never one without the other.
    The organization is named by number: its key is checked by the credential of each call, and
    rows live for three days (docs/adr/0007).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organization_id = models.BigIntegerField()
    method = models.CharField(max_length=8)
    path = models.TextField()
    key = models.CharField(max_length=255)
    fingerprint = models.BinaryField(help_text="SHA-256 of the raw body")
    status = models.SmallIntegerField(null=True, help_text="Empty only while the call runs")
    headers = models.JSONField(default=dict, db_default={})
    body = SealedField(null=True, editable=False)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization_id", "key", "method", "path"], name="api_idempotentcall_uniq"
            ),
            models.CheckConstraint(
                condition=Q(status__isnull=True) | Q(status__gte=200, status__lt=500),
                name="api_idempotentcall_keeps_no_faults",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from oms.events.models.endpoints import Endpoint


class Replay(models.Model):
    """A wish to send an endpoint's deliveries again, and the job of doing so.

    Worked off in batches, in the order of the deliveries: those up to `delivery_id` were seen to.
    Which are meant was settled when it was asked for: none after `through_id`.
    """

    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="replays")
    actor = models.CharField(max_length=160)
    types = ArrayField(models.CharField(max_length=40), default=list)
    states = ArrayField(models.CharField(max_length=12))
    since = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)
    event_ids = ArrayField(models.UUIDField(), null=True)
    through_id = models.BigIntegerField()
    delivery_id = models.BigIntegerField(default=0)
    deliveries = models.PositiveIntegerField(default=0, help_text="Sent again so far")
    requested_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["id"], condition=Q(finished_at__isnull=True), name="events_replay_due_idx"
            ),
        ]

    def __str__(self) -> str:
        return f"replay {self.pk} for {self.endpoint_id}"

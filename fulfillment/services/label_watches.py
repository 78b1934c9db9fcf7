"""Watches of labels: when their carrier is asked next. The asking itself is in `following`."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from fulfillment.carriers import registry
from fulfillment.models import Document, LabelWatch

LEASE = timedelta(seconds=150)  # longer than any job may run (CELERY_TASK_TIME_LIMIT)
FIRST = timedelta(hours=1)  # until a label that is not there yet is looked at


def begin(document_ids: Sequence[int], *, now: datetime) -> None:
    """Watch those of the labels that were just asked for whose carrier makes shipments.

    In the transaction that asks for them.
    """
    asked = Document.objects.filter(pk__in=document_ids, carrier__startswith=registry.EXTENSION)
    LabelWatch.objects.bulk_create(
        LabelWatch(
            document_id=job.pk,
            organization_id=job.organization_id,
            carrier=job.carrier,
            due_at=now + FIRST,
        )
        for job in asked.order_by("pk")
    )


def arrange(waits: Mapping[int, timedelta], *, now: datetime) -> None:
    """Ask about labels that have come for the first time after so long, by key of the document."""
    for document_id, wait in waits.items():
        LabelWatch.objects.filter(document_id=document_id).update(due_at=now + wait, last_error="")

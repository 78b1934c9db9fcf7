"""The rows behind papers: asking for them and voiding them. Labels have `label_jobs`."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import Q

from fulfillment.carriers import registry
from fulfillment.choices import DocumentKind, DocumentStatus
from fulfillment.models import Document, Handover, Invoice, Manifest, Parcel, Picklist

Subject = Parcel | Invoice | Manifest | Handover | Picklist

_COLUMN: dict[type[Subject], str] = {
    Parcel: "parcel",
    Invoice: "invoice",
    Manifest: "manifest",
    Handover: "handover",
    Picklist: "picklist",
}


def ask_for_paper(*, kind: DocumentKind, of: Subject, now: datetime) -> Document:
    """The live paper of this kind, or a new row that is due at once.

    Whoever needs it now gives its key to `make_papers_now`; without, the sweep has it drawn within
    seconds. Once more after it was voided or erased, it is drawn anew.
    """
    wanted = _subject(kind, of)
    same = Document.objects.filter(**wanted)
    earlier = same.count()
    row, _ = same.filter(~Q(status=DocumentStatus.VOID)).get_or_create(
        **wanted, defaults=_due(kind, of, earlier=earlier, now=now)
    )
    return row


def ask_for_first_paper(*, kind: DocumentKind, of: Subject, now: datetime) -> Document:
    """The same for what the caller's transaction has just made: one statement, no look before."""
    return Document.objects.create(**_subject(kind, of), **_due(kind, of, earlier=0, now=now))


def _subject(kind: DocumentKind, of: Subject) -> dict[str, Any]:
    return {
        "organization_id": of.organization_id,
        "kind": kind,
        "carrier": registry.OWN,
        _COLUMN[type(of)]: of,
    }


def _due(kind: DocumentKind, of: Subject, *, earlier: int, now: datetime) -> dict[str, Any]:
    return {
        "reference": f"{kind}-{of.pk}" + (f"-{earlier + 1}" if earlier else ""),
        "status": DocumentStatus.PENDING,
        "not_before": now,
        "created_at": now,
        "changed_at": now,
    }


def void_papers_of(*, parcel_ids: Collection[int], now: datetime) -> None:
    """What says what is in a voided box is void. Its invoice stays: a credit note answers it."""
    slips = Document.objects.filter(parcel_id__in=parcel_ids, kind=DocumentKind.PACKING_SLIP)
    slips.exclude(status=DocumentStatus.VOID).update(status=DocumentStatus.VOID, changed_at=now)

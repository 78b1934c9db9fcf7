"""The rows behind labels: asking for them, voiding them, and saying so."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from fulfillment import hints
from fulfillment.carriers import registry
from fulfillment.services import label_watches
from oms.events.choices import EventType, SubjectType
from oms.events.outbox import Fact
from oms.kernel import sql

CHANNEL = "channel"  # who makes a document the channel hands over; no carrier is named so


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """A parcel and what a fact about its label says of it."""

    parcel_id: int
    parcel_number: int
    status: str
    point_parcel_no: str | None
    carrier: str
    task_number: str
    channel_id: int
    point_id: int
    order_id: int
    order_number: str
    organization_id: int


_INSERT = """
INSERT INTO fulfillment_document
    (organization_id, parcel_id, kind, status, carrier, reference, not_before, created_at,
     changed_at)
SELECT w.organization_id, w.parcel_id, 'LABEL', 'PENDING', w.carrier,
       'OMS' || lpad(w.parcel_number::text, 10, '0') || CASE WHEN earlier.labels > 0
           THEN '-' || (earlier.labels + 1)::text ELSE '' END,
       %(now)s, %(now)s, %(now)s
FROM unnest(%(organization_ids)s::bigint[], %(parcel_ids)s::bigint[],
            %(parcel_numbers)s::bigint[], %(carriers)s::text[])
     WITH ORDINALITY AS w (organization_id, parcel_id, parcel_number, carrier, place)
CROSS JOIN LATERAL (
    SELECT count(*) AS labels, count(*) FILTER (WHERE d.status <> 'VOID') AS live
    FROM fulfillment_document d WHERE d.parcel_id = w.parcel_id AND d.kind = 'LABEL') earlier
WHERE earlier.live = 0
ORDER BY w.place
RETURNING id, parcel_id, reference
"""

# Where the carrier made a shipment, it is taken back once no attempt can be under way any more.
_VOID = """
WITH voided AS (
    UPDATE fulfillment_document SET status = 'VOID', changed_at = %(now)s
    WHERE parcel_id = ANY(%(parcel_ids)s::bigint[]) AND kind = 'LABEL' AND status <> 'VOID'
    RETURNING id, parcel_id, reference
), hurried AS (
    UPDATE fulfillment_labelwatch w SET due_at = %(quiet_at)s FROM voided v
    WHERE w.document_id = v.id AND w.due_at IS NOT NULL
)
SELECT id, parcel_id, reference FROM voided ORDER BY id
"""


def ask_for_labels(parcels: Sequence[Labelled], *, now: datetime) -> list[Fact]:
    """Make a due label job for each parcel that has no live one. Returns what to report."""
    makers = [_maker_of(parcel) for parcel in parcels]
    params: dict[str, object] = {
        "organization_ids": [parcel.organization_id for parcel in parcels],
        "parcel_ids": [parcel.parcel_id for parcel in parcels],
        "parcel_numbers": [parcel.parcel_number for parcel in parcels],
        "carriers": makers,
        "now": now,
    }
    asked = sql.rows(_INSERT, params)
    said = label_facts(EventType.LABEL_REQUESTED, parcels, asked)
    if said:
        if any(registry.wants_details(maker) for maker in makers):
            label_watches.begin([pk for pk, _, _ in asked], now=now)
        hints.labels_are_due()
    return said


def _maker_of(parcel: Labelled) -> str:
    return registry.code_for(parcel.carrier, organization_id=parcel.organization_id)


def void_labels_of(parcels: Sequence[Labelled], *, now: datetime) -> list[Fact]:
    """Void every live label of the parcels, also one that is being fetched right now."""
    params: dict[str, object] = {
        "parcel_ids": [parcel.parcel_id for parcel in parcels],
        "quiet_at": now + label_watches.LEASE,
        "now": now,
    }
    return label_facts(EventType.LABEL_VOIDED, parcels, sql.rows(_VOID, params))


def label_fact(
    event_type: EventType, parcel: Labelled, *, status: str = "", **data: object
) -> Fact:
    """A fact about a parcel's label, or about the parcel because of it."""
    return Fact(
        organization_id=parcel.organization_id,
        type=event_type,
        subject_type=SubjectType.PARCEL,
        subject_id=parcel.parcel_id,
        order_ref=parcel.order_id,
        channel_id=parcel.channel_id,
        point_id=parcel.point_id,
        status=status or parcel.status,
        data={
            "order": parcel.order_number,
            "task": parcel.task_number,
            "channel_id": parcel.channel_id,
            "point_id": parcel.point_id,
            "parcel": parcel.parcel_number,
            "point_parcel_no": parcel.point_parcel_no,
            **data,
        },
    )


def label_facts(
    event_type: EventType,
    parcels: Sequence[Labelled],
    documents: Sequence[tuple[int, int, str]],
) -> list[Fact]:
    """A fact per document (key, parcel, reference) of one of these parcels."""
    by_parcel = {parcel.parcel_id: parcel for parcel in parcels}
    return [
        label_fact(event_type, by_parcel[parcel_id], document_id=pk, reference=reference)
        for pk, parcel_id, reference in documents
    ]

"""The door to background work: write a fact, and the relay takes it from there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from oms.events import hints
from oms.events.choices import EventType, SubjectType
from oms.kernel import sql, tracing
from oms.kernel.actors import Actor

# Sequences continue the subject's own. Whoever records holds the lock that serializes the
# subject, so max + 1 cannot be drawn twice; the unique constraint would refuse it if it were.
_INSERT = """
INSERT INTO events_event (organization_id, type, subject_type, subject_id, sequence, order_ref,
                          channel_ref, point_ref, status, data, actor, cause, occurred_at,
                          trace)
SELECT f.organization_id, f.type, f.subject_type, f.subject_id,
       coalesce((SELECT max(e.sequence) FROM events_event e
                 WHERE e.subject_type = f.subject_type AND e.subject_id = f.subject_id), 0)
           + row_number() OVER (PARTITION BY f.subject_type, f.subject_id ORDER BY f.place),
       f.order_ref, f.channel_ref, f.point_ref, f.status, f.data, %(actor)s, f.cause, %(now)s,
       %(trace)s::text
FROM unnest(%(organization_ids)s::bigint[], %(types)s::text[], %(subject_types)s::text[],
            %(subject_ids)s::bigint[], %(order_refs)s::bigint[], %(channel_refs)s::bigint[],
            %(point_refs)s::bigint[], %(statuses)s::text[], %(payloads)s::jsonb[],
            %(causes)s::text[])
     WITH ORDINALITY AS f (organization_id, type, subject_type, subject_id, order_ref, channel_ref,
                           point_ref, status, data, cause, place)
ORDER BY f.place
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something that happened to a subject.

    `status` is the subject's state after it, for subjects that have one. `data` carries public
    numbers, never personal data; database keys only under names that end in `_id`, for handlers.
    """

    organization_id: int
    type: EventType
    subject_type: SubjectType
    subject_id: int
    data: Mapping[str, object]
    status: str = ""
    order_ref: int | None = None
    channel_id: int | None = None
    """Whose machines may hear of it: those of this channel ..."""
    point_id: int | None = None
    """... and of this point; machines of the organization hear of everything."""
    cause: str = ""


def record(facts: Sequence[Fact], *, actor: Actor, now: datetime) -> None:
    """Write events in the caller's transaction and have them relayed once it commits.

    Set-based, because packing or routing a batch reports hundreds of facts at once. The caller
    holds the lock that serializes each subject: the order's row, or the point's.
    """
    sql.require_transaction()
    if not facts:
        return
    encode = msgspec.json.encode
    sql.rows(
        _INSERT,
        {
            "organization_ids": [fact.organization_id for fact in facts],
            "types": [str(fact.type) for fact in facts],
            "subject_types": [str(fact.subject_type) for fact in facts],
            "subject_ids": [fact.subject_id for fact in facts],
            "order_refs": [fact.order_ref for fact in facts],
            "channel_refs": [fact.channel_id for fact in facts],
            "point_refs": [fact.point_id for fact in facts],
            "statuses": [str(fact.status) for fact in facts],
            "payloads": [encode(fact.data).decode() for fact in facts],
            "causes": [fact.cause for fact in facts],
            "actor": str(actor),
            "now": now,
            "trace": tracing.current(),
        },
    )
    hints.EVENTS.after_commit()

"""The SQL of the inbox. Kept apart so that it can be read, and explained, as SQL."""

from oms.inbox.kinds import Kind

# One entry per kind may be looked at by one comparison at a time: an older look must not raise
# again what a newer one has closed.
LANE = "SELECT pg_advisory_xact_lock(hashtext('inbox.' || %(kind)s::text))"

_UPSERT = """
INSERT INTO inbox_entry (organization_id, kind, subject_type, subject_id, order_ref, title, reason,
                         details, deadline_at, raised_at, last_seen_at, closed_how)
SELECT s.organization_id, %(kind)s::text, %(subject_type)s::text, s.subject_id, s.order_ref,
       left(s.title, 200), left(s.reason, 255), s.details, s.deadline_at, %(now)s::timestamptz,
       %(now)s::timestamptz, ''
FROM seen s ORDER BY s.subject_id
ON CONFLICT (kind, subject_type, subject_id) WHERE closed_at IS NULL DO UPDATE
SET title = excluded.title, reason = excluded.reason, details = excluded.details,
    deadline_at = excluded.deadline_at, last_seen_at = excluded.last_seen_at
WHERE (inbox_entry.title, inbox_entry.reason, inbox_entry.details)
          <> (excluded.title, excluded.reason, excluded.details)
   OR inbox_entry.deadline_at IS DISTINCT FROM excluded.deadline_at
   OR inbox_entry.last_seen_at < excluded.last_seen_at - interval '5 minutes'
RETURNING (xmax = 0) AS is_new
"""

_SIGHTINGS = """
SELECT * FROM unnest(%(organization_ids)s::bigint[], %(subject_ids)s::bigint[],
                     %(order_refs)s::bigint[], %(titles)s::text[], %(reasons)s::text[],
                     %(details)s::jsonb[], %(deadlines)s::timestamptz[])
    AS s (organization_id, subject_id, order_ref, title, reason, details, deadline_at)
"""

RAISE = f"WITH seen AS ({_SIGHTINGS}) {_UPSERT}"


def compare(kind: Kind) -> str:
    """Raise what the probe sees, close what it does not see any more; returns both counts.

    Of more than `%(most)s` stuck subjects the ones with the smallest keys are looked at, and only
    entries among those are closed: what lies beyond is judged when the list has become shorter.
    NOT IN is always hashed; an anti-join is planned as nested loops while statistics say that the
    inbox is empty, and then takes the square of what is stuck.
    """
    return f"""
WITH window_ AS MATERIALIZED (
    SELECT * FROM ({kind.probe}) probe ORDER BY subject_id LIMIT %(most)s::bigint + 1
), seen AS MATERIALIZED (
    SELECT * FROM window_ ORDER BY subject_id LIMIT %(most)s::bigint
), reach AS (
    SELECT CASE WHEN (SELECT count(*) FROM window_) > %(most)s::bigint
                THEN max(subject_id) END AS last_id FROM seen
), raised AS (
    {_UPSERT}
), closed AS (
    UPDATE inbox_entry e
    SET closed_at = %(now)s, closed_how = CASE WHEN e.id = ANY(%(fixed)s::bigint[])
                                               THEN 'FIXED' ELSE 'CAUSE_GONE' END
    FROM reach
    WHERE e.kind = %(kind)s::text AND e.closed_at IS NULL
      AND (reach.last_id IS NULL OR e.subject_id <= reach.last_id)
      AND e.subject_id NOT IN (SELECT subject_id FROM seen)
    RETURNING e.id
)
SELECT (SELECT count(*) FROM raised WHERE is_new), (SELECT count(*) FROM closed)
"""


FORGET = """
DELETE FROM inbox_entry WHERE id IN (
    SELECT id FROM inbox_entry WHERE closed_at < %(before)s ORDER BY closed_at LIMIT %(limit)s
)
RETURNING 1
"""

"""News that does not get out."""

from oms.inbox.choices import Severity
from oms.inbox.kinds import Kind

# Counted up to a thousand per endpoint, over the index of deliveries that were given up on.
_EXHAUSTED = """
SELECT p.organization_id, p.id AS subject_id, NULL::bigint AS order_ref, p.name AS title,
       CASE WHEN d.found > 1000 THEN 'More than 1000 deliveries were given up on'
            WHEN d.found = 1 THEN '1 delivery was given up on'
            ELSE d.found || ' deliveries were given up on' END AS reason,
       jsonb_build_object('deliveries', d.found) AS details, NULL::timestamptz AS deadline_at
FROM events_endpoint p
CROSS JOIN LATERAL (
    SELECT count(*) AS found FROM (
        SELECT 1 FROM events_delivery
        WHERE endpoint_id = p.id AND state = 'EXHAUSTED' LIMIT 1001) counted
) d
WHERE p.removed_at IS NULL AND p.state <> 'DISABLED' AND d.found > 0
"""

_ENDPOINT = """
SELECT organization_id, id AS subject_id, NULL::bigint AS order_ref, name AS title,
       {reason} AS reason, jsonb_build_object('format', format) AS details,
       NULL::timestamptz AS deadline_at
FROM events_endpoint
WHERE removed_at IS NULL AND {condition}
"""
_DISABLED = _ENDPOINT.format(
    condition="state = 'DISABLED'", reason="coalesce(nullif(state_reason, ''), 'Disabled')"
)
# Whoever registers an endpoint gets a quarter of an hour to have it verified.
_UNVERIFIED = _ENDPOINT.format(
    condition="state = 'UNVERIFIED' AND created_at <= %(now)s::timestamptz - interval '15 minutes'",
    reason="'Its URL has not answered the verification'",
)

_PARKED = """
SELECT e.organization_id, e.id AS subject_id, e.order_ref, e.type AS title,
       'Its handlers failed ' || e.attempts || ' times: ' || e.last_error AS reason,
       jsonb_build_object('type', e.type) AS details, NULL::timestamptz AS deadline_at
FROM events_event e
WHERE e.parked_at IS NOT NULL
"""

KINDS = (
    Kind(
        code="event_parked",
        label="Event parked",
        severity=Severity.BLOCKS,
        subject_type="event",
        suggestion="Mend the cause (the trace is in the worker's log), then relay it again.",
        fix="relay",
        probe=_PARKED,
    ),
    Kind(
        code="deliveries_exhausted",
        label="News given up on",
        severity=Severity.BLOCKS,
        subject_type="endpoint",
        suggestion="See on the endpoint's page what the receiver answers, then send them again.",
        fix="resend",
        probe=_EXHAUSTED,
    ),
    Kind(
        code="endpoint_disabled",
        label="Endpoint disabled",
        severity=Severity.BLOCKS,
        subject_type="endpoint",
        suggestion="Ask the receiver to mend it, then enable it; what was held back is sent.",
        fix="enable",
        probe=_DISABLED,
    ),
    Kind(
        code="endpoint_unverified",
        label="Endpoint not verified",
        severity=Severity.WARNS,
        subject_type="endpoint",
        suggestion="Check the URL with the receiver, then verify it again.",
        fix="verify",
        probe=_UNVERIFIED,
    ),
)

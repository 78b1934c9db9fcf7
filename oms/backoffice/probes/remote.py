"""Connections to the other side that do not go on."""

from oms.inbox.choices import Severity
from oms.inbox.kinds import Kind

# Whatever routing tried in vain has a time for the next try, and is in the index of those.
_STATIC_CHANNEL = """
SELECT c.organization_id, c.id AS subject_id, NULL::bigint AS order_ref, c.name AS title,
       CASE w.found WHEN 1 THEN '1 order waits until a scenario names the channel'
            ELSE w.found || ' orders wait until a scenario names the channel' END AS reason,
       jsonb_build_object('orders', w.found) AS details, w.ship_by_at AS deadline_at
FROM (SELECT channel_id, count(*) AS found, min(ship_by_at) AS ship_by_at
      FROM orders_order
      WHERE allocation_due_at IS NOT NULL AND waiting_for = 'No scenario names the channel'
      GROUP BY channel_id) w
JOIN channels_app_channel c ON c.id = w.channel_id
"""

_UNAUTHORISED = """
SELECT organization_id, id AS subject_id, NULL::bigint AS order_ref,
       'Reading of ' || lower(replace(kind, '_', ' ')) AS title,
       'The other side does not accept our account any more' AS reason,
       '{}'::jsonb AS details, NULL::timestamptz AS deadline_at
FROM channels_app_syncmark WHERE needs_authorisation
"""

# One failure is a hiccup; three in a row want somebody to look.
_FAILING = """
SELECT organization_id, id AS subject_id, NULL::bigint AS order_ref,
       'Reading of ' || lower(replace(kind, '_', ' ')) AS title,
       'Failed ' || failures || ' times in a row: ' || error AS reason,
       jsonb_build_object('failures', failures) AS details, NULL::timestamptz AS deadline_at
FROM channels_app_syncmark WHERE failures >= 3 AND NOT needs_authorisation
"""

# Found by the index of what is due: tried in vain, or waiting behind such a one.
_STUCK = """
SELECT DISTINCT ON (organization_id, subject)
       organization_id, id AS subject_id, order_ref, 'Item ' || subject AS title,
       'Not told after ' || attempts || ' tries: ' || last_error AS reason,
       jsonb_build_object('attempts', attempts) AS details, NULL::timestamptz AS deadline_at
FROM channels_app_remoteupdate
WHERE state = 'PENDING' AND attempts >= 5 AND last_error <> ''
ORDER BY organization_id, subject, id
"""

_REFUSED = """
SELECT organization_id, id AS subject_id, order_ref, 'Item ' || subject AS title,
       'The other side refused the status: ' || last_error AS reason,
       jsonb_build_object('attempts', attempts) AS details, NULL::timestamptz AS deadline_at
FROM channels_app_remoteupdate
WHERE state = 'REFUSED' AND updated_at > %(now)s::timestamptz - interval '7 days'
"""

KINDS = (
    Kind(
        code="static_channel",
        label="Channel without a scenario",
        severity=Severity.BLOCKS,
        subject_type="channel",
        suggestion="Name the channel in a scenario as a static condition, and publish it.",
        probe=_STATIC_CHANNEL,
    ),
    Kind(
        code="remote_unauthorised",
        label="Connection not accepted",
        severity=Severity.BLOCKS,
        subject_type="sync_mark",
        suggestion="Put user name, password or token right in the settings, then test the "
        "connection.",
        probe=_UNAUTHORISED,
    ),
    Kind(
        code="remote_failing",
        label="Connection fails",
        severity=Severity.BLOCKS,
        subject_type="sync_mark",
        suggestion="Test the connection on the set-up page; it is tried again by itself.",
        probe=_FAILING,
    ),
    Kind(
        code="remote_update_stuck",
        label="Status not told",
        severity=Severity.BLOCKS,
        subject_type="remote_update",
        suggestion="See what the other side answers; it is tried again by itself.",
        probe=_STUCK,
    ),
    Kind(
        code="remote_update_refused",
        label="Status refused",
        severity=Severity.WARNS,
        subject_type="remote_update",
        suggestion="Compare the item at the other side with the package; set it there by hand.",
        probe=_REFUSED,
    ),
)

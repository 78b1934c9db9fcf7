"""The feed: relayed events in the order of their positions, read on from wherever one stopped.

The relay numbers events after their commit, one relay at a time, so nothing ever appears behind
a position that was read. A place in the feed is the public id of an event of the same
organization; positions count everybody's events and stay inside.
"""

from bisect import bisect_left
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from oms.events.models import Event
from oms.kernel import sql
from oms.kernel.actors import Actor
from oms.kernel.errors import InvalidInput

KEPT_DAYS = 90  # by the database's clock, which dated the events
WINDOW = 10_000  # events looked at for one page, however few of them are wanted

_PLACE = """
SELECT coalesce(position, 0) FROM events_event
WHERE public_id = %(after)s AND organization_id = %(organization_id)s::bigint
"""
_HORIZON = """
SELECT position, public_id FROM events_event
WHERE organization_id = %(organization_id)s::bigint AND position IS NOT NULL
ORDER BY position DESC LIMIT 1
"""
_IS_KEPT = """
SELECT recorded_at >= statement_timestamp() - make_interval(days => %(days)s::int)
FROM events_event
WHERE organization_id = %(organization_id)s::bigint
  AND position > %(start)s::bigint AND position <= %(horizon)s::bigint
ORDER BY position LIMIT 1
"""
# The window is cut off before anything is filtered, and nothing beyond the page is read.
_PAGE = sql.one_line("""
SELECT id FROM (
    SELECT id, position, type, channel_ref, point_ref FROM events_event
    WHERE organization_id = %(organization_id)s::bigint
      AND position > %(start)s::bigint AND position <= %(horizon)s::bigint
    ORDER BY position LIMIT %(window)s::bigint) seen
WHERE type = ANY(%(types)s::text[])
  AND (%(channels)s::bigint[] IS NULL OR channel_ref = ANY(%(channels)s::bigint[]))
  AND (%(points)s::bigint[] IS NULL OR point_ref = ANY(%(points)s::bigint[]))
ORDER BY position LIMIT %(limit)s::bigint
""")
_PAGE_OF_SUBJECT = sql.one_line("""
WITH seen AS MATERIALIZED (
    SELECT id, position FROM events_event
    WHERE subject_type = %(subject_type)s::text AND subject_id = %(subject_id)s::bigint
      AND organization_id = %(organization_id)s::bigint
      AND position > %(start)s::bigint AND position <= %(horizon)s::bigint
      AND type = ANY(%(types)s::text[])
      AND (%(channels)s::bigint[] IS NULL OR channel_ref = ANY(%(channels)s::bigint[]))
      AND (%(points)s::bigint[] IS NULL OR point_ref = ANY(%(points)s::bigint[])))
SELECT id FROM seen ORDER BY position LIMIT %(limit)s::bigint
""")
_END_OF_WINDOW = """
SELECT public_id FROM events_event
WHERE organization_id = %(organization_id)s::bigint
  AND position > %(start)s::bigint AND position < %(horizon)s::bigint
ORDER BY position OFFSET %(window)s::bigint - 1 LIMIT 1
"""


class FeedPlaceUnknown(InvalidInput):
    """No event of the organization is called so: nothing can be read on from there."""

    code = "feed_place_unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRequest:
    """What somebody wants to read. `types` are event types; `subject` is its type and key."""

    types: Collection[str]
    after: UUID | None = None
    """Public id of the event after which to go on; None: from the oldest that is kept."""
    subject: tuple[str, int] | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class FeedPage:
    """Some events, and where to go on: None while the organization has had none at all.

    A page may be empty although there is more: whatever was looked at for it was not wanted.
    """

    events: Sequence[Event]
    end: UUID | None
    has_more: bool


def read_feed(*, request: FeedRequest, actor: Actor, window: int = WINDOW) -> FeedPage:
    """The next events the actor may see, oldest first, of the last 90 days.

    Costs the same wherever in the feed one is. Raises FeedPlaceUnknown.
    """
    params: dict[str, object] = {
        "organization_id": actor.organization_id,
        "days": KEPT_DAYS,
        "window": window,
        "limit": request.limit + 1,
        "types": sorted(request.types),
        "channels": _sorted(actor.channel_ids),
        "points": _sorted(actor.point_ids),
    }
    start = _place(request.after, params)
    # Read first: what has a position by now is seen by every statement below.
    last = sql.rows(_HORIZON, params)
    if start is None or not last or last[0][0] <= start:
        return FeedPage((), request.after, has_more=False)
    horizon, end = last[0]
    params["horizon"] = horizon
    params["start"] = _first_kept(start, params)
    ids = _ids(request, params)
    rows = Event.objects.filter(pk__in=ids[: request.limit]).order_by("position")
    events = list(rows) if ids else []
    if len(ids) > request.limit:
        return FeedPage(events, events[-1].public_id, has_more=True)
    cut = sql.rows(_END_OF_WINDOW, params) if request.subject is None else []
    return FeedPage(events, cut[0][0] if cut else end, has_more=bool(cut))


def _sorted(keys: Collection[int] | None) -> list[int] | None:
    return None if keys is None else sorted(keys)


def _place(after: UUID | None, params: dict[str, object]) -> int | None:
    """The position to read on from; None while that event is not relayed yet."""
    if after is None:
        return 0
    found = sql.rows(_PLACE, {**params, "after": after})
    if not found:
        raise FeedPlaceUnknown("There is no such place in the feed")
    return found[0][0] or None


def _first_kept(start: int, params: dict[str, object]) -> int:
    """The least place behind `start` that only what is kept comes after."""
    if _is_kept(start, params):
        return start
    horizon = int(str(params["horizon"]))
    places = range(start, horizon)
    return start + bisect_left(places, True, key=lambda at: _is_kept(at, params))


def _is_kept(start: int, params: dict[str, object]) -> bool:
    """Whether the first event after a place is kept still."""
    found = sql.rows(_IS_KEPT, {**params, "start": start})
    return bool(found and found[0][0])


def _ids(request: FeedRequest, params: dict[str, object]) -> list[int]:
    if request.subject is None:
        return [row[0] for row in sql.rows(_PAGE, params)]
    kind, key = request.subject
    about = {**params, "subject_type": kind, "subject_id": key}
    return [row[0] for row in sql.rows(_PAGE_OF_SUBJECT, about)]

"""The bytes of messages: rendered once per event and variant, then always the ones kept."""

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from oms.events.models import Event
from oms.events.sending.letters import Receiver
from oms.kernel import sql

logger = logging.getLogger(__name__)

Key = tuple[int, str]  # event and variant

_KEEP = sql.one_line("""
INSERT INTO events_messagebody (event_id, variant, body)
SELECT event_id, variant, body
FROM unnest(%(event_ids)s::bigint[], %(variants)s::text[], %(bodies)s::bytea[])
    AS g (event_id, variant, body)
ORDER BY event_id, variant
ON CONFLICT (event_id, variant) DO NOTHING
RETURNING id, event_id, variant
""")
_FIND = sql.one_line("""
SELECT b.id, b.event_id, b.variant, b.body FROM events_messagebody b
JOIN unnest(%(event_ids)s::bigint[], %(variants)s::text[]) AS w (event_id, variant)
    ON w.event_id = b.event_id AND w.variant = b.variant
""")
_READ = "SELECT id, body FROM events_messagebody WHERE id = ANY(%(ids)s::bigint[])"


@dataclass(frozen=True, slots=True)
class Body:
    """Bytes that are kept."""

    id: int
    content: bytes


@dataclass(frozen=True, slots=True)
class Nothing:
    """The event has nothing to tell this variant."""


@dataclass(frozen=True, slots=True)
class Unmade:
    """The format failed."""

    error: str


Made = Body | Nothing | Unmade


def kept(ids: Iterable[int]) -> dict[int, Body]:
    """Bodies by their key."""
    wanted = list(set(ids))
    rows = sql.rows(_READ, {"ids": wanted}) if wanted else []
    return {row[0]: Body(row[0], bytes(row[1])) for row in rows}


def made(
    wanted: Mapping[Key, Receiver], events: Mapping[int, Event], *, now: datetime
) -> dict[Key, Made]:
    """The body of each event and variant: the one that is kept, or a new one, kept from now on.

    A rival that renders the same at the same time wins or loses as a whole message: who comes
    second sends the first one's bytes.
    """
    answer: dict[Key, Made] = dict(_found(wanted))
    missing: defaultdict[str, list[int]] = defaultdict(list)
    for event_id, variant in wanted.keys() - answer.keys():
        missing[variant].append(event_id)
    fresh: dict[Key, bytes] = {}
    for variant, event_ids in missing.items():
        receiver = wanted[event_ids[0], variant]
        batch = [events[event_id] for event_id in sorted(event_ids)]
        for event_id, content in _rendered(receiver, batch, now=now).items():
            if isinstance(content, bytes):
                fresh[event_id, variant] = content
            else:
                answer[event_id, variant] = content
    return answer | _keep(fresh)


def _found(keys: Iterable[Key]) -> dict[Key, Body]:
    pairs = list(keys)
    if not pairs:
        return {}
    params = {"event_ids": [key[0] for key in pairs], "variants": [key[1] for key in pairs]}
    rows = sql.rows(_FIND, dict(params))
    return {(row[1], row[2]): Body(row[0], bytes(row[3])) for row in rows}


def _keep(fresh: Mapping[Key, bytes]) -> dict[Key, Body]:
    if not fresh:
        return {}
    pairs = list(fresh)
    columns: dict[str, object] = {
        "event_ids": [key[0] for key in pairs],
        "variants": [key[1] for key in pairs],
        "bodies": list(fresh.values()),
    }
    ours: dict[Key, Body] = {}
    for body_id, event_id, variant in sql.rows(_KEEP, columns):
        ours[event_id, variant] = Body(body_id, fresh[event_id, variant])
    return ours | _found(fresh.keys() - ours.keys())


def _rendered(
    receiver: Receiver, events: list[Event], *, now: datetime
) -> dict[int, bytes | Nothing | Unmade]:
    """Render all at once; when that fails, one by one, so that only the broken one is left out."""
    try:
        return _render(receiver, events, now=now)
    except Exception as exc:
        logger.exception("A message could not be made")
        if len(events) == 1:
            return {events[0].pk: Unmade(type(exc).__name__)}
    answer: dict[int, bytes | Nothing | Unmade] = {}
    for event in events:
        answer |= _rendered(receiver, [event], now=now)
    return answer


def _render(
    receiver: Receiver, events: list[Event], *, now: datetime
) -> dict[int, bytes | Nothing | Unmade]:
    with transaction.atomic():
        found = receiver.wire_format.render(events, endpoint=receiver.endpoint, now=now)
    return {event.pk: _content(found.get(event.pk)) for event in events}


def _content(body: bytes | None) -> bytes | Nothing:
    return Nothing() if body is None else body

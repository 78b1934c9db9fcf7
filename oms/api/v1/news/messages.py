"""Messages: the same envelope for webhooks and the feed.

`data.object` names a resource and shows it as it was when the message was made, in one look:
`status` and `version` belong together, and whoever has a higher version may ignore the message.
`data.previous` is what the event changed. Neither has personal data or a database key.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from oms.api.v1.news.reading import read_for
from oms.api.v1.news.words import WORDS
from oms.api.v1.road.fields import moment
from oms.events.choices import EventType
from oms.events.models import Event

API_VERSION = "v1"
Message = dict[str, Any]


def messages_of(events: Sequence[Event]) -> Mapping[int, Message]:
    """The messages of events by their key; those that have nothing to tell are left out."""
    told = {event.pk: word for event in events if (word := WORDS.get(EventType(event.type)))}
    formers = {event.pk: told[event.pk].former(event) for event in events if event.pk in told}
    wanted = [event for event in events if formers.get(event.pk) is not None]
    objects = read_for([(told[event.pk].about, event) for event in wanted])
    return {
        event.pk: _message(event, told[event.pk].name, objects[event.pk], formers[event.pk] or {})
        for event in wanted
        if event.pk in objects
    }


def body(message: Message) -> bytes:
    """The bytes of a message."""
    return msgspec.json.encode(message)


def event_id(event: Event) -> str:
    """The public id of an event; webhooks carry it as `webhook-id`."""
    return f"evt_{event.public_id.hex}"


def _message(
    event: Event, name: str, shown: Mapping[str, object], former: Mapping[str, object]
) -> Message:
    return {
        "id": event_id(event),
        "type": name,
        "created_at": moment(event.occurred_at),
        "api_version": API_VERSION,
        "sequence": event.sequence,
        "data": {"object": shown, **({"previous": former} if former else {})},
    }

"""The wire format `v1`: messages of the contract, signed as Standard Webhooks are (4.12)."""

import datetime as dt
from collections.abc import Mapping, Sequence

from oms.api.v1.news import words
from oms.api.v1.news.messages import API_VERSION, body, messages_of
from oms.events.choices import EndpointFormat
from oms.events.formats import Schedule
from oms.events.models import Endpoint, Event
from oms.events.standard import SCHEDULE, StandardFormat

DEADLINE = dt.timedelta(seconds=10)


class V1Format(StandardFormat):
    """Signature, secrets and times of the standard; words, messages and deadline of our API."""

    code = EndpointFormat.V1
    schedule = Schedule(delays=SCHEDULE.delays, deadline=DEADLINE)

    def types(self, endpoint: Endpoint) -> frozenset[str]:
        """The event types of the words: message types or patterns. Raises UnknownWord."""
        return words.types_of(endpoint.words)

    def variant(self, endpoint: Endpoint) -> str:
        """All endpoints get the same bytes."""
        del endpoint
        return f"api.{API_VERSION}"

    def render(
        self, events: Sequence[Event], *, endpoint: Endpoint, now: dt.datetime
    ) -> Mapping[int, bytes | None]:
        """The messages of events; a query or two for each kind of object among them."""
        del endpoint, now
        found = messages_of(events)
        return {event.pk: body(found[event.pk]) if event.pk in found else None for event in events}

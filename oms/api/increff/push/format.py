"""The wire format `increff`: sub-orders and returns for an external system (contract 1.3, 1.10)."""

import datetime as dt
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Literal

import msgspec

from channels_app.choices import ChannelType
from oms.api.increff.push import options
from oms.api.increff.push.order_events import order_event
from oms.api.increff.push.return_events import expectations, return_event
from oms.api.increff.push.suborders import sub_orders
from oms.api.increff.push.words import WORDS, Family, types_of, wanted, word_for
from oms.events.choices import EndpointFormat
from oms.events.formats import Letter, RenewalUnreadable, Schedule, UnknownWord
from oms.events.models import Endpoint, Event

DEADLINE = dt.timedelta(seconds=45)
_FIRST_MINUTES = (1, 2, 4, 8, 15, 30, 60)
_HOURS_AFTER_THEM = 22  # two hours have passed by then; a day has with the last of these
_REFUSED_TRIES = 5
_CLIENT_ERRORS = range(400, 500)
_NO_REFUSALS = {HTTPStatus.UNAUTHORIZED, HTTPStatus.TOO_MANY_REQUESTS}
_MOST_HEADERS = 50


class IncreffPush:
    """Order and return events as external systems expect them. Words are event types; none is all
    that are on by default.
    """

    code = EndpointFormat.INCREFF
    schedule = Schedule(
        delays=(
            *(dt.timedelta(minutes=minutes) for minutes in _FIRST_MINUTES),
            *(dt.timedelta(hours=1),) * _HOURS_AFTER_THEM,
        ),
        jitter=0.0,
        deadline=DEADLINE,
        heeds_retry_after=False,
        least_when_slow=dt.timedelta(0),
        retries_at_once=False,
        gone_statuses=frozenset(),
        refusing_statuses=frozenset(_CLIENT_ERRORS) - _NO_REFUSALS,
        refused_delays=(dt.timedelta(minutes=5),) * (_REFUSED_TRIES - 1),
        keeps_order=True,
    )
    follows_points: Literal[True] = True
    is_anonymous: Literal[True] = True
    renewing_statuses = frozenset({int(HTTPStatus.UNAUTHORIZED)})
    renewing_deadline = dt.timedelta(seconds=15)

    def types(self, endpoint: Endpoint) -> frozenset[str]:
        """The events behind its words. Raises UnknownWord."""
        _efs_channel_id(endpoint)
        return types_of(endpoint.words)

    def variant(self, endpoint: Endpoint) -> str:
        """Codes, words, settings and the moment of the snapshot are the endpoint's own."""
        return f"increff.{endpoint.pk}"

    def check_options(self, endpoint: Endpoint) -> None:
        """Raises OptionsUnfit, UrlRefused."""
        options.check_options(endpoint)

    def render(
        self, events: Sequence[Event], *, endpoint: Endpoint, now: dt.datetime
    ) -> Mapping[int, bytes | None]:
        """Snapshots of the sub-orders and returns that events are about. Raises SealBroken."""
        del now
        among = wanted(endpoint.words)
        named = {event.pk: word_for(event, among) for event in events}
        told = [event for event in events if named[event.pk]]
        messages = _order_events(told, named, endpoint) | _return_events(told, named, endpoint)
        return {event.pk: messages.get(event.pk) for event in events}

    def keys(self, endpoint: Endpoint, *, now: dt.datetime) -> Sequence[str]:
        """Nothing is signed."""
        del endpoint, now
        return ()

    def headers(self, letter: Letter, *, endpoint: Endpoint, keys: Sequence[str]) -> dict[str, str]:
        """What authenticates us are the endpoint's static headers."""
        del letter, endpoint, keys
        return {"Content-Type": "application/json"}

    def ping(self, endpoint: Endpoint, *, now: dt.datetime) -> bytes | None:
        """No URL is asked first."""
        del endpoint, now
        return None

    def renewal_url(self, endpoint: Endpoint) -> str:
        """Where Get Credential is."""
        return options.options_of(endpoint).credential_url

    def read_renewal(self, body: bytes) -> dict[str, str]:
        """A flat object: every key is a header. Raises RenewalUnreadable."""
        try:
            said = msgspec.json.decode(body, type=dict[str, str | int])
        except msgspec.MsgspecError:
            raise RenewalUnreadable("Get Credential did not answer a flat object") from None
        if len(said) > _MOST_HEADERS:
            raise RenewalUnreadable("Get Credential answered too many headers")
        return {name: str(value) for name, value in said.items()}


def _order_events(
    events: Sequence[Event], named: Mapping[int, str | None], endpoint: Endpoint
) -> dict[int, bytes]:
    about = [event for event in events if _family(named[event.pk]) == Family.ORDER]
    if not about:
        return {}
    keys = {event.subject_id for event in about}
    found = sub_orders(keys, efs_channel_id=_efs_channel_id(endpoint))
    style = options.options_of(endpoint).date_style
    return {
        event.pk: msgspec.json.encode(
            order_event(
                found[event.subject_id],
                event_type=named[event.pk] or "",
                message_id=event.pk,
                style=style,
            )
        )
        for event in about
        if event.subject_id in found
    }


def _return_events(
    events: Sequence[Event], named: Mapping[int, str | None], endpoint: Endpoint
) -> dict[int, bytes]:
    about = [event for event in events if _family(named[event.pk]) == Family.RETURN]
    if not about:
        return {}
    keys = {event.subject_id for event in about}
    found = expectations(keys, efs_channel_id=_efs_channel_id(endpoint))
    extras = options.options_of(endpoint).has_return_extras
    return {
        event.pk: msgspec.json.encode(
            return_event(
                found[event.subject_id], event_type=named[event.pk] or "", has_extras=extras
            )
        )
        for event in about
        if event.subject_id in found
    }


def _family(word: str | None) -> Family | None:
    return WORDS[word].family if word else None


def _efs_channel_id(endpoint: Endpoint) -> int:
    """Whose codes are spoken. Raises UnknownWord for a client that is no external system."""
    client = endpoint.client
    if client is None or client.channel is None or client.channel.type != ChannelType.EFS:
        raise UnknownWord("client: an Increff endpoint needs the client of an EFS channel")
    return client.channel.pk

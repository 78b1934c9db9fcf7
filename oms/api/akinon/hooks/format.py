"""The wire format `whisperer`: a message an event, signed where there is a secret (contract 3)."""

import datetime as dt
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal
from urllib.parse import urlencode

import msgspec
from django.conf import settings

from oms.api.akinon.hooks import countdown, options
from oms.api.akinon.hooks.payloads import Told, payloads
from oms.api.akinon.hooks.words import message_uuid, types_of, word_for
from oms.events.choices import EndpointFormat, EventType
from oms.events.formats import (
    Dice,
    Letter,
    Schedule,
    SecretUnfit,
    SignIn,
    TokenUnreadable,
)
from oms.events.models import Endpoint, Event
from oms.kernel import sealed
from oms.kernel.http import Request

EVENT_HEADER = "X-Whisperer-Event"
SIGNATURE_HEADER = "X-Whisperer-Signature"
LONGEST_SECRET = 255
_LONGEST_TOKEN = 4096


class Whisperer:
    """News as Akinon's webhook component tells it. A word is an event type, and each endpoint has
    one or several that never tell of the same fact.
    """

    code = EndpointFormat.WHISPERER
    yields_to_static: Literal[True] = True
    kept = dt.timedelta(weeks=12)  # contract 3.4

    def __init__(self) -> None:
        deadline = dt.timedelta(seconds=settings.OMS_WHISPERER_TIMEOUT_SECONDS)
        self.sweep = dt.timedelta(seconds=settings.OMS_WHISPERER_SWEEP_SECONDS)
        self.signing_in_deadline = deadline
        self.schedule = Schedule(
            delays=countdown.delays(
                countdown.read(countdown.DEFAULT), sweep=self.sweep, dice=lambda least, _: least
            ),
            jitter=0.0,
            deadline=deadline,
            heeds_retry_after=False,
            least_when_slow=dt.timedelta(0),
            retries_at_once=False,
            gone_statuses=frozenset(),
            keeps_order=True,
            orders_together=True,
        )

    def schedule_of(self, endpoint: Endpoint, *, dice: Dice) -> Schedule:
        """By the endpoint's own formula."""
        formula = options.countdown_of(endpoint)
        return replace(self.schedule, delays=countdown.delays(formula, sweep=self.sweep, dice=dice))

    def types(self, endpoint: Endpoint) -> frozenset[str]:
        """The events behind its words. Raises UnknownWord."""
        return types_of(endpoint.words)

    def variant(self, endpoint: Endpoint) -> str:
        """Words, filters and the moment of the first try are the endpoint's own."""
        return f"whisperer.{endpoint.pk}"

    def check_options(self, endpoint: Endpoint) -> None:
        """Raises OptionsUnfit, UrlRefused."""
        options.check(endpoint)

    def hide(
        self, given: Mapping[str, object], *, known: Mapping[str, str]
    ) -> tuple[dict[str, object], dict[str, str]]:
        """The password of `config.auth` is the secret."""
        return options.hide(given, known=known)

    def reveal(
        self, given: Mapping[str, object], *, secrets: Mapping[str, str]
    ) -> dict[str, object]:
        """With the password in its place."""
        return options.reveal(given, secrets=secrets)

    def render(
        self, events: Sequence[Event], *, endpoint: Endpoint, now: dt.datetime
    ) -> Mapping[int, bytes | None]:
        """Envelopes with the objects that events are about, as they are now; the state of a package
        is the one its event led to. Raises SealBroken.
        """
        named = {event.pk: _word_of(event, endpoint) for event in events}
        told = [Told(event, word) for event in events if (word := named[event.pk])]
        shown = payloads(told, channel=options.channel_of(endpoint), now=now)
        return {
            event.pk: _envelope(event, named[event.pk] or "", shown[event.pk])
            if event.pk in shown
            else None
            for event in events
        }

    def keys(self, endpoint: Endpoint, *, now: dt.datetime) -> Sequence[str]:
        """The endpoint's secret; none where it has none."""
        current = [row for row in endpoint.secrets.all() if row.expires_at is None]
        del now
        return [text for row in current if (text := sealed.read(row, "secret"))]

    def headers(self, letter: Letter, *, endpoint: Endpoint, keys: Sequence[str]) -> dict[str, str]:
        """The event type, and the signature of the exact bytes."""
        del endpoint
        word = msgspec.json.decode(letter.body, type=_Envelope).event.type
        told = {"Content-Type": "application/json", EVENT_HEADER: word}
        signed = {SIGNATURE_HEADER: signature(letter.body, keys[0])} if keys else {}
        return told | signed

    def ping(self, endpoint: Endpoint, *, now: dt.datetime) -> bytes | None:
        """No URL is asked first."""
        del endpoint, now
        return None

    def make_secret(self) -> str:
        """Endpoints may do without."""
        return ""

    def check_secret(self, text: str) -> None:
        """Raises SecretUnfit."""
        if len(text) > LONGEST_SECRET:
            raise SecretUnfit(f"secret_key: at most {LONGEST_SECRET} characters")

    def credential(
        self, endpoint: Endpoint, *, secrets: Mapping[str, str]
    ) -> Mapping[str, str] | SignIn:
        """What `config.auth` says: a fixed header, or a token that is asked for each time."""
        auth = options.auth_of(endpoint, secrets=secrets)
        if auth is None:
            return {}
        if auth.kind == options.BASIC:
            return {"Authorization": auth.basic}
        form = {auth.username_field: auth.username, auth.password_field: auth.password}
        request = Request(
            method="POST",
            url=auth.url,
            headers={"Content-Type": "application/x-www-form-urlencoded"},
            body=urlencode(form).encode(),
            allow_private=endpoint.allow_private_network,
            deadline=self.signing_in_deadline.total_seconds(),
        )

        def read(body: bytes) -> dict[str, str]:
            return {"Authorization": auth.header(_token(body, auth.token_key))}

        return SignIn(request=request, read=read)


class _Event(msgspec.Struct):
    type: str


class _Envelope(msgspec.Struct):
    event: _Event


def signature(body: bytes, key: str) -> str:
    """`sha256=` and the HMAC of a message, in hexadecimal."""
    return f"sha256={hmac.new(key.encode(), body, hashlib.sha256).hexdigest()}"


def _word_of(event: Event, endpoint: Endpoint) -> str | None:
    """What an endpoint is told of an event; None for nothing."""
    if event.type != EventType.NEWS_PUBLISHED:
        return word_for(event, endpoint.words)
    is_meant = event.data.get("endpoint") == str(endpoint.public_id)
    word = str(event.data.get("word", ""))
    return word if is_meant and word in endpoint.words else None


def _envelope(event: Event, word: str, payload: Mapping[str, Any]) -> bytes:
    is_by_hand = event.type == EventType.NEWS_PUBLISHED
    uuid = event.public_id if is_by_hand else message_uuid(event, word)
    return msgspec.json.encode({"event": {"type": word, "uuid": uuid.hex}, "payload": payload})


def _token(body: bytes, name: str) -> str:
    """Raises TokenUnreadable."""
    try:
        token = msgspec.json.decode(body, type=dict[str, Any]).get(name)
    except msgspec.MsgspecError:
        token = None
    if not isinstance(token, str) or not 0 < len(token) <= _LONGEST_TOKEN:
        raise TokenUnreadable("The log-in answered no token")
    return token

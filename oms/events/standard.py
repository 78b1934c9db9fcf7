"""Standard Webhooks 1.0: our own events, signed with a secret per endpoint.

Receivers verify with any library of the standard. A message is thin: public numbers and what
changed, no personal data and no database keys.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from oms.events.choices import EndpointFormat, EventType
from oms.events.formats import Letter, Schedule, SecretUnfit, UnknownWord
from oms.events.models import Endpoint, Event
from oms.kernel import sealed

API_VERSION = "1"
PREFIX = "whsec_"
SECRET_BYTES = 32
_FIT_BYTES = range(24, 65)
LARGEST = 256 * 1024  # bytes of a message
_SHORT = 200  # characters of a text that a thin message keeps
_KEYS = ("_id", "_ids")  # database keys end like this; they never leave

SCHEDULE = Schedule(
    delays=(
        timedelta(seconds=5),
        timedelta(minutes=5),
        timedelta(minutes=30),
        timedelta(hours=2),
        timedelta(hours=5),
        timedelta(hours=10),
        timedelta(hours=14),
        timedelta(hours=20),
        timedelta(hours=24),
    )
)


class StandardFormat:
    """The format `standard`. Its words are event types, whole or as patterns: `order.*`, `*`.

    `*`, which is also what no words mean, leaves out `endpoint.*`: who watches over endpoints
    asks for that by name.
    """

    code = EndpointFormat.STANDARD
    schedule = SCHEDULE

    def types(self, endpoint: Endpoint) -> frozenset[str]:
        """The event types of the words. Raises UnknownWord."""
        found: set[str] = set()
        for word in endpoint.words or ["*"]:
            matching = {str(name) for name in EventType.values if _matches(word, name)}
            if not matching:
                raise UnknownWord(f"events: `{word}` is no event type and matches none")
            found |= matching
        return frozenset(found)

    def variant(self, endpoint: Endpoint) -> str:
        """All endpoints get the same bytes."""
        del endpoint
        return f"standard.{API_VERSION}"

    def render(
        self, events: Sequence[Event], *, endpoint: Endpoint, now: datetime
    ) -> Mapping[int, bytes | None]:
        """The native payload of each event."""
        del endpoint, now
        return {event.pk: payload(event) for event in events}

    def keys(self, endpoint: Endpoint, *, now: datetime) -> Sequence[str]:
        """The endpoint's secrets that have not expired, the current one first."""
        valid = [
            row for row in endpoint.secrets.all() if row.expires_at is None or row.expires_at > now
        ]
        valid.sort(key=lambda row: (row.expires_at is None, row.created_at), reverse=True)
        return [sealed.read(row, "secret") for row in valid]

    def headers(self, letter: Letter, *, endpoint: Endpoint, keys: Sequence[str]) -> dict[str, str]:
        """Identity, time and signatures, and which try this is."""
        del endpoint
        timestamp = int(letter.sent_at.timestamp())
        headers = {
            "Content-Type": "application/json",
            "webhook-id": letter.message_id,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": " ".join(
                signature(key, letter.message_id, timestamp, letter.body) for key in keys
            ),
            "webhook-attempt": str(letter.number),
        }
        if letter.is_replay:
            headers["webhook-replay"] = "true"
        return headers

    def ping(self, endpoint: Endpoint, *, now: datetime) -> bytes | None:
        """No verification: a receiver that does not want the news lets the signature tell it."""
        del endpoint, now
        return None

    def make_secret(self) -> str:
        """32 random bytes."""
        return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()

    def check_secret(self, text: str) -> None:
        """`whsec_` and the base64 of 24 to 64 bytes. Raises SecretUnfit."""
        key_of(text)


def key_of(secret: str) -> bytes:
    """The bytes a secret stands for. Raises SecretUnfit, which does not repeat the secret."""
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) not in _FIT_BYTES:
        raise SecretUnfit("A secret is `whsec_` and the base64 of 24 to 64 bytes")
    return key


def signature(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """One signature of a message, as it stands in the header."""
    signed = b"%s.%d.%s" % (message_id.encode(), timestamp, body)
    digest = hmac.new(key_of(secret), signed, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def payload(event: Event) -> bytes:
    """The message of an event; a thin one when the whole would be larger than 256 KiB.

    A thin message keeps the short members of `data`, and has `data_url`, which is null: the whole
    has no address of its own, and what it is about can be read through the API.
    """
    data = public(event.data)
    if event.status:
        data = {"status": event.status, **data}
    body = msgspec.json.encode({**_envelope(event), "data": data})
    if len(body) <= LARGEST:
        return body
    short = {name: value for name, value in data.items() if _is_short(value)}
    return msgspec.json.encode({**_envelope(event), "data": short, "data_url": None})


def public(data: Mapping[str, object]) -> dict[str, object]:
    """What an event says, without database keys at any depth."""
    return {name: _public(value) for name, value in data.items() if not str(name).endswith(_KEYS)}


def _public(value: object) -> object:
    if isinstance(value, dict):
        return public(value)
    if isinstance(value, list):
        return [_public(item) for item in value]
    return value


def _envelope(event: Event) -> dict[str, object]:
    moment = event.occurred_at.astimezone(UTC)
    return {
        "id": f"evt_{event.public_id.hex}",
        "type": event.type,
        "api_version": API_VERSION,
        "occurred_at": moment.isoformat(timespec="microseconds").replace("+00:00", "Z"),
        "sequence": event.sequence,
    }


def _is_short(value: object) -> bool:
    if isinstance(value, str):
        return len(value) <= _SHORT
    return value is None or isinstance(value, bool | int | float)


def _matches(word: str, event_type: str) -> bool:
    if word == "*":
        return not event_type.startswith("endpoint.")
    if word.endswith(".*"):
        return event_type.startswith(word[:-1])
    return word == event_type

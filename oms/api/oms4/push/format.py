"""The wire format `oms4`: envelope, signature and schedule (contract sections 6.1 and 6.2)."""

import datetime as dt
import hashlib
import hmac
from collections.abc import Mapping, Sequence

import msgspec

from channels_app.choices import ChannelType
from oms.accounts import queries as accounts
from oms.accounts.choices import ClientKind, CredentialKind
from oms.accounts.models import ApiClient, Credential
from oms.api.oms4.documents import encode
from oms.api.oms4.push.messages import Data
from oms.api.oms4.push.reading import read_for
from oms.api.oms4.push.words import PING, WEBHOOK_TYPE, WORDS, word_for
from oms.api.oms4.render.values import ms
from oms.events.choices import EndpointFormat, EventType
from oms.events.formats import Letter, Schedule, UnknownWord
from oms.events.models import Endpoint, Event
from oms.kernel import errors, sealed
from oms.locations.choices import PointType

FURTHER_ATTEMPTS = 12
_HALF_AN_HOUR = dt.timedelta(minutes=30)


class NoLiveKey(errors.Conflict):
    """The client of an endpoint has no OMS4 credential to sign with."""

    code = "no_live_oms4_key"


class _Envelope(msgspec.Struct):
    api_key: str


class Oms4Push:
    """Pushes as clients of OMS4 expect them. Words are message types; none is all of the family."""

    code = EndpointFormat.OMS4
    schedule = Schedule(
        delays=(dt.timedelta(minutes=1), *(_HALF_AN_HOUR,) * (FURTHER_ATTEMPTS - 1)),
        jitter=0.0,
        deadline=dt.timedelta(seconds=5),
        heeds_retry_after=False,
        least_when_slow=dt.timedelta(0),
        retries_at_once=False,
        gone_statuses=frozenset(),
    )

    def types(self, endpoint: Endpoint) -> frozenset[str]:
        """What the words tell of, as far as the client may have it. Raises UnknownWord."""
        client = _client(endpoint)
        family = WORDS[client.kind]
        for name in endpoint.words:
            if name != PING and name not in family:
                raise UnknownWord(f"events: `{name}` is no OMS4 message type for this client")
        wanted = endpoint.words or list(family)
        is_general = _is_general(client)
        return frozenset(
            str(word.tells_of)
            for name, word in family.items()
            if name in wanted and (is_general or word.for_every_channel)
        )

    def variant(self, endpoint: Endpoint) -> str:
        """A message names its client's key, so endpoints of one client get the same bytes."""
        return f"oms4.{endpoint.client_id}"

    def render(
        self, events: Sequence[Event], *, endpoint: Endpoint, now: dt.datetime
    ) -> Mapping[int, bytes | None]:
        """The messages of events; five queries at most. Raises NoLiveKey."""
        credential = _credential(endpoint, now=now)
        kind = _client(endpoint).kind
        known = read_for(events)
        bodies: dict[int, bytes | None] = {}
        for event in events:
            found = word_for(kind, event.type)
            if found is None or _is_within_a_status(event):
                bodies[event.pk] = None
                continue
            name, word = found
            data = word.data(event, known)
            bodies[event.pk] = envelope(credential, kind=kind, name=name, data=data, now=now)
        return bodies

    def keys(self, endpoint: Endpoint, *, now: dt.datetime) -> Sequence[str]:
        """The secret of the client's key. Raises NoLiveKey."""
        return [sealed.read(_credential(endpoint, now=now), "secret")]

    def headers(self, letter: Letter, *, endpoint: Endpoint, keys: Sequence[str]) -> dict[str, str]:
        """`Authorization`, over the key that the message names and the exact bytes."""
        del endpoint
        named = msgspec.json.decode(letter.body, type=_Envelope).api_key
        return {
            "Content-Type": "application/json",
            "Authorization": authorization(keys[0], api_key=named, body=letter.body),
        }

    def ping(self, endpoint: Endpoint, *, now: dt.datetime) -> bytes | None:
        """The connectivity test of a URL. Raises NoLiveKey."""
        credential = _credential(endpoint, now=now)
        return envelope(credential, kind=_client(endpoint).kind, name=PING, data={}, now=now)


def _is_within_a_status(event: Event) -> bool:
    """A parcel that came to another station of the same status is no news to this contract."""
    moved = event.type == EventType.PARCEL_STATUS_CHANGED
    return moved and event.data.get("before") == event.status


def envelope(
    credential: Credential, *, kind: str, name: str, data: Data, now: dt.datetime
) -> bytes:
    """One message; its time is that of its rendering, so every try sends the same."""
    return encode(
        {
            "tenant_id": credential.organization.code,
            "api_key": credential.identifier,
            "webhook_type": WEBHOOK_TYPE[kind],
            "message_type": name,
            "data": data,
            "timestamp": ms(now),
        }
    )


def authorization(secret: str, *, api_key: str, body: bytes) -> str:
    """Lower-case hex of HMAC-SHA256 over the key and the raw body."""
    return hmac.digest(secret.encode(), api_key.encode() + body, hashlib.sha256).hex()


def _client(endpoint: Endpoint) -> ApiClient:
    """Whose endpoint it is: pushes go to one channel or one point. Raises UnknownWord."""
    client = endpoint.client
    if client is None or client.kind not in WORDS:
        raise UnknownWord("client: an OMS4 endpoint needs the client of a channel or a point")
    return client


def _is_general(client: ApiClient) -> bool:
    """Only General points may use the API at all; other channels may hear of a little."""
    if client.kind == ClientKind.POINT:
        return client.point is not None and client.point.type == PointType.GENERAL
    return client.channel is not None and client.channel.type == ChannelType.GENERAL


def _credential(endpoint: Endpoint, *, now: dt.datetime) -> Credential:
    """The newest of the client's keys that is neither revoked nor expired. Raises NoLiveKey."""
    client = _client(endpoint)
    found = accounts.live_credential(client_id=client.pk, kind=CredentialKind.OMS4, now=now)
    if found is None:
        raise NoLiveKey(f"client: {client.name} has no OMS4 key that can be used")
    return found

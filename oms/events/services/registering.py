"""Entering endpoints and changing their settings."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

import msgspec
from django.db import IntegrityError, transaction

from oms.accounts.models import ApiClient
from oms.events import formats, outbox
from oms.events.choices import EndpointState, EventType
from oms.events.endpoint_facts import endpoint_fact
from oms.events.formats import WireFormat
from oms.events.models import Endpoint
from oms.events.sending.receivers import secret_options
from oms.events.sending.renewed import forget_renewed
from oms.events.services.drafts import EndpointChange, EndpointDraft
from oms.events.services.finding import get_endpoint, locked_endpoint
from oms.events.services.secrets import first_secret
from oms.kernel import sealed
from oms.kernel.actors import Actor
from oms.kernel.errors import Conflict, InvalidInput
from oms.kernel.http import Request, check_url
from oms.kernel.versions import check_version

_NAME_RULE = "events_endpoint_name_uniq"
_SIGNED_BY_US = re.compile(r"webhook-.*", re.IGNORECASE)
_MOST_IN_FLIGHT = 100
_FASTEST = 10_000.0


class EndpointNameTaken(Conflict):
    """Another endpoint of the organization has this name."""

    code = "endpoint_name_taken"


class ForeignClient(InvalidInput):
    """The client belongs to another organization, or does not exist."""

    code = "endpoint_client_unknown"


class HeadersUnfit(InvalidInput):
    """A static header cannot be sent, or is the format's to set."""

    code = "endpoint_headers_unfit"


class LimitsUnfit(InvalidInput):
    """More in flight, or faster, than an endpoint may be sent to."""

    code = "endpoint_limits_unfit"


@dataclass(frozen=True, slots=True)
class Registered:
    """A new endpoint, and the secret to show its owner once; empty when it has none of its own."""

    endpoint: Endpoint
    secret: str = field(repr=False)


def register_endpoint(*, draft: EndpointDraft, actor: Actor, now: datetime) -> Registered:
    """Enter an endpoint: news recorded from now on is for it.

    It is ACTIVE, or UNVERIFIED where the format wants its URL to answer a ping first (see
    `verify_endpoint`); news waits meanwhile. Looks the URL's name up before it writes anything.
    Raises UrlRefused, HeadersUnfit, LimitsUnfit, UnknownWord, SecretUnfit, ForeignClient,
    EndpointNameTaken.
    """
    check_url(draft.url, allow_private=draft.allow_private_network)
    return create_endpoint(draft=draft, actor=actor, now=now)


def change_endpoint(
    *, endpoint_id: int, change: EndpointChange, actor: Actor, now: datetime
) -> Endpoint:
    """Change settings of an endpoint. Another URL of a format with a ping is unverified again.

    Raises EndpointNotFound and what `register_endpoint` raises.
    """
    present = get_endpoint(endpoint_id=endpoint_id, actor=actor)
    if change.url is not None or change.allow_private_network is not None:
        allowed = change.allow_private_network
        check_url(
            present.url if change.url is None else change.url,
            allow_private=present.allow_private_network if allowed is None else allowed,
        )
    return update_endpoint(endpoint_id=endpoint_id, change=change, actor=actor, now=now)


def create_endpoint(*, draft: EndpointDraft, actor: Actor, now: datetime) -> Registered:
    """`register_endpoint` for whoever has checked the URL already: no network is used."""
    wire_format = formats.format_of(draft.format)
    endpoint = Endpoint(
        organization_id=draft.organization_id,
        name=draft.name,
        description=draft.description,
        url=draft.url,
        format=draft.format,
        words=list(draft.words),
        is_ordered=draft.is_ordered,
        allow_private_network=draft.allow_private_network,
        max_in_flight=draft.max_in_flight,
        rate=draft.rate,
        types_since=now,
    )
    _check_limits(endpoint)
    _set_headers(endpoint, draft.headers)
    _set_options(endpoint, wire_format, draft.options)
    with transaction.atomic():
        _bind(endpoint, draft.client_id)
        _suit(endpoint, wire_format)
        endpoint.types = sorted(wire_format.types(endpoint))
        _insert(endpoint)
        secret = first_secret(endpoint, draft.secret, now=now)
        if wire_format.ping(endpoint, now=now) is None:
            endpoint.state, endpoint.verified_at = EndpointState.ACTIVE, now
            endpoint.save(update_fields=["state", "verified_at", "updated_at"])
        fact = endpoint_fact(endpoint, EventType.ENDPOINT_REGISTERED)
        outbox.record([fact], actor=actor, now=now)
    return Registered(endpoint, secret)


def update_endpoint(
    *,
    endpoint_id: int,
    change: EndpointChange,
    actor: Actor,
    now: datetime,
    expected_version: int | None = None,
) -> Endpoint:
    """`change_endpoint` for whoever has checked the URL already: no network is used.

    Raises VersionConflict, too, when the endpoint is not as it was seen.
    """
    with transaction.atomic():
        endpoint = locked_endpoint(endpoint_id=endpoint_id, actor=actor)
        check_version(expected=expected_version, actual=endpoint.version)
        changed = _apply(endpoint, change, now=now)
        if not changed:
            return endpoint
        try:
            with transaction.atomic():
                endpoint.save()
        except IntegrityError as exc:
            raise _name_taken(exc, endpoint) from exc
        fact = endpoint_fact(endpoint, EventType.ENDPOINT_CHANGED, changed=changed)
        outbox.record([fact], actor=actor, now=now)
    return endpoint


def _apply(endpoint: Endpoint, change: EndpointChange, *, now: datetime) -> list[str]:
    """Set what differs; returns the names of it."""
    wire_format = formats.format_of(endpoint.format)
    if wire_format.schedule.keeps_order:
        change = replace(change, is_ordered=None)
    changed = []
    for name in (
        "name", "description", "url", "words", "is_ordered", "allow_private_network",
        "max_in_flight", "rate",
    ):  # fmt: skip
        value = getattr(change, name)
        if isinstance(value, tuple):
            value = list(value)
        if value is not None and value != getattr(endpoint, name):
            setattr(endpoint, name, value)
            changed.append(name)
    changed += _apply_sealed(endpoint, change, wire_format)
    _check_limits(endpoint)
    _suit(endpoint, wire_format)
    types = sorted(wire_format.types(endpoint))
    if types != endpoint.types:
        endpoint.types, endpoint.types_since = types, now
    if "url" in changed and wire_format.ping(endpoint, now=now) is not None:
        _doubt(endpoint)
    return changed


def _apply_sealed(
    endpoint: Endpoint, change: EndpointChange, wire_format: WireFormat
) -> Iterator[str]:
    """The same for what may hold secrets."""
    if change.headers is not None and _set_headers(endpoint, change.headers):
        forget_renewed(endpoint)
        yield "headers"
    if change.options is not None and _set_options(endpoint, wire_format, change.options):
        yield "options"


def _doubt(endpoint: Endpoint) -> None:
    endpoint.verified_at = None
    if endpoint.state == EndpointState.ACTIVE:
        endpoint.state, endpoint.state_reason = EndpointState.UNVERIFIED, "Its URL changed"


def _bind(endpoint: Endpoint, client_id: int | None) -> None:
    """An endpoint of a client hears of the client's channel or point."""
    if client_id is None:
        return
    rows = ApiClient.objects.filter(organization_id=endpoint.organization_id)
    client = rows.filter(pk=client_id).first()
    if client is None:
        raise ForeignClient("There is no such client in the organization")
    endpoint.client = client
    endpoint.channel_ref, endpoint.point_ref = client.channel_id, client.point_id


def _suit(endpoint: Endpoint, wire_format: WireFormat) -> None:
    """What the format demands of its endpoints. Raises OptionsUnfit, UrlRefused, ForeignClient."""
    if wire_format.schedule.keeps_order:
        endpoint.is_ordered = True
    if isinstance(wire_format, formats.FollowsPoints):
        if endpoint.channel_ref is None:
            raise ForeignClient(f"client: a {wire_format.code} endpoint needs one of a channel")
        endpoint.is_by_points = True
    if isinstance(wire_format, formats.OwnOptions):
        wire_format.check_options(endpoint)


def _insert(endpoint: Endpoint) -> None:
    try:
        with transaction.atomic():
            endpoint.save(force_insert=True)
    except IntegrityError as exc:
        raise _name_taken(exc, endpoint) from exc


def _name_taken(exc: IntegrityError, endpoint: Endpoint) -> Exception:
    if _NAME_RULE in str(exc):
        return EndpointNameTaken(f"There is an endpoint {endpoint.name} already")
    return exc


def _check_limits(endpoint: Endpoint) -> None:
    if not 1 <= endpoint.max_in_flight <= _MOST_IN_FLIGHT:
        raise LimitsUnfit(f"max_in_flight: 1 to {_MOST_IN_FLIGHT}")
    if not 0 <= endpoint.rate <= _FASTEST:
        raise LimitsUnfit(f"rate: 0 (no limit) to {_FASTEST:.0f} a second")


def _set_headers(endpoint: Endpoint, headers: Mapping[str, str]) -> bool:
    """Seal the static headers; whether they are others than before. Raises HeadersUnfit."""
    if any(_SIGNED_BY_US.fullmatch(name) for name in headers):
        raise HeadersUnfit("Headers that begin with webhook- are set by us")
    try:
        Request(method="POST", url=endpoint.url, headers=headers)
    except InvalidInput as exc:
        raise HeadersUnfit(str(exc)) from None
    return _seal(endpoint, "headers", headers)


def _set_options(
    endpoint: Endpoint, wire_format: WireFormat, options: Mapping[str, object]
) -> bool:
    """Keep settings of the format, the secret ones sealed; whether they are others than before."""
    said, secrets = dict(options), dict[str, str]()
    if isinstance(wire_format, formats.HidesOptions):
        said, secrets = wire_format.hide(options, known=secret_options(endpoint))
    is_other = said != endpoint.options
    endpoint.options = said
    return _seal(endpoint, "secret_options", secrets) or is_other


def _seal(endpoint: Endpoint, column: str, texts: Mapping[str, str]) -> bool:
    """Seal an object of texts, nothing for none; whether it is another than before."""
    text = msgspec.json.encode(dict(texts)).decode() if texts else ""
    if text == sealed.read(endpoint, column):
        return False
    if text:
        sealed.write(endpoint, column, text)
    else:
        setattr(endpoint, column, None)
    return True

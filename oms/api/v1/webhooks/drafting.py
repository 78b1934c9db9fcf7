"""From bodies to what services take."""

import datetime as dt
import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.utils.translation import gettext as _

from oms.accounts.queries import MachineIdentity
from oms.api.v1.news.words import types_of
from oms.api.v1.road.problems import FieldError, validation_failed
from oms.events import formats
from oms.events.choices import DeliveryState, EndpointFormat
from oms.events.formats import UnknownWord
from oms.events.models import Endpoint
from oms.events.services import EndpointChange, EndpointDraft, ReplayRequest

_LONGEST_LABEL = 200
_REPLAYED = (DeliveryState.DELIVERED, DeliveryState.EXHAUSTED, DeliveryState.SUPPRESSED)


def draft_of(said: Mapping[str, Any], machine: MachineIdentity) -> EndpointDraft:
    """A new endpoint of the client that calls. Its name is for the back office."""
    description = said.get("description") or ""
    label = description or urlsplit(said["url"]).hostname or "endpoint"
    return EndpointDraft(
        organization_id=machine.organization_id,
        name=f"{label[:_LONGEST_LABEL]} {secrets.token_hex(4)}",
        description=description,
        url=said["url"],
        format=EndpointFormat.V1,
        words=said.get("events", ()),
        client_id=machine.client_id,
    )


def change_of(said: Mapping[str, Any], present: Endpoint) -> EndpointChange:
    """What a patch changes.

    What operators allowed for one address (static headers, which may hold a password, and private
    networks) does not go along to another that a client names.
    """
    moves = "url" in said and said["url"] != present.url
    return EndpointChange(
        url=said.get("url"),
        words=said.get("events"),
        description=(said["description"] or "") if "description" in said else None,
        headers={} if moves else None,
        allow_private_network=False if moves else None,
    )


def replay_of(said: Mapping[str, Any], endpoint: Endpoint) -> ReplayRequest:
    """Which deliveries of an endpoint are meant: all conditions together. Raises Problem."""
    since: dt.datetime | None = said.get("since")
    if since is None and "ids" not in said:
        raise validation_failed([FieldError("/since", "required", _("is missing without `ids`"))])
    return ReplayRequest(
        endpoint_id=endpoint.pk,
        types=sorted(_types(said["types"], endpoint)) if said.get("types") else (),
        states=_REPLAYED,
        since=since,
        until=said.get("until"),
        event_ids=[UUID(text.removeprefix("evt_")) for text in said["ids"]]
        if "ids" in said
        else None,
    )


def _types(patterns: list[str], endpoint: Endpoint) -> frozenset[str]:
    """Event types by the words of the endpoint's format; ours are the contract's."""
    try:
        if endpoint.format == EndpointFormat.V1:
            return types_of(patterns)
        asked = Endpoint(words=patterns, client=endpoint.client, format=endpoint.format)
        return formats.format_of(endpoint.format).types(asked)
    except UnknownWord as refusal:
        raise validation_failed([FieldError("/types", "unknown_value", str(refusal))]) from refusal

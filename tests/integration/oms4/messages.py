"""Endpoints of OMS4 clients, and the messages their deliveries are rendered to."""

import datetime as dt
import json
from collections.abc import Iterable

from oms.events import formats
from oms.events.choices import EndpointState
from oms.events.models import Delivery, Endpoint
from tests.factories import make_oms4_client

NOW = dt.datetime(2026, 3, 1, 8, 0, 0, 123000, tzinfo=dt.UTC)
NOW_MS = 1772352000123


def endpoint_of(owner: dict, *, key: str, words: Iterable[str] = (), **overrides) -> Endpoint:
    """An endpoint of a new client of a channel or a point, sent to whatever it subscribes to."""
    credential = make_oms4_client(key=key, **owner)
    bound = next(iter(owner))
    endpoint = Endpoint(
        organization=credential.organization,
        client=credential.client,
        **{f"{bound}_ref": owner[bound].pk},
        name=f"pushes of {key}",
        url="https://client.example/push",
        format="oms4",
        words=list(words),
        state=EndpointState.ACTIVE,
        **overrides,
    )
    endpoint.types = sorted(formats.format_of("oms4").types(endpoint))
    endpoint.save()
    return endpoint


def messages(endpoint: Endpoint, *, now: dt.datetime = NOW) -> list[dict]:
    """What the endpoint is owed, rendered in one go, in the order of the events."""
    owed = Delivery.objects.filter(endpoint=endpoint).select_related("event").order_by("event_id")
    events = [delivery.event for delivery in owed]
    wire_format = formats.format_of("oms4")
    bodies = wire_format.render(events, endpoint=endpoint, now=now)
    return [json.loads(bodies[event.pk]) for event in events if bodies[event.pk] is not None]


def data_of(endpoint: Endpoint, message_type: str) -> list[dict]:
    return [
        message["data"] for message in messages(endpoint) if message["message_type"] == message_type
    ]

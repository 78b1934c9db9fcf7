"""Reads of endpoints by their id on the wire."""

from oms.api.v1.road import identifiers
from oms.api.v1.webhooks.mapping import PREFIX
from oms.events.models import Endpoint
from oms.events.queries import endpoints_of
from oms.events.services import EndpointNotFound
from oms.kernel.actors import Actor


def endpoint(text: str, actor: Actor) -> Endpoint:
    """One endpoint, as it is now. Raises EndpointNotFound."""
    key = identifiers.uuid_of(PREFIX, text)
    found = None if key is None else endpoints_of(actor=actor).filter(public_id=key).first()
    if found is None:
        raise EndpointNotFound("There is no such endpoint")
    return found

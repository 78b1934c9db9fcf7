"""The row every change of an endpoint begins with."""

from oms.events.models import Endpoint
from oms.kernel.actors import Actor
from oms.kernel.errors import NotFound


class EndpointNotFound(NotFound):
    """There is no such endpoint, or not for this actor."""

    code = "endpoint_not_found"


def locked_endpoint(*, endpoint_id: int, actor: Actor) -> Endpoint:
    """The endpoint, locked: its row serializes what happens to it. Raises EndpointNotFound."""
    rows = Endpoint.objects.visible_to(actor).kept().select_for_update(of=("self",))
    return _one(rows.filter(pk=endpoint_id).first())


def get_endpoint(*, endpoint_id: int, actor: Actor) -> Endpoint:
    """The endpoint with its client, as it is now. Raises EndpointNotFound."""
    rows = Endpoint.objects.visible_to(actor).kept().select_related("client", "organization")
    return _one(rows.filter(pk=endpoint_id).first())


def _one(endpoint: Endpoint | None) -> Endpoint:
    if endpoint is None:
        raise EndpointNotFound("There is no such endpoint")
    return endpoint

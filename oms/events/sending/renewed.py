"""Keeping the headers that receivers handed out in place of an endpoint's static ones."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from oms.events.models import Endpoint, EndpointHealth
from oms.events.sending.letters import Try
from oms.kernel import sealed


def keep_renewed(tries: Sequence[Try], *, now: datetime) -> None:
    """Seal what was handed out for these tries, for whoever sends next.

    The caller holds the endpoints' health rows. Left out where the endpoint was changed meanwhile:
    its new static headers count then, and what they are refused with is asked for again.
    """
    handed_out = {each.receiver.endpoint.pk: each for each in tries if each.renewed is not None}
    for each in handed_out.values():
        _keep(each.receiver.endpoint, each.renewed or {}, now=now)


def forget_renewed(endpoint: Endpoint) -> None:
    """The endpoint's static headers were changed: they count again."""
    EndpointHealth.objects.filter(pk=endpoint.pk).update(renewed_headers=None, renewed_at=None)


def _keep(endpoint: Endpoint, headers: Mapping[str, str], *, now: datetime) -> None:
    row = EndpointHealth(endpoint_id=endpoint.pk)
    sealed.write(row, "renewed_headers", msgspec.json.encode(dict(headers)).decode())
    unchanged = Endpoint.objects.filter(pk=endpoint.pk, version=endpoint.version)
    EndpointHealth.objects.filter(pk=endpoint.pk, endpoint__in=unchanged).update(
        renewed_headers=row.renewed_headers, renewed_at=now
    )

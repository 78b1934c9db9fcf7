"""Endpoints as the courier needs them, with their secrets open; kept for a second."""

import logging
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

import msgspec

from oms.events import formats
from oms.events.choices import BreakerState
from oms.events.formats import SignIn, SignsIn, WireFormat
from oms.events.models import Endpoint, EndpointHealth
from oms.events.sending.letters import Receiver
from oms.kernel import sealed
from oms.kernel.crypto import SealBroken
from oms.kernel.errors import DomainError

logger = logging.getLogger(__name__)

KEPT = timedelta(seconds=1)


def static_headers(endpoint: Endpoint) -> dict[str, str]:
    """The headers every call to an endpoint carries, opened. Raises crypto.SealBroken."""
    text = sealed.read(endpoint, "headers")
    return msgspec.json.decode(text, type=dict[str, str]) if text else {}


def renewed_headers(health: EndpointHealth) -> dict[str, str] | None:
    """What the receiver handed out, opened; None when it did not. Raises crypto.SealBroken."""
    text = sealed.read(health, "renewed_headers")
    return msgspec.json.decode(text, type=dict[str, str]) if text else None


def secret_options(endpoint: Endpoint) -> dict[str, str]:
    """The settings of an endpoint's format that are secret, opened. Raises crypto.SealBroken."""
    text = sealed.read(endpoint, "secret_options")
    return msgspec.json.decode(text, type=dict[str, str]) if text else {}


class Receivers:
    """The receivers of one job. What changes at an endpoint counts within a second."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[datetime, Receiver | None]] = {}

    def of(self, endpoint_ids: Iterable[int], *, now: datetime) -> Mapping[int, Receiver]:
        """Receivers by endpoint; who cannot be read (a broken seal, a format gone) is not in it."""
        wanted = set(endpoint_ids)
        stale = [key for key in wanted if not self._is_fresh(key, now)]
        if stale:
            rows = Endpoint.objects.filter(pk__in=stale).select_related("client", "health")
            for row in rows.prefetch_related("secrets"):
                self._known[row.pk] = (now, _receiver(row, now=now))
        found = ((key, self._known[key][1]) for key in wanted if key in self._known)
        return {key: receiver for key, receiver in found if receiver is not None}

    def _is_fresh(self, endpoint_id: int, now: datetime) -> bool:
        known = self._known.get(endpoint_id)
        return known is not None and timedelta(0) <= now - known[0] < KEPT


def _receiver(endpoint: Endpoint, *, now: datetime) -> Receiver | None:
    try:
        wire_format = formats.format_of(endpoint.format)
        static = static_headers(endpoint)
        renewed = renewed_headers(endpoint.health)
        return Receiver(
            endpoint=endpoint,
            wire_format=wire_format,
            keys=tuple(wire_format.keys(endpoint, now=now)),
            headers=static if renewed is None else renewed,
            is_trusted=endpoint.health.breaker == BreakerState.CLOSED,
            static_headers=static,
            credential=_credential(wire_format, endpoint),
        )
    except (DomainError, SealBroken, msgspec.MsgspecError):
        logger.exception("An endpoint cannot be read; its deliveries fail")
        return None


def _credential(wire_format: WireFormat, endpoint: Endpoint) -> Mapping[str, str] | SignIn:
    if not isinstance(wire_format, SignsIn):
        return {}
    return wire_format.credential(endpoint, secrets=secret_options(endpoint))

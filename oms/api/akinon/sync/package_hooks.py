"""The hooks of ours that Seller Center needs: a package is made, and each of its states (3.2)."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from channels_app.connectors.omnitron import ClientSettings
from channels_app.connectors.omnitron.client import authorization
from oms.api.akinon import states
from oms.api.akinon.sync.configuration import NotConfigured, client_settings
from oms.events import services as events
from oms.events.choices import EndpointFormat, EndpointState
from oms.events.models import Endpoint
from oms.kernel.actors import Actor

CREATED = "package.created"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A hook Seller Center needs, and whether an active one is there."""

    word: str
    url: str
    is_there: bool


def wanted_hooks(*, organization_id: int) -> list[Wanted]:
    """What is needed, in the order of the states. Raises NotConfigured outside mode B."""
    settings = _market(organization_id)
    there = _there(organization_id)
    return [
        Wanted(word=word, url=url, is_there=(word, url) in there) for word, url in _all(settings)
    ]


def create_missing(*, organization_id: int, actor: Actor, now: dt.datetime) -> list[Wanted]:
    """Make those that are missing, each with the token Seller Center gave us; returns them.

    Raises NotConfigured, UrlRefused.
    """
    settings = _market(organization_id)
    missing = [hook for hook in wanted_hooks(organization_id=organization_id) if not hook.is_there]
    token = settings.of("orders").token
    headers = {"Authorization": authorization(token)} if token else {}
    for hook in missing:
        draft = events.EndpointDraft(
            organization_id=organization_id,
            name=f"Seller Center {hook.word}",
            url=hook.url,
            format=EndpointFormat.WHISPERER,
            words=(hook.word,),
            secret="",
            headers=headers,
            is_ordered=True,
            allow_private_network=True,  # an operator named the origin (contract 12a.1)
        )
        events.create_endpoint(draft=draft, actor=actor, now=now)
    return missing


def _market(organization_id: int) -> ClientSettings:
    settings = client_settings(organization_id)
    if not settings.is_seller_center:
        raise NotConfigured("No endpoint leads to a Seller Center")
    return settings


def _all(settings: ClientSettings) -> Iterator[tuple[str, str]]:
    root = settings.of("orders").base_url.rstrip("/")
    yield CREATED, f"{root}/packages/"
    for state in states.PACKAGE_STATES.values():
        yield f"package.status.{state.slug}", f"{root}/packages/update-status/"


def _there(organization_id: int) -> set[tuple[str, str]]:
    kept = Endpoint.objects.kept().exclude(state=EndpointState.DISABLED)
    mine = kept.filter(organization_id=organization_id, format=EndpointFormat.WHISPERER)
    return {(word, endpoint.url) for endpoint in mine.order_by("pk") for word in endpoint.words}

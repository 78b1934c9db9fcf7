"""What can be set for pushes: an endpoint's `options`, else its client's `preferences`."""

from collections.abc import Mapping
from dataclasses import dataclass

from oms.api.increff.settings import EventDateStyle
from oms.events.formats import OptionsUnfit
from oms.events.models import Endpoint
from oms.kernel.http.urls import read

DATE_STYLE = "eventDateStyle"
RETURN_EXTRAS = "returnExtras"
CREDENTIAL_URL = "get_credential_url"
_KNOWN = frozenset({DATE_STYLE, RETURN_EXTRAS, CREDENTIAL_URL})


@dataclass(frozen=True, slots=True)
class PushOptions:
    """The settings of an endpoint, with their defaults (contract 1.3, 1.6, API 10)."""

    date_style: EventDateStyle
    has_return_extras: bool
    credential_url: str
    """Of Get Credential; empty: the receiver has none."""


def options_of(endpoint: Endpoint) -> PushOptions:
    """What is set. A client's preference that is none of the words counts for nothing."""
    said: Mapping[str, object] = endpoint.options
    client = endpoint.client
    preferred: Mapping[str, object] = client.preferences if client is not None else {}
    style = str(said.get(DATE_STYLE) or preferred.get(DATE_STYLE) or "").upper()
    return PushOptions(
        date_style=EventDateStyle.OFFSET
        if style == EventDateStyle.OFFSET
        else EventDateStyle.ZONED,
        has_return_extras=said.get(RETURN_EXTRAS, preferred.get(RETURN_EXTRAS)) is True,
        credential_url=str(said.get(CREDENTIAL_URL) or ""),
    )


def check_options(endpoint: Endpoint) -> None:
    """Raises OptionsUnfit, UrlRefused."""
    said: Mapping[str, object] = endpoint.options
    if unknown := sorted(said.keys() - _KNOWN):
        raise OptionsUnfit(f"options: `{unknown[0]}` is no setting of this format")
    if said.get(DATE_STYLE, EventDateStyle.ZONED) not in list(EventDateStyle):
        raise OptionsUnfit(f"options: {DATE_STYLE} is one of {', '.join(EventDateStyle)}")
    if not isinstance(said.get(RETURN_EXTRAS, False), bool):
        raise OptionsUnfit(f"options: {RETURN_EXTRAS} is true or false")
    url = said.get(CREDENTIAL_URL, "")
    if not isinstance(url, str):
        raise OptionsUnfit(f"options: {CREDENTIAL_URL} is a URL")
    if url:
        read(url, allow_private=endpoint.allow_private_network)

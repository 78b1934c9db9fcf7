"""Where hooks may lead (contract 12a.1): to public addresses, and inside private networks only to
origins the operator named himself, as an endpoint of his own or in `OMNITRON_CLIENT_SETTINGS`.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from oms.accounts.models import ApplicationSetting
from oms.events.models import Endpoint
from oms.kernel.http import UrlRefused, check_url
from oms.kernel.http.urls import read

SETTING = "OMNITRON_CLIENT_SETTINGS"
BY_API = "Subscribed through the hooks resource"
"""The description of endpoints that no operator entered."""

Origin = tuple[str, str, int]


def leads_inside(urls: Sequence[str], *, organization_id: int) -> bool:
    """Whether these URLs of one hook are all at origins the operator named; else all are public.

    Looks names up: for outside transactions. Raises UrlRefused.
    """
    named = _named_origins(organization_id)
    if all(_origin(url) in named for url in urls):
        return True
    for url in urls:
        check_url(url, must_resolve=False)
    return False


def _named_origins(organization_id: int) -> frozenset[Origin]:
    entered = Endpoint.objects.kept().filter(
        organization_id=organization_id, allow_private_network=True
    )
    urls = [*entered.exclude(description=BY_API).values_list("url", flat=True)]
    settings = ApplicationSetting.objects.filter(organization_id=organization_id, key=SETTING)
    for value in settings.values_list("value", flat=True):
        urls += _urls_in(value)
    return frozenset(_origins(urls))


def _urls_in(value: Any) -> Iterator[str]:
    """The roots that a setting names."""
    if not isinstance(value, dict):
        return
    urls = value.get("urls")
    places = [*urls.values()] if isinstance(urls, dict) else []
    places += [
        entry.get("base_url")
        for entry in value.get("endpoint_conf") or ()
        if isinstance(entry, dict)
    ]
    yield from (place for place in places if isinstance(place, str))


def _origins(urls: Iterable[str]) -> Iterator[Origin]:
    for url in urls:
        try:
            yield _origin(url)
        except UrlRefused:
            continue


def _origin(url: str) -> Origin:
    """Raises UrlRefused."""
    target = read(url, allow_private=True)
    return target.scheme, target.host, target.port

"""Trying a connection: each endpoint asked once, with what came of it. Nothing is changed."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from channels_app.connectors.base import ConnectorError
from channels_app.connectors.omnitron import Client, ClientSettings, read_settings
from channels_app.connectors.omnitron.endpoints import READABLE

LOG_IN = "log-in"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One endpoint: where it is, what it said, how long it took (seconds)."""

    endpoint: str
    host: str
    is_good: bool
    said: str
    seconds: float


def try_connection(value: object) -> list[Trial]:
    """Ask every endpoint of a value of the setting, also one that is not saved.

    Raises SettingsUnreadable.
    """
    settings = read_settings(value)
    with Client(settings) as client:
        return list(_trials(client))


def _trials(client: Client) -> Iterator[Trial]:
    yield _try(client, LOG_IN)
    for endpoint in READABLE:
        yield _try(client, endpoint)


def _try(client: Client, endpoint: str) -> Trial:
    began = time.monotonic()
    try:
        said, is_good = _asked(client, endpoint), True
    except ConnectorError as error:
        said, is_good = str(error), False
    return Trial(
        endpoint=endpoint,
        host=_host(client.settings, endpoint),
        is_good=is_good,
        said=said,
        seconds=round(time.monotonic() - began, 3),
    )


def _asked(client: Client, endpoint: str) -> str:
    if endpoint == LOG_IN:
        client.log_in()
        return "a token came"
    if endpoint in {"order", "order_items"}:
        return "as " + ("orders" if endpoint == "order" else "orderitem_set")
    rows = next(client.pages(endpoint, limit=1), [])
    return "1 row came" if rows else "an empty list came"


def _host(settings: ClientSettings, endpoint: str) -> str:
    own = "" if endpoint == LOG_IN else settings.of(endpoint).base_url
    return urlsplit(own or settings.base_url).netloc

"""`OMNITRON_CLIENT_SETTINGS` as the client takes it (contract 1.2)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from channels_app.connectors.omnitron.endpoints import ENDPOINTS

MOST_CONNECT = 60.0  # seconds; the guide's 6000 must not hang a worker
MOST_READ = 300.0
DEFAULT_CONNECT = 10.0
DEFAULT_READ = 60.0


class SettingsUnreadable(Exception):
    """A value that the client needs is missing or of another type. Names the place only."""

    def __init__(self, place: str) -> None:
        super().__init__(f"{place} is missing or unreadable")
        self.place = place


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds."""

    connect: float = DEFAULT_CONNECT
    read: float = DEFAULT_READ


@dataclass(frozen=True, slots=True)
class EndpointSettings:
    """What one endpoint has of its own. With a token, nobody logs in for it."""

    base_url: str = ""
    token: str = field(default="", repr=False)
    path: str = ""
    method: str = ""


@dataclass(frozen=True, slots=True)
class ClientSettings:
    """Where the other side is, and how we prove who we are."""

    base_url: str
    username: str
    password: str = field(repr=False)
    oms_url: str = ""
    timeouts: Timeouts = Timeouts()
    endpoints: Mapping[str, EndpointSettings] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()
    """Names in `endpoint_conf` that mean nothing here: kept, and otherwise ignored."""

    @property
    def is_seller_center(self) -> bool:
        """Whether orders come from elsewhere than Omnitron (mode B)."""
        own = self.endpoints.get("orders") or self.endpoints.get("order")
        return own is not None and _root(own.base_url) not in ("", _root(self.base_url))

    def of(self, endpoint: str) -> EndpointSettings:
        """What is set for an endpoint, or for the one it is like."""
        like = ENDPOINTS[endpoint].like
        return self.endpoints.get(endpoint) or self.endpoints.get(like) or EndpointSettings()

    @property
    def origins(self) -> frozenset[str]:
        """`scheme://host:port` of everything that is called."""
        urls = [self.base_url, *(each.base_url for each in self.endpoints.values())]
        return frozenset(_origin(url) for url in urls if url)


def read_settings(value: object) -> ClientSettings:
    """Read the setting. Raises SettingsUnreadable, which names the place and nothing else."""
    document = _object(value, "json_value")
    auth = _object(document.get("auth"), "auth")
    urls = _object(document.get("urls"), "urls")
    entries = document.get("endpoint_conf") or []
    if not isinstance(entries, list):
        raise SettingsUnreadable("endpoint_conf")
    own = dict(_endpoint(entry, f"endpoint_conf[{at}]") for at, entry in enumerate(entries))
    return ClientSettings(
        base_url=_text(urls, "base_url", "urls.base_url"),
        username=_text(auth, "username", "auth.username"),
        password=_text(auth, "password", "auth.password"),
        oms_url=_optional(urls, "oms_url", "urls.oms_url"),
        timeouts=_timeouts(document.get("timeouts")),
        endpoints={name: each for name, each in own.items() if name in ENDPOINTS},
        unknown=tuple(sorted(own.keys() - ENDPOINTS.keys())),
    )


def _endpoint(entry: object, place: str) -> tuple[str, EndpointSettings]:
    said = _object(entry, place)
    auth = _object(said.get("auth") or {}, f"{place}.auth")
    return _text(said, "endpoint", f"{place}.endpoint"), EndpointSettings(
        base_url=_optional(said, "base_url", f"{place}.base_url"),
        token=_optional(auth, "token", f"{place}.auth.token"),
        path=_optional(said, "path", f"{place}.path"),
        method=_optional(said, "method", f"{place}.method").upper(),
    )


def _timeouts(value: object) -> Timeouts:
    said = _object(value or {}, "timeouts")
    return Timeouts(
        connect=min(_seconds(said, "connect", DEFAULT_CONNECT), MOST_CONNECT),
        read=min(_seconds(said, "read", DEFAULT_READ), MOST_READ),
    )


def _seconds(said: Mapping[str, Any], name: str, default: float) -> float:
    value = said.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
        raise SettingsUnreadable(f"timeouts.{name}")
    return float(value)


def _object(value: object, place: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise SettingsUnreadable(place)
    return value


def _text(said: Mapping[str, Any], name: str, place: str) -> str:
    value = said.get(name)
    if not isinstance(value, str) or not value.strip():
        raise SettingsUnreadable(place)
    return value


def _optional(said: Mapping[str, Any], name: str, place: str) -> str:
    value = said.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise SettingsUnreadable(place)
    return value


def _root(url: str) -> str:
    return url.rstrip("/").lower()


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()

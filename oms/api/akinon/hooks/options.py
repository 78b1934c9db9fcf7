"""What can be set for a hook: an endpoint's `options` (contract 2.1, 3.3, 3.4).

`config` has an `auth` block and filters; `retry_countdown_config` a formula of `countdown`. The
password is the only secret among them.
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from oms.api.akinon.hooks import countdown
from oms.api.akinon.hooks.countdown import Countdown
from oms.events.formats import MASK, OptionsUnfit
from oms.events.models import Endpoint
from oms.kernel.http.urls import read

CONFIG = "config"
COUNTDOWN = "retry_countdown_config"
AUTH = "auth"
CHANNEL = "channel"
PASSWORD = "password"  # noqa: S105 - the name of a member
SECRET_PLACE = f"{CONFIG}.{AUTH}.{PASSWORD}"

BASIC, TOKEN = "basic", "token"
_TOKEN_DEFAULTS = {
    "username_field": "username",
    "password_field": "password",
    "token_key": "key",
    "header_format": "Token {}",
}
_ALWAYS = frozenset({"auth_type", "username", PASSWORD})
_OF_TYPE: Mapping[str, frozenset[str]] = {
    BASIC: _ALWAYS,
    TOKEN: _ALWAYS | {"url"} | _TOKEN_DEFAULTS.keys(),
}
_PLACE = "{}"  # of the token, in `header_format`


@dataclass(frozen=True, slots=True, kw_only=True)
class Auth:
    """How a call proves itself; a password that is not there is empty."""

    kind: str
    username: str
    password: str = field(default="", repr=False)
    url: str = field(default="", repr=False)
    username_field: str = "username"
    password_field: str = "password"  # noqa: S105 - the name of a field
    token_key: str = "key"  # noqa: S105 - likewise
    header_format: str = "Token {}"

    @property
    def basic(self) -> str:
        """The value of the header, for the kind `basic`."""
        pair = f"{self.username}:{self.password}".encode()
        return f"Basic {base64.b64encode(pair).decode()}"

    def header(self, token: str) -> str:
        """The value of the header, for the kind `token`."""
        return self.header_format.replace(_PLACE, token)


def config_of(endpoint: Endpoint) -> dict[str, Any]:
    """The hook's `config`, its password masked."""
    found = endpoint.options.get(CONFIG, {})
    return dict(found) if isinstance(found, dict) else {}


def countdown_config_of(endpoint: Endpoint) -> object:
    return endpoint.options.get(COUNTDOWN, countdown.DEFAULT)


def countdown_of(endpoint: Endpoint) -> Countdown:
    """Raises OptionsUnfit."""
    return countdown.read(countdown_config_of(endpoint))


def channel_of(endpoint: Endpoint) -> object:
    """The channel whose news alone is wanted; None where all is."""
    return config_of(endpoint).get(CHANNEL)


def auth_of(endpoint: Endpoint, *, secrets: Mapping[str, str]) -> Auth | None:
    """The `auth` block with its password; None where there is none."""
    block = config_of(endpoint).get(AUTH)
    if not block:
        return None
    told = {name: str(text) for name, text in block.items() if name not in ("auth_type", PASSWORD)}
    return Auth(kind=block["auth_type"], password=secrets.get(SECRET_PLACE, ""), **told)


def check(endpoint: Endpoint) -> None:
    """Raises OptionsUnfit, UrlRefused."""
    if unknown := sorted(endpoint.options.keys() - {CONFIG, COUNTDOWN}):
        raise OptionsUnfit(f"options: `{unknown[0]}` is no setting of this format")
    countdown_of(endpoint)
    config = endpoint.options.get(CONFIG, {})
    if not isinstance(config, dict):
        raise _unfit("an object is wanted")
    if unknown := sorted(config.keys() - {AUTH, CHANNEL}):
        raise _unfit(f"`{unknown[0]}` is no setting of a hook")
    channel = config.get(CHANNEL)
    if channel is not None and (isinstance(channel, bool) or not isinstance(channel, int)):
        raise _unfit("channel: the id of a channel")
    if config.get(AUTH):
        _check_auth(config[AUTH], endpoint)


def hide(
    options: Mapping[str, object], *, known: Mapping[str, str]
) -> tuple[dict[str, object], dict[str, str]]:
    """See `oms.events.formats.HidesOptions`."""
    block = _auth_block(options)
    password = block.get(PASSWORD)
    if not isinstance(password, str) or not password:
        return dict(options), {}
    if password == MASK:
        if SECRET_PLACE not in known:
            raise _unfit("auth: `password` is wanted")
        return dict(options), {SECRET_PLACE: known[SECRET_PLACE]}
    return _with_password(options, MASK), {SECRET_PLACE: password}


def reveal(options: Mapping[str, object], *, secrets: Mapping[str, str]) -> dict[str, object]:
    """See `oms.events.formats.HidesOptions`."""
    if SECRET_PLACE not in secrets or not _auth_block(options):
        return dict(options)
    return _with_password(options, secrets[SECRET_PLACE])


def _auth_block(options: Mapping[str, object]) -> Mapping[str, object]:
    config = options.get(CONFIG)
    block = config.get(AUTH) if isinstance(config, dict) else None
    return block if isinstance(block, dict) else {}


def _with_password(options: Mapping[str, object], password: str) -> dict[str, object]:
    block = {**_auth_block(options), PASSWORD: password}
    config = options[CONFIG]
    return {**options, CONFIG: {**(config if isinstance(config, dict) else {}), AUTH: block}}


def _check_auth(block: object, endpoint: Endpoint) -> None:
    kind = block.get("auth_type") if isinstance(block, dict) else None
    if not isinstance(block, dict) or kind not in _OF_TYPE:
        raise _unfit(f"auth: `auth_type` is one of {', '.join(_OF_TYPE)}")
    known = _OF_TYPE[str(kind)]
    if unknown := sorted(str(name) for name in block.keys() - known):
        raise _unfit(f"auth: {kind} has no `{unknown[0]}`")
    wanted = (known - _TOKEN_DEFAULTS.keys()) | (block.keys() & _TOKEN_DEFAULTS.keys())
    for name in sorted(str(each) for each in wanted):
        if not isinstance(block.get(name), str) or not block[name]:
            raise _unfit(f"auth: `{name}` is wanted, as a text")
    if kind == TOKEN:
        _check_token(block, endpoint)


def _check_token(block: Mapping[str, str], endpoint: Endpoint) -> None:
    if block.get("header_format", "Token {}").count(_PLACE) != 1:
        raise _unfit("auth: `header_format` has one {} for the token")
    read(block["url"], allow_private=endpoint.allow_private_network)


def _unfit(text: str) -> OptionsUnfit:
    return OptionsUnfit(f"config: {text}", field=CONFIG)

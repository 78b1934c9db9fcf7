"""Tokens that log-ins gave, for this process only: they are never written down."""

import hashlib
import threading

_lock = threading.Lock()
_tokens: dict[str, str] = {}
MOST = 1000


def name_of(base_url: str, username: str, password: str) -> str:
    """Under which name a log-in's token is kept; another password is another log-in."""
    said = f"{base_url}\x00{username}\x00{password}"
    return hashlib.sha256(said.encode()).hexdigest()


def known(name: str) -> str | None:
    """The token of an earlier log-in."""
    with _lock:
        return _tokens.get(name)


def keep(name: str, token: str) -> None:
    """Remember a token."""
    with _lock:
        if len(_tokens) >= MOST:
            _tokens.clear()
        _tokens[name] = token


def forget(name: str, token: str) -> None:
    """Forget a token that was not accepted, unless there is a newer one."""
    with _lock:
        if _tokens.get(name) == token:
            del _tokens[name]

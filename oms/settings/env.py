"""The only reader of environment variables. Nonsense is refused.

Every name starts with `OMS_`, except those of OpenTelemetry, which its own packages read too.
"""

import os
import re
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str | None = None) -> str:
    """The variable's value, or the default; without either, start-up is refused by name."""
    value = os.environ.get(name, "")
    if value:
        return value
    if default is None:
        raise ImproperlyConfigured(f"The environment variable {name} must be set.")
    return default


def integer(name: str, default: int) -> int:
    """A whole number, or start-up is refused."""
    value = text(name, str(default))
    if not re.fullmatch(r"-?\d+", value):
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.")
    return int(value)


def boolean(name: str, *, default: bool) -> bool:
    """`1`, `true`, `0` or `false`; anything else is refused."""
    value = text(name, "1" if default else "0").lower()
    if value not in {"1", "true", "0", "false"}:
        raise ImproperlyConfigured(f"{name} must be 1, true, 0 or false, not {value!r}.")
    return value in {"1", "true"}


def choice(name: str, choices: tuple[str, ...]) -> str:
    """One of these words, the first by default; anything else is refused."""
    value = text(name, choices[0])
    if value not in choices:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(choices)}, not {value!r}.")
    return value


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def proxy(name: str) -> str:
    """`http://host:port` of a CONNECT proxy, with `user:password@` if it wants them, or empty."""
    value = text(name, "")
    if value and not re.fullmatch(r"http://([^\s/?#@:]+:[^\s/?#@:]+@)?[^\s/?#@:]+:\d{1,5}", value):
        raise ImproperlyConfigured(f"{name} must be of the form http://host:port.")
    return value


def database(url: str, *, role: str = "oms_app") -> dict[str, object]:
    """Django's description of a PostgreSQL URL.

    The session takes `role` on connecting: it does not own the tables and may not rewrite the
    ledgers (docs/adr/0002). `manage.py migrate` connects without it.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured("OMS_DATABASE_URL must start with postgresql://")
    query = dict(parse_qsl(parts.query))
    host = query.pop("host", unquote(parts.hostname or ""))
    options = f"-c role={role} -c lock_timeout=3s -c statement_timeout=15s"
    options += " -c idle_in_transaction_session_timeout=30s"
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "options": options,
            "connect_timeout": 5,
            "server_side_binding": True,
            "prepare_threshold": 4,
            **query,
        },
    }

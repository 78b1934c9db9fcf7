"""Where far pages of a list ended, so that whoever walks on by offset need not be counted there.

A convenience only: when Valkey is away or has forgotten, the offset is counted as ever.
"""

import logging
import time
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any

import msgspec
import redis
from django.conf import settings
from django.db.models import Model, QuerySet

logger = logging.getLogger(__name__)

KEPT_SECONDS = 600
PAUSE = 5.0  # seconds without asking a Valkey that failed
_TIMEOUT = 0.25


@dataclass(frozen=True, slots=True)
class Place:
    """The last record before a page: its time and its primary key."""

    at: datetime
    pk: int


class Bookmarks:
    """Places by list and offset."""

    def __init__(self, url: str) -> None:
        self._server: Any = redis.Redis.from_url(
            url, socket_timeout=_TIMEOUT, socket_connect_timeout=_TIMEOUT
        )
        self._ask_again_at = float("-inf")

    def find(self, name: str, offset: int) -> Place | None:
        """Where the page at this offset begins, if a page ended there lately."""
        stored = self._ask("GET", _key(name, offset))
        try:
            return msgspec.json.decode(stored, type=Place) if stored else None
        except msgspec.DecodeError:
            return None

    def keep(self, name: str, offset: int, place: Place) -> None:
        """Remember where the page at this offset begins."""
        self._ask("SET", _key(name, offset), msgspec.json.encode(place), "EX", KEPT_SECONDS)

    def _ask(self, *command: str | bytes | int) -> bytes | None:
        if time.monotonic() < self._ask_again_at:
            return None
        try:
            answer: bytes | None = self._server.execute_command(*command)
        except redis.RedisError as error:
            self._ask_again_at = time.monotonic() + PAUSE
            logger.warning("Far pages are counted anew: %s", type(error).__name__)
            return None
        return answer


def name_of(feed: QuerySet[Any, Any]) -> str:
    """The same for the same list of the same client; tells nothing of what it filters by."""
    statement, params = feed.query.sql_with_params()
    return sha256(f"{statement}\0{params!r}".encode()).hexdigest()


def place_of(row: Model, field: str) -> Place:
    """Where a page ends whose last record this is."""
    return Place(getattr(row, field), row.pk)


@lru_cache(maxsize=4)
def bookmarks(url: str) -> Bookmarks:
    """One per process and server."""
    return Bookmarks(url)


def kept() -> Bookmarks:
    """This installation's."""
    return bookmarks(settings.OMS_REDIS_URL)


def _key(name: str, offset: int) -> str:
    return f"oms:bookmark:{name}:{offset}"

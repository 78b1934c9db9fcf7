"""200 calls in any 60 seconds, counted per organization over all addresses (contract 1.8, 5a.5).

The times of the calls that passed lie in Valkey; without it each process counts for itself. The
limit must never be why a call fails. A client with a rate of its own (calls per second, 0: none)
has a window of its own, as wide.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from functools import lru_cache
from math import ceil
from typing import TYPE_CHECKING, Any

import redis
from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

if TYPE_CHECKING:
    from rest_framework.views import APIView

logger = logging.getLogger(__name__)

CALLS = 200
SECONDS = 60
PAUSE = 5.0  # seconds without asking a Valkey that failed
MOST_LOCAL_KEYS = 10_000
_TIMEOUT = 0.25

# KEYS[1] lists the microseconds at which calls passed, oldest first. ARGV: calls, window. Answers
# the microseconds until the next call may pass; 0 when this one did.
_WINDOW = """
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local most, window = tonumber(ARGV[1]), tonumber(ARGV[2])
local count = redis.call('LLEN', KEYS[1])
if count >= most then
    local wait = tonumber(redis.call('LINDEX', KEYS[1], count - most)) + window - now
    if wait > 0 then return wait end
    redis.call('LTRIM', KEYS[1], count - most + 1, -1)
end
redis.call('RPUSH', KEYS[1], string.format('%.0f', now))
redis.call('PEXPIRE', KEYS[1], math.ceil(window / 1000))
return 0
"""


class LocalWindows:
    """The same in this process, for a bounded number of keys."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._passed: dict[str, deque[float]] = {}

    def take(self, key: str, calls: int) -> float:
        """0 when the call may pass, or the seconds to wait."""
        now = self._clock()
        with self._lock:
            if len(self._passed) >= MOST_LOCAL_KEYS and key not in self._passed:
                self._passed.clear()
            passed = self._passed.setdefault(key, deque())
            while passed and passed[0] <= now - SECONDS:
                passed.popleft()
            if len(passed) >= calls:
                return passed[len(passed) - calls] + SECONDS - now
            passed.append(now)
        return 0


class Windows:
    """Asks Valkey, and the local windows while it does not answer."""

    def __init__(self, url: str, clock: Callable[[], float] = time.monotonic) -> None:
        server: Any = redis.Redis.from_url(
            url, socket_timeout=_TIMEOUT, socket_connect_timeout=_TIMEOUT
        )
        self._script = server.register_script(_WINDOW)
        self._clock = clock
        self._local = LocalWindows(clock)
        self._ask_again_at = float("-inf")

    def take(self, key: str, calls: int) -> float:
        """0 when the call may pass, or the seconds to wait. Never raises for Valkey's sake."""
        if self._clock() >= self._ask_again_at:
            try:
                wait = self._script(keys=[f"oms:window:{key}"], args=[calls, SECONDS * 1_000_000])
            except redis.RedisError as error:
                self._ask_again_at = self._clock() + PAUSE
                logger.warning("Windows of calls are kept per process: %s", type(error).__name__)
            else:
                return float(wait) / 1_000_000
        return self._local.take(key, calls)


@lru_cache(maxsize=4)
def windows(url: str) -> Windows:
    """One per process and server."""
    return Windows(url)


class OrganizationThrottle(BaseThrottle):
    """The organization's window, or the client's own."""

    def __init__(self) -> None:
        self._wait = 0.0

    def allow_request(self, request: Request, _view: "APIView") -> bool:
        machine: Any = request.auth
        if machine is None:
            return True
        own: float | None = machine.rate_limit
        if own == 0:
            return True
        key = f"increff:{machine.organization_id}"
        calls = CALLS
        if own is not None:
            key, calls = f"{key}:{machine.client_id}", max(1, ceil(own * SECONDS))
        self._wait = windows(settings.OMS_REDIS_URL).take(key, calls)
        return self._wait == 0

    def wait(self) -> float:
        """Seconds until the next call may pass."""
        return self._wait

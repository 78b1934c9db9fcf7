"""How often a client may call: one GCRA per client in Valkey, a local one when that is away.

The limit must never be why a call fails: without Valkey each process keeps a bucket of twice the
rate, and asks again only after a pause, so that no request waits for a dead server.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
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

BURST_SECONDS = 20  # a burst may take what this many seconds allow
PAUSE = 5.0  # seconds without asking a Valkey that failed
MOST_LOCAL_KEYS = 10_000
_TIMEOUT = 0.25
_ROUNDING = 1e-6  # of a call: arrivals are kept in whole microseconds

# KEYS[1] holds the theoretical arrival time in microseconds. ARGV: interval, tolerance, whether to
# count. Answers the microseconds to wait, 0 when the call may pass, and those until nothing is used
# up.
_GCRA = """
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local interval, tolerance = tonumber(ARGV[1]), tonumber(ARGV[2])
local arrival = tonumber(redis.call('GET', KEYS[1]) or now)
if arrival < now then arrival = now end
local after = arrival + interval
local early = after - now - tolerance
if early > 0 then return {early, arrival - now} end
if ARGV[3] == '0' then return {0, arrival - now} end
redis.call('SET', KEYS[1], string.format('%.0f', after), 'PX', math.ceil((after - now) / 1000))
return {0, after - now}
"""


@dataclass(frozen=True, slots=True)
class Rate:
    """Calls per second in the long run, and how many may come at once."""

    per_second: float
    burst: int

    @classmethod
    def of(cls, per_second: float) -> "Rate":
        """A client's own rate, with the usual ratio of the burst to it."""
        return cls(per_second, max(1, ceil(per_second * BURST_SECONDS)))

    @property
    def interval(self) -> float:
        """Microseconds from call to call."""
        return 1_000_000 / self.per_second


@dataclass(frozen=True, slots=True)
class Standing:
    """What became of a call, and how its client stands afterwards.

    `wait` seconds until it may pass, 0 when it did; `remaining` calls would pass at once;
    after `reset` seconds without calls nothing of the burst is used up.
    """

    wait: float
    remaining: int
    reset: float

    @classmethod
    def of(cls, rate: Rate, *, early: float, used: float) -> "Standing":
        """From microseconds: how much too early the call came, and how far ahead arrivals are."""
        left = int(rate.burst - used / rate.interval + _ROUNDING) if early <= 0 else 0
        return cls(max(early, 0.0) / 1_000_000, max(left, 0), used / 1_000_000)


class LocalBuckets:
    """GCRA in this process, for a bounded number of keys."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._arrivals: dict[str, float] = {}

    def take(self, key: str, rate: Rate) -> float:
        """0 when the call may pass, or the seconds to wait."""
        return self.ask(key, rate).wait

    def ask(self, key: str, rate: Rate, *, is_counted: bool = True) -> Standing:
        """Count a call, or only look whether one may pass, and say how its client stands."""
        now = self._clock() * 1_000_000
        with self._lock:
            if len(self._arrivals) >= MOST_LOCAL_KEYS:
                live = {name: at for name, at in self._arrivals.items() if at > now}
                self._arrivals = live if len(live) < MOST_LOCAL_KEYS else {}
            arrival = max(self._arrivals.get(key, now), now)
            after = arrival + rate.interval
            early = after - now - rate.interval * rate.burst
            if early > 0:
                return Standing.of(rate, early=early, used=arrival - now)
            if not is_counted:
                return Standing.of(rate, early=0, used=arrival - now)
            self._arrivals[key] = after
        return Standing.of(rate, early=0, used=after - now)


class Limiter:
    """Asks Valkey, and the local buckets while it does not answer."""

    def __init__(self, url: str, clock: Callable[[], float] = time.monotonic) -> None:
        server: Any = redis.Redis.from_url(
            url, socket_timeout=_TIMEOUT, socket_connect_timeout=_TIMEOUT
        )
        self._script = server.register_script(_GCRA)
        self._clock = clock
        self._local = LocalBuckets(clock)
        self._ask_again_at = float("-inf")

    def take(self, key: str, rate: Rate) -> float:
        """0 when the call may pass, or the seconds to wait. Never raises for Valkey's sake."""
        return self.ask(key, rate).wait

    def look(self, key: str, rate: Rate) -> float:
        """What `take` would answer; nothing is counted. Never raises for Valkey's sake."""
        return self.ask(key, rate, is_counted=False).wait

    def ask(self, key: str, rate: Rate, *, is_counted: bool = True) -> Standing:
        """Count a call, or only look whether one may pass, and say how its client stands.

        Never raises for Valkey's sake.
        """
        known = self.ask_valkey(key, rate, is_counted=is_counted)
        if known is None:
            double = Rate(rate.per_second * 2, rate.burst * 2)
            return self._local.ask(key, double, is_counted=is_counted)
        return known

    def ask_valkey(self, key: str, rate: Rate, *, is_counted: bool = True) -> Standing | None:
        """The same, but None while Valkey does not answer."""
        if self._clock() >= self._ask_again_at:
            try:
                early, used = self._script(
                    keys=[f"oms:rate:{key}"],
                    args=[
                        ceil(rate.interval),
                        ceil(rate.interval * rate.burst),
                        int(is_counted),
                    ],
                )
            except redis.RedisError as error:
                self._ask_again_at = self._clock() + PAUSE
                logger.warning("Rate limits are kept per process: %s", type(error).__name__)
            else:
                return Standing.of(rate, early=float(early), used=float(used))
        return None


@lru_cache(maxsize=4)
def limiter(url: str) -> Limiter:
    """One per process and server."""
    return Limiter(url)


class ClientThrottle(BaseThrottle):
    """The client's own rate; without one, the view's; 0 is no limit."""

    def __init__(self) -> None:
        self._wait = 0.0

    def allow_request(self, request: Request, view: "APIView") -> bool:
        machine: Any = request.auth
        if machine is None:
            return True
        own: float | None = machine.rate_limit
        rate: Rate | None = getattr(view, "rate", None) if own is None else None
        if own is not None and own > 0:
            rate = Rate.of(own)
        if rate is None:
            return True
        self._wait = limiter(settings.OMS_REDIS_URL).take(machine.rate_key, rate)
        return self._wait == 0

    def wait(self) -> float:
        """Seconds until the next call may pass."""
        return self._wait

"""The rate limit of a credential, and the headers that tell how much of it is left."""

from math import ceil
from typing import TYPE_CHECKING, Any

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from oms.api.base.throttling import Rate, Standing, limiter

if TYPE_CHECKING:
    from rest_framework.views import APIView

_MINUTE = 60


class V1Throttle(BaseThrottle):
    """600 calls a minute with a burst of 100, or the client's own rate. 0 is no limit."""

    def __init__(self) -> None:
        self._wait = 0.0

    def allow_request(self, request: Request, view: "APIView") -> bool:
        machine: Any = request.auth
        rate: Rate = getattr(view, "rate")  # noqa: B009 - views of this facade have one
        if machine is None or machine.rate_limit == 0:
            return True
        if machine.rate_limit is not None:
            rate = Rate.of(machine.rate_limit)
        standing = limiter(settings.OMS_REDIS_URL).ask(f"v1:{machine.rate_key}", rate)
        view.rate_headers = rate_headers(rate, standing)  # type: ignore[attr-defined] # V1View's
        self._wait = standing.wait
        return self._wait == 0

    def wait(self) -> float:
        """Seconds until the next call may pass."""
        return self._wait


def rate_headers(rate: Rate, standing: Standing) -> dict[str, str]:
    """`RateLimit-*` of the contract: calls per minute, calls left now, seconds until all are."""
    return {
        "RateLimit-Limit": str(max(1, round(rate.per_second * _MINUTE))),
        "RateLimit-Remaining": str(standing.remaining),
        "RateLimit-Reset": str(ceil(standing.reset)),
    }

"""Trying again when rivals were in the way: lock timeouts, deadlocks, serialization failures."""

import functools
import random
import time
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from django.db import OperationalError, transaction

from oms.kernel import errors

ATTEMPTS = 4
PAUSE = 0.05  # seconds, times the number of the attempt, give or take half
_RIVALS = frozenset({"40001", "40P01", "55P03"})

P = ParamSpec("P")
R = TypeVar("R")


class Busy(errors.Conflict):
    """Others hold what this needs, and kept holding it. Nothing was changed; try again soon."""

    code = "busy"


def retried(work: Callable[P, R]) -> Callable[P, R]:
    """Run a whole transaction again when it lost to rivals; refuse with Busy in the end.

    Inside somebody else's transaction nothing can be run again, so the error passes through.
    """

    @functools.wraps(work)
    def attempt(*args: P.args, **kwargs: P.kwargs) -> R:
        if transaction.get_connection().in_atomic_block:
            return work(*args, **kwargs)
        for number in range(1, ATTEMPTS + 1):
            try:
                return work(*args, **kwargs)
            except OperationalError as exc:
                if getattr(exc.__cause__, "sqlstate", None) not in _RIVALS:
                    raise
            time.sleep(PAUSE * number * random.uniform(0.5, 1.5))  # noqa: S311 - spreads rivals
        raise Busy("Others hold what this needs; try again soon")

    return attempt

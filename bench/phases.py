"""Where the time of an intake goes: a stopwatch that stands around named functions.

Each moment counts for the innermost phase only, so the phases add up to the whole.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

from oms.accounts import queries as accounts
from oms.api.base import permissions, throttling
from oms.api.oms4 import auth, drafts, envelope, signature, urls
from oms.api.oms4 import permissions as oms4_permissions
from oms.api.oms4.views import base
from oms.kernel import sql
from oms.orders import contacts, hints
from oms.orders.services import intake

WHOLE = "WSGI, middleware, routing, DRF"
PLACES: Sequence[tuple[str, Any, str]] = (
    ("body from the wire", urls, "read_call"),
    ("authentication", auth.SignatureAuth, "authenticate"),
    ("authentication", accounts, "machine"),
    ("signature", signature, "matches"),
    ("permissions", oms4_permissions.MayCall, "has_permission"),
    ("permissions", permissions.HasScope, "has_permission"),
    ("rate limit", throttling.ClientThrottle, "allow_request"),
    ("reading: JSON and members", base.Oms4View, "values"),
    ("reading: draft", drafts, "order_draft"),
    ("service", intake, "place_orders"),
    ("rows for SQL", intake, "_params"),
    ("sealing and hashes", contacts, "seal_contact"),
    ("sealing and hashes", contacts, "seal_body"),
    ("sealing and hashes", contacts, "email_hash"),
    ("sealing and hashes", contacts, "phone_hash"),
    ("SQL", sql, "rows"),
    ("SQL", sql, "records"),
    ("hints to the workers", intake, "hint_after_commit"),
    ("hints to the workers", hints, "hint_after_commit"),
    ("response", envelope, "success"),
)


@dataclass(slots=True)
class Spent:
    """Nanoseconds of one phase: on the wall, and of the processor."""

    wall: int = 0
    cpu: int = 0
    calls: int = 0


@dataclass(slots=True)
class Stopwatch:
    """Counts for whatever phase is innermost."""

    phases: dict[str, Spent] = field(default_factory=dict)
    _stack: list[Spent] = field(default_factory=list)
    _wall: int = 0
    _cpu: int = 0

    def timed(self, phase: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, with its time counted for the phase."""
        spent = self.phases.setdefault(phase, Spent())

        @wraps(function)
        def run(*args: Any, **kwargs: Any) -> Any:
            self._switch()
            self._stack.append(spent)
            spent.calls += 1
            try:
                return function(*args, **kwargs)
            finally:
                self._switch()
                self._stack.pop()

        return run

    def clear(self) -> None:
        """Forget what was counted; before a measurement, not inside one."""
        for spent in self.phases.values():
            spent.wall = spent.cpu = spent.calls = 0

    def _switch(self) -> None:
        wall, cpu = time.perf_counter_ns(), time.thread_time_ns()
        if self._stack:
            self._stack[-1].wall += wall - self._wall
            self._stack[-1].cpu += cpu - self._cpu
        self._wall, self._cpu = wall, cpu


def instrumented() -> Stopwatch:
    """Put the stopwatch around every place. For the rest of this process's life."""
    watch = Stopwatch()
    for phase, owner, name in PLACES:
        setattr(owner, name, watch.timed(phase, getattr(owner, name)))
    return watch

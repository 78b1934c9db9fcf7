"""Log lines, and what they are about. Callers pass names and numbers, never bodies, secrets or
buyers' data.

What a request or a job is about is bound once and stands in every line written meanwhile, also by
libraries. Exceptions are another matter: their messages quote values, and PostgreSQL quotes whole
rows. So a JSON line has the type of an exception and where it happened, and its message only when
it is one of our refusals, whose messages are safe to show.
"""

import json
import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

from oms.kernel.errors import DomainError

_about: ContextVar[dict[str, str] | None] = ContextVar("oms_log_about", default=None)


@contextmanager
def about(**values: str) -> Iterator[None]:
    """Put these into every line of the block: `request_id`, `job`, `order`, `event` ..."""
    token = _about.set({**current(), **values})
    try:
        yield
    finally:
        _about.reset(token)


def note(**values: str) -> None:
    """Add to what the current request or job is about, as soon as it is known.

    Outside of one nothing is kept, so that nothing leaks into the next.
    """
    known = _about.get()
    if known is not None:
        known.update(values)


def current() -> dict[str, str]:
    """What is bound now."""
    return dict(_about.get() or {})


def _where(error: BaseException) -> list[str]:
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]


def described(error: BaseException) -> dict[str, object]:
    """An exception without the values it quotes, and what it came from."""
    said: dict[str, object] = {"type": type(error).__qualname__, "at": _where(error)}
    if isinstance(error, DomainError):
        said |= {"code": error.code, "message": str(error)}
    if state := getattr(error, "sqlstate", None):
        said["sqlstate"] = state
        said["constraint"] = getattr(getattr(error, "diag", None), "constraint_name", None)
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None:
        said["cause"] = described(cause)
    return said


class JsonFormatter(logging.Formatter):
    """One JSON object a line: time, level, logger, message, what it is about, and the trace of an
    exception."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **current(),
        }
        if record.exc_info and record.exc_info[1] is not None:
            line["exception"] = described(record.exc_info[1])
        return json.dumps(line)


class ConsoleFormatter(logging.Formatter):
    """A line for people at their own machine, with what it is about and whole traces."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s%(about)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        words = " ".join(f"{name}={value}" for name, value in current().items())
        record.about = f" [{words}]" if words else ""
        return super().format(record)

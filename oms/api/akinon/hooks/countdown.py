"""How long a failed message waits for its next try (contract 3.4). Pure.

Ten retries by the formula of the hook, numbered from 0; then a sweep goes on at a fixed period.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from oms.events.formats import Dice, OptionsUnfit

RETRIES = 10
SWEEPS = 8
"""A message is swept while it was tried 11 to 18 times; after that it stays undelivered."""
LONGEST = dt.timedelta(days=7)
"""No pause is longer, whatever a formula comes to."""

DEFAULT: Mapping[str, object] = {"choice": "exponential", "kwargs": {"base": 2}}

# Which arguments each formula has; those it may do without have a value for that.
_ARGUMENTS: Mapping[str, Mapping[str, int | type[int] | None]] = {
    "fixed": {"seconds": int},
    "linear": {"base": int, "limit": None},
    "exponential": {"base": int, "limit": None, "factor": 1},
    "random": {"min_value": int, "max_value": int},
}


@dataclass(frozen=True, slots=True)
class Countdown:
    """A formula with its arguments, in seconds."""

    choice: str
    arguments: Mapping[str, int | None]

    def pause(self, retry: int, *, dice: Dice) -> dt.timedelta:
        """Before this retry, numbered from 0."""
        seconds = min(self._seconds(retry, dice), int(LONGEST.total_seconds()))
        return dt.timedelta(seconds=seconds)

    def _seconds(self, retry: int, dice: Dice) -> int:
        if self.choice == "fixed":
            return self._number("seconds")
        if self.choice == "random":
            least, most = self._number("min_value"), self._number("max_value")
            return min(int(dice(least, most + 1)), most)
        base = self._number("base")
        grown = base * retry if self.choice == "linear" else self._number("factor") * base**retry
        limit = self.arguments["limit"]
        return grown if limit is None else min(grown, limit)

    def _number(self, name: str) -> int:
        return self.arguments[name] or 0


def read(config: object) -> Countdown:
    """The formula of `{"choice": ..., "kwargs": {...}}`. Raises OptionsUnfit."""
    if not isinstance(config, dict) or not isinstance(config.get("choice"), str):
        raise _unfit("an object with `choice` and `kwargs` is wanted")
    choice = cast("str", config["choice"])
    if choice not in _ARGUMENTS:
        raise _unfit(f"choice: one of {', '.join(_ARGUMENTS)}")
    given = config.get("kwargs", {})
    if not isinstance(given, dict):
        raise _unfit("kwargs: an object is wanted")
    wanted = _ARGUMENTS[choice]
    if unknown := sorted(str(name) for name in given.keys() - wanted.keys()):
        raise _unfit(f"kwargs: {choice} has no `{unknown[0]}`")
    arguments = {name: _argument(name, kind, given) for name, kind in wanted.items()}
    if choice == "random" and (arguments["max_value"] or 0) <= (arguments["min_value"] or 0):
        raise _unfit("'max_value' must be greater than 'min_value'.")
    return Countdown(choice, arguments)


def delays(countdown: Countdown, *, sweep: dt.timedelta, dice: Dice) -> tuple[dt.timedelta, ...]:
    """Every pause of a message, from its first failure to where it stays undelivered."""
    retries = tuple(countdown.pause(number, dice=dice) for number in range(RETRIES))
    return (*retries, *(sweep,) * SWEEPS)


def _argument(name: str, kind: int | type[int] | None, given: Mapping[str, object]) -> int | None:
    value = given.get(name, kind)
    if value is None and kind is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise _unfit(f"kwargs: `{name}` is a whole number of seconds, 0 or more")
    return value


def _unfit(text: str) -> OptionsUnfit:
    return OptionsUnfit(f"retry_countdown_config: {text}", field="retry_countdown_config")

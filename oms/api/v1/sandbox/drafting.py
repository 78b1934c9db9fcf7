"""From the words of a call to what services take."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from oms.accounts.sandboxes import ClockMove


def clock_move(values: Mapping[str, Any]) -> ClockMove:
    """By how much the clock goes on, or to what time."""
    if "to" in values:
        return ClockMove(to=values["to"])
    return ClockMove(by=dt.timedelta(seconds=values["advance_seconds"]))

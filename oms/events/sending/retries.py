"""When a failed delivery is tried again. Pure: the clock and the dice are passed in."""

import email.utils
import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from oms.events.choices import AttemptOutcome, DeliveryState
from oms.events.formats import Dice, Schedule

DICE: Dice = random.uniform
SLOW_STATUSES = frozenset({429, 502, 503, 504})
ASKING_STATUSES = frozenset({429, 503})
LONGEST_ASKED = timedelta(hours=1)
_LONGEST_HEADER = 64


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a delivery after a try."""

    state: DeliveryState
    not_before: datetime | None
    """When it is tried again, while it is pending."""


def judge(
    schedule: Schedule,
    *,
    failures: int,
    outcome: AttemptOutcome,
    status: int | None,
    asked: timedelta | None,
    now: datetime,
    dice: Dice = DICE,
) -> Verdict:
    """What becomes of a delivery whose try came to `outcome`, its `failures`-th failed one.

    A schedule with delays of their own for refusals has the failures of either kind counted apart.
    """
    if outcome == AttemptOutcome.DELIVERED:
        return Verdict(DeliveryState.DELIVERED, None)
    delays = schedule.delays_after(status)
    if failures > len(delays):
        return Verdict(DeliveryState.EXHAUSTED, None)
    slow = outcome == AttemptOutcome.TIMEOUT or status in SLOW_STATUSES
    delay = _delay(schedule, delays[failures - 1], slow, asked, dice)
    return Verdict(DeliveryState.PENDING, now + delay)


def _delay(
    schedule: Schedule, delay: timedelta, slow: bool, asked: timedelta | None, dice: Dice
) -> timedelta:
    least = schedule.least_when_slow if slow else timedelta(0)
    base = max(delay, least)
    if asked is not None and schedule.heeds_retry_after:
        return min(max(asked, base), max(2 * base, LONGEST_ASKED))
    return max(base * dice(1 - schedule.jitter, 1 + schedule.jitter), least)


def asked_pause(header: str | None, *, now: datetime) -> timedelta | None:
    """What a Retry-After header asks for: seconds or an HTTP date; None when it is neither."""
    text = (header or "").strip()
    if not text or len(text) > _LONGEST_HEADER:
        return None
    if text.isascii() and text.isdigit():
        return timedelta(seconds=min(int(text), 10**8))
    try:
        moment = email.utils.parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(moment - now, timedelta(0))

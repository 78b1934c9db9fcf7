"""When a failed delivery is tried again."""

import datetime as dt
import random
from collections import Counter
from dataclasses import replace

import pytest

from oms.events.choices import AttemptOutcome, DeliveryState
from oms.events.sending.retries import Verdict, asked_pause, judge
from oms.events.standard import SCHEDULE
from tests.factories import NOW

SIMULATED = 10_000


def middle(low: float, high: float) -> float:
    return (low + high) / 2


def lowest(low: float, high: float) -> float:
    return low


def judged(failures=1, outcome=AttemptOutcome.REFUSED, status=500, asked=None, **overrides):
    values = {"schedule": SCHEDULE, "now": NOW, "dice": middle} | overrides
    schedule = values.pop("schedule")
    asked = None if asked is None else dt.timedelta(seconds=asked)
    return judge(schedule, failures=failures, outcome=outcome, status=status, asked=asked, **values)


def pause(verdict: Verdict) -> float:
    return (verdict.not_before - NOW).total_seconds()


def test_what_arrived_is_not_tried_again():
    verdict = judged(outcome=AttemptOutcome.DELIVERED, status=200)

    assert verdict == Verdict(DeliveryState.DELIVERED, None)


def test_waits_as_the_schedule_says():
    pauses = [pause(judged(failures)) for failures in range(1, 10)]

    assert pauses == [5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400]
    assert judged(10) == Verdict(DeliveryState.EXHAUSTED, None)


def test_ten_thousand_deliveries_take_75_hours_give_or_take_a_fifth_and_never_all_at_once():
    dice = random.Random(1)
    ends: list[float] = []

    for _ in range(SIMULATED):
        steps = [pause(judged(number, dice=dice.uniform)) for number in range(1, 10)]
        ends.append(sum(steps))

    assert min(ends) >= 0.8 * 272_105
    assert max(ends) <= 1.2 * 272_105
    for step in range(1, 10):
        delay = SCHEDULE.delays[step - 1].total_seconds()
        found = [pause(judged(step, dice=dice.uniform)) for _ in range(SIMULATED)]
        buckets = Counter(int((each / delay - 0.8) / 0.4 * 50) for each in found)
        assert max(buckets.values()) < 3 * SIMULATED / 50


@pytest.mark.parametrize(
    ("outcome", "status"),
    [(AttemptOutcome.TIMEOUT, None)]
    + [(AttemptOutcome.REFUSED, status) for status in (429, 502, 503, 504)],
)
def test_who_is_overloaded_gets_a_minute_at_least(outcome, status):
    assert pause(judged(outcome=outcome, status=status)) == 60
    assert pause(judged(outcome=outcome, status=status, dice=lowest)) == 60
    assert pause(judged(2, outcome=outcome, status=status)) == 300


@pytest.mark.parametrize(
    ("failures", "asked", "expected"),
    [
        (1, 1, 60),  # never sooner than the base
        (1, 600, 600),
        (1, 86_400, 3600),  # never later than an hour ...
        (4, 86_400, 14_400),  # ... or twice the base
        (4, 7200, 7200),
    ],
)
def test_the_pause_a_receiver_asks_for_is_kept_within_reason(failures, asked, expected):
    assert pause(judged(failures, status=429, asked=asked)) == expected


def test_a_schedule_may_ignore_what_is_asked():
    deaf = replace(SCHEDULE, heeds_retry_after=False)

    assert pause(judged(2, status=500, asked=4000, schedule=deaf)) == 300


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120),
        (" 0 ", 0),
        ("Thu, 15 Jan 2026 12:00:30 GMT", 30),
        ("Thu, 15 Jan 2026 11:00:00 GMT", 0),
        ("Thursday, 15-Jan-26 12:00:30 GMT", 30),
        ("9" * 30, 10**8),
    ],
)
def test_reads_seconds_and_dates(header, seconds):
    assert asked_pause(header, now=NOW) == dt.timedelta(seconds=seconds)


@pytest.mark.parametrize("header", [None, "", "soon", "-5", "1.5", "12\u0660", "1" * 65, "Thu, 99"])
def test_ignores_what_is_neither(header):
    assert asked_pause(header, now=NOW) is None

"""What may be sent to an endpoint, by how it went."""

import datetime as dt

import pytest

from oms.events.choices import AttemptOutcome, BreakerState
from oms.events.sending.health import Health
from tests.factories import NOW

SECOND = dt.timedelta(seconds=1)
DAY = dt.timedelta(days=1)


def make_health(**overrides) -> Health:
    values = {
        "endpoint_id": 1,
        "max_in_flight": 10,
        "breaker": BreakerState.CLOSED,
        "breaker_until": None,
        "breaker_trips": 0,
        "breaker_successes": 0,
        "recent": [],
        "window": 2,
        "not_before": None,
        "failing_since": None,
        "failures_in_a_row": 0,
        "warned_percent": 0,
        "last_success_at": None,
        "last_failure_at": None,
        "last_error": "",
    }
    return Health(**(values | overrides))


def fail(health: Health, times: int = 1, outcome=AttemptOutcome.REFUSED, now=NOW) -> None:
    for _ in range(times):
        health.fail(outcome, error="Answered 500", now=now)


def succeed(health: Health, times: int = 1, now=NOW) -> None:
    for _ in range(times):
        health.succeed(now=now)


def test_the_window_grows_by_one_up_to_the_most():
    health = make_health()
    seen = []

    for _ in range(10):
        succeed(health)
        seen.append(health.window)

    assert seen == [3, 4, 5, 6, 7, 8, 9, 10, 10, 10]


@pytest.mark.parametrize("outcome", [AttemptOutcome.TIMEOUT, AttemptOutcome.CONNECTION])
def test_the_window_halves_when_the_endpoint_hangs(outcome):
    health = make_health(window=10)
    seen = []

    for _ in range(4):
        fail(health, outcome=outcome)
        seen.append(health.window)

    assert seen == [5, 2, 1, 1]


def test_an_error_that_is_answered_leaves_the_window():
    health = make_health(window=10)

    fail(health)

    assert health.window == 10


def test_nine_failures_leave_the_breaker_closed_and_the_tenth_opens_it():
    health = make_health()

    fail(health, 9)
    before = health.breaker
    fail(health)

    assert (before, health.breaker) == (BreakerState.CLOSED, BreakerState.OPEN)
    assert health.breaker_until == NOW + 30 * SECOND


@pytest.mark.parametrize(("failures", "breaker"), [(6, "CLOSED"), (7, "OPEN")])
def test_opens_at_seven_in_ten(failures, breaker):
    health = make_health()

    succeed(health, 10 - failures)
    fail(health, failures)

    assert health.breaker == breaker


def test_counts_the_last_five_minutes_only():
    health = make_health()

    fail(health, 9)
    fail(health, 9, now=NOW + dt.timedelta(minutes=5))

    assert health.breaker == BreakerState.CLOSED
    assert [bucket[1:] for bucket in health.recent] == [[9, 9]]


def test_stays_open_twice_as_long_each_time_up_to_a_quarter_of_an_hour():
    health = make_health()
    fail(health, 10)
    pauses = [health.breaker_until - NOW]

    for _ in range(7):
        health.breaker = BreakerState.HALF_OPEN
        fail(health)
        pauses.append(health.breaker_until - NOW)

    assert [pause.total_seconds() for pause in pauses] == [30, 60, 120, 240, 480, 900, 900, 900]


def test_three_successes_on_probation_close_it_and_the_next_pause_is_short_again():
    health = make_health(breaker=BreakerState.HALF_OPEN, breaker_trips=5)
    seen = []

    for _ in range(3):
        succeed(health)
        seen.append(health.breaker)
    fail(health, 10)

    assert seen == ["HALF_OPEN", "HALF_OPEN", "CLOSED"]
    assert health.breaker_until == NOW + 30 * SECOND


@pytest.mark.parametrize(
    ("days", "failures", "given_up"),
    [(4.999, 500, False), (5, 19, False), (5, 20, True), (9, 20, True)],
)
def test_is_given_up_after_five_days_and_twenty_failures(days, failures, given_up):
    health = make_health(failing_since=NOW, failures_in_a_row=failures)

    assert health.is_given_up(now=NOW + days * DAY) is given_up


@pytest.mark.parametrize(
    ("days", "warned", "step"),
    [
        (2.4, 0, None),
        (2.5, 0, 50),
        (2.6, 50, None),
        (3.5, 50, 70),
        (4.6, 0, 90),
        (5, 90, 100),
        (9, 100, None),
    ],
)
def test_warns_at_each_step_once(days, warned, step):
    health = make_health(failing_since=NOW, failures_in_a_row=5, warned_percent=warned)

    assert health.due_warning(now=NOW + days * DAY) == step


def test_one_success_ends_the_failing():
    health = make_health(failing_since=NOW, failures_in_a_row=19, warned_percent=50)

    succeed(health, now=NOW + DAY)

    assert (health.failing_since, health.failures_in_a_row, health.warned_percent) == (None, 0, 0)
    assert health.due_warning(now=NOW + 9 * DAY) is None


def test_of_two_pauses_the_longer_one_counts():
    health = make_health()

    health.pause(NOW + 60 * SECOND)
    health.pause(NOW + 30 * SECOND)

    assert health.not_before == NOW + 60 * SECOND

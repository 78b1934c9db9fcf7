"""The sliding window, in Valkey and in the process."""

import os
from uuid import uuid4

import pytest

from oms.api.increff.limits import SECONDS, LocalWindows, Windows


class Clock:
    def __init__(self):
        self.now = 1_000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def key():
    return f"test:{uuid4()}"


def test_it_lets_so_many_calls_pass_in_any_minute(clock):
    window = LocalWindows(clock)

    first = [window.take("a", 2) for _ in range(3)]
    clock.now += 20
    later = window.take("a", 2)
    clock.now += SECONDS - 20
    free = [window.take("a", 2) for _ in range(3)]

    assert first == [0, 0, SECONDS]
    assert later == SECONDS - 20
    assert free == [0, 0, SECONDS]


def test_a_refused_call_does_not_count(clock):
    window = LocalWindows(clock)
    window.take("a", 1)
    for _ in range(5):
        window.take("a", 1)

    clock.now += SECONDS

    assert window.take("a", 1) == 0


def test_others_have_windows_of_their_own(clock):
    window = LocalWindows(clock)
    window.take("a", 1)

    assert (window.take("b", 1), window.take("a", 1)) == (0, SECONDS)


def test_processes_share_a_window_in_valkey(key):
    one, other = Windows(os.environ["OMS_REDIS_URL"]), Windows(os.environ["OMS_REDIS_URL"])

    passed = [one.take(key, 3), other.take(key, 3), one.take(key, 3)]
    wait = other.take(key, 3)

    assert passed == [0, 0, 0]
    assert SECONDS - 10 < wait <= SECONDS


def test_each_process_counts_for_itself_while_valkey_is_away(clock, key, caplog):
    window = Windows("redis://127.0.0.1:1/0", clock)

    assert [window.take(key, 2) for _ in range(3)] == [0, 0, SECONDS]
    assert [record.message for record in caplog.records] == [
        "Windows of calls are kept per process: ConnectionError"
    ]

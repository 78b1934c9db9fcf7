import threading
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue

import pytest
from django.db import connection, transaction

from oms.kernel.drains import drain, slot, unheld
from tests.factories import NOW

pytestmark = pytest.mark.django_db(transaction=True)


class Rows:
    """Due rows, given out in batches of three."""

    def __init__(self, due: int) -> None:
        self.due = due
        self.calls = 0

    def __call__(self, *, now) -> int:
        assert now == NOW
        self.calls += 1
        taken = min(self.due, 3)
        self.due -= taken
        return taken


def test_works_until_nothing_is_due():
    rows = Rows(7)

    assert drain(rows, lane="test", clock=lambda: NOW, watch=0) == 7

    assert rows.calls == 4


def test_watches_for_latecomers():
    rows = Rows(0)

    drain(rows, lane="test", clock=lambda: NOW, watch=0.06)

    assert rows.calls >= 3


def test_a_second_drain_of_a_lane_leaves_the_work_to_the_first():
    def rival(rows):
        try:
            return drain(rows, lane="test", clock=lambda: NOW, watch=0)
        finally:
            connection.close()

    second = Rows(5)

    def batch(*, now):
        with ThreadPoolExecutor(max_workers=1) as pool:
            assert pool.submit(rival, second).result() == 0
        return 0

    drain(batch, lane="test", clock=lambda: NOW, watch=0)

    assert second.calls == 0


def test_a_lane_with_two_slots_takes_two():
    def rival(rows):
        try:
            return drain(rows, lane="test", slots=2, clock=lambda: NOW, watch=0)
        finally:
            connection.close()

    second = Rows(5)

    def batch(*, now):
        with ThreadPoolExecutor(max_workers=1) as pool:
            pool.submit(rival, second).result()
        return 0

    drain(batch, lane="test", slots=2, clock=lambda: NOW, watch=0)

    assert second.due == 0


def test_gives_its_slot_back_after_a_failure():
    def broken(*, now):
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        drain(broken, lane="test", clock=lambda: NOW)

    assert drain(Rows(1), lane="test", clock=lambda: NOW, watch=0) == 1


def test_slots_that_others_hold_are_told_from_the_rest():
    def rival(entered, leave):
        with slot("test", 3) as number:
            entered.put(number)
            leave.wait(10)
        connection.close()

    entered, leave = SimpleQueue(), threading.Event()
    other = threading.Thread(target=rival, args=(entered, leave))
    other.start()
    theirs = entered.get(timeout=10)
    with slot("test", 3) as ours, transaction.atomic():
        found = unheld("test", 3)
    leave.set()
    other.join()

    assert (theirs, ours, found) == (0, 1, [1, 2])

import os
import socket
import time
import uuid

import pytest

from oms.api.base import throttling
from oms.api.base.throttling import Limiter, LocalBuckets, Rate


class Clock:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


def passed(bucket, rate, calls, key="k"):
    return [bucket.take(key, rate) == 0 for _ in range(calls)].count(True)


@pytest.fixture
def dead_url(tmp_path):
    return f"unix://{tmp_path}/nobody.sock"


@pytest.fixture
def live():
    return Limiter(os.environ["OMS_REDIS_URL"])


def test_a_burst_passes_and_then_the_rate_holds():
    clock = Clock()
    bucket = LocalBuckets(clock)
    rate = Rate(per_second=10, burst=200)

    assert passed(bucket, rate, 300) == 200
    assert bucket.take("k", rate) == pytest.approx(0.1)
    clock.now += 1
    assert passed(bucket, rate, 50) == 10


def test_keys_do_not_share_a_bucket():
    bucket = LocalBuckets(Clock())
    rate = Rate(per_second=1, burst=1)

    assert passed(bucket, rate, 5, "a") == 1
    assert passed(bucket, rate, 5, "b") == 1


def test_the_number_of_local_keys_is_bounded():
    bucket = LocalBuckets(Clock())
    rate = Rate(per_second=1, burst=1)

    for number in range(throttling.MOST_LOCAL_KEYS + 10):
        bucket.take(str(number), rate)

    assert len(bucket._arrivals) <= throttling.MOST_LOCAL_KEYS


def test_valkey_keeps_one_bucket_for_all_processes(live):
    other = Limiter(os.environ["OMS_REDIS_URL"])
    key, rate = str(uuid.uuid4()), Rate(per_second=0.5, burst=5)

    assert passed(live, rate, 3, key) + passed(other, rate, 6, key) == 5
    assert 0 < live.take(key, rate) <= 2


@pytest.fixture(params=["valkey", "local"])
def bucket(request, live, dead_url):
    """Of Valkey, and of a process whose Valkey is away."""
    return live if request.param == "valkey" else Limiter(dead_url)


def test_looking_counts_nothing(bucket):
    key, rate = str(uuid.uuid4()), Rate(per_second=0.001, burst=2)

    looks = [bucket.look(key, rate) for _ in range(20)]

    assert looks == [0] * 20
    assert bucket.take(key, rate) == 0


def test_looking_says_what_taking_would(bucket):
    key, rate = str(uuid.uuid4()), Rate(per_second=0.001, burst=2)
    passed(bucket, rate, 10, key)

    wait = bucket.look(key, rate)

    assert wait == pytest.approx(bucket.take(key, rate), rel=0.01)
    assert wait > 400


def test_the_bucket_in_valkey_empties_with_time(live):
    key, rate = str(uuid.uuid4()), Rate(per_second=20, burst=1)
    assert passed(live, rate, 2, key) == 1

    time.sleep(live.take(key, rate) + 0.01)

    assert passed(live, rate, 1, key) == 1


def test_without_valkey_twice_the_rate_holds_here(dead_url, caplog):
    limiter = Limiter(dead_url, Clock())

    assert passed(limiter, Rate(per_second=10, burst=20), 100) == 40
    assert [record.levelname for record in caplog.records] == ["WARNING"]


def test_a_valkey_that_does_not_answer_is_asked_only_after_a_pause():
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        clock = Clock()
        limiter = Limiter(f"redis://127.0.0.1:{deaf.getsockname()[1]}/0", clock)
        rate = Rate(per_second=1000, burst=1000)
        limiter.take("k", rate)

        started = time.monotonic()
        assert passed(limiter, rate, 100) == 100
        assert time.monotonic() - started < throttling._TIMEOUT

        clock.now += throttling.PAUSE
        limiter.take("k", rate)
        assert limiter._ask_again_at == clock.now + throttling.PAUSE


def test_a_clients_own_rate_keeps_the_ratio_of_burst_to_rate():
    assert Rate.of(10) == Rate(per_second=10, burst=200)
    assert Rate.of(0.01) == Rate(per_second=0.01, burst=1)

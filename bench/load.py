"""The load generator: sends signed orders over a few connections, at full speed or steadily."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from bench import orders
from bench.engine import Engine
from bench.helpers import Job, Result, serve
from bench.sizes import CLIENTS
from demo.signing import Credentials

MOST_PER_SECOND = 3_000  # requests made ahead for each second at full speed
_SUCCESS = b'"code":"200"'
_OK = range(200, 300)


@dataclass(slots=True)
class Tally:
    """What came back."""

    seconds: list[float] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    last: float = 0.0

    def count(self, status: int, body: bytes, seconds: float) -> None:
        self.last = time.perf_counter()
        if status in _OK and (b'"code"' not in body[:20] or _SUCCESS in body[:40]):
            self.seconds.append(seconds)
        else:
            self.refused[f"{status} {body[:120]!r}"] += 1


def main() -> None:
    serve(prepare)


def prepare(job: Job) -> Callable[[], Result]:
    """Sign ahead of time; what is left to do is sending."""
    rate: float | None = job.get("rate")
    count = int(job["seconds"] * (rate or MOST_PER_SECOND))
    made = orders.requests(
        count,
        prefix=job["prefix"],
        port=job["port"],
        path=job["path"],
        key=Credentials(*job["key"]),
        hot=job.get("hot", False),
        paid=job.get("paid", True),
    )
    engine = Engine(job["port"], connections=job.get("clients", CLIENTS))
    return lambda: _run(engine, made, seconds=job["seconds"], rate=rate)


def _run(engine: Engine, made: list[bytes], *, seconds: float, rate: float | None) -> Result:
    tally = Tally()
    begun, wall, cpu = time.perf_counter(), time.time(), time.process_time()
    if rate:
        _steadily(engine, made, tally, interval=1 / rate)
    else:
        _at_full_speed(engine, made, tally, until=begun + seconds)
    engine.run(until=begun + seconds + 60)
    engine.close()
    took = tally.last - begun
    spent = time.process_time() - cpu
    return {
        "accepted": len(tally.seconds),
        "refused": dict(tally.refused.most_common(5)),
        "begun": wall,
        "seconds": took,
        "per_second": len(tally.seconds) / took if took else 0.0,
        "cpu_seconds": spent,
        "bytes": len(made[0]),
        **_latencies(tally.seconds),
    }


def _at_full_speed(engine: Engine, made: list[bytes], tally: Tally, *, until: float) -> None:
    """Each client sends its next order as soon as the last one was answered."""
    left = iter(made)

    def answered(status: int, body: bytes, seconds: float) -> None:
        tally.count(status, body, seconds)
        if time.perf_counter() < until and (request := next(left, None)):
            engine.submit(request, answered)

    for _ in range(CLIENTS):
        engine.submit(next(left), answered)


def _steadily(engine: Engine, made: list[bytes], tally: Tally, *, interval: float) -> None:
    """One order per interval, whatever became of the last: waiting for a client counts."""
    begun = time.perf_counter()

    def send(number: int) -> None:
        engine.submit(made[number], tally.count, due=begun + number * interval)

    for number in range(len(made)):
        engine.call_at(begun + number * interval, partial(send, number))


def _latencies(seconds: Sequence[float]) -> dict[str, float]:
    """Milliseconds of the usual percentiles."""
    ordered = sorted(seconds)
    if not ordered:
        return {}
    last = len(ordered) - 1
    return {
        f"p{percent}": ordered[min(last, len(ordered) * percent // 100)] * 1000
        for percent in (50, 95, 99)
    }


if __name__ == "__main__":
    main()

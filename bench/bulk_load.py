"""The load generator of bulk intake: a few connections, each with its next call at once."""

import time
from collections.abc import Callable

import msgspec

from bench import bulk
from bench.engine import Engine
from bench.helpers import Job, Result, serve
from bench.sizes import CLIENTS

MOST_CALLS = 10  # made ahead for each second
_OK = 200


class _Answer(msgspec.Struct):
    created: int


def main() -> None:
    serve(prepare)


def prepare(job: Job) -> Callable[[], Result]:
    """Make the calls ahead of time; what is left to do is sending."""
    made = bulk.requests(
        max(2 * CLIENTS, int(job["seconds"] * MOST_CALLS)),
        prefix=job["prefix"],
        port=job["port"],
        key=job["key"],
        channel=job["channel"],
    )
    engine = Engine(job["port"], connections=CLIENTS)
    return lambda: _run(engine, made, seconds=job["seconds"])


def _run(engine: Engine, made: list[bytes], *, seconds: float) -> Result:
    begun, wall, cpu = time.perf_counter(), time.time(), time.process_time()
    left = iter(made)
    accepted, refused, last = 0, list[str](), begun

    def answered(status: int, body: bytes, _seconds: float) -> None:
        nonlocal accepted, last
        last = time.perf_counter()
        if status == _OK:
            accepted += msgspec.json.decode(body, type=_Answer).created
        else:
            refused.append(f"{status} {body[:200]!r}")
        if last < begun + seconds and (request := next(left, None)):
            engine.submit(request, answered)

    for _ in range(CLIENTS):
        engine.submit(next(left), answered)
    engine.run(until=begun + seconds + 60)
    engine.close()
    took = last - begun
    return {
        "accepted": accepted,
        "refused": refused[:5],
        "begun": wall,
        "seconds": took,
        "per_second": accepted / took if took else 0.0,
        "cpu_seconds": time.process_time() - cpu,
        "bytes": len(made[0]),
    }


if __name__ == "__main__":
    main()

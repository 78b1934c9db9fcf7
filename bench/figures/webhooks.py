"""P10 and its floor F8: news to twenty endpoints, and the bare client posting as much."""

import time

from django.utils import timezone

from bench import news
from bench.context import Bench, FigureError, Values
from oms.events.tasks import deliver_due

SECRET = "bench-floor-secret"  # noqa: S105 - signs posts to our own sink
WARM_UP_EVENTS = 25
MOST_SECONDS = 600.0
POLL = 0.1
MEGABYTE = 1_000_000

_STILL_DUE = """
SELECT EXISTS (SELECT FROM events_delivery
               WHERE endpoint_id = ANY(%(endpoint_ids)s) AND state = 'PENDING')
"""
_OUTCOME = """
SELECT count(*) FILTER (WHERE d.state = 'DELIVERED'),
       coalesce(extract(epoch FROM max(d.finished_at)), 0)::float8,
       (SELECT count(*) FROM events_deliveryattempt a JOIN events_delivery o
            ON o.id = a.delivery_id WHERE o.event_id > %(after)s)
FROM events_delivery d WHERE d.event_id > %(after)s
"""


def f8(bench: Bench) -> Values:
    return {"F8": _floor(bench)}


def f8_again(bench: Bench) -> Values:
    """Tells how much slower or faster the machine has become."""
    return {"F8N": _floor(bench)}


def p10(bench: Bench) -> Values:
    """From the hint to the last result recorded; one worker process sends at a time."""
    per_second = _delivered(bench)
    return {"P10": per_second, "P10.memory": _memory(bench)}


def p10_many(bench: Bench) -> Values:
    return {"P10N": _delivered(bench)}


def _floor(bench: Bench) -> float:
    posts = bench.sizes.news_events * news.ENDPOINTS
    sink = bench.sink().run({})
    result = bench.poster().run({"port": sink["port"], "posts": posts, "secret": SECRET})
    received = bench.sink().run({})["received"] - sink["received"]
    if received != posts:
        raise FigureError(f"{posts} posted, {received} received")
    return float(result["per_second"])


def _delivered(bench: Bench) -> float:
    """Deliveries a second, after a few that make the windows of the endpoints wide."""
    ids = news.endpoints(port=bench.sink().run({})["port"], now=timezone.now())
    _deliver(bench, ids, WARM_UP_EVENTS)
    return _deliver(bench, ids, bench.sizes.news_events)


def _deliver(bench: Bench, endpoint_ids: list[int], events: int) -> float:
    before = bench.sink().run({})["received"]
    after = news.write(bench.database, events)
    begun = time.time()
    deliver_due.delay()
    while bench.database.rows(_STILL_DUE, {"endpoint_ids": endpoint_ids})[0][0]:
        if time.time() > begun + MOST_SECONDS:
            raise FigureError("the news was not delivered in time")
        time.sleep(POLL)
    ((delivered, ended, attempts),) = bench.database.rows(_OUTCOME, {"after": after})
    received = bench.sink().run({})["received"] - before
    wanted = events * news.ENDPOINTS
    if not wanted == delivered == attempts == received:
        raise FigureError(
            f"{wanted} wanted, {delivered} delivered in {attempts} attempts, {received} received"
        )
    return float(wanted / (ended - begun))


def _memory(bench: Bench) -> float:
    """Of the largest worker process, which is the one that sent."""
    return bench.place.resident_bytes().get("worker", 0) / MEGABYTE

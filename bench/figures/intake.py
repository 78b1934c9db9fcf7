"""P1, P2, P4, P5 and the floors F1, F2: orders over HTTP by eight clients."""

import time

from bench import orders, world
from bench.context import WARM_UP, Bench, FigureError, Values
from bench.database import POLL
from bench.helpers import Result

STEADY = 100.0
MOST_SECONDS_TO_ALLOCATE = 300.0


def f1(bench: Bench) -> Values:
    return {"F1": _floor(bench, "f1")}


def f1_again(bench: Bench) -> Values:
    """Tells how much slower or faster the machine has become."""
    return {"F1N": _floor(bench, "f1")}


def f2(bench: Bench) -> Values:
    return {"F2": _floor(bench, "f2")}


def p1(bench: Bench) -> Values:
    """Accepted per second while the worker routes what was accepted, as in life."""
    return {"P1": _intake(bench, "P1")["per_second"]}


def p1_unpaid(bench: Bench) -> Values:
    return {"P1U": _intake(bench, "P1U", paid=False)["per_second"]}


def p4(bench: Bench) -> Values:
    return {"P4": _intake(bench, "P4", hot=True)["per_second"]}


def p1_many(bench: Bench) -> Values:
    return {"P1N": _intake(bench, "P1N")["per_second"]}


def p2(bench: Bench) -> Values:
    return {"P2": _until_allocated(bench, "P2")}


def p2_many(bench: Bench) -> Values:
    return {"P2N": _until_allocated(bench, "P2N")}


def p5(bench: Bench) -> Values:
    """Latency counts from when an order was due, not from when a client had time for it."""
    result = _intake(bench, "P5", rate=STEADY, seconds=bench.sizes.steady_seconds)
    return {"P5.p50": result["p50"], "P5.p99": result["p99"]}


def warm_up(bench: Bench, *, with_floors: bool) -> None:
    """Every process has imported, connected and prepared what it will need."""
    seconds = bench.sizes.seconds / 2
    _intake(bench, WARM_UP, seconds=seconds)
    if with_floors:
        for path in ("f1", "f2"):
            _sent(bench, f"{WARM_UP}{path}", port=bench.floor_server.port, path=f"/{path}")
    bench.await_quiet()


def _floor(bench: Bench, path: str) -> float:
    result = _sent(bench, path.upper(), port=bench.floor_server.port, path=f"/{path}")
    return float(result["per_second"])


def _until_allocated(bench: Bench, name: str) -> float:
    """From the first request until the last order has its stock reserved and its task open."""
    after = _last_order(bench)
    result = _intake(bench, name)
    await_allocated(bench, after=after, accepted=result["accepted"])
    return float(result["accepted"] / (time.time() - result["begun"]))


def await_allocated(bench: Bench, *, after: int, accepted: int) -> None:
    """Wait until every order since has its stock reserved and its task open."""
    span = {"after": after}
    deadline = time.time() + MOST_SECONDS_TO_ALLOCATE
    while bench.database.rows(_STILL_DUE, span)[0][0]:
        if time.time() > deadline:
            raise FigureError("the orders were not allocated in time")
        time.sleep(POLL)
    allocated = bench.database.number(_ALLOCATED, span)
    if allocated != accepted:
        raise FigureError(f"{accepted} accepted, {allocated} allocated")


_STILL_DUE = """
SELECT EXISTS (SELECT FROM orders_order WHERE allocation_due_at IS NOT NULL AND id > %(after)s)
"""
_ALLOCATED = """
SELECT count(DISTINCT o.id) FROM orders_order o
JOIN fulfillment_fulfillmenttask t ON t.order_id = o.id
WHERE o.id > %(after)s AND o.status = 'ALLOCATED' AND t.status = 'CREATED'
"""


def _intake(
    bench: Bench,
    name: str,
    *,
    paid: bool = True,
    hot: bool = False,
    rate: float | None = None,
    seconds: float | None = None,
) -> Result:
    """Send orders to oms; what was accepted must be stored, each once."""
    before = _count(bench, after=(after := _last_order(bench)))
    result = _sent(
        bench,
        name,
        port=bench.port,
        path=orders.CREATE,
        paid=paid,
        hot=hot,
        rate=rate,
        seconds=seconds or bench.sizes.seconds,
    )
    stored = _count(bench, after=after) - before
    if stored != result["accepted"]:
        raise FigureError(f"{result['accepted']} accepted, {stored} stored")
    bench.note("order", f"An order is about {result['bytes'] / 1000:.1f} kB with its headers.")
    return result


def _sent(bench: Bench, name: str, *, port: int, path: str, **more: object) -> Result:
    key = world.INTAKE.channel_key
    job = {
        "port": port,
        "path": path,
        "key": [key.tenant_id, key.api_key, key.secret],
        "prefix": bench.prefix(name),
        "seconds": bench.sizes.seconds,
        **more,
    }
    result = bench.generator.run(job)
    if result["refused"]:
        raise FigureError(f"refused: {result['refused']}")
    bench.note_share(name, result)
    return result


def _last_order(bench: Bench) -> int:
    return bench.database.number("SELECT max(id) FROM orders_order")


def _count(bench: Bench, *, after: int) -> int:
    return bench.database.number(
        "SELECT count(*) FROM orders_order WHERE id > %(after)s", {"after": after}
    )

"""P3: bulk intake, five hundred orders a call, and until the last of them is allocated."""

import time

from bench import bulk, machines, world
from bench.context import Bench, FigureError, Values
from bench.figures.intake import await_allocated

_LAST = "SELECT coalesce(max(id), 0) FROM orders_order"
_SINCE = "SELECT count(*) FROM orders_order WHERE id > %(after)s"


def p3(bench: Bench) -> Values:
    """Over HTTP, by as many clients as the other figures; what was accepted must be stored."""
    bench.await_quiet()
    after = bench.database.number(_LAST)
    helper = bench.bulk()
    result = helper.run(
        {
            "port": bench.port,
            "key": machines.key(),
            "channel": world.INTAKE.code,
            "prefix": bench.prefix("P3"),
            "seconds": bench.sizes.seconds,
        }
    )
    if result["refused"]:
        raise FigureError(f"refused: {result['refused']}")
    stored = bench.database.number(_SINCE, {"after": after})
    if stored != result["accepted"]:
        raise FigureError(f"{result['accepted']} accepted, {stored} stored")
    bench.note_share("P3", result)
    size = result["bytes"] / bulk.A_CALL / 1000
    bench.note("bulk", f"An order of P3 is about {size:.1f} kB, {bulk.A_CALL} of them a call.")
    await_allocated(bench, after=after, accepted=stored)
    return {"P3": result["per_second"], "P3.allocated": stored / (time.time() - result["begun"])}

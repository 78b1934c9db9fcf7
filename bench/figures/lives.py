"""P6: whole lives of orders."""

from bench import world
from bench.context import Bench, Values

MOST_SECONDS = 240.0


def p6(bench: Bench) -> Values:
    lane = world.LIFE
    keys = {"channel_key": lane.channel_key, "point_key": lane.point_key}
    job = {
        "port": bench.port,
        "prefix": bench.prefix("P6"),
        "orders": bench.sizes.life_orders,
        "most_seconds": MOST_SECONDS,
        **{name: [key.tenant_id, key.api_key, key.secret] for name, key in keys.items()},
    }
    result = bench.player.run(job)
    bench.note_share("P6", result)
    told = ", ".join(
        f"{count / bench.sizes.life_orders:.2g} {name} of {milliseconds:.0f} ms"
        for name, (count, milliseconds) in result["milliseconds"].items()
    )
    bench.note("P6", f"P6, calls an order and their p50 under this load: {told}.")
    return {"P6": result["per_second"]}

"""F4, F5, F6 and C9: PostgreSQL alone, spoken to by psycopg."""

from collections.abc import Callable

from bench.context import Bench, Values
from bench.helpers import run_together
from bench.sizes import CLIENTS


def floor(work: str, *, clients: int = CLIENTS) -> Callable[[Bench], Values]:
    """So many clients at once, each a process with one connection."""

    def measure(bench: Bench) -> Values:
        prefix = bench.prefix(work)
        jobs = [
            {
                "work": work,
                "database": bench.floors.url,
                "prefix": prefix,
                "client": number,
                "seconds": bench.sizes.sql_seconds,
            }
            for number in range(clients)
        ]
        results = run_together(bench.sql_clients()[:clients], jobs)
        return {work: sum(result["done"] / result["seconds"] for result in results)}

    return measure

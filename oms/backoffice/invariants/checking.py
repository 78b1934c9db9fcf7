"""Running the statements, each on one snapshot of its own, and counting what offends."""

import time
from dataclasses import dataclass
from typing import Any, cast

from django.db import connection, transaction

from oms.backoffice.invariants.base import Invariant

SHOWN = 20
# A check reads all of the database: it may take its time and sort in memory. Joining row by row is
# never right for that, but is what the planner chooses after a big import, until it has statistics.
_SESSION = """
SET LOCAL statement_timeout = '2h';
SET LOCAL work_mem = '256MB';
SET LOCAL enable_nestloop = off;
SET LOCAL jit = off;
"""


@dataclass(frozen=True, slots=True)
class Result:
    """What a check found: how many rows offend, and the first of them."""

    invariant: Invariant
    seconds: float
    count: int
    rows: tuple[dict[str, Any], ...]

    @property
    def is_checked(self) -> bool:
        return bool(self.invariant.query)

    @property
    def holds(self) -> bool:
        return self.count == 0


def verify(invariant: Invariant) -> Result:
    """Check one statement over the whole database."""
    if not invariant.query:
        return Result(invariant, 0.0, 0, ())
    started = time.monotonic()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_SESSION)
        cursor.execute(
            f"SELECT count(*) OVER () AS total, v.* FROM ({invariant.query}) v LIMIT {SHOWN}",  # noqa: S608 - both are constants of this package
            cast("dict[str, Any]", invariant.params),
        )
        names = [column.name for column in cursor.description or ()]
        found = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    count = found[0]["total"] if found else 0
    rows = tuple({k: v for k, v in row.items() if k != "total"} for row in found)
    return Result(invariant, time.monotonic() - started, count, rows)

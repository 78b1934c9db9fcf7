"""The installation's PostgreSQL, as its owner: loading, vacuuming, waiting, looking."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import conninfo, sql

from bench.floors import tables
from bench.sizes import SKUS
from oms.runtime.home import Home

Connection = psycopg.Connection[tuple[Any, ...]]
POLL = 0.02

# What is due now: orders to route, events to relay, labels to make, news to send.
_BUSY = """
SELECT EXISTS (SELECT FROM orders_order WHERE allocation_due_at <= now())
    OR EXISTS (SELECT FROM events_event
               WHERE position IS NULL AND parked_at IS NULL AND not_before <= now())
    OR EXISTS (SELECT FROM fulfillment_document WHERE status = 'PENDING' AND not_before <= now())
    OR EXISTS (SELECT FROM events_delivery WHERE state = 'PENDING' AND not_before <= now())
"""


class NotQuietError(Exception):
    """The installation still had work when it should have been done with it."""


class Database:
    """One connection, each statement its own transaction."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.connection: Connection = psycopg.connect(url, autocommit=True)

    def run(self, statement: str, params: Mapping[str, object] | None = None) -> None:
        """Run statements."""
        self.connection.execute(statement, params)

    def rows(
        self, statement: str, params: Mapping[str, object] | None = None
    ) -> list[tuple[Any, ...]]:
        return self.connection.execute(statement, params).fetchall()

    def number(self, statement: str, params: Mapping[str, object] | None = None) -> int:
        """The one number a statement gives."""
        return int(self.rows(statement, params)[0][0] or 0)

    def vacuum(self) -> None:
        """Fresh statistics and visibility, as before every measurement."""
        self.run("VACUUM (ANALYZE)")

    def await_quiet(self, *, seconds: float) -> None:
        """Return once nothing is due. NotQuietError when that takes too long."""
        deadline = time.monotonic() + seconds
        while self.rows(_BUSY)[0][0]:
            if time.monotonic() > deadline:
                raise NotQuietError(f"work was still due after {seconds:.0f} s")
            time.sleep(POLL)

    def close(self) -> None:
        self.connection.close()


@contextmanager
def without_triggers(database: Database) -> Iterator[None]:
    """Rows that are consistent by construction need not be checked one by one."""
    database.run("SET session_replication_role = replica")
    try:
        yield
    finally:
        database.run("SET session_replication_role = DEFAULT")


def make_floors(home: Home, *, orders: int) -> Database:
    """The floors' own database beside ours, with their tables and some rows."""
    with psycopg.connect(home.database_url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(tables.DATABASE)))
    made = Database(conninfo.make_conninfo(home.database_url, dbname=tables.DATABASE))
    made.run(tables.CREATE)
    made.run(tables.FUNCTION)
    for statement in tables.FILL.split(";\n"):
        if statement.strip():
            made.run(statement, {"skus": SKUS, "orders": orders})
    made.vacuum()
    return made

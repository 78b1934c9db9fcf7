"""Set-based SQL for the few hot paths: prepared on the server, inside Django's transaction."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, cast

import psycopg
from django.db import connection, transaction
from psycopg.rows import dict_row, tuple_row

listeners: list[Callable[[str], object]] = []  # told every statement; for counting them


def _wire() -> "psycopg.Connection[Any]":
    connection.ensure_connection()
    return cast("psycopg.Connection[Any]", connection.connection)


def rows(query: str, params: dict[str, object]) -> list[tuple[Any, ...]]:
    """Run one statement as a server-side prepared one and return its rows.

    Django's own cursor interpolates on the client, so PostgreSQL would plan every call anew; on
    the hot paths that is most of the time. It takes part in the open transaction, if there is one.
    """
    wire = _wire()
    for tell in listeners:
        tell(query)
    with connection.wrap_database_errors, psycopg.Cursor(wire, row_factory=tuple_row) as cursor:
        cursor.execute(query, params, prepare=True)
        return cursor.fetchall() if cursor.description else []


def records(query: str, params: dict[str, object]) -> list[dict[str, Any]]:
    """The same as `rows`, each row by column name."""
    wire = _wire()
    for tell in listeners:
        tell(query)
    with connection.wrap_database_errors, psycopg.Cursor(wire, row_factory=dict_row) as cursor:
        cursor.execute(query, params, prepare=True)
        return cursor.fetchall() if cursor.description else []


def one_line(query: str) -> str:
    """Without line breaks and indentation: psycopg keeps its parse of short statements only."""
    return " ".join(query.split())


def columns(items: Sequence[object], *names: str) -> dict[str, list[Any]]:
    """Turn objects into one list per attribute, the shape `unnest` takes."""
    return {name: [getattr(item, name) for item in items] for name in names}


def require_transaction() -> None:
    """Refuse to go on outside a transaction: what follows must commit with its cause."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("this belongs inside the transaction of the change it reports")


@contextmanager
def snapshot() -> Iterator[None]:
    """Read several tables as they were at one instant, for answers that put them together.

    Without it, a row read first and its children read later can show a state that never was.
    Inside somebody else's transaction the isolation is theirs. Nothing can be written here.
    """
    if transaction.get_connection().in_atomic_block:
        yield
        return
    with transaction.atomic():
        rows("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY", {})
        yield

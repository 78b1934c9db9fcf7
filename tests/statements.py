"""Counting SQL statements, including those that go past Django's cursor."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.test.utils import CaptureQueriesContext

from oms.kernel import sql


@contextmanager
def count_statements() -> Iterator[list[str]]:
    """The statements that Django and `oms.kernel.sql` send while the block runs."""
    seen: list[str] = []
    sql.listeners.append(seen.append)
    try:
        with CaptureQueriesContext(connection) as captured:
            yield seen
        seen.extend(query["sql"] for query in captured)
    finally:
        sql.listeners.remove(seen.append)

"""Rows of any table, made from the catalogue alone: for what must hold for all tables alike."""

import contextlib
from collections.abc import Iterator
from itertools import count
from uuid import UUID

from django.db import connection

from oms.backoffice.walls import PARENTS

_serial = count(1_000_000)

_COLUMNS = """
SELECT a.attname, format_type(a.atttypid, NULL), a.atttypmod
FROM pg_attribute a
WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
  AND (a.attnotnull AND NOT a.atthasdef OR a.attname IN ('organization_id', 'id'))
"""
_HINDRANCES = """
SELECT format('ALTER TABLE %%I DROP CONSTRAINT %%I', conrelid::regclass::text, conname)
FROM pg_constraint WHERE contype IN ('c', 'f') AND conrelid = %s::regclass
"""


def asked(query: str, params: object = None) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(query, params)
        return cursor.fetchall() if cursor.description else []


@contextlib.contextmanager
def as_owner() -> Iterator[None]:
    """As the owner of the tables, within the test's transaction."""
    asked("SET ROLE NONE")
    yield
    asked("SET ROLE oms_app")


def lift_constraints(table: str) -> None:
    """Let rows of a table and its parents be invented until the test's transaction ends."""
    asked("SET CONSTRAINTS ALL IMMEDIATE")
    for (statement,) in asked(_HINDRANCES, [table]):
        asked(statement)
    asked(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    if table in PARENTS:
        lift_constraints(PARENTS[table][1])


def invent(table: str, organization_id: int) -> dict[str, object]:
    """Insert a row of an organization, with its parents; the values it was given."""
    values: dict[str, object] = {}
    for name, kind, length in asked(_COLUMNS, [table]):
        values[name] = _value(kind, length)
    if "organization_id" in values:
        values["organization_id"] = organization_id
    if table == "accounts_organization":
        values["id"] = organization_id
    if table in PARENTS:
        column, parent = PARENTS[table]
        values[column] = invent(parent, organization_id)["id"]
    insert(table, values)
    return values


def insert(table: str, values: dict[str, object]) -> None:
    names = ", ".join(values)
    marks = ", ".join("%s" for _ in values)
    insertion = f"INSERT INTO {table} ({names}) OVERRIDING SYSTEM VALUE VALUES ({marks})"
    asked(insertion, [*values.values()])


def _value(kind: str, length: int) -> object:
    number = next(_serial)
    if kind == "smallint[]":  # days of a week, of which one at least is named
        return "{1}"
    if kind.endswith("[]"):
        return "{}"
    if kind in {"character varying", "text", "character"}:
        return str(number)[-(length - 4) :] if length > 4 else str(number)
    simple = {
        "bigint": number,
        "integer": number,
        "smallint": number % 30_000,
        "numeric": number % 100,
        "double precision": 1.0,
        "boolean": False,
        "jsonb": "{}",
        "bytea": str(number).encode(),
        "uuid": UUID(int=number),
        "interval": "0",
        "date": "2026-11-20",
        "time without time zone": "16:00",
        "timestamp with time zone": "2026-11-20T02:00:00Z",
        "inet": "192.0.2.1",
    }
    return simple[kind]

"""One client that talks to PostgreSQL directly: F4, F5, F6 and the floor of counted stock."""

import hashlib
import itertools
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from random import Random
from typing import Any

import msgspec
import psycopg

from bench import orders
from bench.floors.tables import ONE_STATEMENT
from bench.helpers import Job, Result, serve
from bench.sizes import ORDER_LINES, SKUS

COPY_BATCH = 100
LEVELS_A_BATCH = 1_000

Connection = psycopg.Connection[tuple[Any, ...]]
Work = Callable[[int], int]
"""Does the n-th piece of work in one transaction; says how much that was."""


def main() -> None:
    serve(prepare)


def prepare(job: Job) -> Callable[[], Result]:
    """Connect and warm up, so that statements are prepared."""
    connection: Connection = psycopg.connect(job["database"], autocommit=True)
    connection.prepare_threshold = 0
    work = WORKS[job["work"]](connection, f"{job['prefix']}-{job['client']}")
    pieces = itertools.count()
    for _ in range(2):
        work(next(pieces))
    return lambda: _run(connection, work, pieces, seconds=job["seconds"])


def _run(connection: Connection, work: Work, pieces: Iterator[int], *, seconds: float) -> Result:
    done, begun, cpu = 0, time.perf_counter(), time.process_time()
    while (now := time.perf_counter()) < begun + seconds:
        done += work(next(pieces))
    now = time.perf_counter()
    connection.close()
    return {"done": done, "seconds": now - begun, "cpu_seconds": time.process_time() - cpu}


class Draft:
    """One order, made of the same bytes as those that go over HTTP."""

    def __init__(self, number: str, template: bytes, random: Random) -> None:
        skus = random.sample(range(1, SKUS), ORDER_LINES)
        self.number = number
        self.head = (number, "PAID", "SGD", "SG", "Singapore", "048624", "remark")
        self.total = Decimal("89.70")
        self.now_ms = time.time_ns() // 1_000_000
        self.codes = [orders.sku_code(sku) for sku in skus]
        self.ids = [f"{number}-{place}" for place in range(1, ORDER_LINES + 1)]
        self.raw = template
        self.contact = template[200:600]
        self.email_hash = hashlib.sha256(number.encode()).digest()
        self.event = msgspec.json.encode({"order": number}).decode()


def _drafts(prefix: str) -> Callable[[int], Draft]:
    random = Random(prefix)
    template = orders.order_body(prefix, random=random, now_ms=0, hot=False, paid=True)
    return lambda n: Draft(f"{prefix}-{n:07d}", template, random)


def _single_statements(connection: Connection, prefix: str) -> Work:
    """F4: eight statements and a commit."""
    draft_of = _drafts(prefix)
    cursor = connection.cursor(binary=True)

    def place(n: int) -> int:
        draft = draft_of(n)
        with connection.transaction():
            cursor.execute("SELECT code, id FROM sku WHERE code = ANY(%s)", [draft.codes])
            skus: dict[str, int] = dict(cursor.fetchall())
            cursor.execute(_ORDER, [*draft.head, draft.total, draft.now_ms])
            ((order_id,),) = cursor.fetchall()
            for place, (line_id, code) in enumerate(zip(draft.ids, draft.codes, strict=True), 1):
                cursor.execute(_LINE, [order_id, place, line_id, skus[code], code])
            cursor.execute(_BUYER, [order_id, draft.contact, draft.raw, draft.email_hash])
            cursor.execute(_EVENT, [order_id, draft.event])
            cursor.execute(_DUE, [order_id])
        return 1

    return place


_ORDER = """
INSERT INTO orders (channel_id, external_id, status, currency, country, city, postcode, remark,
                    goods_total, placed_at)
VALUES (1, %s, %s, %s, %s, %s, %s, %s, %s, to_timestamp(%s::float8 / 1000)) RETURNING id
"""
_LINE = """
INSERT INTO line (order_id, position, external_id, sku_id, sku_code, name, unit_price, quantity)
VALUES (%s, %s, %s, %s, %s, 'Benchmark article', 29.9, 1)
"""
_BUYER = "INSERT INTO buyer (order_id, contact, raw_body, email_hash) VALUES (%s, %s, %s, %s)"
_EVENT = """
INSERT INTO event (type, subject_id, sequence, data) VALUES ('order.placed', %s, 1, %s::jsonb)
"""
_DUE = "UPDATE orders SET due_at = now() WHERE id = %s"


def _one_statement(connection: Connection, prefix: str) -> Work:
    """F5: one prepared statement, which is its own transaction."""
    draft_of = _drafts(prefix)
    cursor = connection.cursor(binary=True)
    names = ["Benchmark article"] * ORDER_LINES
    prices, quantities = [Decimal("29.9")] * ORDER_LINES, [1] * ORDER_LINES

    def place(n: int) -> int:
        draft = draft_of(n)
        values = [
            *draft.head, draft.total, draft.now_ms, draft.ids, draft.codes, names, prices,
            quantities, draft.contact, draft.raw, draft.email_hash,
        ]  # fmt: skip
        cursor.execute(ONE_STATEMENT, {str(place): value for place, value in enumerate(values)})
        return len(cursor.fetchall())

    return place


def _copied(connection: Connection, prefix: str) -> Work:
    """F6: batches of a hundred orders, one COPY per table."""
    draft_of = _drafts(prefix)
    cursor = connection.cursor()
    cursor.execute("SELECT code, id FROM sku")
    skus: dict[str, int] = dict(cursor.fetchall())

    def place(n: int) -> int:
        drafts = [draft_of(n * COPY_BATCH + place) for place in range(COPY_BATCH)]
        with connection.transaction():
            cursor.execute(_IDS, [COPY_BATCH])
            numbered = [(pk, draft) for (pk,), draft in zip(cursor, drafts, strict=True)]
            _copy(cursor, _COPY_ORDERS, (_order_row(pk, draft) for pk, draft in numbered))
            _copy(cursor, _COPY_LINES, _line_rows(numbered, skus))
            _copy(
                cursor,
                "COPY buyer (order_id, contact, raw_body, email_hash) FROM STDIN",
                ((pk, d.contact, d.raw, d.email_hash) for pk, d in numbered),
            )
            _copy(
                cursor,
                "COPY event (type, subject_id, sequence, data) FROM STDIN",
                (("order.placed", pk, 1, draft.event) for pk, draft in numbered),
            )
        return COPY_BATCH

    return place


_IDS = "SELECT nextval('orders_id_seq') FROM generate_series(1, %s::int)"
_COPY_ORDERS = """
COPY orders (id, channel_id, external_id, status, currency, country, city, postcode, remark,
             goods_total, placed_at, due_at) FROM STDIN
"""
_COPY_LINES = """
COPY line (order_id, position, external_id, sku_id, sku_code, name, unit_price, quantity) FROM STDIN
"""


def _order_row(pk: int, draft: Draft) -> tuple[object, ...]:
    return (pk, 1, *draft.head, draft.total, "2026-01-15 12:00:00+00", "2026-01-15 12:00:00+00")


def _line_rows(
    numbered: list[tuple[int, Draft]], skus: dict[str, int]
) -> Iterator[tuple[object, ...]]:
    for pk, draft in numbered:
        for place, (line_id, code) in enumerate(zip(draft.ids, draft.codes, strict=True), 1):
            yield pk, place, line_id, skus[code], code, "Benchmark article", "29.9", 1


def _counted(connection: Connection, prefix: str) -> Work:
    """COPY of the rows a full stock list writes: levels, and a ledger row for each."""
    cursor = connection.cursor()
    point = int.from_bytes(hashlib.sha256(prefix.encode()).digest()[:4], "big")

    def count(n: int) -> int:
        with connection.transaction():
            cursor.execute(
                "SELECT nextval('level_id_seq') FROM generate_series(1, %s::int)", [LEVELS_A_BATCH]
            )
            ids = [pk for (pk,) in cursor]
            _copy(
                cursor,
                "COPY level (id, sku_id, point_id, on_hand, counted_at) FROM STDIN",
                (
                    (pk, place, point + n, 1000, "2026-01-15 12:00:00+00")
                    for place, pk in enumerate(ids)
                ),
            )
            _copy(cursor, _COPY_MOVEMENTS, ((pk, "COUNT", 1000, 0, "bench", "bench") for pk in ids))
        return LEVELS_A_BATCH

    return count


_COPY_MOVEMENTS = """
COPY movement (level_id, kind, on_hand_delta, reserved_delta, cause, actor) FROM STDIN
"""


def _copy(
    cursor: psycopg.Cursor[tuple[Any, ...]], statement: str, rows: Iterator[tuple[object, ...]]
) -> None:
    with cursor.copy(statement.encode()) as copy:
        for row in rows:
            copy.write_row(row)


WORKS: dict[str, Callable[[Connection, str], Work]] = {
    "F4": _single_statements,
    "F5": _one_statement,
    "F6": _copied,
    "C9": _counted,
}

if __name__ == "__main__":
    main()

"""The one SQL call both floors end in."""

import hashlib
from collections.abc import Sequence
from typing import Any

from django.db import connection

from bench.floors.tables import CALL


def place(head: Sequence[Any], lines: Sequence[Sequence[Any]], raw: bytes, mail: str) -> int:
    """Store an order: `head` are its columns, `lines` its lines' columns, each one list."""
    contact, digest = raw[200:600], hashlib.sha256(mail.encode()).digest()
    columns = [list(column) for column in zip(*lines, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(CALL, (*head, *columns, contact, raw, digest))
        row = cursor.fetchone()
    return int(row[0] or 0) if row else 0

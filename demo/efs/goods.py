"""What is ordered: the first invoices of a file, or made-up ones in the same layout."""

import csv
import datetime as dt
import gzip
from collections.abc import Iterable, Iterator
from itertools import groupby, islice
from pathlib import Path
from random import Random

from demo import world
from demo.orders import FIRST_NAMES

COLUMNS = (
    "InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice",
    "CustomerID", "Country",
)  # fmt: skip
CHARGES = frozenset({"POST", "DOT", "C2", "M", "D", "S", "BANK CHARGES", "AMAZONFEE"})
MOST_LINES = 5
MOST_UNITS = 4
FIRST_INVOICE = 700_001
Row = dict[str, str]


def write(path: Path, *, orders: int, source: Path | None, seed: int) -> int:
    """Write a file of so many orders, as far as the source has them; returns how many."""
    invoices = _made_up(seed) if source is None else _sold(source)
    written = 0
    with path.open("w", encoding="utf-8", newline="") as text:
        writer = csv.DictWriter(text, COLUMNS)
        writer.writeheader()
        for rows in islice(invoices, orders):
            writer.writerows(rows)
            written += 1
    return written


def _sold(source: Path) -> Iterator[list[Row]]:
    """Invoices that sold goods; cancellations are left out, for here the warehouse cancels."""
    for number, found in groupby(_rows(source), key=lambda row: row["InvoiceNo"]):
        rows = list(found)
        goods = [row for row in rows if int(row["Quantity"]) > 0]
        if not number.upper().startswith("C") and any(map(_is_goods, goods)):
            yield goods


def _is_goods(row: Row) -> bool:
    return row["StockCode"].upper() not in CHARGES


def _rows(source: Path) -> Iterator[Row]:
    with (
        gzip.open(source, "rt", encoding="utf-8-sig", newline="")
        if source.suffix == ".gz"
        else source.open(encoding="utf-8-sig", newline="")
    ) as text:
        yield from csv.DictReader(text)


def _made_up(seed: int) -> Iterator[list[Row]]:
    """Orders without an end; the same seed gives the same ones."""
    items = [item for item in world.load().items.values() if item.brand_code]
    begun = dt.datetime(2026, 1, 5, 8, 0, tzinfo=dt.UTC)
    number = FIRST_INVOICE
    while True:
        dice = Random(f"{seed}:{number}")
        placed_at = (begun + dt.timedelta(minutes=number - FIRST_INVOICE)).replace(tzinfo=None)
        yield [
            {
                "InvoiceNo": str(number),
                "StockCode": item.code,
                "Description": item.name,
                "Quantity": str(dice.randint(1, MOST_UNITS)),
                "InvoiceDate": placed_at.isoformat(),
                "UnitPrice": f"{dice.randrange(490, 19_990, 50) / 100:.2f}",
                "CustomerID": dice.choice(FIRST_NAMES),
                "Country": "United Kingdom",
            }
            for item in dice.sample(items, dice.randint(1, MOST_LINES))
        ]
        number += 1


def sold(codes: Iterable[str]) -> list[str]:
    """SKU codes without those that are no goods, in order."""
    return sorted(set(codes) - CHARGES)

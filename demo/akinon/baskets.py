"""Rows of a file of orders as an Omnitron has them: lines of a few pieces, sold by sellers."""

import csv
import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import groupby, islice
from pathlib import Path
from random import Random

from demo.efs.goods import CHARGES
from tests.simulators.akinon_rows import CITIES, Basket, Buyer, Sold

MOST_LINES = 5
MOST_UNITS = 3
FREE = "0.00"


def read(path: Path, *, sellers: Sequence[str] = ("",), seed: int) -> Iterator[Basket]:
    """One basket per invoice. The same seed gives the same sellers and cities."""
    with path.open(encoding="utf-8", newline="") as text:
        rows = csv.DictReader(text)
        for number, found in groupby(rows, key=lambda row: row["InvoiceNo"]):
            lines = [row for row in found if _is_goods(row)]
            if lines:
                yield _basket(number, lines[:MOST_LINES], Random(f"{seed}:{number}"), sellers)


def _is_goods(row: dict[str, str]) -> bool:
    return int(row["Quantity"]) > 0 and row["StockCode"].upper() not in CHARGES


def _basket(
    number: str, lines: list[dict[str, str]], dice: Random, sellers: Sequence[str]
) -> Basket:
    buyer = lines[0]["CustomerID"] or f"guest-{number}"
    return Basket(
        number=number,
        sold=tuple(
            Sold(
                sku=row["StockCode"].upper(),
                quantity=min(int(row["Quantity"]), MOST_UNITS),
                price=f"{float(row['UnitPrice']):.2f}" if row["UnitPrice"] else FREE,
                supplier_code=dice.choice(sellers),
            )
            for row in lines
        ),
        buyer=Buyer(
            first_name="Buyer",
            last_name=buyer,
            email=f"{buyer}@buyers.example".lower(),
            line=f"{dice.randint(1, 200)} Sample Street",
            city=dice.choice(CITIES)[0],
            township=None,
            district=None,
        ),
        placed_at=dt.datetime.fromisoformat(lines[0]["InvoiceDate"]).replace(tzinfo=dt.UTC),
    )


def skus(baskets: Sequence[Basket]) -> list[str]:
    """Everything that is sold, each once and in order."""
    return sorted({sold.sku for basket in baskets for sold in basket.sold})


def first(baskets: Iterator[Basket], count: int) -> list[Basket]:
    return list(islice(baskets, count))

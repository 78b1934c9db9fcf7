"""The real file: what was imported is compared with an independent count of its rows."""

import csv
import gzip
from collections import Counter, defaultdict
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db.models import Sum

from oms.backoffice.invariants import INVARIANTS, verify
from oms.backoffice.models import OrderImport
from oms.orders.models import Order, OrderLine
from tests.factories import make_channel

PROJECT = Path(__file__).resolve().parents[3]
FILE = PROJECT.parent / "shared" / "data" / "online_retail.csv.gz"
NO_GOODS = {"POST", "DOT", "C2", "M", "D", "S", "BANK CHARGES", "AMAZONFEE"}

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not FILE.exists(), reason=f"the real data set is not at {FILE}"),
]


def count_file() -> tuple[Counter, dict[str, int]]:
    """Rows, units and orders by what should become of them, and cancelled units by order."""
    totals, cancelled = Counter(), Counter()
    sold = defaultdict(list)
    with gzip.open(FILE, "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with_goods = {
        row["InvoiceNo"]
        for row in rows
        if int(row["Quantity"]) > 0 and row["StockCode"].upper() not in NO_GOODS
    }
    for row in rows:
        totals["rows"] += 1
        quantity, code = int(row["Quantity"]), row["StockCode"].upper()
        key = (row["CustomerID"], code, Decimal(row["UnitPrice"]))
        if row["InvoiceNo"].startswith("C"):
            count_cancellation(row, -quantity, sold[key], totals, cancelled)
        elif quantity <= 0:
            totals["stock correction"] += 1
        elif code in NO_GOODS:
            kept = row["InvoiceNo"] in with_goods
            totals["charges" if kept else "charges only"] += 1
        else:
            totals["lines"] += 1
            totals["units"] += quantity
            sold[key].append([quantity, row["InvoiceNo"]])
    totals["orders"] = len(with_goods)
    return totals, dict(cancelled)


def count_cancellation(row, wanted, lines, totals, cancelled) -> None:
    if row["StockCode"].upper() in NO_GOODS:
        totals["credited charge"] += 1
        return
    if not row["CustomerID"]:
        totals["cancellation without customer"] += 1
        return
    left = wanted
    for line in reversed(lines):
        units = min(left, line[0])
        line[0] -= units
        left -= units
        if units:
            cancelled[line[1]] += units
    totals["cancelled units"] += wanted - left
    if not left:
        totals["cancellations"] += 1
    elif left == wanted:
        totals["cancellation matches no order"] += 1
    else:
        totals["cancellation only partly matched"] += 1


def test_the_real_file_comes_in_as_counted(tmp_path):
    make_channel(code="UK")
    expected, cancelled_by_order = count_file()

    call_command(
        "import_orders",
        str(FILE),
        channel="UK",
        mapping="online_retail",
        create_skus=True,
        refused=tmp_path / "refused.csv",
        stdout=StringIO(),
    )

    counts = Counter(OrderImport.objects.get().totals)
    refused = {
        name.removeprefix("refused."): number
        for name, number in counts.items()
        if name.startswith("refused.")
    }
    taken = counts["rows.lines"] + counts["rows.charges"] + counts["rows.cancelled"]
    assert counts["rows.read"] == expected["rows"] == taken + sum(refused.values())
    assert (counts["rows.lines"], OrderLine.objects.count()) == (expected["lines"],) * 2
    assert (counts["orders.placed"], Order.objects.count()) == (expected["orders"],) * 2
    assert counts["rows.charges"] == expected["charges"]
    assert counts["rows.cancelled"] == expected["cancellations"]
    assert refused == {name: expected[name] for name in refused}
    assert sum(refused.values()) == len((tmp_path / "refused.csv").read_text().splitlines()) - 1
    units = OrderLine.objects.aggregate(
        ordered=Sum("quantity_ordered"), cancelled=Sum("quantity_cancelled")
    )
    assert units == {"ordered": expected["units"], "cancelled": expected["cancelled units"]}
    stored = Order.objects.annotate(units=Sum("lines__quantity_cancelled")).filter(units__gt=0)
    assert dict(stored.values_list("external_id", "units")) == cancelled_by_order
    assert {
        result.invariant.code for result in map(verify, INVARIANTS) if not result.holds
    } == set()

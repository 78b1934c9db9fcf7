import pytest

from demo import retail

ROWS = """InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
1,85123A,Lantern,6,2010-12-01T08:26:00,2.55,17850,United Kingdom
1,85123a,,2,2010-12-01T08:26:00,2.55,17850,United Kingdom
1,POST,Postage,1,2010-12-01T08:26:00,5,17850,United Kingdom
C2,85123A,Lantern,-1,2010-12-01T09:26:00,2.55,17850,United Kingdom
3,22,Wet,-5,2010-12-01T10:26:00,0,,United Kingdom
"""
STORED = {("1", 1): 6, ("1", 2): 2}
SHIPPED = {("1", 1): 5, ("1", 2): 2}
REFUSED = {("3", 1): "stock correction"}
PRINTED = """Rows read                   5
  order lines               2
  charges                   1
  cancellations             1
  refused                   1
    stock correction: 1
Orders                      1
  placed 1, updated 0, there before 0
Units ordered               8
Units cancelled             1
"""


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text(ROWS, "utf-8")
    return retail.read(path)


def compare(file, *, stored=None, shipped=None):
    return list(
        retail.contradictions(
            file,
            stored=STORED if stored is None else stored,
            shipped=SHIPPED if shipped is None else shipped,
            refused=REFUSED,
            printed=retail.printed_totals(PRINTED),
        )
    )


def test_it_reads_every_row_and_what_was_sold(file):
    assert len(file.rows) == 5
    assert file.rows["C2", 1] == -1
    assert file.sold == {"85123A": 8, "POST": 1}
    assert file.names["85123A"] == "Lantern"


def test_it_finds_nothing_when_everything_adds_up(file):
    assert compare(file) == []


def test_it_finds_a_lost_line(file):
    assert compare(file, stored={("1", 1): 6}, shipped={("1", 1): 5}) != []


def test_it_finds_a_changed_quantity(file):
    found = compare(file, stored={**STORED, ("1", 1): 7}, shipped={**SHIPPED, ("1", 1): 6})

    assert found[0] == "('1', 1): 7 units are stored, the file has 6"


def test_it_finds_units_shipped_twice(file):
    found = compare(file, shipped={**SHIPPED, ("1", 2): 4})

    assert found[0] == "('1', 2): 4 units shipped of 2"

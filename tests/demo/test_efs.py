"""The demo of an external warehouse system: what it orders, and books that notice."""

import csv
from copy import deepcopy

import pytest

from demo import retail
from demo.efs import goods, scenery
from tests.simulators.wms_books import Books, Shipment, Theirs, differences

ROWS = """InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
1,85123A,Lantern,6,2010-12-01T08:26:00,2.55,17850,United Kingdom
1,POST,Postage,1,2010-12-01T08:26:00,5,17850,United Kingdom
C2,85123A,Lantern,-1,2010-12-01T09:26:00,2.55,17850,United Kingdom
3,POST,Postage,1,2010-12-01T10:26:00,5,17850,United Kingdom
4,22,Wet,-5,2010-12-01T10:26:00,0,,United Kingdom
5,71053,Lantern,2,2010-12-01T10:26:00,3,,United Kingdom
6,71053,Lantern,3,2010-12-01T10:27:00,3,,United Kingdom
"""


def written(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_it_takes_the_first_invoices_that_sold_goods(tmp_path):
    (tmp_path / "source.csv").write_text(ROWS, "utf-8")

    count = goods.write(tmp_path / "o.csv", orders=2, source=tmp_path / "source.csv", seed=1)

    assert count == 2
    assert [(row["InvoiceNo"], row["StockCode"]) for row in written(tmp_path / "o.csv")] == [
        ("1", "85123A"),
        ("1", "POST"),
        ("5", "71053"),
    ]
    assert goods.sold(retail.read(tmp_path / "o.csv").sold) == ["71053", "85123A"]


def test_made_up_orders_are_the_same_for_the_same_seed(tmp_path):
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        goods.write(tmp_path / name, orders=20, source=None, seed=seed)

    first, same, other = ((tmp_path / name).read_text("utf-8") for name in "abc")
    assert first == same
    assert first != other
    assert len({row["InvoiceNo"] for row in written(tmp_path / "a")}) == 20


def push(event="SUBORDER_CREATE", message=1, *, ordered=3, cancelled=0, code="WS-1"):
    return {
        "messageId": message,
        "orderCode": code,
        "channelName": "SHOP",
        "eventType": event,
        "onHold": False,
        "orderItems": [
            {
                "channelSkuCode": scenery.efs_code("A"),
                "orderedQuantity": ordered,
                "cancelledQuantity": cancelled,
            }
        ],
    }


@pytest.fixture
def books():
    """An order of three, one of them given up, two packed, handed over and told."""
    found = Books()
    consignment = found.enter_order(push())
    consignment.given_up = {"EF-A": 1}
    found.enter_order(push("SUBORDER_PARTIAL_CANCEL", 2, cancelled=1))
    consignment.shipments.append(
        Shipment(7, "INV-1", "AWB-1", "SWIFT", {"EF-A": 2}, 21.0, 20.0, 1.0)
    )
    consignment.is_handed_over = True
    found.enter_order(push("SUBORDER_COMPLETE", 3, cancelled=1))
    return found


@pytest.fixture
def theirs():
    return Theirs(
        ordered={("WS-1", "EF-A"): 3},
        shipped={("WS-1", "EF-A"): 2},
        cancelled={("WS-1", "EF-A"): 1},
        invoices={"INV-1": 21.0},
        tracking_numbers={"AWB-1"},
    )


def test_books_that_agree_have_no_problem(books, theirs):
    assert list(books.problems()) == []
    assert list(differences(books, theirs)) == []


def test_a_notification_that_comes_again_is_not_entered_twice(books):
    books.enter_order(push("SUBORDER_COMPLETE", 3, cancelled=1))

    assert books.duplicates == 1
    assert list(books.problems()) == []


@pytest.mark.parametrize(
    "member", ["ordered", "shipped", "cancelled", "invoices", "tracking_numbers"]
)
def test_a_fact_on_one_side_only_is_told(books, theirs, member):
    getattr(theirs, member).clear()

    assert len(list(differences(books, theirs))) == 1


def test_a_unit_neither_packed_nor_cancelled_is_told(books):
    books.consignments["WS-1"].shipments.clear()

    assert list(books.problems()) == [
        "WS-1: 3 of EF-A ordered, 0 packed, 1 cancelled",
        "WS-1: 0 shipments, handed over: True",
    ]


def test_a_hand_over_nobody_told_of_is_told(books):
    books.consignments["WS-1"].events.remove("SUBORDER_COMPLETE")

    assert [problem.partition(",")[0] for problem in books.problems()] == [
        "WS-1: handed over: True"
    ]


def test_a_number_given_twice_is_told(books):
    books.consignments["WS-2"] = deepcopy(books.consignments["WS-1"])
    books.consignments["WS-2"].order_code = "WS-2"

    assert list(books.problems()) == [
        "invoice INV-1 was given 2 times",
        "tracking number AWB-1 was given 2 times",
        "shipment 7 was given 2 times",
    ]


def test_news_out_of_order_is_told(books):
    books.enter_order(push("SUBORDER_CANCEL", 9, code="WS-9"))

    assert books.surprises == ["WS-9: SUBORDER_CANCEL, known before: False"]

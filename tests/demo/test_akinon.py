"""The demo of Omnitron and Seller Center: what is ordered, and books that notice."""

import datetime as dt
import threading

import pytest
import yaml

from demo.akinon import baskets, books, scenery
from demo.akinon.outage import Outage, counted
from demo.akinon.stored import Package, Stored, Unit
from tests.simulators.akinon_books import ShopBooks
from tests.simulators.omnitron import Basket, Omnitron, Sold
from tests.simulators.seller_books import SellerBooks, SellerPackage
from tests.simulators.seller_center import SellerCenter

ROWS = """InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
1,85123a,Lantern,6,2010-12-01T08:26:00,2.55,17850,United Kingdom
1,POST,Postage,1,2010-12-01T08:26:00,5,17850,United Kingdom
1,22,Wet,-5,2010-12-01T10:26:00,0,,United Kingdom
2,POST,Postage,1,2010-12-01T10:26:00,5,17850,United Kingdom
3,71053,Lantern,2,2010-12-01T10:26:00,3,,United Kingdom
"""


@pytest.fixture
def rows(tmp_path):
    (tmp_path / "o.csv").write_text(ROWS, "utf-8")
    return tmp_path / "o.csv"


def test_rows_become_baskets_of_few_pieces(rows):
    first, second = baskets.read(rows, seed=1)

    assert [(each.sku, each.quantity, each.price) for each in first.sold] == [
        ("85123A", baskets.MOST_UNITS, "2.55")
    ]
    assert first.placed_at == dt.datetime(2010, 12, 1, 8, 26, tzinfo=dt.UTC)
    assert (second.number, second.buyer.last_name, second.units) == ("3", "guest-3", 2)
    assert baskets.skus([first, second]) == ["71053", "85123A"]


def test_the_same_seed_gives_the_same_sellers(rows):
    sellers = scenery.sellers("b")

    assert list(baskets.read(rows, sellers=sellers, seed=1)) == list(
        baskets.read(rows, sellers=sellers, seed=1)
    )


@pytest.mark.parametrize(("mode", "channels"), [("a", ["SHOP"]), ("b", [])])
def test_a_world_has_a_channel_only_where_none_comes_by_itself(tmp_path, mode, channels):
    scenery.write(tmp_path / "w.yaml", mode=mode, skus=["A", "B", "C"])

    world = yaml.safe_load((tmp_path / "w.yaml").read_text("utf-8"))

    assert [entry["code"] for entry in world.get("channels", [])] == channels
    assert {entry["sku"] for entry in world["stock"]} == {"A", "B", "C"}


@pytest.fixture
def source():
    """One order of one piece, on its way."""
    found = ShopBooks()
    found.place(Basket("279209", (Sold("A"),)))
    for status in ("450", "500"):
        found.change_item(70193, {"status": status})
    return found


@pytest.fixture
def stored():
    return Stored(
        orders={"279209": 1},
        units={70193: [Unit("279209", "A", 1, 0)]},
        packages={"00000001": Package("279209", "600", "WEST", "", {70193})},
    )


def test_books_that_agree_have_no_contradiction(source, stored):
    assert list(books.of_source(source, stored)) == []


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda found: found.orders.clear(), "order 279209: 0 times here"),
        (lambda found: found.orders.update({"279209": 2}), "order 279209: 2 times here"),
        (lambda found: found.units.clear(), "order 279209, item 70193: 0 lines here"),
        (lambda found: found.packages.clear(), "order 279209, item 70193: in 0 packages"),
        (lambda found: found.units.update({1: []}), "item 1: here, but not at its source"),
        (
            lambda found: setattr(found.packages["00000001"], "state", "650"),
            "order 279209, item 70193: status 500 there, package in 650 here",
        ),
        (
            lambda found: found.packages.update(
                {"00000002": Package("279209", "100", "EAST", "", {70193})}
            ),
            "order 279209, item 70193: in 2 packages",
        ),
    ],
)
def test_what_is_on_one_side_only_is_told(source, stored, change, problem):
    change(stored)

    assert [each[: len(problem)] for each in books.of_source(source, stored)] == [problem]


def test_a_cancelled_piece_is_in_no_package(source, stored):
    source.ask_to_cancel(12345, [70193])
    stored.units[70193][0].cancelled = 1

    assert list(books.of_source(source, stored)) == [
        "order 279209, item 70193: cancelled, but in a package"
    ]


@pytest.fixture
def theirs():
    found = SellerBooks()
    payload = {
        "number": "00000001",
        "order_number": "279209",
        "stock_location": {"erp_code": "WEST", "conf": {}},
        "packageitem_set": [{"order_item": {"omnitron_id": 70193}}],
    }
    found.packages["00000001"] = SellerPackage("00000001", payload, ["100", "600"])
    found.created.add("00000001")
    return found


def test_packages_that_agree_have_no_contradiction(theirs, stored):
    assert list(books.of_sellers(theirs, stored, {70193: ""})) == []


@pytest.mark.parametrize(
    ("member", "value", "problem"),
    [
        ("state", "650", "package 00000001: 600 there (after ['100', '600']), 650 here"),
        ("place", "EAST", "package 00000001: of 279209 at WEST there"),
        ("items", set(), "package 00000001: items [70193] there, [] here"),
    ],
)
def test_a_package_that_differs_is_told(theirs, stored, member, value, problem):
    setattr(stored.packages["00000001"], member, value)

    assert list(books.of_sellers(theirs, stored, {70193: ""})) == [problem]


def test_a_package_nobody_was_told_of_is_told(theirs, stored):
    theirs.packages.clear()

    assert list(books.of_sellers(theirs, stored, {})) == [
        "package 00000001: there False, here True"
    ]


def test_a_package_whose_creation_was_lost_is_told(theirs, stored):
    theirs.created.clear()

    assert list(books.of_sellers(theirs, stored, {70193: ""})) == [
        "package 00000001: nobody said that it was created"
    ]


def test_packages_in_their_last_state_are_done(stored):
    stored.packages["00000002"] = Package("279209", "650", "WEST", "")

    assert books.unfinished(stored) == ["00000001"]


def test_an_outage_ends_and_leaves_both_up():
    with Omnitron() as omnitron, SellerCenter() as seller_center:
        outage = Outage(omnitron, seller_center, seconds=0.05)
        threads = threading.active_count()

        outage.begin()
        outage.join()

        assert (outage.is_over, seller_center.is_up) == (True, True)
        assert threading.active_count() <= threads + 1
        assert dict(counted(omnitron, seller_center))["calls to Omnitron"] == 0

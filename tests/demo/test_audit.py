import pytest

from demo import world
from demo.audit import audit_order
from demo.books import Books
from demo.messages import Order, OrderItem, Parcel, ParcelItem
from demo.orders import purchases
from demo.plots import Plot
from tests.demo.builders import detail, task

WORLD = world.load()


@pytest.fixture
def bought():
    made = purchases(WORLD, count=200, seed=1, now=1_800_000_000_000)
    return next(purchase for purchase in made if purchase.plot is Plot.DELIVER)


def books_of(bought, status="DELIVERED"):
    """Everything as it should be."""
    books = Books()
    items = [
        OrderItem(index, int(line.item_id), status, line.sku_code, line.quantity)
        for index, line in enumerate(bought.lines)
    ]
    books.orders[bought.number] = [Order(bought.number, status, 1, items)]
    work = task(order_no=bought.number, details=0, status=status)
    for index, line in enumerate(bought.lines):
        entry = detail(index, status, line.quantity)
        entry.orig_order_item_id = int(line.item_id)
        work.task_details.append(entry)
    books.tasks[bought.number] = [work]
    contents = [ParcelItem(int(line.item_id), status, line.quantity) for line in bought.lines]
    books.parcels[bought.number] = [Parcel(1, "P1", "U1", status, "T1", bought.number, contents)]
    return books


def test_it_finds_nothing_when_everything_adds_up(bought):
    assert list(audit_order(bought, books_of(bought))) == []


def test_it_finds_a_lost_order(bought):
    assert list(audit_order(bought, Books())) == [f"{bought.number}: stored 0 times"]


def test_it_finds_a_doubled_order(bought):
    books = books_of(bought)
    books.orders[bought.number] *= 2

    assert list(audit_order(bought, books)) == [f"{bought.number}: stored 2 times"]


def test_it_finds_an_order_that_stopped(bought):
    found = list(audit_order(bought, books_of(bought, "PACKED")))

    assert found == [f"{bought.number}: is PACKED, but its story is: paid, delivered"]


def test_it_finds_units_that_are_in_no_parcel(bought):
    books = books_of(bought)
    books.parcels[bought.number][0].items.pop()

    assert "in parcels" in next(audit_order(bought, books))


def test_it_finds_units_given_to_two_tasks(bought):
    books = books_of(bought)
    books.tasks[bought.number] *= 2

    assert "in tasks" in next(audit_order(bought, books))

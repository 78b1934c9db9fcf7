from collections import Counter

from demo import world
from demo.orders import purchases
from demo.plots import SHARES, Plot

WORLD = world.load()
NOW = 1_800_000_000_000


def made(count=200, seed=1):
    return list(purchases(WORLD, count=count, seed=seed, now=NOW))


def test_it_makes_the_same_orders_from_the_same_seed():
    assert made() == made()


def test_it_makes_other_orders_from_another_seed():
    first, second = {p.number for p in made(seed=1)}, {p.number for p in made(seed=2)}

    assert first.isdisjoint(second)


def test_it_tells_every_story_among_two_hundred_orders():
    plots = Counter(purchase.plot for purchase in made())

    assert set(plots) == {Plot.DELIVER, *SHARES}
    assert (plots[Plot.LOST], plots[Plot.RETURNED]) == (1, 1)


def test_it_leaves_at_least_half_of_the_orders_ordinary():
    assert [purchase.plot for purchase in made(10)].count(Plot.DELIVER) == 5


def test_it_numbers_orders_and_lines_once():
    orders = made(500)
    lines = [line.item_id for order in orders for line in order.lines]

    assert len({order.number for order in orders}) == 500
    assert len(set(lines)) == len(lines)


def test_it_keeps_lines_between_one_and_five_and_skus_apart():
    for order in made(500):
        codes = [line.sku_code for line in order.lines]
        assert 1 <= len(codes) <= 5
        assert len(set(codes)) == len(codes)


def test_it_invents_its_people():
    for order in made(100):
        assert order.body(paid=True)["customer_email"].endswith("@example.com")


def test_it_pays_by_sending_the_same_order_a_minute_younger():
    order = made(1)[0]
    before, after = order.body(paid=False), order.body(paid=True)

    assert (before["order_status"], after["order_status"]) == ("CREATED", "PAID")
    assert after["updated_date"] == before["updated_date"] + 60_000
    assert before["items"] == after["items"]

import pytest

from demo import world
from demo.keeper import procfile
from demo.orders import purchases
from demo.plots import Extent, Plot, milestones_left
from demo.story import Story

WORLD = world.load()


@pytest.fixture
def story():
    return Story(purchases(WORLD, count=200, seed=1, now=1_800_000_000_000))


def number_of(story, plot):
    return next(number for number, made in story.purchases.items() if made.plot is plot)


def test_it_leaves_orders_of_other_runs_alone(story):
    assert story.extent_of("OTHER-1") is Extent.LEAVE


def test_it_holds_an_order_back_until_its_line_is_cancelled(story):
    number = number_of(story, Plot.CANCEL_LINE)

    assert story.extent_of(number) is Extent.PICKING
    story.free(number)
    assert story.extent_of(number) is Extent.DELIVER


def test_it_settles_an_order_once(story):
    number = number_of(story, Plot.DELIVER)
    story.note_sent(number)

    assert [story.see(number, "PACKED"), story.see(number, "DELIVERED")] == [False, True]
    assert story.see(number, "DELIVERED") is False
    assert number not in story.unsettled


def test_it_waits_for_the_shop_to_try_cancelling_too_late(story):
    number = number_of(story, Plot.CANCEL_TOO_LATE)

    assert story.see(number, "DELIVERED") is False
    story.free(number)
    assert story.see(number, "DELIVERED") is True


@pytest.mark.parametrize(
    ("extent", "status", "left"),
    [
        (Extent.DELIVER, "SHIPPING", ("PENDING DELIVERY", "DELIVERED")),
        (Extent.DELIVER, "PENDING DELIVERY", ("DELIVERED",)),
        (Extent.DELIVER, "DELIVERED", ()),
        (Extent.DELIVER, "PACKED", ()),
        (Extent.RETURN, "PENDING DELIVERY", ("RETURNED TO FP",)),
        (Extent.LOSE, "SHIPPING", ("LOST",)),
        (Extent.SHIP, "SHIPPING", ()),
    ],
)
def test_it_reports_only_the_milestones_still_missing(extent, status, left):
    assert milestones_left(extent, status) == left


def test_it_keeps_the_processes_of_the_procfile():
    assert list(procfile()) == ["web", "worker", "beat"]

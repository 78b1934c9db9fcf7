"""Walking a long list by offset, a page at a time."""

import datetime as dt

import pytest

from oms.api.base import bookmarks
from oms.api.oms4 import paging
from tests.api.oms4.world import World
from tests.factories import NOW, place


@pytest.fixture
def long_list(world, monkeypatch):
    """Nine orders, of which the third page of two is already far."""
    monkeypatch.setattr(paging, "FAR", 5)
    for number in range(9):
        placed_at = NOW + dt.timedelta(minutes=number // 3)  # some at one instant
        place(
            channel=world.channel,
            lines=[(world.sku, 1)],
            external_id=f"L-{number}",
            placed_at=placed_at,
        )
    bookmarks.kept()._server.flushdb()
    return world


def page(world: World, offset: int) -> list[str]:
    return [each["order_no"] for each in world.shop.orders(offset=offset, limit=2)]


def test_a_walk_sees_every_record_once(long_list):
    seen = [number for offset in range(0, 12, 2) for number in page(long_list, offset)]

    assert seen == [f"L-{number}" for number in range(9)]


def test_a_jump_without_a_walk_counts_the_offset(long_list):
    assert page(long_list, 6) == ["L-6", "L-7"]


def test_who_walks_on_misses_nothing_when_records_leave(long_list):
    page(long_list, 4)
    long_list.channel.orders.filter(external_id="L-0").update(placed_at=NOW.replace(year=2100))

    assert page(long_list, 6) == ["L-6", "L-7"]


def test_another_list_has_places_of_its_own(long_list):
    page(long_list, 4)

    found = long_list.shop.orders(offset=6, limit=2, order_status=["LOST"])

    assert found == []


def test_without_valkey_far_pages_are_counted(long_list, monkeypatch):
    away = bookmarks.Bookmarks("redis://127.0.0.1:1/0")
    monkeypatch.setattr(bookmarks, "kept", lambda: away)

    assert page(long_list, 6) == ["L-6", "L-7"]
    assert page(long_list, 8) == ["L-8"]

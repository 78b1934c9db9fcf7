import datetime as dt
import re

import pytest
from django.utils import timezone

from oms.inbox import services as inbox
from oms.orders.choices import OrderStatus
from tests import backoffice_builders as build
from tests.statements import count_statements


@pytest.fixture
def busy(db):
    """A day with something of everything."""
    channel = build.make_channel()
    point = build.make_point(channel)
    for status in OrderStatus.values:
        build.make_order(channel, status=status)
    for reason in ("Out of stock: A", "Out of stock: B, C", "No point serves this channel now"):
        build.make_order(channel, status="UNALLOCATED", waiting_for=reason)
    build.make_order(channel, placed_at=timezone.now())
    late = build.make_order(channel, status="ALLOCATED")
    task = build.make_task(late, point, accept_by=build.NOW)
    build.make_document(build.make_parcel(task), status="FAILED")
    gone = build.make_order(channel, status="SHIPPED")
    build.make_task(gone, point, status="SHIPPED", shipped_at=timezone.now())
    build.make_hold(late)
    build.make_request(late)
    build.make_event(late, parked_at=build.NOW)
    build.make_level(build.make_sku(channel.organization), point, on_hand=1, reserved=3)
    build.make_order(status="LOST")
    inbox.reconcile_due(now=timezone.now())
    build.make_entry(channel.organization, snoozed_until=timezone.now() + dt.timedelta(hours=1))
    return channel.organization


def tiles(browser):
    board = browser.get("/admin/").context["board"]
    return [*board.inbox, *board.statuses, *board.today, *board.attention, *board.reasons]


@pytest.mark.parametrize("who", ["root", "staff"])
def test_every_number_equals_the_list_behind_it(busy, root, signed_in, who):
    perms = [
        "orders.view_order",
        "orders.view_hold",
        "orders.view_cancelrequest",
        "fulfillment.view_fulfillmenttask",
        "fulfillment.view_document",
        "inventory.view_stocklevel",
        "events.view_event",
        "inbox.view_entry",
    ]
    browser = root if who == "root" else signed_in(build.make_staff(busy, perms=tuple(perms)))

    for tile in tiles(browser):
        listed = browser.get(tile.url).context["cl"]

        assert (tile.label, str(tile.count)) == (tile.label, str(listed.total))


def test_names_what_is_stuck_by_kind(busy, root):
    board = root.get("/admin/").context["board"]

    assert {tile.label: tile.count.value for tile in board.inbox} == {
        "Cancel request to decide": 1,
        "Label failed": 1,
        "Event parked": 1,
    }


def test_says_why_orders_wait_most_frequent_first(busy, root):
    board = root.get("/admin/").context["board"]

    assert [(tile.label, tile.count.value) for tile in board.reasons] == [
        ("Out of stock", 2),
        ("No point serves this channel now", 1),
    ]


def test_names_what_needs_a_person(busy, root):
    board = root.get("/admin/").context["board"]

    assert {tile.label: tile.count.value for tile in board.attention} == {
        "Tasks not accepted in time": 1,
        "Labels failed": 1,
        "Cancel requests to decide": 1,
        "Open holds": 1,
        "Stock less than promised": 1,
        "Events parked": 1,
    }
    assert {tile.label: tile.count.value for tile in board.today} == {
        "Orders today": 1,
        "Shipments today": 1,
    }


def test_counts_only_the_persons_organizations(busy, signed_in):
    stranger = build.make_staff(
        build.make_organization(), perms=("orders.view_order", "orders.view_hold")
    )

    counts = {tile.label: tile.count.value for tile in tiles(signed_in(stranger))}

    assert set(counts.values()) == {0}


def test_shows_nothing_a_person_may_not_look_at(busy, signed_in):
    assert tiles(signed_in(build.make_staff(busy))) == []


def test_costs_the_same_on_a_quiet_and_on_a_busy_day(root, busy):
    root.get("/admin/")
    with count_statements() as quiet:
        root.get("/admin/")
    for _ in range(5):
        build.make_hold(build.make_order(status="UNALLOCATED", waiting_for="Unknown SKU: X"))

    with count_statements() as loaded:
        html = root.get("/admin/").content.decode()

    assert (len(quiet), len(loaded)) == (14, 14)
    assert re.findall(r"<script(?![^>]*\bsrc=)[^>]*>|<style|\sstyle=|\son\w+=", html) == []

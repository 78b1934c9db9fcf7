"""Orders of an Omnitron, and of a Seller Center, from the pull to the delivery."""

import itertools
from contextlib import ExitStack

import pytest
from django.core.management import call_command

from demo.akinon import run, scenery
from oms.accounts import queries as accounts
from oms.api.akinon.sync import pulling, pushing, receiving
from oms.backoffice.invariants import INVARIANTS, verify
from tests.flows.workers import Worker
from tests.live import test_database_url as database_url
from tests.simulators.omnitron import Basket, Buyer, Sold

ORDERS = 12
SKUS = ("LAMP", "MUG", "VASE")
_numbers = itertools.count(700_001)

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("shared_documents"),
]


def some_baskets(*sellers):
    """Orders of one to three lines, of one or two pieces each."""
    made = []
    for place in range(ORDERS):
        lines = tuple(
            Sold(sku, 1 + (place + number) % 2, "12.50", sellers[(place + number) % len(sellers)])
            for number, sku in enumerate(SKUS[: 1 + place % 3])
        )
        buyer = Buyer(email=f"buyer-{place}@buyers.example", line=f"{place} Sample Street")
        made.append(Basket(str(next(_numbers)), lines, buyer))
    return made


def played(live, tmp_path, mode, baskets, *, outage_seconds=0.0):
    """The stage of a run after it ended, and what did not add up."""
    scenery.write(tmp_path / "world.yaml", mode=mode, skus=SKUS)
    call_command("apply", str(tmp_path / "world.yaml"), verbosity=0)
    call_command("seed_transitions", "--organization", scenery.ORGANIZATION, verbosity=0)
    accounts.forget_machines()
    plan = run.Plan(mode, baskets, outage_seconds, threads=1, patience=120.0, is_calm=True)
    sync = (
        lambda now: pulling.poll_due(now=now),
        lambda now: receiving.work_off_due(now=now),
        lambda now: pushing.push_due(now=now),
    )
    with ExitStack() as stack:
        stage = run.open_stage(stack, plan, SKUS)
        stack.enter_context(Worker(more=sync))
        problems = run.play(run.Where(live.url, database_url()), stage)
    return stage, problems


def far(books):
    """How far the orders are that were not cancelled whole."""
    return {row["status"] for row in books.orders.values()} - {"100"}


def broken_invariants():
    return [each.code for each in INVARIANTS if not verify(each).holds]


def test_orders_of_an_omnitron_are_delivered(live, transactional_db, tmp_path):
    baskets = some_baskets("")

    stage, problems = played(live, tmp_path, "a", baskets)

    assert problems == []
    assert far(stage.omnitron.books) == {"550"}
    assert len(stage.omnitron.books.orders) == ORDERS
    assert broken_invariants() == []


def test_orders_of_a_seller_center_are_delivered(live, transactional_db, tmp_path):
    baskets = some_baskets("S-NORTH", "S-SOUTH", "")

    stage, problems = played(live, tmp_path, "b", baskets)

    assert problems == []
    assert far(stage.source) == {"550"}
    assert stage.omnitron.books.orders == {}
    assert stage.seller_center.books.stale == []
    assert broken_invariants() == []


def test_two_sellers_in_one_order_are_two_packages(live, transactional_db, tmp_path):
    sold = (Sold("LAMP", 1, "12.50", "S-NORTH"), Sold("MUG", 1, "12.50", "S-SOUTH"))
    number = str(next(_numbers))

    stage, problems = played(live, tmp_path, "b", [Basket(number, sold)])

    assert problems == []
    packages = stage.seller_center.books.of_order(number)
    assert {package.supplier_code for package in packages} == {"S-NORTH", "S-SOUTH"}
    assert len(packages) == 2


def test_nothing_is_lost_or_doubled_in_an_outage(live, transactional_db, tmp_path):
    baskets = some_baskets("S-NORTH", "S-SOUTH")

    stage, problems = played(live, tmp_path, "b", baskets, outage_seconds=3.0)

    assert problems == []
    assert stage.seller_center.books.problems == []
    answered = {call.status for call in stage.seller_center.calls}
    assert answered >= {0, 500}  # lost, and refused for a while

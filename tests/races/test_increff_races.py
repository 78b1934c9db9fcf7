"""Cancellations, returns and counts of external systems at the same instant."""

import pytest
from django.db import OperationalError, connection, transaction

from fulfillment.choices import TaskStatus
from fulfillment.models import FulfillmentTask, TaskLine
from oms.backoffice.invariants import INVARIANTS, verify
from oms.inventory import services as inventory
from oms.inventory.models import StockLevel
from oms.kernel.actors import SYSTEM
from oms.orders.models import OrderLine
from returns.models import ReturnUnit
from tests.api.increff.dock_world import SHIRT, Dock
from tests.api.increff.test_cancelling import refuse
from tests.api.increff.test_returns import announced, item, process
from tests.factories import NOW
from tests.races.test_packing_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 6


@pytest.fixture(autouse=True)
def _invariants_hold(transactional_db):
    yield
    assert [each.invariant.code for each in map(verify, INVARIANTS) if not each.holds] == []


def test_equal_cancellations_have_one_effect():
    dock = Dock.build()
    for number in range(ROUNDS):
        code = f"WS-{number}"
        task = dock.order(code, [(SHIRT, 3)])

        answers = at_once(*[lambda code=code: refuse(dock, code, (SHIRT, 2))] * 3)

        assert [answer.status_code for answer in answers] == [200, 200, 200]
        assert TaskLine.objects.get(task=task).quantity_short == 2
        assert OrderLine.objects.get(order=task.order_id).cancelled_by_seller == 2


def test_the_highest_of_several_totals_stands():
    dock = Dock.build()
    for number in range(ROUNDS):
        code = f"WS-{number}"
        task = dock.order(code, [(SHIRT, 3)])

        at_once(
            *[lambda code=code, total=total: refuse(dock, code, (SHIRT, total)) for total in (1, 3)]
        )

        assert OrderLine.objects.get(order=task.order_id).cancelled_by_seller == 3
        assert FulfillmentTask.objects.get(pk=task.pk).status == TaskStatus.CANCELLED


def test_equal_results_of_a_return_judge_one_unit():
    dock = Dock.build()
    row = announced(dock)

    answers = at_once(*[lambda: process(dock, item("WMS-1"))] * 4)

    assert [answer.status_code for answer in answers] == [200] * 4
    judged = ReturnUnit.objects.filter(return_order=row, status="INSPECTED")
    assert [unit.point_code for unit in judged] == ["WMS-1"]


def test_different_units_of_a_return_are_all_judged():
    dock = Dock.build()
    row = announced(dock)

    answers = at_once(*[lambda code=code: process(dock, item(code)) for code in ("WMS-1", "WMS-2")])

    assert [answer.status_code for answer in answers] == [200, 200]
    judged = ReturnUnit.objects.filter(return_order=row, status="INSPECTED")
    assert {unit.point_code for unit in judged} == {"WMS-1", "WMS-2"}


def test_no_unit_is_reserved_between_asking_what_is_unseen_and_counting():
    dock = Dock.build()
    level = StockLevel.objects.get(sku=dock.skus[SHIRT], point=dock.point)
    seen = []

    def rival():
        """What routing would do now; on a connection of its own."""
        connection.ensure_connection()
        try:
            with transaction.atomic():
                StockLevel.objects.select_for_update(nowait=True).get(pk=level.pk)
        except OperationalError:
            return "waits"
        return "passes"

    def unseen(sku_ids):
        seen.append((sorted(sku_ids), at_once(rival)))
        return {}

    inventory.count_free(
        point_id=dock.point.pk,
        free={dock.skus[SHIRT].pk: 7},
        unseen=unseen,
        note=inventory.MovementNote(cause="count"),
        actor=SYSTEM,
        now=NOW,
    )

    assert seen == [([dock.skus[SHIRT].pk], ["waits"])]
    level.refresh_from_db()
    assert level.on_hand == 7

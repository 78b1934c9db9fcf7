import pytest

from fulfillment import handlers, services
from fulfillment.models import FulfillmentTask
from fulfillment.services import ActivityReport
from oms.events.models import Event
from tests.factories import NOW, count_units, place
from tests.integration.fulfillment.builders import cancel, facts, pack, routed

pytestmark = pytest.mark.django_db


def three_orders():
    """Of two units each, for a point that has six."""
    case = routed(quantities=(2,), on_hand=6)
    for _ in range(2):
        place(channel=case.channel, lines=[(case.skus[0], 2)])
        services.allocate_due(now=NOW)
    return case


def count_and_handle(case, on_hand):
    count_units(point=case.point, sku=case.skus[0], on_hand=on_hand)
    handlers.flag_unserved_tasks(Event.objects.filter(type="stock.counted").latest("id"))


def states():
    return list(FulfillmentTask.objects.order_by("id").values_list("status", flat=True))


@pytest.mark.parametrize(
    ("on_hand", "expected"),
    [
        (6, ["CREATED", "CREATED", "CREATED"]),
        (5, ["CREATED", "CREATED", "OUT_OF_STOCK"]),
        (2, ["CREATED", "OUT_OF_STOCK", "OUT_OF_STOCK"]),
        (0, ["OUT_OF_STOCK", "OUT_OF_STOCK", "OUT_OF_STOCK"]),
    ],
)
def test_the_youngest_tasks_that_cannot_be_served_are_flagged(on_hand, expected):
    case = three_orders()

    count_and_handle(case, on_hand)

    assert states() == expected
    assert case.stock() == [(on_hand, 6)]


def test_work_that_has_begun_goes_first():
    case = three_orders()
    case.task = FulfillmentTask.objects.latest("id")
    report = ActivityReport(
        task_number=case.task.number, milestone="PICKING", description="x", occurred_at=NOW
    )
    services.report_activity(report=report, actor=case.actor, now=NOW)

    count_and_handle(case, 4)

    assert states() == ["CREATED", "OUT_OF_STOCK", "PICKING"]


def test_a_better_count_unflags():
    case = three_orders()
    count_and_handle(case, 2)

    count_and_handle(case, 4)

    assert states() == ["CREATED", "CREATED", "OUT_OF_STOCK"]
    second = FulfillmentTask.objects.order_by("id")[1]
    assert facts(second) == ["task.created", "task.out_of_stock", "task.reopened"]


def test_the_handler_may_run_twice():
    case = three_orders()
    count_and_handle(case, 5)
    handlers.flag_unserved_tasks(Event.objects.filter(type="stock.counted").latest("id"))

    assert facts(FulfillmentTask.objects.latest("id")) == ["task.created", "task.out_of_stock"]


def test_a_flagged_task_can_be_packed_if_the_goods_turn_up():
    case = routed(quantities=(2,), on_hand=2)
    count_and_handle(case, 1)

    pack(case)

    assert case.status() == ("PACKED", "PACKED")


def test_a_flagged_task_can_be_cancelled():
    case = routed(quantities=(2,), on_hand=2)
    count_and_handle(case, 1)

    cancel(case)

    assert case.status() == ("CANCELLED", "CANCELLED")
    assert case.stock() == [(1, 0)]

import pytest

from fulfillment import services
from fulfillment.models import CancellationTask, FulfillmentTask, TaskLine
from oms.events.models import Event
from tests.factories import NOW, count_units, level_of, make_point, point_actor, relay_everything
from tests.integration.fulfillment.boxes import box
from tests.integration.fulfillment.builders import OWN, cancel, routed
from tests.integration.fulfillment.dock.builders import gather, pack_all

pytestmark = pytest.mark.django_db


def line_of(case, place: int = 0) -> TaskLine:
    return case.task.lines.order_by("id")[place]


def short(case, *missing: int) -> bool:
    """Say how many units of the lines are missing so far, in order of the lines."""
    units = {line_of(case, place).pk: count for place, count in enumerate(missing) if count}
    return services.report_short_pick(
        task_id=case.task.pk, units=units, actor=point_actor(case.point), now=NOW
    )


def second_point(case, *, on_hand: int = 5):
    other = make_point(organization=case.point.organization, priority=200)
    case.channel.point_links.create(point=other, location_code=other.code)
    count_units(point=other, sku=case.skus[0], on_hand=on_hand)
    return other


def test_the_task_loses_the_units_and_another_point_gets_them():
    case = routed(quantities=(3, 1), delivery=OWN)
    other = second_point(case)
    gather([case])

    assert short(case, 2) is True
    services.allocate_due(now=NOW)

    line = line_of(case)
    assert (line.quantity, line.quantity_cancelled, line.quantity_short) == (3, 2, 2)
    assert case.status()[1] == "PICKING"
    assert case.stock() == [(10, 1), (10, 1)]
    task = FulfillmentTask.objects.exclude(pk=case.task.pk).get(order=case.order)
    assert (task.point, task.lines.get().quantity) == (other, 2)
    assert level_of(other, case.skus[0]).reserved == 2
    assert case.order.lines.order_by("position")[0].quantity_cancelled == 0


def test_without_another_point_the_order_waits_and_the_same_one_is_not_asked_again():
    case = routed(quantities=(2,), delivery=OWN)
    gather([case])

    short(case, 2)
    services.allocate_due(now=NOW)

    assert case.status() == ("UNALLOCATED", "CANCELLED")
    assert FulfillmentTask.objects.filter(order=case.order).count() == 1
    assert case.stock() == [(10, 0)]


def test_it_is_said_once_and_the_point_is_told_what_to_drop():
    case = routed(quantities=(3,), delivery=OWN)

    assert [short(case, 1), short(case, 1)] == [True, False]

    [event] = Event.objects.filter(type="task.short_picked")
    line = line_of(case)
    assert event.data["lines"] == [{"task_line": line.number, "quantity": 1}]
    cancellation = CancellationTask.objects.get()
    assert (cancellation.status, cancellation.reason) == ("OPEN", "Not found at the point")
    assert cancellation.lines.get().quantity == 1
    assert line.quantity_short == 1


def test_units_are_counted_in_all_so_more_missing_is_the_difference():
    case = routed(quantities=(3,), delivery=OWN)
    short(case, 1)

    assert short(case, 3) is True

    line = line_of(case)
    assert (line.quantity_cancelled, line.quantity_short) == (3, 3)
    assert case.status()[1] == "CANCELLED"


def test_fewer_missing_than_said_before_changes_nothing():
    case = routed(quantities=(3,), delivery=OWN)
    short(case, 2)

    assert short(case, 1) is False

    assert line_of(case).quantity_short == 2


def test_what_is_packed_is_not_missing():
    case = routed(quantities=(3,), delivery=OWN)
    box(case, {0: 2})

    with pytest.raises(services.ShortPickExceeded):
        short(case, 2)
    assert short(case, 1) is True

    assert case.status()[1] == "PACKED"


def test_what_was_cancelled_is_not_missing():
    case = routed(quantities=(1, 1), delivery=OWN)
    cancel(case, case.order_lines[0])

    with pytest.raises(services.ShortPickExceeded):
        short(case, 1)


def test_a_planned_parcel_comes_with_what_is_left():
    case = routed(quantities=(3,), delivery="CHANNEL_CARRIER_SINGLE")

    short(case, 1)

    parcel = case.task.parcels.get()
    assert (parcel.status, parcel.items.get().quantity) == ("PLANNED", 2)


def test_a_line_of_another_task_is_refused():
    case, other = routed(), routed()

    with pytest.raises(services.LineNotInTask):
        services.report_short_pick(
            task_id=case.task.pk, units={line_of(other).pk: 1}, actor=case.actor, now=NOW
        )


def test_another_points_task_does_not_exist():
    case, other = routed(), routed()

    with pytest.raises(services.TaskNotFound):
        services.report_short_pick(
            task_id=case.task.pk, units={line_of(case).pk: 1}, actor=other.actor, now=NOW
        )


def test_a_list_closes_when_the_last_units_on_it_are_missing():
    found, missing = routed(delivery=OWN), None
    missing = routed(delivery=OWN, point=found.point)
    picklist = gather([found, missing])
    pack_all(found)

    short(missing, 1)
    relay_everything()

    picklist.refresh_from_db()
    assert picklist.status == "CLOSED"

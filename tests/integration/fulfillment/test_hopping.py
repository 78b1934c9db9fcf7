from datetime import timedelta

import pytest

from fulfillment import services
from fulfillment.models import CancellationTask, Document, FulfillmentTask, Parcel
from fulfillment.services import ActivityReport
from tests.factories import NOW, count_units, level_of, make_point
from tests.integration.fulfillment.builders import SINGLE, facts, routed

pytestmark = pytest.mark.django_db

LATE = NOW + timedelta(minutes=11)


def waiting(**overrides):
    return routed(point=make_point(accept_within=10), **overrides)


def test_a_task_not_accepted_in_time_is_taken_away():
    case = waiting(quantities=(2,), delivery=SINGLE)

    assert services.hop_due(now=LATE) == 1

    assert case.status()[1] == "CANCELLED"
    assert case.stock() == [(10, 0)]
    assert Parcel.objects.get().status == "CANCELLED"
    assert Document.objects.get().status == "VOID"
    assert CancellationTask.objects.get().status == "CLOSED"
    assert facts(case.task) == ["task.created", "task.hopped"]
    line = case.order.lines.get()
    assert (line.quantity_cancelled, line.quantity_allocated) == (0, 0)
    assert case.order.allocation_due_at == LATE


def test_the_next_candidate_gets_it_and_the_first_not_again():
    case = waiting()
    other = make_point(organization=case.point.organization, priority=200)
    case.channel.point_links.create(point=other, location_code=other.code)
    count_units(point=other, sku=case.skus[0], on_hand=5)

    services.hop_due(now=LATE)
    services.allocate_due(now=LATE)

    tasks = FulfillmentTask.objects.filter(order=case.order).order_by("id")
    assert list(tasks.values_list("point", "status")) == [
        (case.point.pk, "CANCELLED"),
        (other.pk, "CREATED"),
    ]
    assert level_of(other, case.skus[0]).reserved == 1


def test_a_task_stays_until_its_time_has_passed():
    case = waiting()

    assert services.hop_due(now=NOW + timedelta(minutes=9)) == 0

    assert case.status() == ("ALLOCATED", "CREATED")


def test_an_accepted_task_stays():
    case = waiting()
    report = ActivityReport(
        task_number=case.task.number, milestone="RECEIVED", description="ok", occurred_at=NOW
    )
    services.report_activity(report=report, actor=case.actor, now=NOW)

    assert services.hop_due(now=LATE) == 0


def test_a_second_sweep_finds_nothing():
    waiting()
    services.hop_due(now=LATE)

    assert services.hop_due(now=LATE) == 0

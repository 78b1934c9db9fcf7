from datetime import timedelta

import pytest

from fulfillment import services
from fulfillment.models import TaskActivity
from fulfillment.services import ActivityReport
from tests.factories import NOW, make_point, point_actor
from tests.integration.fulfillment.builders import cancel, facts, pack, routed

pytestmark = pytest.mark.django_db


def report(case, milestone, *, minutes=0, description="done"):
    activity = ActivityReport(
        task_number=case.task.number,
        milestone=milestone,
        description=description,
        occurred_at=NOW + timedelta(minutes=minutes),
    )
    services.report_activity(report=activity, actor=case.actor, now=NOW)


@pytest.mark.parametrize(
    ("milestone", "expected"),
    [
        ("RECEIVED", ("ALLOCATED", "ACCEPTED")),
        ("PICKING", ("IN_FULFILLMENT", "PICKING")),
        ("PICKED", ("IN_FULFILLMENT", "PICKED")),
        ("PACKING", ("IN_FULFILLMENT", "PICKED")),
        ("PACKED", ("IN_FULFILLMENT", "PICKED")),
        ("COFFEE", ("ALLOCATED", "CREATED")),
        ("", ("ALLOCATED", "CREATED")),
    ],
)
def test_a_report_moves_the_task(milestone, expected):
    case = routed()

    report(case, milestone)

    assert case.status() == expected
    assert case.task.received_at == NOW
    assert TaskActivity.objects.get().milestone == milestone


def test_a_report_moves_never_back():
    case = routed()
    report(case, "PICKED")

    report(case, "PICKING", minutes=1)

    assert case.status() == ("IN_FULFILLMENT", "PICKED")
    assert facts(case.task)[-2:] == ["task.picked", "task.activity_reported"]


def test_an_identical_report_changes_nothing():
    case = routed()
    report(case, "PICKING")
    events = facts(case.task)

    report(case, "PICKING")

    assert TaskActivity.objects.count() == 1
    assert facts(case.task) == events


def test_a_report_says_what_happened():
    case = routed()

    report(case, "RECEIVED")
    report(case, "PICKING", minutes=1)

    assert facts(case.task) == ["task.created", "task.received", "task.accepted", "task.picking"]


def test_packing_stands_whatever_is_reported():
    case = routed()
    pack(case)

    report(case, "PICKING")

    assert case.status() == ("PACKED", "PACKED")


def test_a_report_on_a_cancelled_task_is_only_kept():
    case = routed()
    cancel(case)

    report(case, "PICKING")

    assert case.status() == ("CANCELLED", "CANCELLED")
    assert TaskActivity.objects.count() == 1
    assert case.task.received_at is None


def test_another_points_task_is_not_found():
    case = routed()
    case.actor = point_actor(make_point(organization=case.point.organization))

    with pytest.raises(services.TaskNotFound):
        report(case, "PICKING")

    assert TaskActivity.objects.exists() is False

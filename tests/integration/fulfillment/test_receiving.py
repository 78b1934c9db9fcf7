from datetime import timedelta

import pytest

from fulfillment import services
from tests.factories import NOW
from tests.integration.fulfillment.builders import facts, routed
from tests.statements import count_statements

pytestmark = pytest.mark.django_db


def test_a_task_is_received_once():
    case = routed()

    first = services.mark_received(task_ids=[case.task.pk], actor=case.actor, now=NOW)
    later = NOW + timedelta(hours=1)
    second = services.mark_received(task_ids=[case.task.pk], actor=case.actor, now=later)

    assert (first, second) == (1, 0)
    assert case.status() == ("ALLOCATED", "CREATED")
    assert case.task.received_at == NOW
    assert facts(case.task) == ["task.created", "task.received"]


def test_many_tasks_cost_as_much_as_one():
    first, *others = [routed() for _ in range(4)]

    with count_statements() as one:
        services.mark_received(task_ids=[first.task.pk], actor=first.actor, now=NOW)
    with count_statements() as many:
        ids = [case.task.pk for case in others]
        assert services.mark_received(task_ids=ids, actor=first.actor, now=NOW) == 3

    assert len(many) == len(one)

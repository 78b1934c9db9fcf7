import pytest

from fulfillment import queries, services
from fulfillment.choices import ParcelStatus
from oms.events.models import Event
from oms.kernel.actors import SYSTEM
from oms.orders import services as orders
from oms.orders.choices import CancelDecision, CancelParty
from tests.factories import NOW, point_actor, relay_everything
from tests.integration.fulfillment.builders import cancel, facts, milestone, pack, routed
from tests.statements import count_statements

pytestmark = pytest.mark.django_db


def ask(case, *line_ids):
    wish = orders.CancelWish(
        order_id=case.order.pk,
        party=CancelParty.CUSTOMER,
        requested_by="Buyer",
        requested_at=NOW,
        lines=dict.fromkeys(line_ids, ""),
    )
    [request] = orders.request_cancel(wish=wish, actor=case.actor, now=NOW)
    return request


def decide(request, decision):
    services.decide_cancel_request(
        request_id=request.pk, decision=decision, comment="", actor=SYSTEM, now=NOW
    )


def told():
    return list(Event.objects.filter(type="task.cancel_requested").order_by("pk"))


def seen(case):
    found = queries.cancel_requests_of(numbers=[case.task.number], actor=case.actor)
    return [(wish.request.pk, [line.number for line in wish.lines]) for wish in found]


def test_a_point_at_work_hears_of_its_lines():
    case = routed(quantities=(2, 1))
    request = ask(case, case.order_lines[0])

    relay_everything()

    [event] = told()
    assert (event.subject_id, event.channel_ref, event.point_ref, event.status) == (
        case.task.pk,
        case.channel.pk,
        case.point.pk,
        "CREATED",
    )
    assert event.data == {
        "order": case.order.external_id,
        "task": case.task.number,
        "channel_id": case.channel.pk,
        "point_id": case.point.pk,
        "cancel_request_id": request.pk,
        "requested_at": "2026-01-15T12:00:00Z",
        "lines": [{"task_line": case.lines[0], "quantity": 2}],
    }


def test_a_wish_is_passed_on_once():
    case = routed()
    request = ask(case)

    assert services.pass_on_wish(request_id=request.pk, actor=SYSTEM, now=NOW) == 1
    assert services.pass_on_wish(request_id=request.pk, actor=SYSTEM, now=NOW) == 0
    assert facts(case.task, "task.cancel_requested") == ["task.cancel_requested"]


def test_nobody_hears_of_a_decided_wish():
    case = routed()
    decide(ask(case), CancelDecision.REJECT)

    relay_everything()

    assert told() == []


def test_a_task_that_has_ended_is_left_alone():
    case = routed()
    pack(case)
    milestone(case, ParcelStatus.DELIVERED)
    ask(case)

    relay_everything()

    assert told() == []


def test_lines_that_went_elsewhere_before_are_not_asked_about():
    case = routed(quantities=(1, 1))
    cancel(case, case.order_lines[0])
    ask(case)

    relay_everything()

    assert [event.data["lines"] for event in told()] == [
        [{"task_line": case.lines[1], "quantity": 1}]
    ]


@pytest.mark.parametrize("decision", list(CancelDecision))
def test_a_decision_shows_the_lines_it_was_about(decision):
    case = routed(quantities=(1, 1))
    request = ask(case, case.order_lines[1])

    assert seen(case) == [(request.pk, [case.lines[1]])]
    decide(request, decision)
    assert seen(case) == [(request.pk, [case.lines[1]])]


def test_wishes_are_read_oldest_first_and_by_their_point_only():
    case, other = routed(quantities=(1, 1)), routed()
    first, second = ask(case, case.order_lines[0]), ask(case, case.order_lines[1])
    ask(other)

    assert seen(case) == [(first.pk, [case.lines[0]]), (second.pk, [case.lines[1]])]
    stranger = point_actor(other.point)
    assert queries.cancel_requests_of(numbers=[case.task.number], actor=stranger) == []


def test_many_wishes_are_read_like_one():
    cases = [routed(quantities=(1, 1)) for _ in range(4)]
    for case in cases:
        ask(case)

    with count_statements() as one:
        queries.cancel_requests_of(numbers=[cases[0].task.number], actor=SYSTEM)
    with count_statements() as four:
        found = queries.cancel_requests_of(
            numbers=[case.task.number for case in cases], actor=SYSTEM
        )

    assert len(found) == 4
    assert len(four) == len(one)

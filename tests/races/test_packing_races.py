"""A point, a channel and two workers at the same instant: each race has exactly one winner."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from fulfillment import services
from fulfillment.carriers import registry
from fulfillment.carriers.base import LabelDocument
from fulfillment.models import Document, Parcel, ParcelMilestone
from oms.inventory.models import StockMovement
from oms.kernel.errors import DomainError
from tests.factories import NOW, make_point
from tests.integration.fulfillment.builders import (
    MULTI,
    OWN,
    SINGLE,
    cancel,
    disagreements,
    milestone,
    pack,
    packed,
    routed,
)

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 12


def at_once(*works: Callable[[], object]) -> list[object]:
    """Run works at the same instant, each on a connection of its own; refusals are answers."""
    start = Barrier(len(works))

    def run(work: Callable[[], object]) -> object:
        connection.ensure_connection()
        start.wait(timeout=10)
        try:
            return work()
        except DomainError as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=len(works)) as pool:
        return [future.result() for future in [pool.submit(run, work) for work in works]]


@pytest.mark.parametrize("delivery", [SINGLE, MULTI])
def test_of_packing_and_cancelling_one_comes_first(delivery):
    for _ in range(ROUNDS):
        case = routed(delivery=delivery)

        packing, cancelling = at_once(lambda c=case: pack(c), lambda c=case: cancel(c))

        assert cancelling is None  # what has not left can always be cancelled
        assert isinstance(packing, list | services.LineCancelled)
        assert case.status() == ("CANCELLED", "CANCELLED")
        assert case.stock() == [(10, 0)]
        assert Parcel.objects.live().filter(task=case.task).exists() is False
        live = Document.objects.filter(parcel__task=case.task).exclude(status="VOID")
        assert live.exists() is False
    assert list(disagreements()) == []


def test_of_handover_and_cancelling_exactly_one_wins():
    for _ in range(ROUNDS):
        case = routed(delivery=OWN)
        pack(case)

        leaving, cancelling = at_once(
            lambda c=case: milestone(c, "SHIPPED"), lambda c=case: cancel(c)
        )

        if cancelling is None:
            assert isinstance(leaving, services.ParcelVoided)
            assert (case.status(), case.stock()) == (("CANCELLED", "CANCELLED"), [(10, 0)])
        else:
            assert isinstance(cancelling, services.ParcelHasLeft)
            assert (case.status(), case.stock()) == (("SHIPPED", "SHIPPED"), [(9, 0)])
    assert list(disagreements()) == []


def test_the_same_packing_call_many_times_makes_one_parcel():
    case = routed(quantities=(1, 1))

    answers = at_once(*[lambda: pack(case)] * 6)

    assert len({parcel.pk for [parcel] in answers}) == 1
    assert Parcel.objects.count() == 1
    assert list(disagreements()) == []


def test_one_parcel_number_goes_to_one_of_two_tasks():
    for _ in range(ROUNDS):
        first = routed()
        second = routed(point=first.point)

        answers = at_once(lambda c=first: pack(c), lambda c=second: pack(c))

        kinds = sorted(type(answer).__name__ for answer in answers)
        assert kinds == ["ParcelNumberTaken", "list"]
    assert list(disagreements()) == []


def test_two_parcels_of_a_task_that_may_not_be_split_are_one_too_many():
    case = routed(quantities=(1, 1))
    first, second = case.lines

    answers = at_once(
        lambda: pack(case, packed("PK-1", [first])), lambda: pack(case, packed("PK-2", [second]))
    )

    assert sorted(type(answer).__name__ for answer in answers) == ["SplitNotAllowed", "list"]
    assert Parcel.objects.count() == 1


def test_the_same_milestone_many_times_ships_once():
    case = routed(quantities=(3,))
    pack(case)

    answers = at_once(*[lambda: milestone(case, "SHIPPED")] * 6)

    assert sorted(answers) == [False] * 5 + [True]
    assert ParcelMilestone.objects.count() == 1
    assert StockMovement.objects.filter(kind="SHIP").count() == 1
    assert case.stock() == [(7, 0)]
    assert list(disagreements()) == []


class CountingCarrier:
    def __init__(self):
        self.bought = []

    def buy_label(self, request):
        self.bought.append(request.reference)
        return LabelDocument(content=b"%PDF-one", tracking_number="T", carrier="Swift")

    def find_label(self, reference):
        return None


def test_two_workers_buy_one_label():
    for _ in range(ROUNDS):
        case = routed(delivery=SINGLE)
        document = Document.objects.get(parcel__task=case.task)
        carrier = CountingCarrier()
        fetch = [lambda pk=document.pk: services.fetch_label(document_id=pk, now=NOW)] * 3
        sweep = [lambda: services.fetch_due_labels(now=NOW)]

        with registry.connected("oms", carrier):
            at_once(*fetch, *sweep)

        assert carrier.bought == [document.reference]
        document.refresh_from_db()
        assert (document.status, document.attempts) == ("READY", 1)
    assert list(disagreements()) == []


def test_packing_while_the_label_arrives_ends_labelled():
    for number in range(ROUNDS):
        case = routed(delivery=SINGLE)
        name = f"PK-{number}"

        at_once(
            lambda c=case, n=name: pack(c, packed(n, c.lines)),
            lambda: services.fetch_due_labels(now=NOW),
        )

        parcel = Parcel.objects.get(task=case.task)
        assert (parcel.status, parcel.point_parcel_no) == ("LABELLED", name)
        assert parcel.tracking_number != ""
    assert list(disagreements()) == []


def test_a_task_accepted_at_the_last_instant_is_kept_or_lost_not_both():
    late = NOW + timedelta(minutes=11)
    for _ in range(ROUNDS):
        case = routed(point=make_point(accept_within=10))
        report = services.ActivityReport(
            task_number=case.task.number, milestone="RECEIVED", description="ok", occurred_at=late
        )

        hopped, _ = at_once(
            lambda: services.hop_due(now=late),
            lambda r=report, c=case: services.report_activity(report=r, actor=c.actor, now=late),
        )

        assert case.status()[1] == ("CANCELLED" if hopped else "ACCEPTED")
        assert case.stock() == [(10, 0) if hopped else (10, 1)]
    assert list(disagreements()) == []

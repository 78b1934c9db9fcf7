"""Picklists, manifests and hand-overs against cancellations and each other: one comes first."""

from collections.abc import Callable

import pytest

from fulfillment import services
from fulfillment.models import (
    Handover,
    HandoverParcel,
    Manifest,
    ManifestParcel,
    Picklist,
    PicklistEntry,
)
from fulfillment.services import ParcelHasLeft, PicklistCodeTaken, TasksUnfit
from oms.backoffice.invariants import INVARIANTS, verify
from tests.factories import NOW, make_point
from tests.integration.fulfillment.builders import Case, cancel, disagreements
from tests.integration.fulfillment.dock.builders import (
    gather,
    hand_over,
    manifest,
    pack_all,
    parcel_of,
    ready,
    waiting,
)
from tests.races.test_packing_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 8


@pytest.fixture(autouse=True)
def _everything_agrees():
    yield
    assert list(disagreements()) == []
    spoilt = [result.invariant.code for result in map(verify, INVARIANTS) if not result.holds]
    assert spoilt == []


def of(work: Callable[..., object], *args: object, **options: object) -> Callable[[], object]:
    return lambda: work(*args, **options)


def reason(refusal: object, case: Case) -> str:
    assert isinstance(refusal, TasksUnfit)
    return str(refusal.reasons[case.task.number])


def test_of_a_picklist_and_a_cancellation_both_may_win_but_no_cancelled_task_is_picked():
    for _ in range(ROUNDS):
        first, second = waiting(2)

        gathering, cancelling = at_once(of(gather, [first, second]), of(cancel, first))

        assert cancelling is None
        assert first.status() == ("CANCELLED", "CANCELLED")
        if isinstance(gathering, Picklist):
            assert gathering.entries.count() == 2
            assert second.status()[1] == "PICKING"
        else:
            assert reason(gathering, first) == "cancelled"
            assert second.status() == ("ALLOCATED", "CREATED")


def test_a_task_goes_on_one_of_two_lists():
    for _ in range(ROUNDS):
        shared, left, right = waiting(3)

        answers = at_once(of(gather, [left, shared]), of(gather, [shared, right]))

        kinds = sorted(type(answer).__name__ for answer in answers)
        assert kinds == ["Picklist", "TasksUnfit"]
        assert PicklistEntry.objects.filter(task=shared.task).count() == 1


def test_the_same_list_many_times_is_one():
    cases = waiting(3)

    answers = at_once(*[of(gather, cases, code="PK-1")] * 5)

    assert len({answer.pk for answer in answers}) == 1
    assert Picklist.objects.count() == 1


def test_one_code_goes_to_one_of_two_lists():
    for _ in range(ROUNDS):
        first, second = waiting(2)

        answers = at_once(of(gather, [first], code="PK-1"), of(gather, [second], code="PK-1"))

        [refused] = [answer for answer in answers if not isinstance(answer, Picklist)]
        assert isinstance(refused, PicklistCodeTaken)
        statuses = {first.status()[1], second.status()[1]}
        assert statuses == {"PICKING", "CREATED"}


def test_two_waves_share_what_waits():
    point = make_point()
    cases = waiting(6, point=point)
    draft = services.WaveDraft(point_id=point.pk, most=3)

    at_once(*[of(services.plan_wave, draft=draft, actor=cases[0].actor, now=NOW)] * 3)

    entries = PicklistEntry.objects.values_list("task_id", flat=True)
    assert len(entries) == len(set(entries))


def test_the_last_two_tasks_of_a_list_close_it_once():
    for _ in range(ROUNDS):
        first, second = waiting(2)
        picklist = gather([first, second])

        at_once(of(pack_all, first), of(pack_all, second))
        closed = at_once(
            *(
                of(
                    services.close_finished_picklist,
                    task_id=case.task.pk,
                    actor=case.actor,
                    now=NOW,
                )
                for case in (first, second)
            )
        )

        assert sorted(closed) == [False, True]
        picklist.refresh_from_db()
        assert picklist.status == "CLOSED"


def test_of_a_manifest_and_a_cancellation_no_void_box_is_ready():
    for _ in range(ROUNDS):
        [case] = ready(1)

        listing, cancelling = at_once(of(manifest, [case]), of(cancel, case))

        assert cancelling is None
        assert case.status() == ("CANCELLED", "CANCELLED")
        if not isinstance(listing, Manifest):
            assert reason(listing, case) == "cancelled"


def test_a_box_goes_on_one_of_two_manifests():
    for _ in range(ROUNDS):
        shared, left, right = ready(3)

        answers = at_once(of(manifest, [left, shared]), of(manifest, [right, shared]))

        kinds = sorted(type(answer).__name__ for answer in answers)
        assert kinds == ["Manifest", "TasksUnfit"]
        assert ManifestParcel.objects.filter(parcel=parcel_of(shared)).count() == 1


def test_the_same_manifest_many_times_is_one():
    cases = ready(3)

    answers = at_once(*[of(manifest, cases)] * 5)

    assert len({answer.pk for answer in answers}) == 1
    assert Manifest.objects.count() == 1


def test_of_a_hand_over_and_a_cancellation_exactly_one_wins():
    for _ in range(ROUNDS):
        other, case = ready(2)

        leaving, cancelling = at_once(of(hand_over, [other, case]), of(cancel, case))

        if cancelling is None:
            assert reason(leaving, case) == "cancelled"
            assert (case.status(), case.stock()) == (("CANCELLED", "CANCELLED"), [(10, 0)])
            assert other.status() == ("PACKED", "PACKED")
        else:
            assert isinstance(cancelling, ParcelHasLeft)
            assert isinstance(leaving, Handover)
            assert (case.status(), case.stock()) == (("SHIPPED", "SHIPPED"), [(9, 0)])


def test_the_same_hand_over_many_times_is_one():
    cases = ready(3)

    answers = at_once(*[of(hand_over, cases)] * 5)

    assert len({answer.pk for answer in answers}) == 1
    assert [case.stock() for case in cases] == [[(9, 0)]] * 3


def test_a_box_leaves_with_one_of_two_hand_overs():
    for _ in range(ROUNDS):
        shared, left, right = ready(3)

        first, second = at_once(of(hand_over, [left, shared]), of(hand_over, [right, shared]))

        assert isinstance(first, Handover)
        assert isinstance(second, Handover)
        entries = HandoverParcel.objects.filter(parcel=parcel_of(shared))
        assert sorted(entries.values_list("is_taken", flat=True)) == [False, True]
        assert shared.stock() == [(9, 0)]


def test_a_manifest_and_a_hand_over_in_any_order_end_the_same():
    for _ in range(ROUNDS):
        [case] = ready(1)

        listing, leaving = at_once(of(manifest, [case]), of(hand_over, [case]))

        assert isinstance(listing, Manifest)
        assert isinstance(leaving, Handover)
        assert case.status() == ("SHIPPED", "SHIPPED")
        assert Manifest.objects.filter(entries__parcel=parcel_of(case)).count() == 1


def test_of_a_short_pick_and_packing_the_units_go_one_way():
    for _ in range(ROUNDS):
        [case] = waiting(1)
        line = case.task.lines.get().pk

        packing, missing = at_once(
            of(pack_all, case),
            of(
                services.report_short_pick,
                task_id=case.task.pk,
                units={line: 1},
                actor=case.actor,
                now=NOW,
            ),
        )

        if missing is True:
            assert isinstance(packing, services.OrderNotAllocated)
            assert case.status()[1] == "CANCELLED"
        else:
            assert isinstance(missing, services.ShortPickExceeded)
            assert case.status() == ("PACKED", "PACKED")

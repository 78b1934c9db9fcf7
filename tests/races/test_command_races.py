"""Commands about one task at the same instant: exactly one wins, and the books agree."""

import pytest

from fulfillment.choices import TaskStatus as T
from fulfillment.models import FulfillmentTask, Parcel
from fulfillment.services import commands
from fulfillment.services.cancelling import CancelOrder, cancel_order
from fulfillment.services.commands import Group, MoveNotAllowed, WholePacking
from oms.backoffice.invariants import INVARIANTS, verify
from oms.kernel import errors
from oms.orders.choices import CancelParty
from tests.factories import NOW, count_units, make_point
from tests.integration.fulfillment.builders import routed
from tests.integration.fulfillment.commands.stages import bring, pack, reason_of, told
from tests.races.test_packing_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 5


@pytest.fixture(autouse=True)
def _invariants_hold(transactional_db):
    yield
    assert [each.invariant.code for each in map(verify, INVARIANTS) if not each.holds] == []


def outcome(run, *args, **values):
    """A call that says whether it won, or which refusal it met."""

    def attempt():
        try:
            run(*args, **values)
        except errors.DomainError as refusal:
            return refusal.code
        return "won"

    return attempt


def cancel(case):
    request = CancelOrder(order_id=case.order.pk, party=CancelParty.CUSTOMER)
    cancel_order(request=request, actor=case.actor, now=NOW)


def test_a_task_is_refused_or_packed():
    for _ in range(ROUNDS):
        case = routed(quantities=(2,))
        number = reason_of(case).public_number

        said = at_once(
            outcome(commands.refuse_task, **told(case), reason_number=number),
            outcome(pack, case),
        )

        refused = said[0] == "won"
        assert sorted(said) == ["move_not_allowed", "won"]
        assert case.status()[1] == (T.NEEDS_REPLANNING if refused else T.PACKED)
        assert case.stock() == [(10, 0 if refused else 2)]


def test_a_task_is_blocked_or_packed():
    for _ in range(ROUNDS):
        case = routed(quantities=(2,))

        said = at_once(outcome(commands.block_task, **told(case)), outcome(pack, case))

        assert sorted(said) == ["move_not_allowed", "won"]
        assert case.status()[1] == (T.BLOCKED if said[0] == "won" else T.PACKED)


def test_a_task_is_packed_once():
    for _ in range(ROUNDS):
        case = routed(quantities=(2,))

        said = at_once(*[outcome(pack, case)] * 3)

        assert sorted(said) == ["move_not_allowed", "move_not_allowed", "won"]
        assert Parcel.objects.filter(task=case.task).count() == 1


def test_what_is_planned_by_hand_is_cancelled_there_or_was_cancelled_before():
    for _ in range(ROUNDS):
        case = routed(quantities=(2,))
        other = make_point(organization=case.point.organization)
        count_units(point=other, sku=case.skus[0], on_hand=5)
        groups = [Group(line_numbers=tuple(case.lines), point_code=other.code)]

        said = at_once(
            outcome(commands.assign_manually, **told(case), groups=groups),
            outcome(cancel, case),
        )

        planned = said[0] == "won"
        assert said == (["won", "won"] if planned else ["move_not_allowed", "won"])
        tasks = FulfillmentTask.objects.filter(order=case.order)
        assert set(tasks.values_list("status", flat=True)) == {T.CANCELLED}
        assert tasks.count() == (2 if planned else 1)
        assert case.stock() == [(10, 0)]


def test_a_transfer_leaves_or_is_cancelled_with_its_order():
    for _ in range(ROUNDS):
        case = routed(quantities=(2,))
        transfer = bring(case)
        who = {name: value for name, value in told(case).items() if name != "task_id"}

        said = at_once(
            outcome(commands.dispatch_transfer, **who, transfer_id=transfer.pk),
            outcome(cancel, case),
        )

        transfer.refresh_from_db()
        left = said[0] == "won"
        assert said[1] == "won"
        assert transfer.status == ("IN_TRANSIT" if left else "CANCELLED")
        assert case.status()[1] == T.CANCELLED


def test_a_task_that_is_cancelled_while_the_carrier_is_asked_is_not_packed():
    case = routed(quantities=(2,))

    said = at_once(
        outcome(commands.pack_whole, **told(case), packing=WholePacking(with_shipment=True)),
        outcome(cancel, case),
    )

    assert said[1] == "won"
    assert said[0] in {"won", MoveNotAllowed.code}
    assert case.status()[1] == T.CANCELLED
    live = Parcel.objects.exclude(status="CANCELLED")
    assert live.count() == 0

"""Goods brought from another point before a task may begin."""

import pytest

from fulfillment import services
from fulfillment.choices import DiscrepancyReason
from fulfillment.choices import TaskStatus as T
from fulfillment.choices import TransferStatus as S
from fulfillment.models import Discrepancy, FulfillmentTask, TransferOrder
from fulfillment.services import commands
from fulfillment.services.commands import MoveNotAllowed
from oms.events.models import Event
from tests.factories import NOW, count_units, level_of, make_point
from tests.integration.fulfillment.builders import MULTI, cancel, facts, routed
from tests.integration.fulfillment.commands.stages import bring, told
from tests.integration.fulfillment.commands.test_table import assert_books_agree

pytestmark = pytest.mark.django_db


def coming(**overrides):
    """A task whose goods are to come from another point, and the transfer."""
    case = routed(**{"quantities": (1, 2), "delivery": MULTI, **overrides})
    return case, bring(case)


def asked(case, transfer) -> dict[str, object]:
    values = told(case)
    del values["task_id"]
    return {**values, "transfer_id": transfer.pk}


def at_source(case, transfer) -> list[tuple[int, int]]:
    levels = [level_of(transfer.source, sku) for sku in case.skus]
    return [(level.on_hand, level.reserved) for level in levels]


def state_of(transfer) -> str:
    transfer.refresh_from_db()
    return transfer.status


def test_units_wait_reserved_at_the_source():
    case, transfer = coming()

    assert transfer.number == f"{case.task.number[2:]}T1"
    assert at_source(case, transfer) == [(10, 1), (10, 2)]
    assert case.stock() == [(10, 0), (10, 0)]
    assert facts(transfer) == ["transfer.created"]
    assert_books_agree()


def test_on_the_way_they_belong_to_nobody():
    case, transfer = coming()

    commands.dispatch_transfer(**asked(case, transfer))

    assert state_of(transfer) == S.IN_TRANSIT
    assert at_source(case, transfer) == [(9, 0), (8, 0)]
    assert case.stock() == [(10, 0), (10, 0)]
    assert_books_agree()


def test_what_arrived_is_reserved_at_the_destination_and_its_point_may_begin():
    case, transfer = coming()
    commands.dispatch_advance(**asked(case, transfer), carrier="ups", tracking_number="TRK1")
    commands.dispatch_transfer(**asked(case, transfer))

    commands.complete_transfer(**asked(case, transfer))

    assert (state_of(transfer), transfer.tracking_number) == (S.TRANSFERRED, "TRK1")
    assert case.status() == ("ALLOCATED", T.CREATED)
    assert case.stock() == [(11, 1), (12, 2)]
    assert facts(transfer) == [
        "transfer.created",
        "transfer.ready",
        "transfer.dispatched",
        "transfer.completed",
    ]
    assert_books_agree()


@pytest.mark.parametrize(
    ("run", "allowed"),
    [
        (commands.dispatch_advance, {S.WAITING}),
        (commands.dispatch_transfer, {S.WAITING, S.READY}),
        (commands.complete_transfer, {S.IN_TRANSIT}),
    ],
)
@pytest.mark.parametrize("state", S)
def test_a_transfer_moves_by_its_table(run, allowed, state):
    case, transfer = coming()
    if state == S.READY:
        commands.dispatch_advance(**asked(case, transfer))
    if state in {S.IN_TRANSIT, S.TRANSFERRED}:
        commands.dispatch_transfer(**asked(case, transfer))
    if state == S.TRANSFERRED:
        commands.complete_transfer(**asked(case, transfer))
    if state == S.CANCELLED:
        cancel(case)
    events = Event.objects.count()

    if state in allowed:
        run(**asked(case, transfer))
    else:
        with pytest.raises(MoveNotAllowed):
            run(**asked(case, transfer))

    assert (Event.objects.count() == events) == (state not in allowed)


def test_a_cancelled_order_cancels_transfers_that_did_not_leave():
    case, transfer = coming()

    cancel(case)

    assert state_of(transfer) == S.CANCELLED
    assert at_source(case, transfer) == [(10, 0), (10, 0)]
    assert case.status()[1] == T.CANCELLED
    assert_books_agree()


def test_a_transfer_goes_on_for_the_lines_that_are_left():
    case, transfer = coming()

    cancel(case, case.order_lines[0])
    commands.dispatch_transfer(**asked(case, transfer))
    commands.complete_transfer(**asked(case, transfer))

    assert case.status()[1] == T.CREATED
    assert at_source(case, transfer) == [(10, 0), (8, 0)]
    assert case.stock() == [(10, 0), (12, 2)]
    assert_books_agree()


def test_what_was_cancelled_on_the_way_is_free_stock_of_the_destination():
    case, transfer = coming()
    commands.dispatch_transfer(**asked(case, transfer))

    cancel(case)
    commands.complete_transfer(**asked(case, transfer))

    assert state_of(transfer) == S.TRANSFERRED
    assert case.status()[1] == T.CANCELLED
    assert case.stock() == [(11, 0), (12, 0)]
    assert_books_agree()


def test_where_the_destination_owes_more_than_it_has_the_task_is_routed_again():
    case, transfer = coming(quantities=(1,))
    commands.dispatch_transfer(**asked(case, transfer))
    count_units(point=case.point, sku=case.skus[0], on_hand=0)
    level = level_of(case.point, case.skus[0])
    type(level).objects.filter(pk=level.pk).update(safety=5)

    commands.complete_transfer(**asked(case, transfer))

    case.task.refresh_from_db()
    assert (case.task.status, case.task.is_reserved) == (T.OUT_OF_STOCK, False)
    assert case.stock() == [(1, 0)]
    case.order.refresh_from_db()
    assert case.order.allocation_due_at == NOW
    assert_books_agree()


def missing(case, transfer) -> None:
    commands.report_transfer_missing(
        **asked(case, transfer), reason=DiscrepancyReason.WRONG_PRODUCT
    )


def test_another_point_sends_what_the_first_did_not_find():
    case, transfer = coming(quantities=(2,))
    third = make_point(organization=case.point.organization, priority=60)
    case.channel.point_links.create(point=third, location_code=third.code)
    count_units(point=third, sku=case.skus[0], on_hand=2)

    missing(case, transfer)

    assert state_of(transfer) == S.CANCELLED
    second = TransferOrder.objects.exclude(pk=transfer.pk).get()
    assert (second.source, second.status, second.number) == (
        third,
        S.WAITING,
        f"{case.task.number[2:]}T2",
    )
    assert at_source(case, transfer) == [(10, 0)]
    assert at_source(case, second) == [(2, 2)]
    assert Discrepancy.objects.get().point == transfer.source
    assert case.status()[1] == T.WAITING_TRANSFER
    assert_books_agree()


def test_without_another_point_the_lines_are_routed_again():
    case, transfer = coming(quantities=(2,), on_hand=2)
    count_units(point=case.point, sku=case.skus[0], on_hand=0)

    missing(case, transfer)

    assert case.status() == ("UNALLOCATED", T.CANCELLED)
    assert at_source(case, transfer) == [(10, 0)]
    case.order.refresh_from_db()
    assert case.order.allocation_due_at == NOW
    assert FulfillmentTask.objects.count() == 1
    assert_books_agree()


def test_only_what_still_waits_can_be_missing():
    case, transfer = coming()
    commands.dispatch_advance(**asked(case, transfer))

    with pytest.raises(MoveNotAllowed):
        missing(case, transfer)

    assert state_of(transfer) == S.READY


def test_a_point_sees_the_transfers_it_has_a_part_in():
    case, transfer = coming()
    stranger = make_point(organization=case.point.organization)
    for point_id, sees in ((transfer.source_id, True), (case.point.pk, True), (stranger.pk, False)):
        actor = case.actor.__class__(
            kind="client",
            ref="x",
            organization_id=case.point.organization_id,
            point_ids=frozenset({point_id}),
        )

        assert TransferOrder.objects.visible_to(actor).exists() == sees


def test_routing_does_not_touch_what_waits_for_a_transfer():
    case, _ = coming()

    assert services.allocate_due(now=NOW) == 0

    assert case.status()[1] == T.WAITING_TRANSFER

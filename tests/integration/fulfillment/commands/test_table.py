"""Every command from every state: where it leads, or that it is refused and nothing changes."""

import datetime as dt

import pytest

from fulfillment.choices import InvoiceDocument
from fulfillment.choices import TaskStatus as T
from fulfillment.models import FulfillmentTask
from fulfillment.services import commands
from fulfillment.services.commands import (
    Group,
    InvoiceDraft,
    MoveNotAllowed,
    ShipmentNumbers,
)
from oms.backoffice.invariants import INVARIANTS, verify
from oms.events.models import Event
from oms.inventory.models import StockMovement
from tests.factories import NOW
from tests.integration.fulfillment.commands.stages import (
    STATES,
    case_at,
    miss,
    pack,
    refuse,
    told,
)

pytestmark = pytest.mark.django_db

BEFORE_BOX = {T.CREATED, T.WAITING_REMOTE, T.ACCEPTED, T.PICKING, T.PICKED}
INVOICE = InvoiceDraft(
    number="A-1",
    issued_at=NOW - dt.timedelta(days=1),
    kind=InvoiceDocument.URL,
    url="https://erp.example/invoices/A-1",
)
NUMBERS = ShipmentNumbers(carrier="ups", tracking_number="TRK1", query_number="Q1")


def assign(case):
    groups = [Group(line_numbers=tuple(case.lines), point_code=case.point.code)]
    commands.assign_manually(**told(case), groups=groups)


def to(target, *sources):
    return dict.fromkeys(sources, target)


def plain(run):
    return lambda case: run(**told(case))


TABLE = {
    "start_preparing": (
        plain(commands.start_preparing),
        to(T.ACCEPTED, T.CREATED, T.WAITING_REMOTE),
    ),
    "release_reservations": (plain(commands.release_reservations), to(T.ACCEPTED, T.CREATED)),
    "make_ready": (plain(commands.make_ready_for_packing), to(T.PICKED, T.ACCEPTED, T.PICKING)),
    "confirm_remote": (plain(commands.confirm_remote), to(T.CREATED, T.WAITING_REMOTE)),
    "pack_whole": (pack, to(T.PACKED, T.CREATED, T.ACCEPTED, T.PICKING, T.PICKED)),
    "refuse": (refuse, to(T.NEEDS_REPLANNING, *(BEFORE_BOX - {T.PICKED}))),
    "missing_whole": (miss, to(T.OUT_OF_STOCK, *BEFORE_BOX)),
    "missing_items": (
        lambda case: miss(case, is_whole=False),
        {state: state for state in BEFORE_BOX},
    ),
    "pack_for_refund": (
        plain(commands.pack_for_refund),
        to(T.PACKED_FOR_REFUND, T.CREATED, T.OUT_OF_STOCK),
    ),
    "block": (plain(commands.block_task), to(T.BLOCKED, *BEFORE_BOX)),
    "unblock": (plain(commands.unblock_task), {T.BLOCKED: T.CREATED}),
    "replan": (
        plain(commands.replan_task),
        {state: state for state in (T.NEEDS_REPLANNING, T.OUT_OF_STOCK)},
    ),
    "assign": (assign, to(T.CANCELLED, *BEFORE_BOX, T.NEEDS_REPLANNING, T.OUT_OF_STOCK)),
    "ship": (plain(commands.ship_task), to(T.SHIPPED, T.PACKED)),
    "ready_for_pickup": (plain(commands.make_ready_for_pickup), to(T.READY_FOR_PICKUP, T.PACKED)),
    "collect": (plain(commands.collect_task), to(T.DELIVERED, T.READY_FOR_PICKUP)),
    "deliver": (
        plain(commands.deliver_task),
        to(T.DELIVERED, T.SHIPPED, T.ATTEMPTED, T.DELIVERY_FAILED),
    ),
    "attempt": (plain(commands.record_attempt), to(T.ATTEMPTED, T.SHIPPED)),
    "failure": (
        plain(commands.record_delivery_failure),
        to(T.DELIVERY_FAILED, T.SHIPPED, T.ATTEMPTED),
    ),
    "change_shipment": (
        lambda case: commands.change_shipment(**told(case), numbers=NUMBERS),
        {state: state for state in (T.PACKED, T.SHIPPED, T.DELIVERED, T.ATTEMPTED)},
    ),
    "change_invoice": (
        lambda case: commands.change_invoice(**told(case), invoice=INVOICE),
        {
            state: state
            for state in (
                T.PACKED,
                T.READY_FOR_PICKUP,
                T.SHIPPED,
                T.ATTEMPTED,
                T.DELIVERY_FAILED,
                T.DELIVERED,
            )
        },
    ),
}


def books():
    """Everything a refused command must leave as it was."""
    tasks = list(FulfillmentTask.objects.order_by("pk").values())
    return tasks, Event.objects.count(), StockMovement.objects.count()


def assert_books_agree():
    broken = {each.code: rows for each in INVARIANTS if (rows := verify(each).rows)}
    assert broken == {}


@pytest.mark.parametrize("name", TABLE)
def test_a_command_leads_where_the_table_says_or_changes_nothing(name):
    run, moves = TABLE[name]
    ended = {}
    for state in STATES:
        case = case_at(state)
        before = books()

        if state in moves:
            run(case)
        else:
            with pytest.raises(MoveNotAllowed):
                run(case)
            assert books() == before

        ended[state] = case.status()[1]
    assert ended == {state: moves.get(state, state) for state in STATES}
    assert_books_agree()

"""Whatever is said in whatever order: units are counted once, and the books agree."""

from contextlib import contextmanager

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from oms.backoffice.invariants import returns as books
from oms.backoffice.invariants import verify
from oms.kernel.errors import Conflict
from oms.orders.models import OrderLine
from returns import services
from returns.choices import Disposition, QcStatus, RefundDecision
from returns.models import ReturnOrder, ReturnUnit
from tests.integration.returns.builders import (
    LATER,
    expect,
    inspect,
    level,
    receive,
    result,
    shipped,
    told,
    units,
)

CHOICE = st.integers(0, 100)
SHIPPED = (3, 1)


@contextmanager
def maybe_refused():
    """A refusal of the state is an answer, and changes nothing."""
    try:
        with transaction.atomic():
            yield
    except Conflict:
        pass


class Desk(RuleBasedStateMachine):
    """One order that was delivered, and a returns desk that is told anything."""

    @initialize()
    def deliver(self):
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.case = shipped(quantities=SHIPPED)
        self.rows = []

    def teardown(self):
        if hasattr(self, "undo"):
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)

    def row(self, choice):
        return self.rows[choice % len(self.rows)] if self.rows else None

    def some(self, row, choice):
        found = units(row)
        return found[choice % len(found)]

    @rule(first=st.integers(0, 3), second=st.integers(0, 2))
    def announce(self, first, second):
        if first + second:
            with maybe_refused():
                self.rows.append(expect(self.case, first, second))

    @rule(which=CHOICE, unit=CHOICE, whole=st.booleans())
    def take_in(self, which, unit, whole):
        if row := self.row(which):
            with maybe_refused():
                receive(row, *([] if whole else [self.some(row, unit)]))

    @rule(
        which=CHOICE,
        unit=CHOICE,
        qc=st.sampled_from([QcStatus.PASS, QcStatus.FAIL]),
        disposition=st.sampled_from([None, *Disposition]),
    )
    def judge(self, which, unit, qc, disposition):
        if row := self.row(which):
            chosen = self.some(row, unit)
            with maybe_refused():
                inspect(row, result(chosen, disposition, qc_status=qc))

    @rule(which=CHOICE, unit=CHOICE, whole=st.booleans())
    def call_off(self, which, unit, whole):
        if row := self.row(which):
            named = [] if whole else [self.some(row, unit).public_id]
            with maybe_refused():
                services.cancel_return(
                    public_id=row.public_id, unit_ids=named, actor=self.case.actor, now=LATER
                )

    @rule(which=CHOICE, decision=st.sampled_from(RefundDecision))
    def refund(self, which, decision):
        if row := self.row(which):
            with maybe_refused():
                services.decide_refund(
                    public_id=row.public_id, decision=decision, actor=self.case.actor, now=LATER
                )

    @invariant()
    def the_books_agree(self):
        for statement in (
            books.RETURNED_IS_BOOKED,
            books.RETURNED_IS_COUNTED,
            books.RETURN_STATUS_IS_DERIVED,
        ):
            assert verify(statement).rows == ()

    @invariant()
    def no_unit_is_spoken_for_twice(self):
        for line, shipped_units in zip(self.case.order_lines, SHIPPED, strict=True):
            live = ReturnUnit.objects.filter(order_line=line).exclude(status="CANCELLED")
            assert live.count() <= shipped_units

    @invariant()
    def stock_is_what_was_restocked(self):
        for place, line in enumerate(self.case.order_lines):
            judged = ReturnUnit.objects.filter(order_line=line)
            on_hand = judged.filter(disposition="RESTOCK").count()
            aside = judged.filter(disposition="QUARANTINE").count()
            assert level(self.case, place) == (10 - SHIPPED[place] + on_hand, aside)

    @invariant()
    def the_order_is_returned_when_everything_came_back(self):
        lines = OrderLine.objects.filter(order=self.case.order)
        everything = all(line.quantity_returned == line.quantity_shipped for line in lines)
        assert self.case.status()[0] == ("RETURNED" if everything else "DELIVERED")

    @invariant()
    def the_last_event_says_the_state(self):
        for row in ReturnOrder.objects.all():
            assert told(row)[-1][1] == row.status


@pytest.mark.django_db
def test_every_unit_is_counted_once_whatever_is_said():
    run_state_machine_as_test(
        Desk,
        settings=settings(
            max_examples=25,
            stateful_step_count=15,
            deadline=None,
            print_blob=True,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        ),
    )

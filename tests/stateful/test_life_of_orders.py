"""Random lives of orders, compared step by step with a plain model."""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from channels_app.choices import DeliveryScenario
from fulfillment import services as fulfillment
from fulfillment.choices import ParcelStatus
from fulfillment.models import FulfillmentTask
from oms.backoffice.invariants import INVARIANTS, verify
from oms.inventory.models import StockLevel
from oms.kernel.actors import SYSTEM
from oms.orders import services as orders
from oms.orders.choices import CancelParty, HoldReason
from oms.orders.models import Order
from tests.factories import (
    NOW,
    count_units,
    make_channel,
    make_draft,
    make_point,
    make_sku,
    point_actor,
    relay_everything,
)
from tests.stateful.model import STATIONS, Model, ModelLine, ModelOrder, ModelParcel, ModelTask

POINTS, SKUS = 2, 3


class LifeOfOrders(RuleBasedStateMachine):
    """Drives the product's services and the model side by side."""

    @initialize(delivery=st.sampled_from(DeliveryScenario.values))
    def open_shop(self, delivery):
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.now = NOW
        self.parcels = 0
        self.model = Model(points=POINTS, skus=SKUS)
        self.points = [make_point(priority=1)]
        self.points.append(make_point(priority=2, organization=self.points[0].organization))
        self.skus = [make_sku(point=self.points[0]) for _ in range(SKUS)]
        self.channel = make_channel(points=self.points, delivery=delivery)
        self.ids = {}
        self.line_ids = {}

    def teardown(self):
        if hasattr(self, "undo"):
            failures = [result for check in INVARIANTS if not (result := verify(check)).holds]
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)
            assert failures == []

    def tick(self):
        self.now += timedelta(minutes=1)
        return self.now

    def tasks(self, wanted):
        return [task for o in self.model.orders for task in o.tasks if task.live and wanted(task)]

    def task_row(self, task: ModelTask) -> FulfillmentTask:
        line_id = self.line_ids[id(task.lines[0])]
        rows = FulfillmentTask.objects.filter(lines__order_line_id=line_id)
        return rows.exclude(status="CANCELLED").distinct().get()

    # --- what may happen -------------------------------------------------------------------

    @rule(sku=st.integers(0, SKUS - 1), point=st.integers(0, POINTS - 1), units=st.integers(0, 9))
    def count(self, sku, point, units):
        now = self.tick()
        count_units(point=self.points[point], sku=self.skus[sku], on_hand=units, now=now)
        relay_everything()
        self.model.count(sku, point, units)

    @rule(
        basket=st.lists(
            st.tuples(st.integers(0, SKUS - 1), st.integers(1, 3)), min_size=1, max_size=3
        ),
        may_split=st.booleans(),
        is_paid=st.sampled_from([True, True, True, False]),
    )
    def place(self, basket, may_split, is_paid):
        now = self.tick()
        number = len(self.model.orders)
        draft = make_draft(
            channel=self.channel,
            lines=[(self.skus[sku], quantity) for sku, quantity in basket],
            external_id=f"S-{number}",
            allow_split=may_split,
            is_paid=is_paid,
            placed_at=now,
            channel_updated_at=now,
        )
        intake = orders.place_order(draft=draft, actor=SYSTEM, now=now)
        lines = [ModelLine(sku=sku, quantity=quantity) for sku, quantity in basket]
        self.ids[number] = intake.order_id
        order = Order.objects.get(pk=intake.order_id)
        for line, row in zip(lines, order.lines.order_by("position"), strict=True):
            self.line_ids[id(line)] = row.pk
        self.model.orders.append(
            ModelOrder(
                number=number,
                placed_at=now,
                may_split=may_split,
                is_paid=is_paid,
                lines=lines,
                due_at=now if is_paid else None,
            )
        )

    @rule(minutes=st.sampled_from([1, 31]))
    def route(self, minutes):
        self.now += timedelta(minutes=minutes)
        while fulfillment.allocate_due(now=self.now):
            pass
        self.model.route(self.now)

    @precondition(lambda self: self.tasks(lambda t: not t.has_begun))
    @rule(data=st.data())
    def begin_picking(self, data):
        task = data.draw(st.sampled_from(self.tasks(lambda t: not t.has_begun)))
        report = fulfillment.ActivityReport(
            task_number=self.task_row(task).number,
            milestone="PICKING",
            description="picking",
            occurred_at=self.tick(),
        )
        actor = point_actor(self.points[task.point])
        fulfillment.report_activity(report=report, actor=actor, now=self.now)
        task.is_picking = True

    @precondition(lambda self: self.tasks(lambda t: t.unpacked))
    @rule(data=st.data())
    def pack(self, data):
        task = data.draw(st.sampled_from(self.tasks(lambda t: t.unpacked)))
        row = self.task_row(task)
        lines = task.unpacked
        if row.allow_split:
            lines = data.draw(st.lists(st.sampled_from(lines), min_size=1, unique_by=id))
        self.parcels += 1
        request = fulfillment.PackRequest(
            task_number=row.number,
            parcels=(
                fulfillment.PackedParcel(
                    point_parcel_no=f"PK-{self.parcels}",
                    packed_at=self.tick(),
                    line_numbers=self.numbers(row, lines),
                    carrier="Own Fleet",
                ),
            ),
        )
        actor = point_actor(self.points[task.point])
        try:
            fulfillment.pack_parcels(request=request, actor=actor, now=self.now)
        except fulfillment.SplitNotAllowed:
            assert not row.allow_split
            assert any(not parcel.is_void for parcel in task.parcels)
        else:
            task.parcels.append(ModelParcel(lines=list(lines)))
            task.is_picking = True  # and it stays begun, also when the parcel is voided

    def numbers(self, row, lines):
        keys = [self.line_ids[id(line)] for line in lines]
        return tuple(row.lines.filter(order_line_id__in=keys).values_list("number", flat=True))

    def boxes(self):
        return [(t, p) for t in self.tasks(lambda _: True) for p in t.parcels if not p.is_void]

    @precondition(lambda self: self.boxes())
    @rule(data=st.data(), station=st.integers(0, len(STATIONS) - 1), minutes=st.integers(-5, 5))
    def report(self, data, station, minutes):
        task, parcel = data.draw(st.sampled_from(self.boxes()))
        occurred_at = self.tick() + timedelta(minutes=minutes)
        row = self.task_row(task)
        number = (
            row.parcels.filter(items__task_line__order_line_id=self.line_ids[id(parcel.lines[0])])
            .exclude(status="CANCELLED")
            .distinct()
            .get()
            .point_parcel_no
        )
        report = fulfillment.MilestoneReport(
            task_number=row.number,
            point_parcel_no=number,
            milestone=ParcelStatus(STATIONS[station]),
            occurred_at=occurred_at,
        )
        actor = point_actor(self.points[task.point])
        fulfillment.report_milestone(report=report, actor=actor, now=self.now)
        if not parcel.has_left:
            self.model.ship(task, parcel)
        parcel.reports.append((occurred_at, station))

    @precondition(lambda self: self.model.orders)
    @rule(data=st.data(), whole=st.booleans())
    def cancel(self, data, whole):
        order = data.draw(st.sampled_from(self.model.orders))
        lines = order.lines if whole else [data.draw(st.sampled_from(order.lines))]
        request = fulfillment.CancelOrder(
            order_id=self.ids[order.number],
            party=CancelParty.CUSTOMER,
            line_ids=() if whole else tuple(self.line_ids[id(line)] for line in lines),
        )
        if self.model.cancel(order, lines):
            fulfillment.cancel_order(request=request, actor=SYSTEM, now=self.tick())
        else:
            with pytest.raises(fulfillment.ParcelHasLeft):
                fulfillment.cancel_order(request=request, actor=SYSTEM, now=self.tick())

    @precondition(lambda self: any(o.waiting for o in self.model.orders))
    @rule(data=st.data())
    def hold_and_release(self, data):
        waiting = [order for order in self.model.orders if order.waiting]
        order = data.draw(st.sampled_from(waiting))
        hold = orders.hold_order(
            order_id=self.ids[order.number],
            reason=HoldReason.ADDRESS,
            note="",
            holder="desk",
            expires_at=None,
            actor=SYSTEM,
            now=self.tick(),
        )
        order.holds += 1
        self.route(1)
        orders.release_hold(hold_id=hold.pk, actor=SYSTEM, now=self.tick())
        order.holds -= 1
        if order.waiting:
            order.due_at = self.now if order.is_paid else None

    # --- what must hold --------------------------------------------------------------------

    @invariant()
    def stock_agrees(self):
        if not hasattr(self, "model"):
            return
        rows = StockLevel.objects.filter(point__in=self.points)
        stored = {(r.sku_id, r.point_id): (r.on_hand, r.reserved) for r in rows}
        for sku_index, sku in enumerate(self.skus):
            for point_index, point in enumerate(self.points):
                expected = (
                    self.model.on_hand.get((sku_index, point_index), 0),
                    self.model.reserved(sku_index, point_index),
                )
                assert stored.get((sku.pk, point.pk), (0, 0)) == expected

    @invariant()
    def orders_agree(self):
        if not hasattr(self, "model"):
            return
        stored = dict(Order.objects.filter(channel=self.channel).values_list("pk", "status"))
        assert stored == {self.ids[o.number]: o.status() for o in self.model.orders}


@pytest.mark.django_db
def test_every_life_agrees_with_the_model():
    run_state_machine_as_test(
        LifeOfOrders,
        settings=settings(
            max_examples=200,
            stateful_step_count=30,
            deadline=None,
            print_blob=True,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        ),
    )

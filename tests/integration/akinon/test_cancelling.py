"""Cancellation plans judged by the state of the package that holds the item (contract 5.2, 5.3)."""

import uuid
from functools import partial

import pytest

from channels_app.choices import InboundKind
from channels_app.models import InboundMessage
from fulfillment import services as fulfillment
from fulfillment.choices import TaskStatus
from fulfillment.models import FulfillmentTask, TaskLine
from oms.api.akinon.sync import receiving
from oms.kernel.actors import SYSTEM
from oms.orders.choices import CancelDecision, OrderStatus
from oms.orders.models import CancelRequest, Order, OrderLine
from tests.factories import make_bundle, make_sku
from tests.integration.akinon.builders import Shop, a_basket
from tests.simulators.omnitron import Sold

SHIPPED = {"code": "oms_cancel_shipped", "en": "The package has been shipped already."}


def an_order(shop: Shop, quantity: int = 1) -> Order:
    """Pulled, and given to the point."""
    shop.books.place(a_basket("1", Sold(sku="SKU-A", quantity=quantity)))
    shop.pull()
    fulfillment.allocate_due(now=shop.now)
    return Order.objects.get()


def in_state(order: Order, status: TaskStatus) -> None:
    """As the commands of packages leave it."""
    stamps = {
        TaskStatus.SHIPPED: {"shipped_at": order.placed_at},
        TaskStatus.BLOCKED: {"blocked_from": TaskStatus.CREATED},
    }.get(status, {})
    FulfillmentTask.objects.filter(order=order).update(status=status, **stamps)


def plan(shop: Shop, items: list[int], **more) -> dict:
    [pk] = shop.books.orders
    payload = {
        "pk": 2839, "plan_type": "cancel", "status": "waiting",
        "order": {"pk": pk, "number": "1", "status": "400"},
        "cancellationplanorderitem_set": [{"order_item": item} for item in items],
        **more,
    }  # fmt: skip
    kind = "cancellation_plan.created"
    return {"event": {"type": kind, "uuid": uuid.uuid4().hex}, "payload": payload}


def judge(shop: Shop, document: dict) -> receiving.Reception:
    return receiving.receive(
        organization_id=shop.organization.pk,
        kind=InboundKind.CANCELLATION_PLAN,
        document=document,
        actor=SYSTEM,
        now=shop.now,
    )


def items_of(order: Order) -> list[int]:
    return [int(line.external_id) for line in order.lines.order_by("pk")]


def test_an_item_leaves_its_package_before_it_is_packed(shop):
    order = an_order(shop, quantity=2)

    answer = judge(shop, plan(shop, items_of(order)[:1]))

    assert (answer.status, answer.body) == (200, {"cancellable": True})
    assert [line.quantity_cancelled for line in order.lines.order_by("pk")] == [1, 0]


def test_an_emptied_package_is_cancelled(shop):
    order = an_order(shop)

    judge(shop, plan(shop, items_of(order)))

    assert FulfillmentTask.objects.get().status == TaskStatus.CANCELLED
    assert Order.objects.get().status == OrderStatus.CANCELLED


def test_a_repeated_plan_gets_its_first_answer_and_cancels_nothing_again(shop):
    order = an_order(shop, quantity=2)
    document = plan(shop, items_of(order)[:1])
    judge(shop, document)
    document["payload"]["cancellationplanorderitem_set"] = [{"order_item": items_of(order)[1]}]

    again = judge(shop, document)

    assert (again.status, again.body, again.is_repeat) == (200, {"cancellable": True}, True)
    assert OrderLine.objects.filter(quantity_cancelled=1).count() == 1
    assert InboundMessage.objects.count() == 1


@pytest.mark.parametrize(
    ("status", "plan_type", "expected"),
    [
        (TaskStatus.PICKED, "refund", (200, {"cancellable": True})),
        (TaskStatus.OUT_OF_STOCK, "cancel", (200, {"cancellable": True})),
        (TaskStatus.NEEDS_REPLANNING, "refund", (200, {"cancellable": True})),
        (TaskStatus.BLOCKED, "cancel", (406, "oms_cancel_blocked")),
        (TaskStatus.PACKED, "refund", (406, "oms_refund_packed")),
        (TaskStatus.SHIPPED, "cancel", (406, "oms_cancel_shipped")),
        (TaskStatus.SHIPPED, "refund", (200, {"cancellable": False})),
        (TaskStatus.DELIVERY_FAILED, "refund", (200, {"cancellable": False})),
        (TaskStatus.PACKED_FOR_REFUND, "cancel", (406, "oms_cancel_for_refund")),
    ],
)
def test_a_plan_is_answered_by_the_packages_state(shop, status, plan_type, expected):
    order = an_order(shop)
    in_state(order, status)

    answer = judge(shop, plan(shop, items_of(order), plan_type=plan_type))

    status_code, body = expected
    assert answer.status == status_code
    assert answer.body == body or answer.body["code"] == body
    is_cancelled = body == {"cancellable": True}
    assert order.lines.get().quantity_cancelled == (1 if is_cancelled else 0)


def test_a_cancellation_that_comes_too_late_is_kept_as_failed(shop):
    order = an_order(shop)
    in_state(order, TaskStatus.SHIPPED)

    answer = judge(shop, plan(shop, items_of(order)))

    assert answer.body == SHIPPED
    wish = CancelRequest.objects.get()
    assert (wish.order, wish.decision) == (order, CancelDecision.REJECT)


def test_one_item_that_is_too_late_keeps_the_whole_plan_from_being_done(shop):
    order = an_order(shop, quantity=2)
    task = FulfillmentTask.objects.get()
    second = task.lines.order_by("pk")[1]
    elsewhere = FulfillmentTask.objects.get(pk=task.pk)
    elsewhere.pk, elsewhere.number = None, "FT09999999"
    elsewhere.status, elsewhere.shipped_at = TaskStatus.SHIPPED, order.placed_at
    elsewhere.save(force_insert=True)
    second.task = elsewhere
    second.save()

    answer = judge(shop, plan(shop, items_of(order)))

    assert answer.body == SHIPPED
    assert [line.quantity_cancelled for line in order.lines.all()] == [0, 0]


def test_a_bundle_is_cancelled_only_when_all_its_parts_can_be(shop):
    mug, spoon = (make_sku(point=shop.point, on_hand=5) for _ in range(2))
    make_bundle(parts=[(mug, 1), (spoon, 1)], code="GIFT")
    shop.books.place(a_basket("1", Sold(sku="GIFT")))
    shop.pull()
    fulfillment.allocate_due(now=shop.now)
    order = Order.objects.get()
    in_state(order, TaskStatus.SHIPPED)
    elsewhere = FulfillmentTask.objects.get()
    elsewhere.pk, elsewhere.number = None, "FT09999999"
    elsewhere.status, elsewhere.shipped_at = TaskStatus.CREATED, None
    elsewhere.save(force_insert=True)
    TaskLine.objects.filter(sku=spoon).update(task=elsewhere)

    answers = [
        judge(shop, plan(shop, items_of(order), plan_type=kind)) for kind in ("refund", "cancel")
    ]

    assert [(each.status, each.body) for each in answers] == [
        (200, {"cancellable": False}),
        (406, SHIPPED),
    ]
    assert order.lines.get().quantity_cancelled == 0


def test_an_item_nobody_knows_is_left_out_when_it_arrives(shop):
    row = shop.books.place(a_basket("1", Sold(sku="SKU-A", quantity=2)))
    dropped = shop.books.items_of(row["pk"])[0]["pk"]

    answer = judge(shop, plan(shop, [dropped]))
    shop.pull()

    assert answer.body == {"cancellable": True}
    assert str(dropped) not in OrderLine.objects.values_list("external_id", flat=True)
    assert OrderLine.objects.count() == 1


def test_a_plan_that_names_nothing_is_refused(shop):
    an_order(shop)

    answer = judge(shop, plan(shop, []))

    assert answer.body["code"] == "oms_plan_without_items"
    assert OrderLine.objects.get().quantity_cancelled == 0


@pytest.mark.parametrize("name", ["order_items", "cancel_items"])
def test_the_items_may_be_named_otherwise(shop, name):
    order = an_order(shop)
    document = plan(shop, [])
    del document["payload"]["cancellationplanorderitem_set"]
    document["payload"][name] = items_of(order)

    answer = judge(shop, document)

    assert answer.body == {"cancellable": True}
    assert OrderLine.objects.get().quantity_cancelled == 1


def test_a_plan_that_was_rejected_asks_for_nothing(shop):
    order = an_order(shop)

    judge(shop, plan(shop, items_of(order), status="rejected"))

    assert OrderLine.objects.get().quantity_cancelled == 0


def test_in_mode_b_an_item_that_waits_for_its_cancellation_counts_as_a_plan(market):
    row = market.books.place(a_basket("1", Sold(sku="SKU-A", quantity=2)))
    market.pull()
    first = market.books.items_of(row["pk"])[0]["pk"]
    market.books.ask_to_cancel(row["pk"], [first])

    market.pull()

    cancelled = partial(OrderLine.objects.values_list, "external_id", flat=True)
    assert list(cancelled().filter(quantity_cancelled=1)) == [str(first)]
    assert OrderLine.objects.count() == 2


def test_in_mode_b_a_cancellation_that_comes_too_late_is_refused_once(market):
    row = market.books.place(a_basket("1"))
    market.pull()
    line = OrderLine.objects.get()
    market.open_channel(key=2)
    fulfillment_task(market, line)
    market.books.ask_to_cancel(row["pk"], [int(line.external_id)])
    market.pull()
    market.books.change_order(row["pk"], notes="again")

    market.pull()

    assert CancelRequest.objects.get().decision == CancelDecision.REJECT
    assert OrderLine.objects.get().quantity_cancelled == 0


def fulfillment_task(market: Shop, line: OrderLine) -> None:
    """A package of the line that has left."""
    from catalog.models import Sku

    task = FulfillmentTask.objects.create(
        organization=market.organization,
        order=line.order,
        channel=line.order.channel,
        point=market.point,
        number="FT09999998",
        delivery="OWN_CARRIER",
        status=TaskStatus.SHIPPED,
        shipped_at=market.now,
    )
    task.lines.create(order_line=line, sku=Sku.objects.get(), quantity=1)

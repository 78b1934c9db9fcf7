"""The same pack call at the same instant, and against a cancellation, by the wire of Increff."""

import pytest

from fulfillment.models import Invoice, Parcel
from oms.orders.models import OrderLine
from tests.api.increff.dock_world import SHIRT, Dock
from tests.races.test_packing_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 10


def test_two_equal_calls_have_one_effect_and_one_answer():
    dock = Dock.build()
    for number in range(ROUNDS):
        code = f"WS-{number}"
        dock.order(code)

        first, second = at_once(*[lambda code=code: dock.pack(code)] * 2)

        assert (first.status_code, second.status_code) == (200, 200), (
            first.content,
            second.content,
        )
        assert first.content == second.content

    assert Parcel.objects.packed().count() == ROUNDS
    assert Invoice.objects.count() == ROUNDS


def test_of_packing_and_cancelling_by_the_seller_one_wins():
    dock = Dock.build()
    for number in range(ROUNDS):
        code = f"WS-{number}"
        task = dock.order(code)
        body = {
            **dock.place,
            "orderCode": code,
            "orderItems": [{"channelSkuCode": SHIRT, "cancelledQuantity": 1}],
        }

        packed, cancelled = at_once(
            lambda code=code: dock.pack(code),
            lambda body=body: dock.wms.call("PUT", "/usp/order/cancel", body),
        )

        assert sorted([packed.status_code, cancelled.status_code]) == [200, 400]
        invoiced = Invoice.objects.live().filter(order=task.order_id).count()
        [line] = OrderLine.objects.filter(order=task.order_id)
        assert (invoiced, line.quantity_cancelled) in [(1, 0), (0, 1), (0, 0)]
        assert bool(invoiced) == (packed.status_code == 200)

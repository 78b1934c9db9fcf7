from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from oms.backoffice.invariants import INVARIANTS, verify
from oms.orders.models import Order
from tests.factories import make_channel, make_point, make_sku

pytestmark = pytest.mark.django_db


def test_makes_an_order_in_every_state_once():
    point = make_point()
    for _ in range(5):
        make_sku(point=point, on_hand=1000)
    make_channel(points=[point], delivery="OWN_CARRIER")
    first, again = StringIO(), StringIO()

    call_command("seed", stdout=first)
    call_command("seed", stdout=again)

    assert first.getvalue() == again.getvalue()
    assert Order.objects.count() == 12
    assert set(Order.objects.values_list("status", flat=True)) == {
        "CREATED",
        "PAID",
        "UNALLOCATED",
        "ALLOCATED",
        "IN_FULFILLMENT",
        "PACKED",
        "SHIPPED",
        "OUT_FOR_DELIVERY",
        "DELIVERED",
        "RETURNED_TO_POINT",
        "LOST",
        "CANCELLED",
    }
    assert [result for check in INVARIANTS if not (result := verify(check)).holds] == []


def test_says_what_it_needs():
    with pytest.raises(CommandError, match="apply the demo world first"):
        call_command("seed")

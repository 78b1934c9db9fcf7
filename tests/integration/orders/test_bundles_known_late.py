"""Lines of which units were cancelled before anybody knew that they are of a bundle."""

from decimal import Decimal

import pytest
from django.db import transaction

from oms.backoffice.invariants import INVARIANTS, verify
from oms.kernel.actors import SYSTEM
from oms.orders import services
from oms.orders.choices import CancelParty
from oms.orders.models import Order, OrderLine
from oms.orders.services import LineCancel, LineDraft, LineEdit, OrderEdit
from tests.factories import NOW, make_bundle, make_channel, make_sku, place

pytestmark = pytest.mark.django_db


@pytest.fixture
def order():
    """Three of something unknown, one of which the customer no longer wants."""
    order = place(channel=make_channel(), lines=[("GIFT", 3)])
    with transaction.atomic():
        services.record_cancellation(
            order=services.lock_order(order_id=order.pk),
            cancels=[
                LineCancel(line_id=order.lines.get().pk, quantity=1, party=CancelParty.CUSTOMER)
            ],
            deallocate={},
            actor=SYSTEM,
            now=NOW,
        )
    return order


def make_gift(order: Order, *parts: tuple[str, int], code: str = "GIFT") -> None:
    owner = order.organization
    make_bundle(
        parts=[(make_sku(organization=owner, code=sku), units) for sku, units in parts], code=code
    )


def cancelled(order: Order) -> list[tuple[str, int, int]]:
    """By the lines' codes the units cancelled, all and by the customer."""
    lines = OrderLine.every.filter(order=order).order_by("pk")
    columns = ("sku_code", "quantity_cancelled", "cancelled_by_customer")
    return list(lines.values_list(*columns))


def broken() -> list[str]:
    return [each.invariant.code for each in map(verify, INVARIANTS) if not each.holds]


def test_found_by_looking_again_its_parts_are_cancelled_as_far(order):
    make_gift(order, ("MUG", 1), ("SPOON", 2))

    services.match_skus(order_id=order.pk, actor=SYSTEM, now=NOW)

    assert cancelled(order) == [("GIFT", 1, 1), ("MUG", 1, 1), ("SPOON", 2, 2)]
    assert broken() == []


def test_edited_into_another_bundle_it_stays_cancelled_as_far(order):
    make_gift(order, ("MUG", 1), ("SPOON", 2))
    make_gift(order, ("PLATE", 4), code="DINNER")
    services.match_skus(order_id=order.pk, actor=SYSTEM, now=NOW)
    draft = LineDraft(
        external_id="1", sku_codes=("DINNER",), sku_code="DINNER", quantity=2, unit_price=Decimal(9)
    )

    edit = OrderEdit(order_id=order.pk, lines=(LineEdit(key=order.lines.get().pk, draft=draft),))
    services.edit_order(edit=edit, actor=SYSTEM, now=NOW)

    assert cancelled(order) == [("DINNER", 1, 1), ("PLATE", 4, 4)]
    assert broken() == []

"""Invoices of bundles: their parts are billed by their shares, and only whole sets are left out."""

from decimal import Decimal

import pytest
from django.db.models import Sum

from fulfillment import services
from fulfillment.choices import Completeness, ParcelStatus
from fulfillment.models import Invoice, ParcelItem
from fulfillment.services import ShipmentDraft
from oms.kernel.actors import SYSTEM
from oms.orders import services as orders
from oms.orders.models import OrderLine
from tests.factories import NOW
from tests.integration.fulfillment.builders import OWN, milestone
from tests.integration.fulfillment.gifts import broken_invariants, gifts

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _bundles_agree(db):
    yield
    assert broken_invariants() == []


def ship(case, units, completeness=Completeness.MULTI_PARTIAL):
    """Pack units by SKU, of those in no box yet, into an invoiced shipment."""
    left = dict(units)
    chosen = {}
    packed = dict(ParcelItem.objects.values_list("task_line").annotate(units=Sum("quantity")))
    for line in case.task.lines.order_by("pk"):
        place = [sku.pk for sku in case.skus].index(line.sku_id)
        if taken := min(left.get(place, 0), line.quantity - packed.get(line.pk, 0)):
            chosen[line.pk] = taken
            left[place] -= taken
    draft = ShipmentDraft(task_id=case.task.pk, units=chosen, completeness=completeness)
    return services.pack_shipment(draft=draft, actor=case.actor, now=NOW)


def priced(case, price, **more):
    line = case.line()
    OrderLine.every.filter(pk=line.pk).update(unit_price=Decimal(price), **more)


def test_its_price_is_billed_once_to_the_cent():
    case = gifts(sets=1, delivery=OWN)
    priced(case, "10.00", tax_amount=Decimal("1.00"))

    shipment = ship(case, {0: 1, 1: 2})

    lines = list(shipment.invoice.lines.order_by("order_line_id"))
    assert shipment.invoice.gross_total == Decimal("10.00")
    assert shipment.invoice.tax_total == Decimal("1.00")
    assert [(line.gross_total, line.tax_total) for line in lines] == [
        (Decimal("3.33"), Decimal("0.33")),
        (Decimal("6.67"), Decimal("0.67")),
    ]


def test_its_parts_in_several_boxes_are_billed_by_their_shares():
    case = gifts(sets=2, delivery=OWN, allow_split=True)
    priced(case, "10.01")

    totals = [ship(case, units).invoice.gross_total for units in ({0: 1, 1: 2}, {0: 1}, {1: 2})]

    assert sum(totals) == Decimal("20.02")
    assert Invoice.objects.count() == 3


def test_a_part_that_comes_back_is_credited_by_its_share():
    case = gifts(sets=1, delivery=OWN)
    priced(case, "10.00")
    ship(case, {0: 1, 1: 2})
    milestone(case, ParcelStatus.SHIPPED, parcel_id=case.task.parcels.get().pk)
    mug = case.parts()[0]

    [note] = services.credit_returned(
        order_id=case.order.pk,
        units={mug.pk: 1},
        cause="RT1",
        reason="Return",
        actor=SYSTEM,
        now=NOW,
    )

    assert note.gross_total == Decimal("3.33")


def test_what_a_single_shipment_leaves_out_must_be_whole_sets():
    case = gifts(sets=2, delivery=OWN, allow_split=True)

    with pytest.raises(orders.BundleBroken):
        ship(case, {0: 2, 1: 3}, Completeness.SINGLE_PARTIAL)
    ship(case, {0: 1, 1: 2}, Completeness.SINGLE_PARTIAL)

    assert case.quantities("cancelled") == [1, 1, 2]
    assert case.quantities("packed") == [1, 1, 2]
    assert case.status() == ("PACKED", "PACKED")

"""Codes that nobody knew at intake, looked up again."""

import pytest

from oms.events.models import Event
from oms.kernel.actors import SYSTEM
from oms.orders import services
from oms.orders.models import Order
from oms.orders.queries import OrderNotFound
from tests.factories import NOW, make_channel, make_organization, make_sku, place

pytestmark = pytest.mark.django_db


@pytest.fixture
def order() -> Order:
    return place(channel=make_channel(), lines=[("NEW-1", 2), ("NEW-2", 1)])


def match(order: Order) -> list[str]:
    return services.match_skus(order_id=order.pk, actor=SYSTEM, now=NOW)


def test_lines_get_the_sku_their_code_means_by_now(order):
    sku = make_sku(organization=order.organization, code="NEW-1")
    Order.objects.update(allocation_due_at=None)

    found = match(order)

    order.refresh_from_db()
    lines = dict(order.lines.values_list("sku_code", "sku"))
    event = Event.objects.get(type="order.skus_matched")
    assert found == ["NEW-1"]
    assert lines == {"NEW-1": sku.pk, "NEW-2": None}
    assert order.allocation_due_at == NOW
    assert (event.subject_id, event.data["skus"]) == (order.pk, ["NEW-1"])


def test_an_order_that_is_held_waits_for_its_release(order):
    make_sku(organization=order.organization, code="NEW-1")
    order.holds.create(reason="FRAUD", holder="test", placed_at=NOW)
    Order.objects.update(allocation_due_at=None)

    match(order)

    order.refresh_from_db()
    assert order.allocation_due_at is None


def test_another_organizations_sku_is_no_match(order):
    make_sku(organization=make_organization(), code="NEW-1")

    with pytest.raises(services.SkuStillUnknown):
        match(order)

    assert Event.objects.filter(type="order.skus_matched").exists() is False


def test_an_order_that_does_not_exist_is_refused(order):
    with pytest.raises(OrderNotFound):
        services.match_skus(order_id=order.pk + 1, actor=SYSTEM, now=NOW)

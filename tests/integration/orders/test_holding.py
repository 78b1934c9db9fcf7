from datetime import timedelta

import pytest

from fulfillment.services import allocation
from oms.kernel.actors import SYSTEM
from oms.orders import services
from oms.orders.choices import CancelDecision, CancelParty, HoldReason
from oms.orders.services.holding import OrderEnded
from tests.factories import NOW, make_channel, make_point, make_sku, place

pytestmark = pytest.mark.django_db


def hold(order, holder="fraud desk", **overrides):
    fields = {"reason": HoldReason.FRAUD, "note": "", "expires_at": None, **overrides}
    return services.hold_order(order_id=order.pk, holder=holder, actor=SYSTEM, now=NOW, **fields)


@pytest.fixture
def order():
    point = make_point()
    return place(
        channel=make_channel(points=[point]), lines=[(make_sku(point=point, on_hand=5), 1)]
    )


def test_a_held_order_is_not_routed_until_every_hold_is_released(order):
    first, second = hold(order), hold(order, holder="customer care")
    allocation.allocate_due(now=NOW)
    services.release_hold(hold_id=first.pk, actor=SYSTEM, now=NOW)
    allocation.allocate_due(now=NOW)
    order.refresh_from_db()
    assert order.status == "PAID"

    services.release_hold(hold_id=second.pk, actor=SYSTEM, now=NOW)
    allocation.allocate_due(now=NOW)

    order.refresh_from_db()
    assert order.status == "ALLOCATED"


def test_the_same_hold_again_is_one_hold(order):
    assert hold(order).pk == hold(order, note="again").pk


def test_an_expired_hold_releases_itself(order):
    hold(order, expires_at=NOW + timedelta(hours=1))

    assert services.release_due_holds(now=NOW) == 0
    assert services.release_due_holds(now=NOW + timedelta(hours=1)) == 1


def test_a_released_hold_cannot_be_released_again(order):
    placed = hold(order)
    services.release_hold(hold_id=placed.pk, actor=SYSTEM, now=NOW)

    with pytest.raises(services.HoldNotFound):
        services.release_hold(hold_id=placed.pk, actor=SYSTEM, now=NOW)


def test_an_ended_order_cannot_be_held(order):
    type(order).objects.filter(pk=order.pk).update(status="DELIVERED")

    with pytest.raises(OrderEnded):
        hold(order)


def ask(order, **wish):
    wish = {"party": CancelParty.CUSTOMER, "requested_by": "Buyer", "requested_at": NOW} | wish
    wish = services.CancelWish(order_id=order.pk, **wish)
    return services.request_cancel(wish=wish, actor=SYSTEM, now=NOW)


def test_an_open_wish_to_cancel_is_renewed_not_doubled(order):
    def wish(reason):
        return ask(order, reason=reason)

    [first] = wish("too late")

    assert wish("ordered twice") == [first]
    first.refresh_from_db()
    assert first.reason == "ordered twice"


def test_a_decision_stands(order):
    [request] = ask(order)

    def decide(decision):
        services.close_cancel_request(
            request_id=request.pk, decision=decision, comment="", actor=SYSTEM, now=NOW
        )

    decide(CancelDecision.REJECT)

    with pytest.raises(services.RequestAlreadyDecided):
        decide(CancelDecision.ACCEPT)

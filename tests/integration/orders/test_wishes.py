import pytest

from oms.events.models import Event
from oms.kernel.actors import SYSTEM
from oms.orders import services
from oms.orders.choices import CancelDecision, CancelParty
from oms.orders.models import CancelRequest
from tests.factories import NOW, make_channel, make_sku, place

pytestmark = pytest.mark.django_db


@pytest.fixture
def order():
    channel = make_channel()
    skus = [make_sku(organization=channel.organization) for _ in range(3)]
    return place(channel=channel, lines=[(sku, 1) for sku in skus])


def keys(order):
    return list(order.lines.order_by("position").values_list("pk", flat=True))


def ask(order, lines=None, reason="too late"):
    wish = services.CancelWish(
        order_id=order.pk,
        party=CancelParty.CUSTOMER,
        requested_by="Buyer",
        requested_at=NOW,
        reason=reason,
        lines=lines or {},
    )
    return services.request_cancel(wish=wish, actor=SYSTEM, now=NOW)


def about(request):
    return set(request.lines.values_list("line_id", flat=True))


def told():
    events = Event.objects.filter(type="order.cancel_requested").order_by("pk")
    return [event.data["lines"] for event in events]


def test_lines_have_reasons_of_their_own(order):
    first, second, _ = keys(order)

    [request] = ask(order, {first: "wrong size", second: ""})

    assert (request.reason, about(request)) == ("too late", {first, second})
    assert dict(request.lines.values_list("line_id", "reason")) == {first: "wrong size", second: ""}
    assert told() == [["90001", "90002"]]


def test_a_line_is_in_one_open_request_only(order):
    first, second, _ = keys(order)
    [one] = ask(order, {first: ""})

    renewed, two = ask(order, {first: "changed", second: ""}, reason="twice")

    assert (renewed, about(two)) == (one, {second})
    one.refresh_from_db()
    assert (one.reason, one.lines.get().reason) == ("twice", "changed")
    assert told() == [["90001"], ["90002"]]


def test_the_whole_order_asks_for_what_nobody_asked_for_yet(order):
    first, second, third = keys(order)
    ask(order, {first: ""})

    _, rest = ask(order)

    assert about(rest) == {second, third}


def test_a_wish_for_the_whole_order_covers_every_line(order):
    [whole] = ask(order)

    assert ask(order, {keys(order)[0]: ""}, reason="again") == [whole]
    whole.refresh_from_db()
    assert (whole.reason, about(whole), CancelRequest.objects.count()) == ("again", set(), 1)


def test_a_decided_wish_may_be_made_again(order):
    [first] = ask(order)
    services.close_cancel_request(
        request_id=first.pk, decision=CancelDecision.REJECT, comment="", actor=SYSTEM, now=NOW
    )

    [second] = ask(order)

    assert first != second


def test_cancelled_lines_need_no_decision(order):
    order.lines.update(quantity_cancelled=1, cancelled_by_system=1)

    assert ask(order) == []
    assert told() == []


def test_lines_of_another_order_are_refused(order):
    other = place(channel=order.channel, lines=[("X", 1)])

    with pytest.raises(services.LineNotWished):
        ask(order, {keys(other)[0]: ""})

    assert CancelRequest.objects.exists() is False

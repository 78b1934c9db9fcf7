import dataclasses
from datetime import timedelta
from decimal import Decimal

import pytest

from catalog.models import Listing
from oms.events.models import Event
from oms.kernel.actors import SYSTEM
from oms.orders import services
from oms.orders.models import Buyer, Customer, Order
from oms.orders.queries import contact_of
from tests.factories import NOW, make_channel, make_draft, make_point, make_sku, place

pytestmark = pytest.mark.django_db


def accept(draft, now=NOW):
    return services.place_order(draft=draft, actor=SYSTEM, now=now)


def test_stores_the_order_its_lines_and_its_event():
    channel = make_channel()
    sku = make_sku(organization=channel.organization)

    order = place(channel=channel, lines=[(sku, 2), (sku, 1)])

    assert (order.status, order.is_paid, order.allocation_due_at) == ("PAID", True, NOW)
    assert order.goods_total == Decimal("29.70")
    lines = order.lines.order_by("position").values_list("sku_id", "quantity_ordered")
    assert list(lines) == [(sku.pk, 2), (sku.pk, 1)]
    event = Event.objects.get(order_ref=order.pk)
    assert (event.type, event.sequence, event.status) == ("order.placed", 1, "PAID")


def test_an_unpaid_order_is_not_due_for_routing():
    order = place(channel=make_channel(), lines=[("X", 1)], is_paid=False)

    assert (order.status, order.allocation_due_at) == ("CREATED", None)


def test_an_unknown_sku_is_no_reason_to_refuse():
    order = place(channel=make_channel(), lines=[("NOBODY-KNOWS", 1)])

    line = order.lines.get()
    assert (line.sku_id, line.sku_code) == (None, "NOBODY-KNOWS")


def test_a_code_may_be_what_the_channel_calls_the_sku():
    channel = make_channel()
    sku = make_sku(organization=channel.organization)
    Listing.objects.create(channel=channel, sku=sku, channel_sku_code="THEIRS")

    assert place(channel=channel, lines=[("THEIRS", 1)]).lines.get().sku_id == sku.pk


def test_another_organizations_sku_is_unknown():
    sku = make_sku()

    assert place(channel=make_channel(), lines=[(sku, 1)]).lines.get().sku_id is None


def test_the_same_order_again_is_one_order():
    channel = make_channel()
    draft = make_draft(channel=channel, lines=[("X", 1)])
    first = accept(draft)

    again = accept(draft)

    assert (again.order_id, again.outcome) == (first.order_id, "unchanged")
    assert Order.objects.count() == 1
    assert Event.objects.filter(order_ref=first.order_id).count() == 1


def test_twice_in_one_call_is_one_order():
    draft = make_draft(channel=make_channel(), lines=[("X", 1)])

    outcomes = services.place_orders(drafts=[draft, draft], actor=SYSTEM, now=NOW)

    assert [intake.outcome for intake in outcomes] == ["placed", "unchanged"]
    assert Order.objects.count() == 1


def test_a_newer_version_replaces_what_nobody_touched():
    channel = make_channel()
    draft = make_draft(channel=channel, lines=[("X", 1), ("Y", 2)], is_paid=False)
    first = accept(draft)
    newer = make_draft(
        channel=channel,
        external_id=draft.external_id,
        lines=[("X", 5)],
        channel_updated_at=NOW + timedelta(minutes=1),
    )

    intake = accept(newer, now=NOW + timedelta(minutes=2))

    order = Order.objects.get(pk=first.order_id)
    assert intake.outcome == "updated"
    assert (order.status, order.is_paid) == ("PAID", True)
    assert order.allocation_due_at == NOW + timedelta(minutes=2)
    assert list(order.lines.values_list("sku_code", "quantity_ordered")) == [("X", 5)]
    events = Event.objects.filter(order_ref=order.pk).order_by("sequence")
    assert list(events.values_list("type", flat=True)) == [
        "order.placed",
        "order.updated",
        "order.paid",
    ]


def test_an_older_version_changes_nothing():
    channel = make_channel()
    draft = make_draft(channel=channel, lines=[("X", 1)])
    accept(draft)
    older = make_draft(
        channel=channel,
        external_id=draft.external_id,
        lines=[("X", 5)],
        channel_updated_at=NOW - timedelta(minutes=1),
    )

    assert accept(older).outcome == "unchanged"


def test_paid_does_not_become_unpaid():
    channel = make_channel()
    draft = make_draft(channel=channel, lines=[("X", 1)])
    first = accept(draft)
    back = make_draft(
        channel=channel,
        external_id=draft.external_id,
        lines=[("X", 1)],
        is_paid=False,
        channel_updated_at=NOW + timedelta(minutes=1),
    )

    accept(back)

    assert Order.objects.get(pk=first.order_id).status == "PAID"


@pytest.mark.parametrize(
    "change",
    [
        {"lines": ()},
        {"quantity": 0},
        {"quantity": -1},
        {"external_id": "90002"},
        {"unit_price": Decimal("1e12")},
    ],
)
def test_refuses_what_cannot_be_an_order(change):
    draft = make_draft(channel=make_channel(), lines=[("X", 1), ("Y", 1)])
    if "lines" in change:
        draft = dataclasses.replace(draft, lines=())
    else:
        bent = dataclasses.replace(draft.lines[0], **change)
        draft = dataclasses.replace(draft, lines=(bent, draft.lines[1]))

    with pytest.raises(services.BadOrderLines):
        accept(draft)

    assert Order.objects.exists() is False
    assert Event.objects.exists() is False


def test_the_buyer_is_sealed_and_can_be_read_back():
    channel = make_channel()
    order = place(channel=channel, lines=[("X", 1)])

    buyer = Buyer.objects.get(order=order)

    assert b"sample@example.com" not in bytes(buyer.contact)
    assert contact_of(order).customer_email == "sample@example.com"


def test_an_erased_buyer_leaves_nothing_personal():
    order = place(channel=make_channel(), lines=[("X", 1)], customer_id="B-1")

    services.erase_buyer(order_id=order.pk, actor=SYSTEM, now=NOW)

    buyer = Buyer.objects.get(order=order)
    assert (buyer.contact, buyer.raw_body, buyer.email_hash) == (None, None, None)
    assert contact_of(Order.objects.get(pk=order.pk)).customer_email is None
    order.refresh_from_db()
    assert (order.customer_id, order.goods_total) == (None, Decimal("9.90"))


def test_a_customer_the_channel_names_is_one_customer():
    channel = make_channel()
    for _ in range(2):
        place(channel=channel, lines=[("X", 1)], customer_id="B-1")

    assert Customer.objects.get().orders.count() == 2


def test_a_batch_is_stored_whole():
    channel = make_channel(points=[make_point()])
    drafts = [make_draft(channel=channel, lines=[("X", 1)]) for _ in range(50)]

    intakes = services.place_orders(drafts=drafts, actor=SYSTEM, now=NOW)

    assert {intake.outcome for intake in intakes} == {"placed"}
    assert Order.objects.filter(channel=channel).count() == 50

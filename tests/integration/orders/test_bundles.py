"""Bundles in orders: one line for the channel, its parts for everybody who moves goods."""

import dataclasses
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from catalog.models import Bundle, Listing, Sku
from oms.events.models import Event
from oms.inventory.models import StockMovement
from oms.kernel.actors import SYSTEM
from oms.orders import services
from oms.orders.choices import CancelParty
from oms.orders.models import Order, OrderLine
from oms.orders.services import LineCancel, LineDraft, LineEdit, OrderEdit
from tests.factories import NOW, make_bundle, make_channel, make_draft, make_sku, place
from tests.statements import count_statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def channel():
    return make_channel()


@pytest.fixture
def gift(channel):
    """A mug and two spoons; a spoon bears half of what the mug does."""
    mug = make_sku(organization=channel.organization, code="MUG", name="Mug")
    spoon = make_sku(organization=channel.organization, code="SPOON", name="Spoon")
    bundle = make_bundle(parts=[(mug, 1), (spoon, 2)], code="GIFT", name="Gift")
    bundle.parts.filter(sku=mug).update(weight=2)
    return bundle


def parts_of(order):
    columns = ("sku_code", "per_set", "quantity_ordered", "price_share")
    return list(OrderLine.goods.filter(order=order).order_by("pk").values_list(*columns))


def test_it_is_one_line_with_its_parts(channel, gift):
    order = place(channel=channel, lines=[("GIFT", 3)])

    line = order.lines.get()
    assert (line.bundle, line.sku, line.quantity_ordered, line.sku_code) == (gift, None, 3, "GIFT")
    assert order.goods_total == line.total == Decimal("29.70")
    assert parts_of(order) == [
        ("MUG", 1, 3, Decimal("14.8500")),
        ("SPOON", 2, 6, Decimal("14.8500")),
    ]
    assert {part.parent_id for part in line.parts.all()} == {line.pk}
    assert not any(part.is_named for part in OrderLine.every.filter(parent=line))


def test_its_price_falls_on_its_parts_to_the_last_digit(channel):
    skus = [make_sku(organization=channel.organization) for _ in range(3)]
    make_bundle(parts=[(sku, 1) for sku in skus], code="TRIO")
    draft = make_draft(channel=channel, lines=[("TRIO", 1)])
    line = dataclasses.replace(draft.lines[0], unit_price=Decimal(10), line_discount=Decimal("0.9"))

    intake = services.place_order(
        draft=dataclasses.replace(draft, lines=(line,)), actor=SYSTEM, now=NOW
    )

    shares = [part[3] for part in parts_of(Order.objects.get(pk=intake.order_id))]
    assert sum(shares) == Decimal("9.1")
    assert shares == [Decimal("3.0333"), Decimal("3.0334"), Decimal("3.0333")]


def test_a_channel_may_call_it_what_it_likes(channel, gift):
    Listing.objects.create(channel=channel, bundle=gift, channel_sku_code="THEIRS")

    order = place(channel=channel, lines=[("THEIRS", 1)])

    assert order.lines.get().bundle == gift


@pytest.mark.parametrize("change", [{"is_active": False}, {"code": "OTHER"}])
def test_one_that_cannot_be_ordered_is_an_unknown_code(channel, gift, change):
    Bundle.objects.filter(pk=gift.pk).update(**change)

    line = place(channel=channel, lines=[("GIFT", 1)]).lines.get()

    assert (line.bundle, line.sku) == (None, None)


def test_one_without_parts_is_an_unknown_code(channel, gift):
    gift.parts.all().delete()

    assert place(channel=channel, lines=[("GIFT", 1)]).lines.get().bundle is None


def test_more_sets_than_can_be_counted_are_an_unknown_code(channel, gift):
    line = place(channel=channel, lines=[("GIFT", 2_000_000_000)]).lines.get()

    assert (line.bundle, line.quantity_ordered) == (None, 2_000_000_000)


def test_another_organizations_is_unknown(gift):
    assert place(channel=make_channel(), lines=[("GIFT", 1)]).lines.get().bundle is None


def test_an_order_keeps_the_parts_it_came_with(channel, gift):
    order = place(channel=channel, lines=[("GIFT", 1)])
    before = parts_of(order)

    gift.parts.filter(sku__code="SPOON").update(quantity=9)

    assert parts_of(order) == before


def test_a_bundle_and_its_part_may_be_ordered_together(channel, gift):
    order = place(channel=channel, lines=[("MUG", 1), ("GIFT", 1), ("MUG", 2)])

    codes = [
        line.sku_code for line in OrderLine.goods.filter(order=order).order_by("position", "pk")
    ]
    assert codes == ["MUG", "MUG", "SPOON", "MUG"]
    assert order.lines.count() == 3


def test_orders_without_bundles_take_one_statement_as_before(channel):
    sku = make_sku(organization=channel.organization)
    draft = make_draft(channel=channel, lines=[(sku, 1)])

    with count_statements() as seen:
        services.place_order(draft=draft, actor=SYSTEM, now=NOW)

    assert len([each for each in seen if "orders_" in each]) == 1


def test_a_replaced_order_has_the_parts_of_now(channel, gift):
    draft = make_draft(channel=channel, lines=[("GIFT", 1)])
    services.place_order(draft=draft, actor=SYSTEM, now=NOW)
    gift.parts.filter(sku__code="SPOON").update(quantity=4)
    later = dataclasses.replace(
        draft,
        channel_updated_at=NOW + timedelta(minutes=1),
        lines=(dataclasses.replace(draft.lines[0], quantity=2),),
    )

    intake = services.place_order(draft=later, actor=SYSTEM, now=NOW)

    assert intake.outcome == "updated"
    order = Order.objects.get(pk=intake.order_id)
    assert [part[:3] for part in parts_of(order)] == [("MUG", 1, 2), ("SPOON", 4, 8)]


def test_a_replaced_line_may_become_a_sku_and_a_bundle_again(channel, gift):
    draft = make_draft(channel=channel, lines=[("GIFT", 1)])
    order = Order.objects.get(pk=services.place_order(draft=draft, actor=SYSTEM, now=NOW).order_id)

    seen = []
    for minute, code in enumerate(("MUG", "GIFT"), 1):
        line = dataclasses.replace(draft.lines[0], sku_codes=(code,), sku_code=code)
        again = dataclasses.replace(
            draft, channel_updated_at=NOW + timedelta(minutes=minute), lines=(line,)
        )
        services.place_order(draft=again, actor=SYSTEM, now=NOW)
        seen.append(len(parts_of(order)))

    assert seen == [1, 2]
    assert OrderLine.every.filter(order=order).count() == 3


def test_a_bundle_made_later_is_found_by_looking_again(channel):
    order = place(channel=channel, lines=[("LATE", 2)])
    sku = make_sku(organization=channel.organization)
    make_bundle(parts=[(sku, 3)], code="LATE")

    found = services.match_skus(order_id=order.pk, actor=SYSTEM, now=NOW)

    assert found == ["LATE"]
    assert [part[1:3] for part in parts_of(order)] == [(3, 6)]


def edit(order, *lines, **overrides):
    edited = tuple(
        LineEdit(
            key=key,
            draft=LineDraft(
                external_id=str(place),
                sku_codes=(code,),
                sku_code=code,
                sku_id=Sku.objects.filter(code=code).values_list("pk", flat=True).first(),
                quantity=quantity,
                unit_price=Decimal(12),
            ),
        )
        for place, (key, code, quantity) in enumerate(lines)
    )
    change = OrderEdit(order_id=order.pk, lines=edited, **overrides)
    return services.edit_order(edit=change, actor=SYSTEM, now=NOW)


def test_an_edited_line_takes_its_parts_along(channel, gift):
    order = place(channel=channel, lines=[("GIFT", 1)])
    gift.parts.filter(sku__code="SPOON").update(quantity=9)

    edited = edit(order, (order.lines.get().pk, "GIFT", 5), (None, "MUG", 1))

    assert edited.goods_total == Decimal(72)
    assert [part[:3] for part in parts_of(order)] == [
        ("MUG", 1, 5),
        ("SPOON", 2, 10),
        ("MUG", None, 1),
    ]
    shares = OrderLine.goods.filter(order=order, parent__isnull=False)
    assert sum(part.price_share for part in shares) == Decimal(60)


def test_an_edited_line_may_become_another_thing(channel, gift):
    order = place(channel=channel, lines=[("GIFT", 1), ("MUG", 1)])
    first, second = order.lines.order_by("position").values_list("pk", flat=True)

    edit(order, (first, "MUG", 2), (second, "GIFT", 1))

    assert list(order.lines.order_by("position").values_list("pk", "bundle")) == [
        (first, None),
        (second, gift.pk),
    ]
    assert {part.parent_id for part in OrderLine.every.filter(per_set__isnull=False)} == {second}


def allocate(order, units):
    """Units of parts by SKU code, as though points had them."""
    with transaction.atomic():
        locked = services.lock_order(order_id=order.pk)
        keys = {line.sku_code: line.pk for line in OrderLine.goods.filter(order=order)}
        services.record_allocation(
            order=locked,
            units={keys[code]: quantity for code, quantity in units.items()},
            actor=SYSTEM,
            now=NOW,
            cause="test",
        )


def cancel(order, *cancels, deallocate=()):
    with transaction.atomic():
        services.record_cancellation(
            order=services.lock_order(order_id=order.pk),
            cancels=cancels,
            deallocate=dict(deallocate),
            actor=SYSTEM,
            now=NOW,
        )


@pytest.mark.parametrize(
    ("units", "sets"),
    [({"MUG": 2}, 0), ({"MUG": 2, "SPOON": 3}, 1), ({"MUG": 3, "SPOON": 6}, 3)],
)
def test_its_quantities_are_its_complete_sets(channel, gift, units, sets):
    order = place(channel=channel, lines=[("GIFT", 3)])

    allocate(order, units)

    assert order.lines.get().quantity_allocated == sets


def test_sets_are_cancelled_by_its_line(channel, gift):
    order = place(channel=channel, lines=[("GIFT", 3)])
    line = order.lines.get()

    cancel(order, LineCancel(line_id=line.pk, quantity=2, party=CancelParty.CUSTOMER))

    line.refresh_from_db()
    assert (line.quantity_cancelled, line.cancelled_by_customer) == (2, 2)
    assert [part.quantity_cancelled for part in line.parts.order_by("pk")] == [2, 4]
    event = Event.objects.get(type="order.lines_cancelled")
    assert event.data["lines"] == [
        {"line": line.external_id, "quantity": 2, "party": "CUSTOMER", "reason": ""}
    ]


def test_all_parts_of_a_set_are_the_set(channel, gift):
    order = place(channel=channel, lines=[("GIFT", 1)])
    mug, spoon = OrderLine.goods.filter(order=order).order_by("pk")

    cancel(
        order,
        LineCancel(line_id=spoon.pk, quantity=2, party=CancelParty.SELLER, reason="gone"),
        LineCancel(line_id=mug.pk, quantity=1, party=CancelParty.SELLER, reason="gone"),
    )

    order.refresh_from_db()
    assert order.status == "CANCELLED"
    assert order.lines.get().cancelled_by_seller == 1
    [told] = Event.objects.get(type="order.lines_cancelled").data["lines"]
    assert (told["line"], told["quantity"]) == (order.lines.get().external_id, 1)


@pytest.mark.parametrize(
    "cancels",
    [[(0, 1, "SELLER")], [(1, 1, "SELLER")], [(0, 1, "SELLER"), (1, 2, "CUSTOMER")]],
)
def test_a_part_of_a_set_is_not_cancelled(channel, gift, cancels):
    order = place(channel=channel, lines=[("GIFT", 2)])
    parts = OrderLine.goods.filter(order=order).order_by("pk")

    with pytest.raises(services.BundleBroken) as refusal:
        cancel(
            order,
            *(
                LineCancel(line_id=parts[place].pk, quantity=n, party=CancelParty(party))
                for place, n, party in cancels
            ),
        )

    assert refusal.value.details == {"lines": [order.lines.get().external_id]}
    assert order.lines.get().quantity_cancelled == 0
    assert not Event.objects.filter(type="order.lines_cancelled").exists()


def test_an_order_of_which_a_part_is_packed_is_frozen(channel, gift):
    order = place(channel=channel, lines=[("GIFT", 1)])
    allocate(order, {"MUG": 1})

    with pytest.raises(services.OrderFrozen):
        edit(order, (order.lines.get().pk, "GIFT", 2))

    assert [part[2] for part in parts_of(order)] == [1, 2]


def test_mixed_ends_of_a_set_are_the_worse_one(channel, gift):
    order = place(channel=channel, lines=[("GIFT", 4)])
    allocate(order, {"MUG": 4, "SPOON": 8})
    mug, spoon = OrderLine.goods.filter(order=order).order_by("pk")
    done = {"quantity_packed": 1, "quantity_shipped": 1}

    OrderLine.every.filter(pk=mug.pk).update(
        **dict.fromkeys(done, 4), quantity_delivered=2, quantity_lost=1, quantity_out_for_delivery=1
    )
    OrderLine.every.filter(pk=spoon.pk).update(
        **dict.fromkeys(done, 8), quantity_delivered=3, quantity_returned_to_point=3
    )

    line = order.lines.get()
    names = ("shipped", "delivered", "returned_to_point", "lost", "out_for_delivery")
    assert [getattr(line, f"quantity_{name}") for name in names] == [4, 1, 1, 1, 0]


@pytest.mark.parametrize(
    "change",
    [
        {"sku": "MUG"},
        {"parent": "own"},
    ],
)
def test_the_table_refuses_a_bundle_that_is_something_else(channel, gift, change):
    order = place(channel=channel, lines=[("GIFT", 1)])
    line = order.lines.get()
    sku = Sku.objects.get(code="MUG")
    values = {"sku": sku} if "sku" in change else {"parent": line, "per_set": 1, "price_share": 0}

    with pytest.raises(IntegrityError), transaction.atomic():
        OrderLine.every.filter(pk=line.pk).update(**values)

    line.refresh_from_db()
    assert (line.sku, line.parent) == (None, None)


def test_the_table_refuses_a_part_that_does_not_say_how_many(channel, gift):
    order = place(channel=channel, lines=[("GIFT", 1)])

    with pytest.raises(IntegrityError), transaction.atomic():
        OrderLine.every.filter(parent__isnull=False).update(per_set=None)

    assert OrderLine.every.filter(order=order, per_set__isnull=False).count() == 2


def test_nothing_is_reserved_by_ordering(channel, gift):
    place(channel=channel, lines=[("GIFT", 1)])

    assert not StockMovement.objects.exists()

import pytest

from oms.orders.queries import OrderNotFound
from returns import services
from returns.models import ReturnOrder
from returns.services import UnitDraft
from tests.factories import (
    NOW,
    channel_actor,
    make_channel,
    make_organization,
    make_point,
    make_sku,
    place,
    point_actor,
)
from tests.integration.returns.builders import LATER, draft_of, expect, shipped, told, units


def test_announces_one_row_a_physical_unit():
    case = shipped(quantities=(2, 1))

    row = expect(case, 2, 1, external_id="RMA-9", note="by the door")

    first, second = case.order_lines
    assert [(unit.position, unit.order_line_id) for unit in units(row)] == [
        (1, first),
        (2, first),
        (3, second),
    ]
    assert {unit.status for unit in units(row)} == {"EXPECTED"}
    assert (row.status, row.refund_decision, row.note) == ("EXPECTED", "PENDING", "by the door")
    assert row.number.startswith("RT")
    assert (row.channel_id, row.order_external_id) == (case.channel.pk, case.order.external_id)
    assert told(row) == [("return.expected", "EXPECTED")]


def test_goes_to_the_point_that_shipped():
    case = shipped()

    row = expect(case)

    assert row.point == case.point


def test_goes_to_the_point_that_is_named():
    case = shipped()
    desk = make_point(organization=case.point.organization)

    row = expect(case, point_id=desk.pk)

    assert row.point == desk


def test_refuses_a_point_of_somebody_else():
    case = shipped()

    with pytest.raises(services.ReturnPointUnknown):
        expect(case, point_id=make_point().pk)

    assert ReturnOrder.objects.exists() is False


def test_refuses_more_than_was_shipped():
    case = shipped(quantities=(2,))

    with pytest.raises(services.MoreThanShipped) as refusal:
        expect(case, 3)

    assert refusal.value.details == {"units": [2], "status": "DELIVERED"}
    assert ReturnOrder.objects.exists() is False


def test_refuses_what_was_not_shipped_yet():
    point = make_point()
    sku = make_sku(point=point, on_hand=5)
    order = place(channel=make_channel(points=[point]), lines=[(sku, 1)])
    draft = services.ReturnDraft(
        organization_id=order.organization_id,
        order_id=order.pk,
        units=(UnitDraft(sku_code=sku.code),),
    )

    with pytest.raises(services.MoreThanShipped):
        services.expect_return(draft=draft, actor=channel_actor(order.channel), now=NOW)


def test_expects_each_unit_once():
    case = shipped(quantities=(2,))
    expect(case, 1)
    expect(case, 1)

    with pytest.raises(services.MoreThanShipped):
        expect(case, 1)


def test_expects_a_unit_again_after_its_return_was_called_off():
    case = shipped()
    first = expect(case)
    services.cancel_return(public_id=first.public_id, actor=case.actor, now=LATER)

    second = expect(case)

    assert second.status == "EXPECTED"


def test_takes_named_lines_before_those_found_by_sku():
    case = shipped(quantities=(1, 1))
    line = case.order.lines.order_by("position").first()
    by_sku, by_line = UnitDraft(sku_code=case.skus[0].code), UnitDraft(line_number=line.number)

    with pytest.raises(services.MoreThanShipped) as refusal:
        expect(case, units=(by_sku, by_line))

    assert refusal.value.details["units"] == [0]


@pytest.mark.parametrize(
    ("unit", "refusal"),
    [
        (UnitDraft(), services.UnitNamesNothing),
        (UnitDraft(line_number=7), services.UnknownReturnLine),
        (UnitDraft(sku_code="NOBODY-KNOWS"), services.UnknownReturnSku),
    ],
)
def test_refuses_units_that_name_nothing_we_know(unit, refusal):
    case = shipped(quantities=(2,))

    with pytest.raises(refusal) as refused:
        expect(case, units=(UnitDraft(sku_code=case.skus[0].code), unit))

    assert refused.value.details == {"units": [1]}


def test_refuses_a_line_with_the_sku_of_another():
    case = shipped(quantities=(1, 1))
    line = case.order.lines.order_by("position").first()

    with pytest.raises(services.LineHasOtherSku):
        expect(case, units=(UnitDraft(line_number=line.number, sku_code=case.skus[1].code),))


def test_refuses_a_number_twice_and_says_whose_it_is():
    case = shipped(quantities=(2,))
    first = expect(case, external_id="RMA-1")

    with pytest.raises(services.ReturnAlreadyExpected) as refusal:
        expect(case, external_id="RMA-1")

    assert refusal.value.details == {"public_id": first.public_id}


def test_refuses_two_units_with_one_number():
    case = shipped(quantities=(2,))
    unit = UnitDraft(sku_code=case.skus[0].code, external_id="U-1")

    with pytest.raises(services.BadReturnUnits):
        expect(case, units=(unit, unit))


def test_hides_orders_and_returns_of_others():
    case = shipped()
    row = expect(case)
    elsewhere = make_channel(organization=make_organization())
    desk = make_point(organization=case.point.organization)

    with pytest.raises(OrderNotFound):
        expect(case, actor=channel_actor(elsewhere))

    seen = ReturnOrder.objects.visible_to
    assert list(seen(point_actor(case.point))) == [row]
    assert list(seen(channel_actor(case.channel))) == [row]
    assert list(seen(point_actor(desk))) == []
    assert list(seen(channel_actor(elsewhere))) == []


def test_a_bound_point_cannot_send_goods_to_another():
    case = shipped()
    desk = make_point(organization=case.point.organization)

    with pytest.raises(services.ReturnPointUnknown):
        expect(case, actor=point_actor(desk), point_id=case.point.pk)


class TestWithoutItsOrder:
    """A return of an order that we do not have, or not yet."""

    def draft(self, case, **overrides):
        return draft_of(
            case,
            order_id=None,
            channel_id=case.channel.pk,
            order_external_id="EARLIER-1",
            **overrides,
        )

    def test_stands_alone(self):
        case = shipped()
        draft = self.draft(case, point_id=case.point.pk)

        row = services.expect_return(draft=draft, actor=case.actor, now=LATER)

        assert (row.order, row.order_external_id) == (None, "EARLIER-1")
        assert [unit.sku for unit in units(row)] == case.skus

    def test_needs_a_point(self):
        case = shipped()

        with pytest.raises(services.ReturnPointUnknown):
            services.expect_return(draft=self.draft(case), actor=case.actor, now=LATER)

    def test_needs_a_channel_of_the_organization(self):
        case = shipped()
        draft = draft_of(
            case,
            order_id=None,
            channel_id=make_channel().pk,
            order_external_id="E-1",
            point_id=case.point.pk,
        )

        with pytest.raises(OrderNotFound):
            services.expect_return(draft=draft, actor=case.actor, now=LATER)

    def test_finds_its_order_by_channel_and_number(self):
        case = shipped()
        draft = draft_of(
            case,
            order_id=None,
            channel_id=case.channel.pk,
            order_external_id=case.order.external_id,
        )

        row = services.expect_return(draft=draft, actor=case.actor, now=LATER)

        assert row.order == case.order

    def test_is_matched_when_the_order_is_there(self):
        case = shipped()
        draft = self.draft(case, point_id=case.point.pk)
        row = services.expect_return(draft=draft, actor=case.actor, now=LATER)
        case.order.external_id = "EARLIER-1"
        case.order.save(update_fields=["external_id"])
        services.receive_return(
            public_id=row.public_id, receipt=services.Receipt(), actor=case.actor, now=LATER
        )

        services.match_return(public_id=row.public_id, actor=case.actor, now=LATER)

        row.refresh_from_db()
        assert row.order == case.order
        assert [unit.order_line_id for unit in units(row)] == case.order_lines
        assert case.status()[0] == "RETURNED"
        assert told(row) == [
            ("return.expected", "EXPECTED"),
            ("return.received", "RECEIVED"),
            ("return.edited", "RECEIVED"),
        ]
        with pytest.raises(services.OrderAlreadyFound):
            services.match_return(public_id=row.public_id, actor=case.actor, now=LATER)

    def test_stays_alone_while_the_order_is_missing(self):
        case = shipped()
        draft = self.draft(case, point_id=case.point.pk)
        row = services.expect_return(draft=draft, actor=case.actor, now=LATER)

        with pytest.raises(OrderNotFound):
            services.match_return(public_id=row.public_id, actor=case.actor, now=LATER)

"""Bundles have no stock: channels are told how many sets their points can make."""

import pytest

from catalog.models import Bundle, Listing, Spu
from oms.events.models import Event
from oms.locations.models import ChannelPoint
from tests.factories import count_units, make_bundle, make_point, make_sku
from tests.integration.inventory.test_announcing import Shop, told


class GiftShop(Shop):
    """Its second product is a bundle of one of the first and two spoons."""

    def __init__(self):
        super().__init__(on_hand=10)
        [mug] = self.skus
        self.spoon = make_sku(point=self.point, on_hand=7)
        self.bundle = make_bundle(parts=[(mug, 1), (self.spoon, 2)])
        product = Spu.objects.create(channel=self.channel, external_id="SET", name="Gift")
        Listing.objects.create(
            channel=self.channel, spu=product, bundle=self.bundle, channel_sku_code="GIFT"
        )


@pytest.fixture
def shop(db):
    shop = GiftShop()
    shop.announce()
    assert told() == [("SPU-1", [10]), ("SET", [3])]
    return shop


def test_a_movement_of_any_part_is_news_of_it(shop):
    shop.reserve(2, sku=shop.spoon)
    shop.announce()
    shop.reserve(9)
    shop.announce()

    assert told()[2:] == [("SET", [2]), ("SPU-1", [1]), ("SET", [1])]


def test_a_movement_that_leaves_as_many_sets_is_no_news_of_it(shop):
    shop.reserve(1, sku=shop.spoon)

    shop.announce()

    assert told()[2:] == []


def test_sets_are_not_made_of_parts_at_two_points(shop):
    other = make_point(organization=shop.point.organization)
    ChannelPoint.objects.create(channel=shop.channel, point=other)
    count_units(point=other, sku=shop.spoon, on_hand=100)

    shop.announce()
    count_units(point=other, sku=shop.skus[0], on_hand=4)
    shop.announce()

    assert told()[2:] == [("SPU-1", [14]), ("SET", [7])]


@pytest.mark.parametrize(
    ("change", "stock"),
    [
        (lambda shop: Bundle.objects.filter(pk=shop.bundle.pk).update(is_active=False), 0),
        (lambda shop: shop.bundle.parts.filter(sku=shop.spoon).update(quantity=1), 7),
        (lambda shop: shop.bundle.parts.all().delete(), 0),
    ],
)
def test_another_make_up_is_told_within_a_minute(shop, change, stock):
    change(shop)

    shop.announce(after=61)

    assert told()[2:] == [("SET", [stock])]


def test_a_part_nobody_keeps_means_none(shop):
    extra = make_sku(organization=shop.point.organization)
    shop.bundle.parts.create(sku=extra, quantity=1)

    shop.announce(after=61)

    assert told()[2:] == [("SET", [0])]
    assert Event.objects.filter(type="stock.changed").count() == 3

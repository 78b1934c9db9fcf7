import datetime as dt
from decimal import Decimal

import pytest

from catalog import services
from catalog.choices import ListingStatus
from catalog.models import Listing, Spu
from channels_app.choices import ChannelType
from oms.events.choices import EventType, SubjectType
from oms.events.models import Event
from oms.kernel.actors import SYSTEM
from tests.factories import NOW, channel_actor, make_channel, make_sku

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def channel():
    return make_channel()


def variant(code="SKU-7-RED", **overrides):
    values = {
        "channel_sku_code": code,
        "seller_sku_code": "TEE-RED-M",
        "original_price": Decimal("35.0000"),
        "current_price": Decimal("29.9000"),
        "stock": 200,
        "attributes": {"color": "red"},
        "payload": {"any": [1]},
    }
    return services.VariantDraft(**(values | overrides))


def update(channel, *variants, **overrides):
    values = {
        "channel_id": channel.pk,
        "external_id": "SPU-7",
        "name": "T-shirt",
        "status": ListingStatus.ACTIVE,
        "listed_at": NOW - HOUR,
        "changed_at": NOW,
        "variants": variants or (variant(),),
    }
    draft = services.SpuDraft(**(values | overrides))
    return services.update_spu(draft=draft, actor=SYSTEM, now=NOW)


def set_status(channel, status, **overrides):
    values = {"external_id": "SPU-7", "changed_at": NOW + HOUR} | overrides
    return services.change_spu_status(
        channel_id=channel.pk, status=status, actor=SYSTEM, now=NOW, **values
    )


def told():
    return list(Event.objects.order_by("pk").values_list("type", flat=True))


def test_a_product_is_stored_with_its_variants(channel):
    sku = make_sku(organization=channel.organization, code="TEE-RED-M")

    assert update(channel, variant(), variant("SKU-7-BLUE", seller_sku_code="NOBODYS")) is True

    spu = Spu.objects.get()
    assert (spu.channel, spu.external_id, spu.name, spu.listed_at) == (
        channel,
        "SPU-7",
        "T-shirt",
        NOW - HOUR,
    )
    red, blue = spu.listings.order_by("pk")
    assert (red.sku, blue.sku) == (sku, None)
    assert (red.original_price, red.current_price, red.stock) == (Decimal(35), Decimal("29.9"), 200)
    assert (red.attributes, red.payload, red.channel) == ({"color": "red"}, {"any": [1]}, channel)
    assert told() == []


def test_the_sent_list_replaces_the_stored_one(channel):
    update(channel, variant("A"), variant("B"))
    kept = Listing.objects.get(channel_sku_code="B").pk

    update(channel, variant("B", stock=3), variant("C"))

    listings = Listing.objects.order_by("channel_sku_code")
    assert list(listings.values_list("channel_sku_code", "stock")) == [("B", 3), ("C", 200)]
    assert listings[0].pk == kept


def test_an_older_update_is_ignored(channel):
    update(channel)

    assert update(channel, name="Old", changed_at=NOW - HOUR) is False
    assert Spu.objects.get().name == "T-shirt"


def test_zero_is_a_variant_of_many_products(channel):
    update(channel, variant("0"))
    update(channel, variant("0"), external_id="SPU-8")

    assert Listing.objects.filter(channel_sku_code="0").count() == 2


def test_the_same_variant_twice_is_refused(channel):
    with pytest.raises(services.RepeatedVariant):
        update(channel, variant("A"), variant("A"))

    assert Spu.objects.exists() is False


def test_what_staff_linked_by_hand_stays_while_the_code_does(channel):
    sku = make_sku(organization=channel.organization)
    update(channel)
    Listing.objects.update(sku=sku)

    update(channel, variant(stock=1))
    assert Listing.objects.get().sku == sku

    update(channel, variant(seller_sku_code="ANOTHER"))
    assert Listing.objects.get().sku is None


def test_a_new_price_is_told_with_all_prices(channel):
    update(channel, variant("A"), variant("B"))

    update(channel, variant("A", current_price=Decimal("19.9")), variant("B"))

    event = Event.objects.get()
    assert (event.type, event.subject_type, event.subject_id, event.channel_ref) == (
        EventType.PRICE_CHANGED,
        SubjectType.SPU,
        Spu.objects.get().pk,
        channel.pk,
    )
    assert (event.status, event.data["spu"]) == ("ACTIVE", "SPU-7")
    assert [
        (sku["sku"], sku["original_price"], sku["current_price"]) for sku in event.data["skus"]
    ] == [("A", "35.0000", "19.9"), ("B", "35.0000", "29.9000")]


def test_the_same_again_tells_nothing(channel):
    update(channel)
    update(channel)

    assert told() == []


def test_a_new_variant_is_no_new_price(channel):
    update(channel, variant("A"))
    update(channel, variant("A"), variant("B", current_price=Decimal(1)))

    assert told() == []


def test_a_new_status_is_told_once(channel):
    update(channel)

    assert set_status(channel, ListingStatus.INACTIVE) is True
    assert set_status(channel, ListingStatus.INACTIVE, changed_at=NOW + 2 * HOUR) is True

    event = Event.objects.get()
    assert (event.type, event.status, event.data) == (
        EventType.SPU_STATUS_CHANGED,
        "INACTIVE",
        {"spu": "SPU-7", "before": "ACTIVE"},
    )


def test_an_older_status_is_ignored(channel):
    update(channel)

    assert set_status(channel, ListingStatus.DELETED, changed_at=NOW - HOUR) is False
    assert Spu.objects.get().status == "ACTIVE"


def test_an_update_may_change_the_status_as_well(channel):
    update(channel)
    update(channel, status=ListingStatus.DELETED)

    assert told() == [EventType.SPU_STATUS_CHANGED]


def test_the_status_of_an_unknown_product_is_refused(channel):
    update(make_channel())

    with pytest.raises(services.SpuNotFound):
        set_status(channel, ListingStatus.ACTIVE)


def test_a_product_is_forgotten_with_its_variants(channel):
    neighbour = make_channel()
    for each in (channel, neighbour):
        update(each)

    gone = services.delete_spus(
        channel_id=channel.pk, external_ids=["SPU-7", "NONE"], actor=SYSTEM, now=NOW
    )

    assert gone == 1
    assert Spu.objects.get().channel == neighbour
    assert Listing.objects.get().channel == neighbour
    event = Event.objects.get()
    assert (event.type, event.status, event.channel_ref) == (
        EventType.SPU_STATUS_CHANGED,
        "DELETED",
        channel.pk,
    )


def test_a_channel_is_asked_for_its_products(channel):
    services.request_spus(
        channel_id=channel.pk, external_ids=["SPU-7"], actor=channel_actor(channel), now=NOW
    )

    event = Event.objects.get()
    assert (event.type, event.subject_type, event.subject_id, event.channel_ref) == (
        EventType.SPU_REQUESTED,
        SubjectType.CHANNEL,
        channel.pk,
        channel.pk,
    )
    assert event.data == {"channel": channel.code, "spus": ["SPU-7"]}


def test_a_marketplace_is_not_asked():
    channel = make_channel(type=ChannelType.LAZADA)

    with pytest.raises(services.ListingsNotAsked):
        services.request_spus(channel_id=channel.pk, external_ids=[], actor=SYSTEM, now=NOW)

    assert told() == []

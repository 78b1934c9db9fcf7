"""Contract sections 4.9 to 4.11."""

import pytest

from catalog.models import Listing, Spu
from oms.events.models import Event
from tests.clients.oms4_stdlib import Oms4Error
from tests.statements import count_statements

SKU = {
    "sku_id": "SKU-7-RED",
    "seller_sku_code": "TEE-RED-M",
    "original_price": 35.0,
    "current_price": 29.9,
    "stock": 200,
}
SPU = {
    "spu_id": "SPU-7",
    "spu_name": "T-shirt",
    "upstream_created_time": 1727000000000,
    "upstream_updated_time": 1727345777022,
    "upstream_status": "ACTIVE",
    "skus": [SKU],
}


def refused(call, **members):
    with pytest.raises(Oms4Error) as refusal:
        call(**members)
    return refusal.value.code


def test_what_may_be_left_out_is_left_out(world):
    world.shop.update_spu(**SPU)

    spu, listing = Spu.objects.get(), Listing.objects.get()
    assert (spu.category_id, spu.category_name, spu.image_url) == ("", "", "")
    assert (listing.status, listing.attributes, listing.payload) == ("ACTIVE", {}, {})
    assert (str(listing.original_price), str(listing.current_price)) == ("35.0000", "29.9000")


def test_a_variant_without_a_status_has_its_products(world):
    world.shop.update_spu(**SPU | {"upstream_status": "inactive"})

    assert (Spu.objects.get().status, Listing.objects.get().status) == ("INACTIVE", "INACTIVE")


def test_numbers_may_come_as_text(world):
    sku = SKU | {"sku_id": 0, "original_price": "35", "stock": "-3"}

    world.shop.update_spu(**SPU | {"skus": [sku], "upstream_updated_time": "1727345777022"})

    listing = Listing.objects.get()
    assert (listing.channel_sku_code, listing.stock) == ("0", -3)


def test_an_update_again_is_a_success_and_an_older_one_is_ignored(world):
    world.shop.update_spu(**SPU)
    world.shop.update_spu(**SPU)
    world.shop.update_spu(**SPU | {"spu_name": "Old", "upstream_updated_time": 1727345777021})

    assert (Spu.objects.get().name, Listing.objects.count()) == ("T-shirt", 1)


@pytest.mark.parametrize(
    "change",
    [
        {"spu_id": ""},
        {"spu_id": "x" * 129},
        {"spu_name": None},
        {"upstream_created_time": None},
        {"upstream_updated_time": "soon"},
        {"upstream_status": "SOLD"},
        {"image": "x" * 2049},
        {"skus": []},
        {"skus": None},
        {"skus": [SKU] * 501},
        {"skus": [SKU, SKU]},
        {"skus": [SKU | {"sku_id": ""}]},
        {"skus": [SKU | {"seller_sku_code": None}]},
        {"skus": [SKU | {"current_price": "cheap"}]},
        {"skus": [SKU | {"stock": 2**31}]},
        {"skus": [SKU | {"model_infos": ["red"]}]},
        {"skus": [SKU | {"upstream_status": "SOLD"}]},
    ],
)
def test_a_malformed_product_is_refused(world, change):
    assert refused(world.shop.update_spu, **SPU | change) == "400"
    assert Spu.objects.exists() is False


def test_a_list_of_variants_costs_no_more_than_one(world):
    world.shop.update_spu(**SPU)

    with count_statements() as one:
        world.shop.update_spu(**SPU | {"spu_id": "SPU-8"})
    with count_statements() as many:
        skus = [SKU | {"sku_id": str(number)} for number in range(30)]
        world.shop.update_spu(**SPU | {"spu_id": "SPU-9", "skus": skus})

    assert len(many) == len(one)


def test_other_channels_products_are_their_own(world, next_door, elsewhere):
    for each in (world, next_door, elsewhere):
        each.shop.update_spu(**SPU)

    world.shop.update_spu_status(spu_id="SPU-7", status="DELETED")
    world.shop.delete_spu(spu_id="SPU-7")

    assert set(Spu.objects.values_list("channel", "status")) == {
        (next_door.channel.pk, "ACTIVE"),
        (elsewhere.channel.pk, "ACTIVE"),
    }


def test_a_status_without_a_time_is_of_now(world):
    world.shop.update_spu(**SPU)

    world.shop.update_spu_status(spu_id="SPU-7", upstream_status="INACTIVE")
    world.shop.update_spu_status(
        spu_id="SPU-7", upstream_status="ACTIVE", upstream_updated_time=1727345777023
    )

    assert Spu.objects.get().status == "INACTIVE"
    assert Event.objects.filter(type="spu.status_changed").count() == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"spu_id": "SPU-8"}, "404"),
        ({"spu_id": ""}, "400"),
        ({"upstream_status": ""}, "400"),
        ({"upstream_status": "SOLD"}, "400"),
    ],
)
def test_a_wrong_status_changes_nothing(world, change, code):
    world.shop.update_spu(**SPU)

    body = {"spu_id": "SPU-7", "upstream_status": "DELETED"} | change

    assert refused(world.shop.update_spu_status, **body) == code
    assert Spu.objects.get().status == "ACTIVE"


def test_the_status_of_anothers_product_is_not_found(world, next_door):
    world.shop.update_spu(**SPU)

    body = {"spu_id": "SPU-7", "upstream_status": "DELETED"}

    assert refused(next_door.shop.update_spu_status, **body) == "404"
    assert Spu.objects.get().status == "ACTIVE"


def test_several_products_are_deleted_at_once(world):
    for name in ("SPU-7", "SPU-8", "SPU-9"):
        world.shop.update_spu(**SPU | {"spu_id": name})

    world.shop.delete_spu(spu_id="SPU-7", spu_ids=["SPU-8", "NONE"])

    assert Spu.objects.get().external_id == "SPU-9"


@pytest.mark.parametrize("body", [{}, {"spu_ids": []}, {"spu_ids": ["x"] * 51}, {"spu_id": {}}])
def test_a_malformed_deletion_is_refused(world, body):
    world.shop.update_spu(**SPU)

    assert refused(world.shop.delete_spu, **body) == "400"
    assert Spu.objects.count() == 1

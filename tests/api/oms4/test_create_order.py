import json

import pytest

from oms.events.models import Event
from oms.orders import queries
from oms.orders.models import Order, OrderLine
from tests.api.oms4.world import ORDER
from tests.clients.oms4_stdlib import Oms4Error

PATH = "/rest/sc_api/order/create"


def refused(shop, body):
    with pytest.raises(Oms4Error) as refusal:
        shop.create_order(body)
    return refusal.value.code, refusal.value.message


def test_takes_in_an_order(world):
    answer = world.shop.send("POST", PATH, body=json.dumps(world.order()).encode())

    status, body = answer
    assert status == 200
    assert body == {
        "code": "200",
        "message": "success",
        "data": None,
        "request_id": body["request_id"],
    }
    order = Order.objects.get()
    line = OrderLine.objects.get()
    assert (order.external_id, order.channel, order.is_paid) == ("WEB-10045", world.channel, True)
    assert (line.sku, line.quantity_ordered, str(line.unit_price)) == (world.sku, 2, "29.9000")
    contact = queries.contact_of(queries.orders_feed(actor=world_actor(order)).get())
    assert (contact.address, contact.state) == ("1 Sample Road #02-03", "")
    assert contact.customer_email == "a.tan@example.com"


def world_actor(order):
    from oms.kernel.actors import Actor

    return Actor(kind="test", ref="test", organization_id=order.organization_id)


def test_keeps_the_exact_bytes(world):
    raw = json.dumps(world.order(more={"a": 1}), indent=3).encode()

    world.shop.send("POST", PATH, body=raw)

    order = Order.objects.select_related("buyer").get()
    from oms.orders import contacts

    assert contacts.open_body(order.buyer.raw_body, key=order.public_id) == raw


def test_takes_other_names_and_types_for_the_same_things(world):
    body = world.order()
    body["cross_border"] = "1"
    body["upstream_allow_split"] = True
    body["created_date"] = "1727345700"
    body["order_status"] = " paid "
    body["order_items"] = body.pop("items")
    item = body["order_items"][0]
    item |= {"spu_id": item.pop("sc_spu_id"), "quantity": str(item.pop("qty"))}
    item |= {"sku_id": item.pop("sc_sku_code"), "name": item.pop("sku_name"), "unit_price": "29.90"}
    item["orig_order_item_id"] = 90001

    world.shop.create_order(body)

    order, line = Order.objects.get(), OrderLine.objects.get()
    assert (order.is_cross_border, order.allow_split, order.is_paid) == (True, True, True)
    assert order.placed_at.isoformat() == "2024-09-26T10:15:00+00:00"
    assert (line.external_id, line.quantity_ordered, line.channel_sku_code) == (
        "90001",
        2,
        "SKU-7-RED",
    )
    assert (line.channel_spu_id, line.name, str(line.unit_price)) == (
        "SPU-7",
        "T-shirt red M",
        "29.9000",
    )


def test_the_channels_code_names_the_sku_when_the_sellers_is_absent(world):
    body = world.order()
    del body["items"][0]["seller_sku_code"]
    body["items"][0]["sc_sku_code"] = world.sku.code

    world.shop.create_order(body)

    assert OrderLine.objects.get().sku == world.sku


def test_an_order_with_an_unknown_sku_is_stored(world):
    body = world.order()
    body["items"][0]["seller_sku_code"] = "NOBODY-KNOWS"

    world.shop.create_order(body)

    assert OrderLine.objects.get().sku is None


def test_the_same_order_again_is_a_success_without_effect(world):
    world.shop.create_order(world.order())
    events = Event.objects.count()

    world.shop.create_order(world.order())

    assert Order.objects.count() == 1
    assert Event.objects.count() == events


def test_a_later_update_pays_an_order_and_an_earlier_one_changes_nothing(world):
    world.shop.create_order(world.order(order_status="CREATED"))
    world.shop.create_order(world.order(updated_date=1727345777023))
    world.shop.create_order(world.order(order_status="CREATED", updated_date=1727345777021))

    assert Order.objects.get().is_paid is True


MISSING = [
    "order_no",
    "order_status",
    "created_date",
    "updated_date",
    "currency",
    "country",
    "items",
]


@pytest.mark.parametrize("name", MISSING)
def test_a_missing_mandatory_member_is_refused(world, name):
    body = world.order()
    del body[name]

    assert refused(world.shop, body) == ("400", f"{name}: is missing")
    assert Order.objects.exists() is False


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"order_status": "SHIPPED"}, "order_status: must be one of CREATED, PAID"),
        ({"currency": "SG"}, "currency: must be three letters"),
        ({"customer_email": "nobody"}, "customer_email: is not an e-mail address"),
        ({"shipping_info": {"email": "x"}}, "shipping_info.email: is not an e-mail address"),
        (
            {"shipping_info": {"time_window_from": "9"}},
            "shipping_info.time_window_from: must be HH:mm",
        ),
        ({"shipping_info": []}, "shipping_info: must be an object"),
        (
            {"payment_info": {"total_amount": "x"}},
            "payment_info.total_amount: must be a number of reasonable size",
        ),
        ({"items": []}, "items: is empty"),
        ({"items": [ORDER["items"][0]] * 501}, "items: holds more than 500 entries"),
        ({"items": [{}]}, "items[0].orig_order_item_id: is missing"),
        ({"items": [{"orig_order_item_id": "1"}]}, "items[0].seller_sku_code: is missing"),
        ({"items": [ORDER["items"][0] | {"qty": 0}]}, "items[0].qty: must be at least 1"),
        ({"order_no": "x" * 129}, "order_no: is longer than 128 characters"),
    ],
)
def test_what_cannot_be_an_order_is_refused_by_path(world, change, message):
    assert refused(world.shop, world.order(**change)) == ("400", message)
    assert Order.objects.exists() is False


def test_a_repeated_line_id_is_refused(world):
    body = world.order()
    body["items"] *= 2

    assert refused(world.shop, body)[0] == "400"
    assert Order.objects.exists() is False


def test_sums_beyond_reason_are_refused(world):
    body = world.order()
    body["items"][0] |= {"qty": 2**31 - 1, "unit_price": 999_999_999_999}

    assert refused(world.shop, body) == ("400", "items: cost more than can be stored")
    assert Order.objects.exists() is False


def test_two_channels_may_use_the_same_number(world, next_door):
    world.shop.create_order(world.order())
    next_door.shop.create_order(next_door.order())

    assert Order.objects.filter(external_id="WEB-10045").count() == 2


def test_a_channel_that_refuses_what_it_cannot_allocate_says_so(world):
    world.channel.stock_policy = "REJECT"
    world.channel.save(update_fields=["stock_policy"])

    body = world.order()
    body["items"][0]["qty"] = 1_000_000

    code, message = refused(world.shop, body)

    assert (code, message) == ("409", f"Out of stock: {world.sku.code}")
    assert Order.objects.exists() is False
    assert Event.objects.filter(subject_type="order").exists() is False

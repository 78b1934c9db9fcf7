"""POST /orders/create."""

import datetime as dt
import json
from decimal import Decimal

import pytest

from oms.orders import queries
from oms.orders.models import Hold, Order
from tests import factories
from tests.api.nandh.world import Nandh

PATH = "/orders/create"


def refusal(answer):
    body = answer.json()
    return body["status_code"], body["error_code"], body["messages"]


def test_stores_the_order_in_our_words(world):
    order = world.place(
        extra_info={"note": "Ring twice", "packaging_note": "Gift", "order_number": "WEB-1"},
        fees=[
            {"code": "buyer_shipping_fee", "amount": 20000},
            {"code": "total_platform_discount", "amount": 5000},
        ],
    )

    contact = queries.contact_of(order)
    assert (order.external_id, order.channel, order.preferred_point) == (
        "WEB-1",
        world.channel,
        world.point,
    )
    assert (order.status, order.payment_status, order.payment_method) == ("PAID", "UNPAID", "COD")
    assert (order.currency, order.goods_total, order.shipping_fee, order.order_discount) == (
        "VND",
        Decimal(250000),
        Decimal(20000),
        Decimal(5000),
    )
    assert (order.seller_remark, order.packaging_note, order.order_type) == (
        "Ring twice",
        "Gift",
        "NORMAL",
    )
    assert contact.ship_to.phone == "+84900000000"
    assert contact.ship_to.district == "Quận 1"


def test_takes_the_b2b_form(world):
    departs = 1_790_000_000

    order = world.place(
        config={
            "order_type": "b2b",
            "use_insurance": 1,
            "additional_services": "CIG,OWH",
            "tax_paid_by": "sender",
        },
        extra_info={"estimated_departure_time": departs},
        documents=[{"name": "Invoice", "quantity": 1, "doc_type": "invoice", "url": "https://x"}],
        discounts=[],
    )

    assert order.order_type == "B2B"
    assert order.tags == ["CIG", "OWH", "insurance"]
    assert order.ship_by_at == dt.datetime.fromtimestamp(departs, dt.UTC)


def test_answers_the_first_order_when_it_is_sent_again(world):
    first = world.api.post(PATH, world.order())

    again = world.api.post(PATH, world.order())

    assert again.json() == first.json()
    assert Order.objects.count() == 1


def test_refuses_another_order_of_the_same_number(world):
    order = world.place()

    answer = world.api.post(PATH, world.order(pickup_id="7"))

    code = f"NHOV{order.number:07d}"
    told = f"/extra_info/order_number: is the one of {code}"
    assert refusal(answer) == (409, "duplicate_external_id", told)
    assert Order.objects.count() == 1


def test_an_order_without_a_number_gets_one_each_time(world):
    first, second = (world.place(extra_info={"order_number": None}) for _ in range(2))

    assert first.pk != second.pk
    assert first.external_id.startswith("nhov-")


def test_an_order_that_is_not_approved_waits(world):
    order = world.place(config={"approve": 0})

    hold = Hold.objects.get(order=order)
    assert (hold.reason, hold.note, hold.released_at) == (
        "OTHER",
        "Not approved by its store yet",
        None,
    )
    detail = world.api.data(f"/orders/detail/NHOV{order.number:07d}")
    assert detail["status"] == 110


def test_an_order_that_has_to_be_paid_first_is_not_routed(world):
    order = world.place(payments=[{"status": 100, "method": 2, "amount": 270000}])

    assert (order.status, order.payment_method) == ("CREATED", "BANK_TRANSFER")


@pytest.mark.parametrize(
    ("numbers", "status"),
    [
        ((200,), "PAID"),
        ((110,), "PENDING"),
        ((200, 100), "PARTIALLY_PAID"),
        ((550,), "CANCELLED"),
        ((120, 100), "PENDING"),
    ],
)
def test_payments_are_one_status(world, numbers, status):
    payments = [{"status": number, "method": 3, "amount": 1000} for number in numbers]

    assert world.place(payments=payments).payment_status == status


@pytest.mark.parametrize(
    ("setting", "discounted", "discount"),
    [("amount", 5000, 10000), ("price", 100000, 50000), ("refuse", 0, 0)],
)
def test_discounted_price_means_what_the_setting_says(
    world, settings, setting, discounted, discount
):
    settings.OMS_NANDH_DISCOUNTED_PRICE = setting
    item = {"sku": "TEE-RED-M", "sale_price": "125000.00", "quantity": 2}

    order = world.place(items=[item | {"discounted_price": discounted}])

    assert order.lines.get().line_discount == discount


def test_a_discounted_price_nobody_explained_is_refused(world):
    item = {"sku": "TEE-RED-M", "sale_price": 125000, "discounted_price": 100000, "quantity": 2}

    answer = world.api.post(PATH, world.order(items=[item]))

    told = (
        "/items/0/discounted_price: must be 0: OMS_NANDH_DISCOUNTED_PRICE does not say what it is"
    )
    assert refusal(answer) == (422, "validation_failed", told)


@pytest.mark.parametrize(
    ("changes", "code", "told"),
    [
        ({"store_id": 987654321}, "validation_failed", "/store_id: does not exist"),
        ({"pickup_id": 8}, "unknown_location", "/pickup_id: does not exist"),
        (
            {"items": [{"sku": "NO-SUCH", "sale_price": 1, "quantity": 1}]},
            "unknown_sku",
            "/items/0/sku: does not exist",
        ),
        (
            {"receiver": {"customer_id": 5}},
            "unknown_customer",
            "/receiver/customer_id: no such customer",
        ),
        (
            {"receiver": {"phone": "12"}},
            "validation_failed",
            "/receiver/phone: is not a phone number of the country",
        ),
        (
            {"config": {"preview": 1}},
            "validation_failed",
            "/config/preview: is not offered; nothing was stored",
        ),
        (
            {"discounts": [{"amount": 1}]},
            "validation_failed",
            "/discounts: the shape of an entry is not known; use fees",
        ),
        (
            {
                "payments": [
                    {"status": 200, "method": 3, "amount": 1},
                    {"status": 100, "method": 1, "amount": 1},
                ]
            },
            "validation_failed",
            "/payments: an order is paid by one method",
        ),
        (
            {"fees": [{"code": "total_platform_discount", "amount": 250001}]},
            "validation_failed",
            "/fees: the discount is more than the order costs",
        ),
        (
            {"payments": [{"status": 101, "method": 1, "amount": 1}]},
            "validation_failed",
            "/payments/0/status: has a value it cannot have",
        ),
        (
            {"items": [{"sku": "TEE-RED-M", "sale_price": 1.5, "quantity": 1}]},
            "validation_failed",
            "/items/0/sale_price: must be a whole amount of VND, at least 0",
        ),
        ({"items": None}, "validation_failed", "/items: This field is required."),
    ],
)
def test_refuses_what_it_cannot_take_and_stores_nothing(world, changes, code, told):
    answer = world.api.post(PATH, world.order(**changes))

    assert refusal(answer) == (422, code, told)
    assert Order.objects.count() == 0


def test_the_store_may_be_named_by_its_code(world):
    assert world.place(store_id="WEB").channel == world.channel


def test_a_client_of_one_store_names_no_other(world):
    other = factories.make_channel(organization=world.organization)
    bound = Nandh(world.organization, channel=other)

    answer = bound.post(PATH, world.order())

    told = "/store_id: the API key serves another store"
    assert refusal(answer) == (403, "insufficient_scope", told)
    assert Order.objects.count() == 0


def test_members_nobody_knows_are_left_alone(world):
    body = world.order() | {"further": {"members": [1]}}

    assert world.api.post(PATH, body).status_code == 200


def test_the_body_is_kept_to_the_byte_and_sealed(world):
    body = json.dumps(world.order(), indent=3).encode()

    answer = world.api.call("POST", PATH, body=body)

    number = answer.json()["data"]["order_id"]
    order = Order.objects.select_related("buyer").get(number=number)
    assert queries.body_of(actor=world_actor(world), number=number) == body
    assert "Trần Lan".encode() not in bytes(order.buyer.raw_body)


def world_actor(world):
    return factories.channel_actor(world.channel)

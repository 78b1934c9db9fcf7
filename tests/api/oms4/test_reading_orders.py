import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from oms.accounts import queries as accounts
from oms.accounts.models import ApiClient
from tests.api.oms4.world import code_of
from tests.clients.oms4_stdlib import Oms4Error

LIST = "/rest/sc_api/order/list"


def numbers(orders):
    return [order["order_no"] for order in orders]


def test_gives_back_what_was_sent_and_what_is_known(world):
    body = world.order(customer_id="CU-1", ref_code="R", order_type="PRESALE")
    body["items"][0] |= {"color": "red", "original_price": "35", "deep": {"a": [1, 2.5]}}
    body["payment_info"] |= {"gateway": {"id": 7}}
    body["cost_center"] = "nobody knows"
    world.shop.create_order(body)

    [order] = world.shop.orders()

    assert order == {
        "order_no": "WEB-10045",
        "order_type": "PRESALE",
        "sales_channel": "My Web Shop",
        "upstream_system": "General",
        "order_status": "PAID",
        "order_date": 1727345700000,
        "last_updated_date": 1727345777022,
        "cross_border": 0,
        "campaign_id": None,
        "ref_code": "R",
        "ship_by_date": None,
        "upstream_allow_split": 0,
        "currency": "SGD",
        "country": "SG",
        "customer_remark": None,
        "seller_remark": None,
        "customer_id": "CU-1",
        "customer_name": "A. Tan",
        "customer_email": "a.tan@example.com",
        "customer_phone": None,
        "shipping_info": {
            "state": "",
            "city": "Singapore",
            "district": "",
            "address": "1 Sample Road #02-03",
            "postcode": "048624",
            "name": "A. Tan",
            "email": None,
            "phone": "+6560000000",
            "organization": None,
            "requested_arrival_date": None,
            "time_window_from": "09:00",
            "time_window_to": "20:30",
            "shipping_description": None,
        },
        "payment_info": {
            "payment_method": "CARD",
            "paid_time": 1727345770000,
            "total_amount": 59.8,
            "gateway": {"id": 7},
        },
        "items": [
            {
                "order_item_id": order["items"][0]["order_item_id"],
                "orig_order_item_id": 90001,
                "order_item_status": "PAID",
                "sc_spu_id": "SPU-7",
                "sc_sku_code": "SKU-7-RED",
                "seller_sku_code": "TEE-RED-M",
                "sku_name": "T-shirt red M",
                "qty": 2,
                "original_price": 35.0,
                "unit_price": 29.9,
                "discount_amount": None,
                "tax_amount": None,
                "remark": None,
                "color": "red",
                "deep": {"a": [1, 2.5]},
            }
        ],
    }


def test_a_number_of_any_size_comes_back_from_the_payment(world):
    payment = {"big": 10**30, "float": 1e22, "small": 1e-9, "text": "ü"}
    world.shop.create_order(world.order(payment_info=payment))

    [order] = world.shop.orders()

    assert order["payment_info"] == payment


def test_absent_shipping_and_payment_are_null(world):
    world.shop.create_order(world.order(shipping_info=None, payment_info=None))

    [order] = world.shop.orders()

    assert (order["shipping_info"], order["payment_info"]) == (None, None)
    assert order["customer_name"] == "A. Tan"


@pytest.mark.parametrize(
    ("sent", "given"),
    [
        ("90001", 90001),
        ("090001", "090001"),
        ("9" * 15, 10**15 - 1),
        ("9" * 16, "9" * 16),
        ("A1", "A1"),
        ("0", "0"),
    ],
)
def test_an_upstream_id_is_a_number_when_it_looks_like_one(world, sent, given):
    body = world.order()
    body["items"][0]["orig_order_item_id"] = sent
    world.shop.create_order(body)

    assert world.shop.orders()[0]["items"][0]["orig_order_item_id"] == given


def test_an_allocated_order_reads_processing(world):
    world.tasked()

    [order] = world.shop.orders()

    assert (order["order_status"], order["items"][0]["order_item_status"]) == (
        "PROCESSING",
        "PROCESSING",
    )
    assert order["last_updated_date"] > 1727345777022


@pytest.fixture
def three(world):
    for place, state in enumerate(["CREATED", "PAID", "PAID"], 1):
        world.shop.create_order(
            world.order(
                order_no=f"W-{place}", order_status=state, created_date=1727345700000 + place
            )
        )
    return world


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, ["W-1", "W-2", "W-3"]),
        ({"order_no": []}, ["W-1", "W-2", "W-3"]),
        ({"order_no": ["W-3", "W-1", "none"]}, ["W-1", "W-3"]),
        ({"order_status": ["paid"]}, ["W-2", "W-3"]),
        ({"order_status": ["CREATED", "PENDING_DELIVERY"]}, ["W-1"]),
        ({"order_date_from": 1727345700002}, ["W-2", "W-3"]),
        ({"order_date_to": "1727345700002"}, ["W-1", "W-2"]),
        ({"order_date_from": 1727345700002, "order_date_to": 1727345700002}, ["W-2"]),
        ({"order_no": ["W-1"], "order_status": ["PAID"]}, []),
        ({"limit": 2}, ["W-1", "W-2"]),
        ({"limit": 2, "offset": 2}, ["W-3"]),
        ({"limit": 5000}, ["W-1", "W-2", "W-3"]),
        ({"offset": 2**63 - 1}, []),
    ],
)
def test_filters_together_and_pages_in_order(three, filters, found):
    assert numbers(three.shop.orders(**filters)) == found


@pytest.mark.parametrize(
    ("filters", "message"),
    [
        ({"limit": 0}, "limit: must be at least 1"),
        ({"offset": -1}, "offset: must be at least 0"),
        ({"offset": 2**63}, f"offset: must be at most {2**63 - 1}"),
        ({"order_no": ["x"] * 51}, "order_no: holds more than 50 entries"),
        ({"order_date_from": "yesterday"}, "order_date_from: must be a whole number"),
    ],
)
def test_a_wrong_filter_is_refused(world, filters, message):
    with pytest.raises(Oms4Error) as refusal:
        world.shop.orders(**filters)

    assert (refusal.value.code, refusal.value.message) == ("400", message)


def test_the_word_of_a_status_must_be_known(world):
    assert code_of(world.shop, "POST", LIST, body=b'{"order_status":["SOLD"]}') == "400"


def test_a_client_may_have_its_lists_in_a_container(three):
    ApiClient.objects.update(preferences={"oms4_list_container": "object"})
    accounts.forget_machines()

    page = three.shop.orders(limit=2)

    assert (page["total_count"], page["cursor"]) == (3, 2)
    assert numbers(page["order_list"]) == ["W-1", "W-2"]


def test_others_orders_are_not_listed(world, next_door, elsewhere):
    next_door.shop.create_order(next_door.order())
    elsewhere.shop.create_order(elsewhere.order())

    assert world.shop.orders() == []
    assert world.shop.orders(order_no=["WEB-10045"]) == []


def test_the_number_of_queries_does_not_grow_with_the_page(world):
    def statements():
        with CaptureQueriesContext(
            connection,
        ) as captured:
            world.shop.orders()
        return len(captured)

    world.shop.create_order(world.order(order_no="W-0", customer_id="CU-0"))
    world.shop.orders()
    one = statements()
    for place in range(1, 10):
        world.shop.create_order(world.order(order_no=f"W-{place}", customer_id=f"CU-{place}"))

    assert (one, statements()) == (2, 2)

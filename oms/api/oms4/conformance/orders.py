"""Create Order and Get Orders."""

from . import shapes
from .kit import CREATE_ORDER, Kit
from .reading import GET_ORDERS
from .shapes import Document
from .verdicts import Chapter, expect, expect_equal

CHAPTER: Chapter[Kit] = Chapter()


@CHAPTER.check("4.1", "a paid order is taken; data is null")
def takes_an_order(kit: Kit) -> None:
    kit.place("main")


@CHAPTER.check("4.1", "a repeated order is a success and does not make a second one")
def repeats(kit: Kit) -> None:
    life = kit.life("main")
    for _ in range(2):
        kit.shop.post(CREATE_ORDER, kit.order(life.order_no)).stored()
    expect_equal(len(kit.orders(order_no=[life.order_no])), 1, "orders")


@CHAPTER.check("4.2", "the order comes back with the documented members and types")
def comes_back(kit: Kit) -> None:
    life = kit.life("main")
    order = shapes.check_order(kit.order_of(life))
    sent = kit.order(life.order_no)
    for name in (
        "order_no",
        "currency",
        "country",
        "cross_border",
        "upstream_allow_split",
        "customer_name",
        "customer_email",
    ):
        expect_equal(order[name], sent[name], name)
    expect_equal(order["order_date"], sent["created_date"], "order_date")
    expect_equal(order["upstream_system"], "General", "upstream_system")
    expect_equal(order["customer_phone"], None, "customer_phone")


@CHAPTER.check("4.2", "orig_order_item_id of digits comes back as a number")
def item_ids(kit: Kit) -> None:
    order = kit.order_of(kit.life("main"))
    item = shapes.only(order["items"], "items")
    expect_equal(item["orig_order_item_id"], 90001, "orig_order_item_id")
    expect_equal((item["qty"], item["seller_sku_code"]), (1, kit.options.seller_sku), "item")


@CHAPTER.check("4.1", "what the server does not know in payment_info and items comes back")
def keeps_unknown_members(kit: Kit) -> None:
    document = kit.order(kit.number("KEEP"), order_status="CREATED")
    payment = {"payment_method": "CARD", "ck_voucher": {"code": "V1"}}
    item = {**shapes.objects(document["items"], "items")[0], "ck_gift": "yes"}
    kit.shop.post(CREATE_ORDER, {**document, "payment_info": payment, "items": [item]}).stored()
    order = shapes.only(kit.orders(order_no=[document["order_no"]]), "Get Orders")
    found = shapes.an_object(order["payment_info"], "payment_info")
    expect_equal(found.get("ck_voucher"), {"code": "V1"}, "payment_info.ck_voucher")
    expect_equal(shapes.only(order["items"], "items").get("ck_gift"), "yes", "items.ck_gift")


@CHAPTER.check("4.1", "the other names of the item members are taken")
def other_names(kit: Kit) -> None:
    document = kit.order(kit.number("NAMES"), order_status="created")
    del document["items"]
    item = {"orig_order_item_id": 7, "spu_id": "SPU-7", "sku_id": kit.options.seller_sku}
    document["order_items"] = [{**item, "name": "conformance", "quantity": "2"}]
    kit.shop.post(CREATE_ORDER, document).stored()
    order = shapes.only(kit.orders(order_no=[document["order_no"]]), "Get Orders")
    expect_equal(shapes.only(order["items"], "items")["qty"], 2, "qty")
    expect_equal(order["order_status"], "CREATED", "order_status")


@CHAPTER.check("4.1", "a mandatory member that is missing is refused with 400")
def mandatory_members(kit: Kit) -> None:
    number = kit.number("BAD")
    for name in (
        "order_no",
        "order_status",
        "created_date",
        "updated_date",
        "currency",
        "country",
        "items",
    ):
        document = kit.order(number)
        del document[name]
        kit.shop.post(CREATE_ORDER, document).refused("400")
    expect_equal(kit.orders(order_no=[number]), [], "orders")


@CHAPTER.check("4.1", "wrong types, values and lengths are refused with 400")
def wrong_values(kit: Kit) -> None:
    number = kit.number("BAD")
    item = shapes.objects(kit.order(number)["items"], "items")[0]
    wrongs: list[Document] = [
        {"order_no": "x" * 129},
        {"order_status": "SHIPPED"},
        {"created_date": "yesterday"},
        {"currency": "DOLLAR"},
        {"cross_border": 2},
        {"customer_email": "nobody"},
        {"customer_name": "x" * 256},
        {"shipping_info": []},
        {"shipping_info": {"time_window_from": "25:00"}},
        {"items": {}},
        {"items": []},
        {"items": [item, item]},
        {"items": [{**item, "qty": 0}]},
        {"items": [{**item, "orig_order_item_id": ""}]},
    ]
    for changes in wrongs:
        reply = kit.shop.post(CREATE_ORDER, kit.order(number, **changes))
        expect_equal(reply.code, "400", f"code for {changes}")
    expect_equal(kit.orders(order_no=[number]), [], "orders")


@CHAPTER.check("4.1", "an unpaid order becomes paid by a newer call, and not unpaid again")
def becomes_paid(kit: Kit) -> None:
    life = kit.place("unpaid", order_status="CREATED")
    expect_equal(kit.status_of(life), "CREATED", "order_status")
    stale = kit.order(life.order_no, order_status="PAID", updated_date=kit.began - 50_000)
    kit.shop.post(CREATE_ORDER, stale).stored()
    expect_equal(kit.status_of(life), "CREATED", "order_status after an older call")
    newer = kit.order(life.order_no, updated_date=kit.began - 20_000, seller_remark="paid")
    kit.shop.post(CREATE_ORDER, newer).stored()
    expect(kit.status_of(life) in ("PAID", "PROCESSING"), "the order did not become paid")
    back = kit.order(life.order_no, order_status="CREATED", updated_date=kit.began - 10_000)
    kit.shop.post(CREATE_ORDER, back).stored()
    expect(kit.status_of(life) in ("PAID", "PROCESSING"), "the order is unpaid again")


@CHAPTER.check("4.2", "filters select by number, status and dates, ends included")
def filters(kit: Kit) -> None:
    number = kit.life("main").order_no
    date = kit.began - 60_000
    for found in (
        kit.orders(order_no=[number]),
        kit.orders(order_no=[number], order_date_from=date, order_date_to=date),
        kit.orders(order_no=[number], order_status=["PAID", "PROCESSING", "PACKED"]),
    ):
        expect_equal([order["order_no"] for order in found], [number], "order_no")
    for empty in (
        kit.orders(order_no=[kit.number("NONE")]),
        kit.orders(order_no=[number], order_date_to=date - 1),
        kit.orders(order_no=[number], order_date_from=date + 1),
        kit.orders(order_no=[number], order_status=["LOST"]),
    ):
        expect_equal(empty, [], "orders")


@CHAPTER.check("4.2", "more than 50 numbers, or a number instead of a list, are refused with 400")
def list_limits(kit: Kit) -> None:
    numbers = [str(number) for number in range(51)]
    kit.shop.post(GET_ORDERS, {"order_no": numbers}).refused("400")
    kit.shop.post(GET_ORDERS, {"order_no": numbers[:50]}).succeeded()
    kit.shop.post(GET_ORDERS, {"order_no": {"a": 1}}).refused("400")


@CHAPTER.check("4.2", "pages by offset are stable and do not overlap")
def pages(kit: Kit) -> None:
    date = kit.began - 60_000
    chosen = {"order_date_from": date, "order_date_to": date}
    all_of_them = [order["order_no"] for order in kit.orders(**chosen)]
    paged = [
        order["order_no"]
        for offset in range(len(all_of_them))
        for order in kit.orders(**chosen, offset=offset, limit=1)
    ]
    expect_equal(paged, all_of_them, "order_no")

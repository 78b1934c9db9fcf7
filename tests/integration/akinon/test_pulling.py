"""Reading orders by polling: what is taken in, what is held, and what a failure leaves behind."""

import json
from decimal import Decimal

from channels_app.choices import ChannelType, SyncKind, SyncState
from channels_app.models import Channel, HeldOrder, RemoteKey, SyncMark
from oms.api.akinon.sync import importing, pulling
from oms.orders import contacts
from oms.orders.models import Buyer, Order
from tests.integration.akinon.builders import a_basket
from tests.simulators.akinon_rows import CHANNEL_SECRET
from tests.simulators.omnitron import Fault, Sold


def mark() -> SyncMark:
    return SyncMark.objects.get(kind=SyncKind.ORDERS)


def units(order: Order) -> list[str]:
    return list(order.lines.order_by("position").values_list("external_id", flat=True))


def test_an_order_becomes_one_line_per_item(shop):
    row = shop.books.place(a_basket("279209", Sold(sku="SKU-A", quantity=3, price="12.50")))

    shop.pull()

    order = Order.objects.get()
    assert (order.external_id, order.channel, order.currency) == ("279209", shop.channel, "TRY")
    assert (order.country, order.city, order.is_paid) == ("TR", "Ankara", True)
    assert units(order) == [str(item["pk"]) for item in shop.books.items_of(row["pk"])]
    assert [line.quantity_ordered for line in order.lines.all()] == [1, 1, 1]
    assert order.goods_total == Decimal("37.50")
    assert RemoteKey.objects.get(kind="ORDER").local_id == order.pk


def test_places_are_read_once_and_kept(shop):
    shop.books.place(a_basket("1"))
    shop.books.place(a_basket("2"))

    shop.pull()

    order = Order.objects.get(external_id="1")
    contact = contacts.open_contact(order.buyer.contact, key=order.public_id)
    assert (contact["city"], contact["district"]) == ("Ankara", "Çankaya")
    assert len(shop.omnitron.calls_of("GET", "/cities/1/")) == 1
    assert len(shop.omnitron.calls_of("GET", "/districts/1001/")) == 1


def test_the_ends_of_a_delivery_range_are_kept_beside_its_text(shop):
    said = "2026-01-17T10:00:00Z/2026-01-17T12:00:00Z"
    shop.books.place(a_basket("1", more={"delivery_range": said}))
    shop.books.place(a_basket("2", more={"delivery_range": "10:00-12:00"}))

    shop.pull()

    first, second = Order.objects.order_by("external_id")
    ends = (first.traits["deliver_from"], first.traits["deliver_until"])
    assert ends == ("2026-01-17T10:00:00Z", "2026-01-17T12:00:00Z")
    assert first.payment["delivery_range"] == said
    assert second.traits.keys() & {"deliver_from", "deliver_until"} == set()
    assert second.payment["delivery_range"] == "10:00-12:00"


def test_the_channels_secrets_are_not_kept(shop):
    row = shop.books.place(a_basket("1"))
    shop.books.orders[row["pk"]]["channel"] = shop.books.tables["channels"].rows[1]

    shop.pull()

    order = Order.objects.get()
    kept = contacts.open_body(Buyer.objects.get().raw_body, key=order.public_id)
    assert CHANNEL_SECRET not in kept.decode()
    assert json.loads(kept)["channel"]["name"] == "Shop"


def test_the_same_copy_is_not_read_twice(shop):
    shop.books.place(a_basket("1"))
    shop.pull()
    shop.pull()

    read = shop.omnitron.calls_of("GET", "/order_items/")

    assert len(read) == 1
    assert Order.objects.count() == 1


def test_the_mark_moves_and_looks_back_a_little(shop):
    row = shop.books.place(a_basket("1"))
    shop.pull()
    shop.pull()

    asked = shop.omnitron.calls_of("GET", "/orders/")[-1].request.query

    assert mark().position == {"modified_date": row["modified_date"]}
    assert asked["sort"] == "modified_date"
    assert asked["modified_date__gt"] < row["modified_date"]


def test_all_pages_are_walked(shop):
    shop.set("OMNITRON_SYNC_SETTINGS", {"page_size": 2})
    for number in range(5):
        shop.books.place(a_basket(str(number)))

    shop.pull()

    assert Order.objects.count() == 5


def test_an_order_that_changes_meanwhile_hides_no_other(shop):
    shop.set("OMNITRON_SYNC_SETTINGS", {"page_size": 2})
    rows = [shop.books.place(a_basket(str(number))) for number in range(5)]
    answer = shop.omnitron.respond
    changed = []

    def change_the_first_after_it_was_shown(request):
        said = answer(request)
        if request.path.endswith("/orders/") and not changed:
            changed.append(shop.books.change_order(rows[0]["pk"], erp_code="E-1"))
        return said

    shop.omnitron.respond = change_the_first_after_it_was_shown

    shop.pull()

    assert len(changed) == 1
    assert set(Order.objects.values_list("external_id", flat=True)) == {"0", "1", "2", "3", "4"}


def test_an_order_that_waits_for_its_payment_is_held_until_it_is_approved(shop):
    row = shop.books.place(a_basket("1", status="350"))
    shop.pull()
    held = HeldOrder.objects.get()
    shop.books.change_order(row["pk"], status="400")

    shop.pull()

    assert (held.number, held.reason) == ("1", "status: 350")
    assert Order.objects.get().external_id == "1"
    assert not HeldOrder.objects.exists()


def test_a_rule_of_the_operator_stands_above_the_built_in_ones(shop):
    conditions = [{"field": "shipping_option_slug", "op": "eq", "value": "store"}]
    rule = {"name": "store only", "is_active": True, "action": "exclude", "conditions": conditions}
    shop.set("ORDER_FILTER_RULES", [rule])
    shop.books.place(a_basket("1", more={"shipping_option_slug": "store"}))
    shop.books.place(a_basket("2"))

    shop.pull()

    assert Order.objects.get().external_id == "2"
    assert HeldOrder.objects.get().reason == "rule: store only"


def test_held_orders_are_looked_at_again_when_the_rules_change(shop):
    rule = {"name": "none", "is_active": True, "action": "exclude", "conditions": []}
    shop.set("ORDER_FILTER_RULES", [rule])
    shop.books.place(a_basket("1"))
    shop.pull()
    shop.set("ORDER_FILTER_RULES", [])

    shop.pull()

    assert Order.objects.get().external_id == "1"


def test_an_order_of_an_unknown_channel_waits_for_the_channel(shop):
    shop.books.place(a_basket("1", channel=7))
    shop.pull()
    held = HeldOrder.objects.get()
    shop.channel.connector = {"pk": 7}
    shop.channel.save()

    shop.pull()

    assert (held.reason, held.channel_key) == (importing.CHANNEL_UNKNOWN, "7")
    assert Order.objects.get().external_id == "1"


def test_in_mode_b_the_channel_comes_with_its_first_order(market):
    market.books.place(a_basket("1", channel=1))

    market.pull()

    channel = Channel.objects.get(type=ChannelType.SELLER_CENTER)
    assert (channel.code, channel.connector["pk"]) == ("1", 1)
    assert channel.connector["is_static"] is True
    assert Order.objects.get().channel == channel


def test_in_mode_b_nobody_logs_in_for_what_has_its_own_token(market):
    market.set("OMNITRON_SYNC_SETTINGS", {})
    market.books.place(a_basket("1", status="350"))

    market.pull()

    assert market.omnitron.logins == 0
    assert [call.status for call in market.market.calls_of("GET", "/orders/")] == [200]


def test_whose_goods_an_item_is_goes_with_its_line(market):
    market.books.place(a_basket("1", Sold(sku="SKU-A", supplier_code="S1")))

    market.pull()

    assert Order.objects.get().lines.get().extra["supplier_code"] == "S1"


def test_trouble_at_the_other_side_is_tried_again_and_loses_nothing(shop):
    shop.books.place(a_basket("1"))
    shop.omnitron.misbehave(Fault(path="/orders/", status=500))
    shop.pull()
    failed = mark()

    shop.pull()

    assert (failed.state, failed.error) == (SyncState.FAILED, "orders: HTTP 500")
    assert failed.failures == 1
    assert Order.objects.count() == 1
    assert mark().failures == 0


def test_an_outage_in_the_middle_of_an_order_repeats_that_order(shop):
    shop.books.place(a_basket("1"))
    shop.books.place(a_basket("2"))
    shop.omnitron.misbehave(Fault(path="/addresses/", status=503))
    shop.pull()

    shop.pull()

    assert sorted(Order.objects.values_list("external_id", flat=True)) == ["1", "2"]


def test_a_token_that_has_ended_is_renewed_within_the_round(shop):
    shop.books.place(a_basket("1"))
    shop.pull()
    shop.omnitron.forget_tokens()
    shop.books.place(a_basket("2"))

    shop.pull()

    assert shop.omnitron.logins == 2
    assert Order.objects.count() == 2


def test_a_refused_account_asks_for_somebody(shop):
    shop.omnitron.password = "another"

    shop.pull()

    assert mark().needs_authorisation is True
    assert mark().error == "log-in: the account is refused"


def test_an_order_that_cannot_be_read_does_not_hold_up_the_others(shop):
    broken = shop.books.place(a_basket("1"))
    shop.books.orders[broken["pk"]]["shipping_amount"] = "much"
    shop.books.place(a_basket("2"))

    shop.pull()

    assert Order.objects.get().external_id == "2"
    assert HeldOrder.objects.get().reason == "failed: document_unreadable"
    assert HeldOrder.objects.get().due_at is not None


def test_an_item_that_comes_later_is_added_while_nothing_is_allocated(shop):
    row = shop.books.place(a_basket("1"))
    shop.pull()
    shop.books._add_units(shop.books.orders[row["pk"]], Sold(sku="SKU-A"), "1-2", shop.books.now())
    shop.books.change_order(row["pk"], notes="one more")

    shop.pull()

    assert len(units(Order.objects.get())) == 2


def test_an_older_copy_changes_nothing(shop):
    row = dict(shop.books.place(a_basket("1")))
    shop.books.change_order(row["pk"], notes="new")
    shop.pull()
    settings = importing.Importer(
        configuration=pulling.configuration(shop.organization.pk), client=None, now=shop.now
    )

    outcome = importing.take_in(settings, row)

    assert outcome == "older"
    assert Order.objects.get().customer_remark == "new"

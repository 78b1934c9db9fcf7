"""Acting: a page that asks, a service per row, a sentence per row, nothing without permission."""

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from fulfillment.models import Document, FulfillmentTask
from oms.events.models import Event
from oms.inventory.models import StockLevel
from oms.orders.models import CancelRequest, Hold, Order
from tests import backoffice_builders as build


def act_url(row, action):
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_act", args=[action])


def said(response):
    return [(message.level_tag, str(message)) for message in get_messages(response.wsgi_request)]


def do(browser, rows, action, **answers):
    ids = ",".join(str(row.pk) for row in rows)
    return browser.post(act_url(rows[0], action), {"ids": ids, **answers})


CANCEL = {"party": "CUSTOMER", "reason": "Bought twice"}


def test_the_list_leads_to_the_page_that_asks(root):
    order = build.make_order()

    response = root.post(
        reverse("admin:orders_order_changelist") + "?status=PAID",
        {"action": "cancel", "_selected_action": [order.pk]},
    )

    assert response.status_code == 302
    assert response.url.startswith(f"{act_url(order, 'cancel')}?ids={order.pk}&next=")
    assert Order.objects.get().status == "PAID"


def test_asks_how_many_will_change_and_why_others_will_not(root):
    open_one = build.make_order()
    gone = build.make_order(open_one.channel)
    line = gone.lines.get()
    line.__class__.objects.filter(pk=line.pk).update(
        quantity_allocated=2, quantity_packed=2, quantity_shipped=2
    )
    url = act_url(open_one, "cancel")

    response = root.get(url, {"ids": f"{open_one.pk},{gone.pk}"})

    assert response.context["able"] == [open_one.external_id]
    assert response.context["unable"] == [
        (gone.external_id, "2 of its units have left; they can only come back as a return")
    ]
    assert Order.objects.filter(status="CANCELLED").count() == 0


def test_cancels_what_can_be_cancelled_and_reports_per_row(root):
    open_one = build.make_order()
    over = build.make_order(open_one.channel, status="CANCELLED")

    response = do(root, [open_one, over], "cancel", **CANCEL)

    assert said(response) == [
        ("success", f"{open_one.external_id} was cancelled."),
        ("warning", f"{over.external_id}: it is cancelled already"),
    ]
    open_one.refresh_from_db()
    assert open_one.status == "CANCELLED"
    assert open_one.lines.get().cancelled_by_customer == 2


def test_an_answer_that_is_missing_is_asked_for_again(root):
    order = build.make_order()

    response = do(root, [order], "cancel", party="CUSTOMER", reason="")

    assert response.status_code == 200
    assert response.context["form"].errors == {"reason": ["This field is required."]}
    order.refresh_from_db()
    assert order.status == "PAID"


def test_holds_and_releases(root):
    order = build.make_order()

    do(root, [order], "hold", reason="ADDRESS", note="House number?", expires_at="")

    hold = order.holds.get()
    assert (hold.reason, hold.note, hold.released_at) == ("ADDRESS", "House number?", None)
    assert hold.holder.startswith("staff:root")

    response = do(root, [order], "release")

    assert said(response)[-1] == ("success", f"{order.external_id} was released.")
    assert Hold.objects.get().released_at is not None
    assert list(Event.objects.order_by("pk").values_list("type", flat=True)) == [
        "order.held",
        "order.released",
    ]


def test_one_hold_of_several_is_released_from_its_own_page(root):
    order = build.make_order()
    one, other = build.make_hold(order), build.make_hold(order, reason="ADDRESS")

    do(root, [one], "release")

    one.refresh_from_db()
    other.refresh_from_db()
    assert one.released_at is not None
    assert other.released_at is None


def test_routes_again_and_says_what_came_of_it(root):
    channel = build.make_channel()
    order = build.make_order(channel)
    point = build.make_point(channel)
    build.make_level(order.lines.get().sku, point, on_hand=5)

    response = do(root, [order], "allocate")

    assert said(response) == [
        ("success", f"{order.external_id} was routed again: One point ships everything.")
    ]
    assert FulfillmentTask.objects.get().point == point


def test_erases_a_buyer_only_when_somebody_is_sure(root):
    order = build.make_order()
    build.make_buyer(order)

    do(root, [order], "erase")
    order.buyer.refresh_from_db()
    assert order.buyer.erased_at is None

    do(root, [order], "erase", is_sure="on")
    order.buyer.refresh_from_db()
    assert order.buyer.erased_at is not None
    assert order.buyer.contact is None


@pytest.mark.parametrize(
    ("action", "decision", "status"),
    [("accept", "ACCEPT", "CANCELLED"), ("reject", "REJECT", "PAID")],
)
def test_decides_a_cancel_request(root, action, decision, status):
    order = build.make_order()
    request = build.make_request(order)

    do(root, [request], action, comment="Fine")

    request.refresh_from_db()
    order.refresh_from_db()
    assert (request.status, request.decision, request.comment) == ("CLOSED", decision, "Fine")
    assert order.status == status


def test_a_decision_stands(root):
    request = build.make_request(
        build.make_order(), status="CLOSED", decision="REJECT", decided_at=build.NOW
    )

    response = do(root, [request], "accept", comment="")

    assert said(response) == [
        ("warning", f"The cancel request of {request.order}: it is rejected already")
    ]


def test_fetches_a_failed_label_again(root):
    parcel = build.make_parcel(build.make_task(build.make_order()))
    label = build.make_document(parcel, status="FAILED", last_error="Carrier refused", attempts=5)

    response = do(root, [label], "retry")

    assert said(response) == [("success", f"Label {label.reference} is fetched again.")]
    assert Document.objects.get().status == "PENDING"


def test_adjusts_stock_with_a_reason(root):
    channel = build.make_channel()
    level = build.make_level(build.make_sku(channel.organization), build.make_point(channel))

    do(root, [level], "adjust", delta="-3", reason="Broken in transit")

    level.refresh_from_db()
    newest = level.movements.order_by("-pk").first()
    assert level.on_hand == 7
    assert (newest.kind, newest.on_hand_delta, newest.cause) == ("ADJUST", -3, "Broken in transit")


def test_says_why_stock_cannot_be_adjusted(root):
    channel = build.make_channel()
    level = build.make_level(build.make_sku(channel.organization), build.make_point(channel))

    response = do(root, [level], "adjust", delta="-11", reason="Lost")

    assert [level_tag for level_tag, _ in said(response)] == ["warning"]
    assert StockLevel.objects.get().on_hand == 10


def test_relays_a_parked_event_again(root):
    event = build.make_event(build.make_order(), parked_at=build.NOW, attempts=10)

    do(root, [event], "relay")

    event.refresh_from_db()
    assert (event.parked_at, event.attempts) == (None, 0)


ACTIONS = [
    ("orders.order", "cancel", "orders.cancel_order"),
    ("orders.order", "hold", "orders.hold_order"),
    ("orders.order", "release", "orders.hold_order"),
    ("orders.order", "allocate", "orders.allocate_order"),
    ("orders.order", "erase", "orders.delete_buyer"),
    ("orders.hold", "release", "orders.hold_order"),
    ("orders.cancelrequest", "accept", "orders.decide_cancelrequest"),
    ("orders.cancelrequest", "reject", "orders.decide_cancelrequest"),
    ("fulfillment.document", "retry", "fulfillment.retry_label"),
    ("inventory.stocklevel", "adjust", "inventory.change_stocklevel"),
    ("events.event", "relay", "events.change_event"),
]
ANSWERS = {
    "cancel": CANCEL,
    "hold": {"reason": "FRAUD", "note": "", "expires_at": ""},
    "erase": {"is_sure": "on"},
    "accept": {"comment": ""},
    "reject": {"comment": ""},
    "adjust": {"delta": "1", "reason": "found"},
}


@pytest.fixture
def world(db):
    from tests.integration.admin.test_every_page import everything

    return everything()


@pytest.mark.parametrize(("model", "action", "permission"), ACTIONS)
def test_nothing_happens_without_the_permission(world, signed_in, model, action, permission):
    app, name = model.split(".")
    row = world[model]
    person = build.make_staff(
        world["accounts.organization"],
        perms=(f"{app}.view_{name}", "fulfillment.view_fulfillmenttask"),
    )
    before = Event.objects.count()
    browser = signed_in(person)

    asked = browser.get(act_url(row, action), {"ids": row.pk})
    done = do(browser, [row], action, **ANSWERS.get(action, {}))

    assert (asked.status_code, done.status_code) == (403, 403)
    assert Event.objects.count() == before
    assert permission in done.content.decode()


@pytest.mark.parametrize(("model", "action", "permission"), ACTIONS)
def test_nothing_happens_to_another_organizations_rows(world, signed_in, model, action, permission):
    app, name = model.split(".")
    row = world[model]
    stranger = build.make_staff(build.make_organization(), perms=(f"{app}.view_{name}", permission))
    before = Event.objects.count()

    done = do(signed_in(stranger), [row], action, **ANSWERS.get(action, {}))

    assert done.status_code == 404
    assert Event.objects.count() == before


@pytest.mark.parametrize("ids", ["", "x", "0", "1;2", "9" * 30])
def test_rows_that_cannot_be_do_not_exist(root, ids):
    url = reverse("admin:orders_order_act", args=["cancel"])

    assert root.get(url, {"ids": ids}).status_code == 404


def test_the_way_back_never_leaves_the_house(root):
    order = build.make_order()

    response = root.post(
        act_url(order, "release"), {"ids": order.pk, "next": "https://evil.example/"}
    )

    assert response.url == reverse("admin:orders_order_changelist")


def test_what_is_done_carries_the_persons_name(signed_in):
    order = build.make_order()
    person = build.make_staff(order.organization, perms=("orders.view_order", "orders.hold_order"))

    do(signed_in(person), [order], "hold", reason="FRAUD", note="", expires_at="")

    assert Event.objects.get().actor == f"staff:{person.username}"
    assert CancelRequest.objects.count() == 0


def test_asks_a_channel_for_its_products(root):
    channel = build.make_channel()

    response = do(root, [channel], "ask", spu_ids=" SPU-7 \n\nSPU-8")

    assert said(response) == [("success", f"{channel} is asked for its products.")]
    event = Event.objects.get(type="spu.requested")
    assert (event.channel_ref, event.data["spus"]) == (channel.pk, ["SPU-7", "SPU-8"])


def test_asks_no_marketplace_for_its_products(root):
    channel = build.make_channel(type="SHOPEE")

    response = do(root, [channel], "ask", spu_ids="")

    assert said(response) == [("warning", f"{channel}: only channels of type General are asked")]
    assert not Event.objects.filter(type="spu.requested").exists()

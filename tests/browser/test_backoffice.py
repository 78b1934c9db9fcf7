import pytest
from django.urls import reverse
from playwright.sync_api import Page

from oms.accounts.models import Credential
from oms.backoffice.formats import page_url
from oms.orders.models import Hold, Order
from tests import backoffice_builders as build
from tests.browser.conftest import NARROW, WIDE

pytestmark = pytest.mark.django_db(transaction=True)


def busy_order() -> Order:
    order = build.make_order(lines=3, external_id="TH-26040326", status="ALLOCATED")
    build.make_buyer(order)
    task = build.make_task(order)
    build.make_document(build.make_parcel(task, tracking_number="FLASH-77"), status="FAILED")
    build.make_cancellation(task)
    build.make_decision(order, task.point)
    build.make_event(order)
    build.make_hold(order)
    build.make_request(order)
    build.make_level(order.lines.first().sku, task.point, reserved=3)
    return order


def follow(page: Page, target: str) -> None:
    """Click and wait for the next page."""
    with page.expect_navigation():
        page.click(target)


def test_an_order_is_found_by_its_tracking_number_and_held(browse):
    order = busy_order()
    anna = build.make_staff(order.organization, perms=("orders.view_order", "orders.hold_order"))

    with browse(anna) as page:
        page.fill("#find", "FLASH-77")
        with page.expect_navigation():
            page.press("#find", "Enter")
        follow(page, "text=TH-26040326")
        follow(page, ".page-actions >> text=Hold")
        page.select_option("#id_reason", "ADDRESS")
        page.fill("#id_note", "No house number")
        follow(page, "button:has-text('Hold')")
        headline = page.inner_text(".record-title .waits")
        said = page.inner_text(".messagelist")

    assert "Address is wrong" in headline
    assert said == "TH-26040326 is held: Address is wrong."
    assert Hold.objects.get(reason="ADDRESS").holder == f"staff:{anna.username}"


def test_ticked_orders_are_cancelled_after_a_question(browse):
    channel = build.make_channel()
    open_one = build.make_order(channel, external_id="open")
    build.make_order(channel, external_id="over", status="CANCELLED")

    with browse(build.make_superuser()) as page:
        page.goto("/admin/orders/order/")
        page.check("#action-toggle")
        page.select_option("select[name=action]", "cancel")
        follow(page, ".actions button")
        verdict = page.inner_text(".ask .verdict")
        page.fill("#id_reason", "Bought twice")
        follow(page, "button:has-text('Cancel order')")
        said = page.locator(".messagelist li").all_inner_texts()

    assert verdict == "1 will change, 1 will not."
    assert sorted(said) == ["Open was cancelled.", "Over: it is cancelled already"]
    open_one.refresh_from_db()
    assert open_one.status == "CANCELLED"


def test_a_filter_is_picked_and_stays_in_the_address(browse):
    channel = build.make_channel()
    build.make_order(channel, external_id="wanted", status="SHIPPED")
    build.make_order(channel, external_id="other")

    with browse(build.make_superuser()) as page:
        page.goto("/admin/orders/order/")
        page.click("details.pick >> text=Status")
        follow(page, "details.pick[open] >> text=Shipped")
        shown = page.locator("#result_list .field-order_number").all_inner_texts()
        address = page.url

    assert shown == ["wanted"]
    assert address.endswith("?status=SHIPPED")


def test_a_number_is_copied(browse):
    order = busy_order()

    with browse(build.make_superuser()) as page:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.goto(page_url(order))
        page.click("[data-copy='FLASH-77'] >> nth=0")
        page.wait_for_selector("[data-copy='FLASH-77'].copied")
        copied = page.evaluate("navigator.clipboard.readText()")

    assert copied == "FLASH-77"


def test_a_secret_is_shown_on_one_page_only(browse):
    machine = build.make_client(build.make_organization())

    with browse(build.make_superuser()) as page:
        page.goto(page_url(machine))
        follow(page, "text=New credential")
        follow(page, "text=Make credential")
        secret = page.inner_text("#credential-secret code")
        follow(page, "text=I have copied it")
        afterwards = page.content()

    assert len(secret) == 43
    assert secret not in afterwards
    assert Credential.objects.get().identifier in afterwards


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_pages_fit_the_screen_and_obey_a_strict_policy(browse, size):
    order = busy_order()
    level = order.lines.first().sku.levels.get()
    endpoint = build.make_endpoint(order.organization, types=["order.packed"])
    delivery = build.make_delivery(endpoint, build.make_event(order), state="EXHAUSTED")
    build.make_attempt(delivery, error="Answered 500 " * 12)
    build.make_body(delivery, b'{"type":"order.placed","data":"' + b"x" * 400 + b'"}')
    addresses = [
        "/admin/",
        reverse("admin:orders_order_changelist"),
        page_url(order),
        reverse("admin:inventory_stocklevel_changelist"),
        page_url(level),
        reverse("admin:fulfillment_fulfillmenttask_changelist"),
        reverse("admin:fulfillment_document_changelist"),
        page_url(order.tasks.get()),
        page_url(order.channel),
        reverse("admin:inbox_entry_changelist"),
        page_url(build.make_entry(order.organization, subject_id=order.pk)),
        reverse("admin:events_endpoint_changelist"),
        page_url(delivery.endpoint),
        reverse("admin:events_endpoint_settings", args=[delivery.endpoint_id]),
        reverse("admin:events_delivery_changelist"),
        reverse("admin:events_delivery_replay"),
        page_url(delivery),
    ]
    overflow = {}

    with browse(build.make_superuser(), size) as page:
        for address in addresses:
            page.goto(address)
            overflow[address] = page.evaluate(
                "document.documentElement.scrollWidth - window.innerWidth"
            )

    assert overflow == dict.fromkeys(addresses, 0)

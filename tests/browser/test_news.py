"""W-16: why did this order's news not arrive, and sending it again, in four clicks."""

import pytest
from django.urls import reverse

from oms.events.models import Delivery
from tests import backoffice_builders as build
from tests.browser.test_backoffice import follow

pytestmark = pytest.mark.django_db(transaction=True)


def test_news_that_did_not_arrive_is_explained_and_sent_again_in_four_clicks(browse):
    channel = build.make_channel()
    endpoint = build.make_endpoint(channel.organization, name="ERP")
    order = build.make_order(channel, external_id="TH-26040326")
    delivery = build.make_delivery(
        endpoint, build.make_event(order), state="EXHAUSTED", last_error="Answered 422", tries=1
    )
    build.make_attempt(delivery, status=422, error="Answered 422", answer="unknown article")
    perms = ("orders.view_order", "events.view_delivery", "events.change_delivery")
    anna = build.make_staff(channel.organization, perms=(*perms, "events.view_endpoint"))

    with browse(anna) as page:
        page.goto(reverse("admin:orders_order_changelist"))
        follow(page, "text=TH-26040326")
        why = page.inner_text(".card-news")
        follow(page, ".card-news >> text=Order placed")
        answer = page.inner_text(".attempt")
        follow(page, ".page-actions >> text=Send again")
        follow(page, "button:has-text('Send again')")
        said = page.inner_text(".messagelist")

    assert "Answered 422" in why
    assert "unknown article" in answer
    assert said == "Order.placed to ERP is sent again."
    delivery.refresh_from_db()
    assert (delivery.state, delivery.replays) == ("PENDING", 1)
    assert Delivery.objects.count() == 1


def test_what_is_stuck_is_mended_from_the_start_page(browse):
    order = build.make_order()
    event = build.make_event(order, parked_at=build.NOW, attempts=10, last_error="ValueError")
    build.make_entry(
        order.organization,
        kind="event_parked",
        subject_type="event",
        subject_id=event.pk,
        title="order.placed",
        reason="Its handlers failed 10 times: ValueError",
    )

    with browse(build.make_superuser()) as page:
        page.goto("/admin/")
        follow(page, ".groups >> text=Event parked")
        page.check("#action-toggle")
        page.select_option("select[name=action]", "relay")
        follow(page, ".actions button")
        follow(page, "button:has-text('Relay again')")
        said = page.inner_text(".messagelist")
        left = page.locator("#result_list tbody tr").count()

    assert said == "Order.placed is relayed again."
    assert left == 0
    event.refresh_from_db()
    assert event.parked_at is None

"""Test organizations in the back office: shipping everything, and moving the clock."""

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from oms.accounts.models import Organization
from oms.backoffice.formats import page_url
from oms.orders.models import Order
from tests import backoffice_builders as build
from tests.factories import make_channel, make_point, make_sku, place

CHANGE = "accounts.change_organization"


@pytest.fixture
def order(db) -> Order:
    point = make_point(organization=build.make_organization(is_test=True))
    sku = make_sku(point=point, on_hand=5)
    return place(channel=make_channel(points=[point]), lines=[(sku, 1)])


def do(browser, organization, action, **answers):
    url = reverse("admin:accounts_organization_act", args=[action])
    answer = browser.post(url, {"ids": str(organization.pk), **answers})
    return [str(message) for message in get_messages(answer.wsgi_request)]


def test_everything_is_shipped_by_a_button(order, signed_in):
    staff = signed_in(build.make_staff(order.organization, perms=(CHANGE,)))

    said = do(staff, order.organization, "ship", until="delivered")

    assert said == [
        f"{order.organization} had 1 orders moved on: 1 parcels packed, 1 picked up, 1 delivered."
    ]
    assert Order.objects.get().status == "DELIVERED"


def test_the_clock_is_moved_by_a_button(order, root):
    do(root, order.organization, "ship", until="delivered")

    do(root, order.organization, "advance", hours="168")

    assert Organization.objects.get().clock_offset == timedelta(days=7)
    assert Order.objects.get().completed_at is not None


def test_only_test_organizations_have_the_buttons(order, root):
    ordinary = build.make_organization()

    page = root.get(page_url(order.organization)).content.decode()
    other = root.get(page_url(ordinary)).content.decode()
    said = do(root, ordinary, "ship", until="delivered")

    assert "Ship everything" in page
    assert "Ship everything" not in other
    assert said == [f"{ordinary}: it is no test organization"]


def test_needs_the_permission(order, signed_in):
    staff = signed_in(build.make_staff(order.organization, perms=("accounts.view_organization",)))
    url = reverse("admin:accounts_organization_act", args=["ship"])

    answer = staff.post(url, {"ids": str(order.organization_id), "until": "delivered"})

    assert answer.status_code == 403
    assert Order.objects.get().status == "PAID"


def test_an_organization_that_is_ahead_stays_a_test_organization(order, root):
    organization = order.organization
    Organization.objects.filter(pk=organization.pk).update(clock_offset=timedelta(days=1))
    form = {name: getattr(organization, name) for name in ("name", "currency", "country")}

    answer = root.post(page_url(organization), {**form, "timezone": "UTC"})

    assert answer.status_code == 200
    assert Organization.objects.get().is_test


def test_what_staff_do_has_the_time_of_the_clock(order, root):
    Organization.objects.filter(pk=order.organization_id).update(clock_offset=timedelta(days=9))
    url = reverse("admin:orders_order_act", args=["hold"])

    root.post(url, {"ids": str(order.pk), "reason": "OTHER", "note": "wait"})

    hold = order.holds.get()
    assert hold.placed_at - hold.created_at >= timedelta(days=8)

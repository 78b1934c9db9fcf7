"""Every admin class: its list and its page open, at a fixed price."""

import re

import pytest
from django.urls import reverse

from tests import backoffice_builders as build
from tests.statements import count_statements


def everything(organization=None):
    """One of each, around one order."""
    channel = build.make_channel(organization)
    organization = channel.organization
    point = build.make_point(channel)
    order = build.make_order(channel, lines=2)
    build.make_buyer(order)
    customer = build.make_customer(order, external_id=order.external_id)
    task = build.make_task(order, point)
    build.make_activity(task)
    parcel = build.make_parcel(task)
    build.make_milestone(parcel)
    sku = order.lines.first().sku
    spu = build.make_spu(channel)
    event = build.make_event(order)
    build.make_endpoint(organization, types=["order.packed"])
    endpoint = build.make_endpoint(organization, types=["order.packed"])
    delivery = build.make_delivery(endpoint, event)
    build.make_attempt(delivery)
    return {
        "events.endpoint": endpoint,
        "events.delivery": delivery,
        "orders.order": order,
        "orders.customer": customer,
        "orders.hold": build.make_hold(order),
        "orders.cancelrequest": build.make_request(order, order.lines.first()),
        "fulfillment.fulfillmenttask": task,
        "fulfillment.parcel": parcel,
        "fulfillment.document": build.make_document(parcel),
        "fulfillment.cancellationtask": build.make_cancellation(task),
        "fulfillment.picklist": build.make_picklist(task),
        "fulfillment.manifest": build.make_manifest(parcel),
        "fulfillment.handover": build.make_handover(parcel),
        "fulfillment.shelfplace": build.make_shelf(sku, point),
        "inventory.stocklevel": build.make_level(sku, point, reserved=2),
        "returns.returnorder": build.make_return(order, point, units=2),
        "catalog.sku": sku,
        "catalog.spu": spu,
        "catalog.listing": build.make_listing(spu, sku),
        "events.event": event,
        "inbox.entry": build.make_entry(organization, subject_id=order.pk, order_ref=order.pk),
        "channels_app.channel": channel,
        "channels_app.seller": build.make_seller(organization),
        "locations.fulfillmentpoint": point,
        "accounts.organization": organization,
        "accounts.apiclient": build.make_client(organization),
        "accounts.user": build.make_staff(organization),
    }


# Statements of a request after signing in: session, user, and what the page itself needs.
PRICES = {
    "orders.order": (14, 23),
    "orders.customer": (4, 5),
    "orders.hold": (3, 3),
    "orders.cancelrequest": (3, 6),
    "fulfillment.fulfillmenttask": (7, 8),
    "fulfillment.parcel": (5, 6),
    "fulfillment.document": (4, 3),
    "fulfillment.cancellationtask": (4, 4),
    "fulfillment.picklist": (6, 5),
    "fulfillment.manifest": (6, 5),
    "fulfillment.handover": (6, 6),
    "fulfillment.shelfplace": (6, 5),
    "inventory.stocklevel": (5, 4),
    "returns.returnorder": (5, 6),
    "catalog.sku": (4, 4),
    "catalog.spu": (4, 4),
    "catalog.listing": (4, 6),
    "events.event": (5, 4),
    "events.endpoint": (8, 7),
    "events.delivery": (8, 5),
    "inbox.entry": (5, 3),
    "channels_app.channel": (5, 7),
    "channels_app.seller": (5, 4),
    "locations.fulfillmentpoint": (5, 6),
    "accounts.organization": (4, 3),
    "accounts.apiclient": (6, 5),
    "accounts.user": (5, 9),
}


def address(name, view, *args):
    return reverse(f"admin:{name.replace('.', '_')}_{view}", args=args)


@pytest.mark.parametrize("name", PRICES)
def test_a_list_costs_the_same_with_one_row_and_with_five(root, name):
    organization = everything()["accounts.organization"]
    url = address(name, "changelist")
    root.get(url)
    with count_statements() as few:
        assert root.get(url).status_code == 200

    for _ in range(4):
        everything(organization)

    with count_statements() as more:
        assert root.get(url).status_code == 200
    assert (len(few), len(more)) == (PRICES[name][0], PRICES[name][0])


@pytest.mark.parametrize("name", PRICES)
def test_a_page_opens_at_a_fixed_price(root, name):
    row = everything()[name]
    url = address(name, "change", row.pk)
    root.get(url)

    with count_statements() as statements:
        response = root.get(url)

    assert response.status_code == 200
    assert len(statements) == PRICES[name][1]


@pytest.mark.parametrize("name", PRICES)
def test_a_row_of_another_organization_does_not_exist(signed_in, name):
    row = everything()[name]
    app, model = name.split(".")
    stranger = build.make_staff(build.make_organization(), perms=(f"{app}.view_{model}",))
    browser = signed_in(stranger)

    listed = browser.get(address(name, "changelist"))
    page = browser.get(address(name, "change", row.pk))

    assert listed.status_code == 200
    own = {"accounts.organization": 1, "accounts.user": 1}.get(name, 0)
    assert len(listed.context["cl"].result_list) == own
    assert page.status_code == 404


@pytest.mark.parametrize("name", PRICES)
def test_nobody_without_the_permission_gets_in(signed_in, name):
    rows = everything()
    row = rows[name]
    browser = signed_in(build.make_staff(rows["accounts.organization"]))

    assert browser.get(address(name, "changelist")).status_code == 403
    assert browser.get(address(name, "change", row.pk)).status_code == 403


@pytest.mark.parametrize("name", PRICES)
def test_pages_carry_no_inline_script_or_style(root, name):
    row = everything()[name]
    for url in (address(name, "changelist"), address(name, "change", row.pk)):
        html = root.get(url).content.decode()

        assert re.findall(r"<script(?![^>]*\bsrc=)[^>]*>|<style|\sstyle=|\son\w+=", html) == []

"""The list of everything stuck: found by what one looks for, mended from where it stands."""

import datetime as dt

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from fulfillment.models import Document
from oms.backoffice.fixes import FIXES
from oms.events.models import Delivery, Endpoint
from oms.inbox import kinds, services
from oms.inbox.models import Entry
from oms.orders.models import Hold, OrderLine
from tests import backoffice_builders as build

LIST = reverse("admin:inbox_entry_changelist")


def said(response):
    return [(message.level_tag, str(message)) for message in get_messages(response.wsgi_request)]


def mend(browser, entries, fix, **answers):
    url = reverse("admin:inbox_entry_act", args=[fix])
    return browser.post(url, {"ids": ",".join(str(each.pk) for each in entries), **answers})


def titles(browser, query=""):
    return [row.title for row in browser.get(LIST + query).context["cl"].result_list]


def look():
    services.reconcile_due(now=timezone.now())


def test_every_fix_that_a_kind_names_exists():
    named = {kind.fix for kind in kinds.all_kinds().values() if kind.fix}

    assert named == set(FIXES)


@pytest.fixture
def desk(db):
    """Entries that differ in one thing each."""
    organization = build.make_organization()
    now = timezone.now()
    anna = build.make_staff(organization, perms=("inbox.view_entry", "inbox.change_entry"))
    old, hour = now - dt.timedelta(days=9), dt.timedelta(hours=1)
    build.make_entry(organization, title="old", raised_at=old, kind="label_failed")
    build.make_entry(organization, title="late", raised_at=now, deadline_at=now - hour)
    build.make_entry(organization, title="soon", raised_at=now, deadline_at=now + hour)
    build.make_entry(organization, title="mine", raised_at=now, owner=anna)
    build.make_entry(organization, title="later", raised_at=now, snoozed_until=now + hour)
    build.make_entry(organization, title="over", closed_at=now, closed_how="FIXED")
    return anna


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["mine", "soon", "late", "old"]),
        ("?kind=label_failed", ["old"]),
        ("?age=week", ["old"]),
        ("?deadline=over", ["late"]),
        ("?deadline=day", ["soon"]),
        ("?owner=me", ["mine"]),
        ("?owner=nobody", ["soon", "late", "old"]),
        ("?state=snoozed", ["later"]),
        ("?state=closed", ["over"]),
    ],
)
def test_the_list_shows_what_is_looked_for(desk, signed_in, query, found):
    assert titles(signed_in(desk), query) == found


def test_what_waits_is_counted_by_kind_above_the_list(desk, signed_in):
    groups = signed_in(desk).get(LIST).context["groups"]

    assert [(group.kind.code, group.found, group.overdue) for group in groups] == [
        ("no_stock", 3, 1),
        ("label_failed", 1, 0),
    ]


def test_an_order_number_leads_to_what_is_stuck_of_it(root):
    order = build.make_order(external_id="TH-1")
    build.make_entry(order.organization, title="its", subject_id=order.pk, order_ref=order.pk)
    build.make_entry(order.organization, title="other")

    assert titles(root, "?q=TH-1") == ["its"]


def test_an_entry_links_to_what_it_is_about(root):
    order = build.make_order()
    build.make_entry(order.organization, subject_id=order.pk)

    html = root.get(LIST).content.decode()

    assert reverse("admin:orders_order_change", args=[order.pk]) in html
    assert "Receive or count stock" in html


def test_what_a_carrier_said_is_shown_and_not_kept(root):
    parcel = build.make_parcel(build.make_task(build.make_order()))
    build.make_document(parcel, status="FAILED", attempts=3, last_error="No such street")
    look()

    html = root.get(LIST).content.decode()

    assert "No label after 3 tries: No such street" in html
    assert "No such street" not in str(list(Entry.objects.values()))


def test_orders_are_routed_again_with_a_result_each(root):
    channel = build.make_channel()
    point = build.make_point(channel)
    waits = {"status": "UNALLOCATED", "waiting_for": "Out of stock: A"}
    served, waiting = (
        build.make_order(channel, allocation_due_at=build.NOW, **waits) for _ in range(2)
    )
    build.make_level(served.lines.get().sku, point, on_hand=5)
    build.make_level(waiting.lines.get().sku, point, on_hand=0)
    look()

    response = mend(root, Entry.objects.all(), "allocate")

    short = waiting.lines.get().sku_code
    assert said(response) == [
        ("success", f"{served.external_id} was routed again: One point ships everything."),
        ("success", f"{waiting.external_id} was routed again: Out of stock: {short}."),
    ]
    assert Entry.objects.get(subject_id=served.pk).closed_how == "FIXED"
    assert Entry.objects.get(subject_id=waiting.pk).is_open is True


def test_skus_that_are_known_by_now_are_found_and_the_order_is_routed(root):
    channel = build.make_channel()
    order = build.make_order(channel)
    OrderLine.objects.filter(order=order).update(sku=None, sku_code="NEW-1")
    look()
    entry = Entry.objects.get()

    too_early = mend(root, [entry], "match_skus")
    sku = build.make_sku(channel.organization, code="NEW-1")
    build.make_level(sku, build.make_point(channel), on_hand=5)
    response = mend(root, [entry], "match_skus")

    refusal = f"{order.external_id}: None of its unknown SKUs is known yet"
    assert said(too_early) == [("warning", refusal)]
    assert said(response)[-1] == (
        "success",
        f"{order.external_id} has its SKUs now (NEW-1) and was routed: One point ships everything.",
    )
    entry.refresh_from_db()
    order.refresh_from_db()
    assert (entry.closed_how, order.status) == ("FIXED", "ALLOCATED")


def test_failed_labels_are_fetched_again(root):
    parcel = build.make_parcel(build.make_task(build.make_order()))
    build.make_document(parcel, status="FAILED", attempts=3)
    look()

    mend(root, Entry.objects.all(), "retry_label")

    assert Document.objects.get().status == "PENDING"
    assert Entry.objects.get().closed_how == "FIXED"


def test_an_expired_hold_is_released(root):
    build.make_hold(build.make_order(), expires_at=timezone.now() - dt.timedelta(hours=1))
    look()

    mend(root, Entry.objects.all(), "release")

    assert Hold.objects.get().released_at is not None
    assert Entry.objects.get().closed_how == "FIXED"


def test_a_parked_event_is_relayed_again(root):
    event = build.make_event(build.make_order(), parked_at=build.NOW, attempts=10)
    look()

    mend(root, Entry.objects.all(), "relay")

    event.refresh_from_db()
    assert (event.parked_at, Entry.objects.get().closed_how) == (None, "FIXED")


def test_news_that_was_given_up_on_is_sent_again(root):
    order = build.make_order()
    endpoint = build.make_endpoint(order.organization, name="ERP")
    build.make_delivery(endpoint, build.make_event(order), state="EXHAUSTED")
    look()

    response = mend(root, Entry.objects.all(), "resend")

    assert said(response) == [("success", "ERP is sent 1 delivery again.")]
    assert Delivery.objects.get().state == "PENDING"
    assert Entry.objects.get().closed_how == "FIXED"


def test_a_disabled_endpoint_is_enabled_and_gets_what_it_missed(root):
    order = build.make_order()
    endpoint = build.make_endpoint(order.organization, name="ERP", state="DISABLED")
    build.make_event(order)
    look()

    mend(root, Entry.objects.filter(kind="endpoint_disabled"), "enable")

    endpoint.refresh_from_db()
    assert endpoint.state == "ACTIVE"
    assert Delivery.objects.get().state == "PENDING"
    assert Entry.objects.get(kind="endpoint_disabled").closed_how == "FIXED"


def test_an_endpoint_is_verified(root):
    endpoint = build.make_endpoint(build.make_organization(), name="ERP", state="UNVERIFIED")
    Endpoint.objects.filter(pk=endpoint.pk).update(created_at=build.NOW)
    look()

    response = mend(root, Entry.objects.all(), "verify")

    assert said(response) == [("success", "ERP has answered and is verified.")]
    assert Entry.objects.get().closed_how == "FIXED"


def test_a_task_is_served_after_a_better_count(root):
    order = build.make_order(status="ALLOCATED")
    task = build.make_task(order, status="OUT_OF_STOCK")
    OrderLine.objects.filter(order=order).update(quantity_allocated=2)
    level = build.make_level(order.lines.get().sku, task.point, on_hand=1, reserved=2)
    look()

    short = mend(root, Entry.objects.all(), "check_stock")
    build.make_movement(level, on_hand_delta=1)
    type(level).objects.update(on_hand=2)
    enough = mend(root, Entry.objects.all(), "check_stock")

    title = f"{order.external_id}, {task.number}"
    assert said(short) == [("success", f"{title} still lacks stock at its point.")]
    assert said(enough)[-1] == ("success", f"{title} can be served now.")
    assert Entry.objects.get().closed_how == "FIXED"


def test_a_fix_of_another_kind_is_refused(root):
    entry = build.make_entry(build.make_organization(), kind="label_failed")

    response = mend(root, [entry], "allocate")

    assert said(response) == [("warning", f"{entry.title}: this is not what mends it")]


@pytest.mark.parametrize("fix", sorted(FIXES))
def test_nobody_mends_without_the_permission(signed_in, fix):
    entry = build.make_entry(build.make_organization())
    person = build.make_staff(entry.organization, perms=("inbox.view_entry", "inbox.change_entry"))

    response = mend(signed_in(person), [entry], fix)

    assert response.status_code == 403
    assert FIXES[fix].permission in response.content.decode()


def test_entries_are_taken_given_and_put_off(desk, signed_in):
    browser, entry = signed_in(desk), Entry.objects.get(title="soon")
    colleague = build.make_staff(entry.organization)

    taken = mend(browser, [entry], "take")
    given = mend(browser, [entry], "give", owner=colleague.username)
    mend(browser, [entry], "snooze", hours="4")

    entry.refresh_from_db()
    assert said(taken) == [("success", "soon is yours.")]
    assert said(given)[-1] == ("success", f"soon was given to {colleague.username}.")
    assert entry.owner == colleague
    assert titles(browser) == ["mine", "late", "old"]


def test_the_desk_is_closed_to_those_who_may_only_look(signed_in):
    entry = build.make_entry(build.make_organization())
    person = build.make_staff(entry.organization, perms=("inbox.view_entry",))
    browser = signed_in(person)

    answers = [mend(browser, [entry], name, hours="4").status_code for name in ("take", "snooze")]

    assert answers == [403, 403]
    assert Entry.objects.get().owner is None

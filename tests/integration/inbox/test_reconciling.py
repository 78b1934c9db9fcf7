"""The comparison: what it writes, what it leaves alone, how far it looks."""

import datetime as dt

import pytest

from oms.inbox import kinds, services
from oms.inbox.choices import Severity
from oms.inbox.models import Entry
from oms.orders.models import Order
from tests import backoffice_builders as build
from tests.backoffice_builders import NOW, later

pytestmark = pytest.mark.django_db


def stuck(channel=None, **values) -> Order:
    waits = {"status": "UNALLOCATED", "waiting_for": "Out of stock: A", "allocation_due_at": NOW}
    return build.make_order(channel, **waits | values)


def look(now: dt.datetime = NOW, **arguments) -> services.Change:
    return services.reconcile(kind="no_stock", now=now, **arguments)


def written() -> list[tuple[int, str]]:
    """Rows and the transaction that wrote them last."""
    return list(Entry.objects.extra(select={"by": "xmin::text"}).values_list("pk", "by"))


def test_looking_twice_changes_nothing():
    stuck()
    look()
    before = written()

    again = look(later(seconds=5))

    assert again == services.Change()
    assert Entry.objects.get().last_seen_at == NOW
    assert written() == before


def test_an_entry_says_what_the_cause_is_now():
    order = stuck()
    look()
    Order.objects.filter(pk=order.pk).update(waiting_for="Out of stock: B", ship_by_at=NOW)

    change = look(later(seconds=5))

    entry = Entry.objects.get()
    assert change == services.Change()
    assert (entry.reason, entry.deadline_at, entry.raised_at) == ("Out of stock: B", NOW, NOW)


def test_it_is_seen_again_every_few_minutes():
    stuck()
    look()

    look(later(minutes=6))

    assert Entry.objects.get().last_seen_at == later(minutes=6)


def test_who_looks_after_it_survives_another_look():
    order = stuck()
    anna = build.make_staff(order.organization)
    look()
    Entry.objects.update(owner=anna, snoozed_until=later(hours=1))

    look(later(minutes=6))

    entry = Entry.objects.get()
    assert (entry.owner, entry.snoozed_until) == (anna, later(hours=1))


def test_a_cause_that_comes_back_is_a_new_entry():
    order = stuck()
    look()
    Order.objects.filter(pk=order.pk).update(waiting_for="")
    look(later(seconds=5))
    Order.objects.filter(pk=order.pk).update(waiting_for="Out of stock: A")

    look(later(seconds=10))

    found = Entry.objects.order_by("pk").values_list("raised_at", "closed_at")
    assert list(found) == [(NOW, later(seconds=5)), (later(seconds=10), None)]


def test_what_a_fix_ended_is_marked_as_fixed():
    mended, gone = stuck(), stuck()
    look()
    fixed = Entry.objects.get(subject_id=mended.pk)
    Order.objects.update(waiting_for="")

    look(later(seconds=1), fixed_ids=[fixed.pk])

    how = dict(Entry.objects.values_list("subject_id", "closed_how"))
    assert how == {mended.pk: "FIXED", gone.pk: "CAUSE_GONE"}


def test_beyond_its_reach_nothing_is_raised_and_nothing_is_closed():
    channel = build.make_channel()
    orders = [stuck(channel) for _ in range(4)]
    look()
    Order.objects.filter(pk__in=[orders[0].pk, orders[3].pk]).update(waiting_for="")
    stuck(channel)

    change = look(later(seconds=5), most=2)

    assert change == services.Change(raised=0, closed=1)
    still_open = Entry.objects.open().order_by("pk").values_list("subject_id", flat=True)
    assert list(still_open) == [order.pk for order in orders[1:]]


def test_a_kind_nobody_registered_is_refused():
    with pytest.raises(kinds.UnknownKind):
        services.reconcile(kind="no_such_kind", now=NOW)


@pytest.fixture
def by_hand():
    """A kind without a probe, as an app that notices trouble itself registers it."""
    kind = kinds.Kind(
        code="by_hand",
        label="By hand",
        severity=Severity.WARNS,
        subject_type="order",
        suggestion="See there.",
    )
    kinds.register(kind)
    yield kind
    del kinds._kinds[kind.code]


def sighting(organization, subject_id: int = 7, **values) -> services.Sighting:
    said = {"title": "T", "reason": "R", "details": {"n": 1}}
    return services.Sighting(
        kind="by_hand", organization_id=organization.pk, subject_id=subject_id, **said | values
    )


def test_a_service_raises_and_clears_what_has_no_probe(by_hand):
    organization = build.make_organization()
    seen = [sighting(organization, 7), sighting(organization, 8)]

    new = services.raise_entries(sightings=seen, now=NOW)
    again = services.raise_entries(
        sightings=[sighting(organization, 7, reason="Worse")], now=later(seconds=1)
    )
    left_alone = services.reconcile_due(now=later(seconds=2))
    cleared = services.clear(kind="by_hand", subject_ids=[7], now=later(seconds=3))

    assert (new, again, left_alone, cleared) == (2, 0, services.Change(), 1)
    found = Entry.objects.order_by("subject_id").values_list("reason", "closed_how", "details")
    assert list(found) == [("Worse", "CLEARED", {"n": 1}), ("R", "", {"n": 1})]


def test_an_unknown_kind_among_sightings_writes_nothing(by_hand):
    organization = build.make_organization()
    unknown = services.Sighting(
        kind="zz", organization_id=organization.pk, subject_id=1, title="T", reason="R"
    )

    with pytest.raises(kinds.UnknownKind):
        services.raise_entries(sightings=[sighting(organization), unknown], now=NOW)

    assert Entry.objects.exists() is False


def test_entries_closed_long_ago_are_forgotten():
    organization = build.make_organization()
    for days in (89, 91):
        build.make_entry(organization, closed_at=later(days=-days), closed_how="CAUSE_GONE")
    build.make_entry(organization, raised_at=later(days=-400))

    gone = services.forget_closed(now=NOW)

    assert gone == 1
    assert Entry.objects.filter(closed_at=later(days=-91)).exists() is False
    assert Entry.objects.count() == 2

"""Who looks after an entry, and when it comes back."""

import pytest

from oms.inbox import services
from oms.inbox.models import Entry
from oms.kernel.actors import Actor
from tests import backoffice_builders as build
from tests.backoffice_builders import NOW, later

pytestmark = pytest.mark.django_db


def of(organization) -> Actor:
    return Actor(kind="staff", ref="lead", organization_id=organization.pk)


def test_an_entry_is_given_to_a_colleague_and_taken_back():
    organization = build.make_organization()
    anna, entry = build.make_staff(organization), build.make_entry(organization)

    services.assign(entry_id=entry.pk, owner=anna.username, actor=of(organization), now=NOW)
    given = Entry.objects.get().owner
    services.assign(entry_id=entry.pk, owner="", actor=of(organization), now=NOW)

    assert given == anna
    assert Entry.objects.get().owner is None


@pytest.mark.parametrize("who", ["stranger", "nobody", "left"])
def test_only_people_of_its_organization_can_own_it(who):
    organization = build.make_organization()
    entry = build.make_entry(organization)
    stranger = build.make_staff(build.make_organization())
    left = build.make_staff(organization)
    left.is_active = False
    left.save()
    name = {"stranger": stranger.username, "nobody": "nobody", "left": left.username}[who]

    with pytest.raises(services.OwnerUnknown):
        services.assign(entry_id=entry.pk, owner=name, actor=of(organization), now=NOW)

    assert Entry.objects.get().owner is None


def test_another_organizations_entry_does_not_exist():
    entry = build.make_entry(build.make_organization())
    elsewhere = of(build.make_organization())

    with pytest.raises(services.EntryNotFound):
        services.assign(entry_id=entry.pk, owner="", actor=elsewhere, now=NOW)
    with pytest.raises(services.EntryNotFound):
        services.snooze(entry_id=entry.pk, until=later(hours=1), actor=elsewhere, now=NOW)

    assert Entry.objects.get().snoozed_until is None


def test_what_is_put_off_is_out_of_sight_until_its_time():
    organization = build.make_organization()
    entry = build.make_entry(organization)

    services.snooze(entry_id=entry.pk, until=later(hours=4), actor=of(organization), now=NOW)

    assert Entry.objects.waiting(later(hours=3)).exists() is False
    assert Entry.objects.waiting(later(hours=4)).get() == entry


@pytest.mark.parametrize("hours", [0, -1, 31 * 24])
def test_nothing_is_put_off_for_good(hours):
    organization = build.make_organization()
    entry = build.make_entry(organization)

    with pytest.raises(services.SnoozeOutOfRange):
        services.snooze(
            entry_id=entry.pk, until=later(hours=hours), actor=of(organization), now=NOW
        )

    assert Entry.objects.get().snoozed_until is None


def test_a_closed_entry_is_nobodys_work():
    organization = build.make_organization()
    entry = build.make_entry(organization, closed_at=NOW, closed_how="CAUSE_GONE")

    with pytest.raises(services.EntryClosed):
        services.assign(entry_id=entry.pk, owner="", actor=of(organization), now=NOW)

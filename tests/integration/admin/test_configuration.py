import pytest
from django.urls import reverse

from channels_app.models import Channel
from oms.accounts.models import ApiClient, Organization, User
from oms.backoffice.formats import page_url
from oms.locations.models import ChannelPoint
from tests import backoffice_builders as build


def points_form(*rows, initial=0):
    form = {
        "point_links-TOTAL_FORMS": len(rows),
        "point_links-INITIAL_FORMS": initial,
        "point_links-MIN_NUM_FORMS": 0,
        "point_links-MAX_NUM_FORMS": 1000,
    }
    for place, row in enumerate(rows):
        form |= {f"point_links-{place}-{name}": value for name, value in row.items()}
    return form


def channel_form(**overrides):
    return {
        "name": "Shop",
        "type": "GENERAL",
        "delivery": "OWN_CARRIER",
        "stock_policy": "ACCEPT",
        "is_active": "on",
        "connector": "{}",
    } | overrides


@pytest.fixture
def channel(db):
    return build.make_channel()


PERMS = (
    "channels_app.view_channel",
    "channels_app.change_channel",
    "channels_app.add_channel",
    "locations.view_channelpoint",
    "locations.add_channelpoint",
    "locations.change_channelpoint",
)


def test_a_point_is_tied_to_a_channel(channel, signed_in):
    point = build.make_point(build.make_channel(channel.organization))
    browser = signed_in(build.make_staff(channel.organization, perms=PERMS))

    response = browser.post(
        page_url(channel),
        channel_form() | points_form({"point": point.pk, "location_code": "MAIN"}),
    )

    assert response.status_code == 302
    link = ChannelPoint.objects.get(channel=channel)
    assert (link.point, link.location_code) == (point, "MAIN")


def test_another_organizations_point_cannot_be_chosen(channel, root, signed_in):
    foreign = build.make_point(build.make_channel())
    staff = signed_in(build.make_staff(channel.organization, perms=PERMS))

    for browser in (root, staff):
        response = browser.post(
            page_url(channel),
            channel_form() | points_form({"point": foreign.pk, "location_code": "MAIN"}),
        )

        assert response.status_code == 200
    assert ChannelPoint.objects.filter(channel=channel).count() == 0


def test_staff_add_channels_to_their_own_organization_only(channel, signed_in):
    other = build.make_organization()
    browser = signed_in(build.make_staff(channel.organization, perms=PERMS))
    url = reverse("admin:channels_app_channel_add")

    refused = browser.post(url, channel_form(organization=other.pk, code="new") | points_form())
    done = browser.post(
        url, channel_form(organization=channel.organization_id, code="new") | points_form()
    )

    assert (refused.status_code, done.status_code) == (200, 302)
    assert Channel.objects.get(code="new").organization == channel.organization


def test_a_code_cannot_be_changed(channel, root):
    before = channel.code

    root.post(page_url(channel), channel_form(code="other", name="Renamed") | points_form())

    channel.refresh_from_db()
    assert (channel.code, channel.name) == (before, "Renamed")


@pytest.mark.parametrize(("zone", "status"), [("Asia/Bangkok", 302), ("Mars/Olympus", 200)])
def test_a_time_zone_must_exist(channel, root, zone, status):
    organization = channel.organization
    form = {"name": "Siam", "currency": "THB", "country": "TH", "timezone": zone}

    response = root.post(page_url(organization), form)

    assert response.status_code == status
    assert Organization.objects.filter(timezone="Mars/Olympus").count() == 0


def client_form(**overrides):
    return {
        "name": "machine",
        "scopes": "",
        "is_active": "on",
        "preferences": "{}",
        "rate_limit": "",
    } | overrides


@pytest.mark.parametrize("bound", [{}, {"channel": "own", "point": "own"}, {"channel": "foreign"}])
def test_a_client_is_bound_as_its_kind_says(channel, root, bound):
    foreign = build.make_channel()
    keys = {
        ("channel", "own"): channel.pk,
        ("channel", "foreign"): foreign.pk,
        ("point", "own"): build.make_point(channel).pk,
    }
    form = client_form(organization=channel.organization_id, kind="CHANNEL") | {
        name: keys[name, whose] for name, whose in bound.items()
    }

    response = root.post(reverse("admin:accounts_apiclient_add"), form)

    assert response.status_code == 200
    assert ApiClient.objects.count() == 0


def test_a_client_of_a_channel_is_made(channel, root):
    form = client_form(organization=channel.organization_id, kind="CHANNEL", channel=channel.pk)

    response = root.post(reverse("admin:accounts_apiclient_add"), form)

    assert response.status_code == 302
    assert ApiClient.objects.get().channel == channel


def test_only_a_superuser_changes_what_people_may_do(channel, signed_in):
    person = build.make_staff(
        channel.organization,
        perms=("accounts.view_user", "accounts.change_user", "accounts.add_user"),
    )
    browser = signed_in(person)

    response = browser.post(page_url(person), {"username": person.username, "is_superuser": "on"})

    assert response.status_code == 403
    assert User.objects.get(pk=person.pk).is_superuser is False
    assert browser.get(reverse("admin:accounts_user_add")).status_code == 403


def test_nothing_is_deleted_by_hand(channel, root):
    for row in (channel, channel.organization, build.make_order(channel)):
        names = f"{row._meta.app_label}_{row._meta.model_name}"

        assert root.post(reverse(f"admin:{names}_delete", args=[row.pk])).status_code == 403


def test_core_rows_take_no_input(channel, root):
    order = build.make_order(channel)

    root.post(page_url(order), {"status": "DELIVERED", "external_id": "forged"})

    order.refresh_from_db()
    assert (order.status, order.external_id != "forged") == ("PAID", True)
    assert root.get(reverse("admin:orders_order_add")).status_code == 403

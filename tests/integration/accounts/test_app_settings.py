"""The settings service: history, restoring, versions, whose they are."""

import pytest

from oms.accounts import app_settings
from oms.accounts.app_settings import SettingKind
from oms.accounts.models import ApplicationSetting, SettingChange
from oms.kernel.actors import SYSTEM, Actor
from tests.factories import NOW, make_organization

pytestmark = pytest.mark.django_db

KEY = "OMNITRON_SYNC_SETTINGS"


@pytest.fixture
def organization():
    return make_organization()


def put(organization, value, key=KEY, actor=SYSTEM, **options):
    return app_settings.set_setting(
        organization_id=organization.pk, key=key, value=value, actor=actor, now=NOW, **options
    )


def value(organization, key=KEY):
    return app_settings.value_of(organization_id=organization.pk, key=key)


def test_every_change_is_kept_with_its_author(organization):
    put(organization, {"page_size": 10})
    put(organization, {"page_size": 20}, actor=Actor(kind="staff", ref="ann"))

    changes = app_settings.changes_feed(organization_id=organization.pk, key=KEY)
    assert [(each.version, each.value, each.changed_by) for each in changes] == [
        (2, {"page_size": 20}, "staff:ann"),
        (1, {"page_size": 10}, "system:oms"),
    ]


def test_setting_what_is_set_changes_nothing(organization):
    first = put(organization, {"inbound_secret": "long-secret"})

    second = put(organization, {"inbound_secret": "***"})

    assert second.version == first.version == 1
    assert SettingChange.objects.count() == 1


def test_another_secret_is_a_change(organization):
    put(organization, {"inbound_secret": "long-secret"})

    row = put(organization, {"inbound_secret": "longer-secret"})

    assert row.version == 2
    assert value(organization) == {"inbound_secret": "longer-secret"}


def test_a_version_is_restored_with_its_secrets(organization):
    put(organization, {"inbound_secret": "first-secret", "page_size": 10})
    put(organization, {"page_size": 20})

    row = app_settings.restore_setting(
        organization_id=organization.pk, key=KEY, version=1, actor=SYSTEM, now=NOW
    )

    assert row.version == 3
    assert value(organization) == {"inbound_secret": "first-secret", "page_size": 10}


def test_a_removed_setting_is_restored_and_goes_on_counting(organization):
    put(organization, {"page_size": 10})
    app_settings.remove_setting(organization_id=organization.pk, key=KEY, actor=SYSTEM, now=NOW)

    row = app_settings.restore_setting(
        organization_id=organization.pk, key=KEY, version=1, actor=SYSTEM, now=NOW
    )

    assert row.version == 3
    assert value(organization) == {"page_size": 10}


@pytest.mark.parametrize("version", [2, 9])
def test_a_removal_and_what_never_was_cannot_be_restored(organization, version):
    put(organization, {"page_size": 10})
    app_settings.remove_setting(organization_id=organization.pk, key=KEY, actor=SYSTEM, now=NOW)

    with pytest.raises(app_settings.SettingNotFound):
        app_settings.restore_setting(
            organization_id=organization.pk, key=KEY, version=version, actor=SYSTEM, now=NOW
        )


def test_a_change_that_is_based_on_an_older_version_is_refused(organization):
    put(organization, {"page_size": 10}, expected_version=0)
    put(organization, {"page_size": 20}, expected_version=1)

    with pytest.raises(app_settings.SettingOutdated):
        put(organization, {"page_size": 30}, expected_version=1)

    assert value(organization) == {"page_size": 20}


def test_another_organizations_settings_are_not_there(organization):
    put(organization, {"page_size": 10})
    stranger = Actor(kind="client", ref="x", organization_id=make_organization().pk)

    with pytest.raises(app_settings.SettingNotFound):
        put(organization, {"page_size": 99}, actor=stranger)

    assert app_settings.settings_feed(actor=stranger).count() == 0
    assert value(organization) == {"page_size": 10}


def test_a_default_holds_until_somebody_sets_the_key(organization):
    assert value(organization, "REQUIRE_STATIC_CHANNEL") is True
    put(organization, False, key="REQUIRE_STATIC_CHANNEL")

    assert value(organization, "REQUIRE_STATIC_CHANNEL") is False


def test_false_and_null_are_values(organization):
    put(organization, None, key="ANYTHING")

    assert app_settings.is_set(organization_id=organization.pk, key="ANYTHING")
    assert value(organization, "ANYTHING") is None


def test_problems_name_their_path_and_never_the_value(organization):
    with pytest.raises(app_settings.SettingInvalid) as caught:
        put(organization, {"inbound_secret": "short", "page_size": 0})

    assert [(each.path, each.text) for each in caught.value.problems] == [
        ("inbound_secret", "must have 8 characters or more"),
        ("page_size", "must be 1 or more"),
    ]
    assert "short" not in str(caught.value)


def test_a_value_that_is_too_large_is_refused(organization):
    with pytest.raises(app_settings.SettingInvalid):
        put(organization, "x" * 300_000, key="ANYTHING")

    assert ApplicationSetting.objects.count() == 0


def test_secrets_inside_of_lists_without_names_are_told_apart_by_place(organization):
    app_settings.register(SettingKind(key="T_LIST", title="t", schema={"type": "array"}))
    put(organization, [{"token": "t-0"}, {"token": "t-1"}], key="T_LIST")

    put(organization, [{"token": "***"}, {"token": "new"}], key="T_LIST")

    assert value(organization, "T_LIST") == [{"token": "t-0"}, {"token": "new"}]

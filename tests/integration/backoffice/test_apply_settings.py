"""The section `settings` of world files."""

import pytest

from oms.accounts import app_settings
from oms.accounts.models import ApplicationSetting, SettingChange
from oms.backoffice.world import WorldRefused, apply_world
from tests.factories import NOW, make_organization
from tests.integration.backoffice.builders import apply, exported

pytestmark = pytest.mark.django_db

KEY = "OMNITRON_SYNC_SETTINGS"
SECTION = """
settings:
  - organization: ACME
    key: OMNITRON_SYNC_SETTINGS
    value: {page_size: 20, inbound_secret: long-secret}
  - {organization: ACME, key: IS_TRADEIN_ENABLED, value: true}
"""


@pytest.fixture
def organization():
    return make_organization(code="ACME")


def value(organization, key=KEY):
    return app_settings.value_of(organization_id=organization.pk, key=key)


def test_settings_are_set(tmp_path, organization):
    lines = apply(tmp_path, SECTION)

    assert lines == [f"created setting {KEY}", "created setting IS_TRADEIN_ENABLED"]
    assert value(organization) == {"page_size": 20, "inbound_secret": "long-secret"}
    assert value(organization, "IS_TRADEIN_ENABLED") is True


def test_setting_them_again_changes_nothing(tmp_path, organization):
    apply(tmp_path, SECTION)

    assert apply(tmp_path, SECTION) == []


def test_a_change_is_told_without_its_value(tmp_path, organization):
    apply(tmp_path, SECTION)

    lines = apply(tmp_path, SECTION.replace("long-secret", "longer-secret"))

    assert lines == [f"changed setting {KEY}: value"]


def test_a_setting_is_unset(tmp_path, organization):
    apply(tmp_path, SECTION)
    gone = f"settings:\n  - {{organization: ACME, key: {KEY}, state: absent}}\n"

    lines = apply(tmp_path, gone)

    assert lines == [f"removed setting {KEY}"]
    assert not ApplicationSetting.objects.filter(key=KEY).exists()
    assert apply(tmp_path, gone) == []


@pytest.mark.parametrize("with_secrets", [True, False])
def test_what_was_exported_changes_nothing(tmp_path, organization, with_secrets):
    apply(tmp_path, SECTION)

    path = exported(tmp_path, with_secrets=with_secrets)
    again = apply_world(paths=[path], now=NOW, dry_run=True)

    assert again.lines == ()
    assert ("long-secret" in path.read_text()) is with_secrets


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (SECTION.replace("20", "0"), "page_size: must be 1 or more"),
        (SECTION.replace("long-secret", '"***"'), "no secret is stored here"),
        ("settings:\n  - {organization: ACME, key: A}\n", "`value` is missing"),
        (SECTION + SECTION.replace("\nsettings:", ""), "is described twice"),
    ],
)
def test_what_cannot_be_meant_is_refused_and_changes_nothing(tmp_path, organization, text, said):
    with pytest.raises(WorldRefused, match=said.replace("*", r"\*")):
        apply(tmp_path, text)

    assert not SettingChange.objects.exists()

"""Application settings in the back office: form, secrets, history, restoring."""

import re

import pytest
from django.urls import reverse

from oms.accounts import app_settings
from oms.accounts.models import ApplicationSetting
from oms.kernel.actors import Actor
from tests import backoffice_builders as build
from tests.backoffice_builders import NOW
from tests.integration.admin.forms import posted_back

KEY = "OMNITRON_CLIENT_SETTINGS"
PASSWORD, TOKEN = "correct-horse", "battery-staple"
VALUE = {
    "auth": {"username": "oms", "password": PASSWORD},
    "urls": {"base_url": "https://omni.example/api/v1", "oms_url": "https://oms.example/api/v1"},
    "timeouts": {"read": 60, "connect": 10},
    "endpoint_conf": [
        {"endpoint": "orders", "base_url": "https://sc.example/api", "auth": {"token": TOKEN}},
        {"endpoint": "cities", "base_url": "https://sc.example/api", "auth": {"token": "other"}},
    ],
}
PERMS = ("accounts.view_applicationsetting", "accounts.change_applicationsetting")


@pytest.fixture
def organization(db):
    return build.make_organization()


def put(organization, value, key=KEY):
    return app_settings.set_setting(
        organization_id=organization.pk,
        key=key,
        value=value,
        actor=Actor(kind="system", ref="oms"),
        now=NOW,
    )


def whole(organization, key=KEY):
    return app_settings.value_of(organization_id=organization.pk, key=key)


def url(name, organization, *parts):
    return reverse(f"admin:app_settings_{name}", args=[organization.pk, *parts])


def edit(organization, key=KEY):
    return url("edit", organization, key)


def test_every_known_key_is_listed_with_its_state(organization, root):
    put(organization, VALUE)

    page = root.get(reverse("admin:app_settings_of", args=[organization.pk]))

    said = {entry["key"]: str(entry["state"]) for entry in page.context["entries"]}
    assert "Version 1" in said[KEY]
    assert "Not set" in said["ORDER_FILTER_RULES"]


def test_the_form_comes_back_as_it_was_and_changes_nothing(organization, root):
    put(organization, VALUE)

    response = root.post(edit(organization), posted_back(root.get(edit(organization))))

    assert response.status_code == 302
    assert whole(organization) == VALUE
    assert ApplicationSetting.objects.get().version == 1


def test_secrets_are_never_shown_and_stay_with_their_row_when_rows_move(organization, root):
    put(organization, VALUE)
    page = root.get(edit(organization))
    moved = root.post(edit(organization), posted_back(page) | {"_rows": "up:endpoint_conf.1"})

    saved = root.post(edit(organization), posted_back(moved))

    html = page.content.decode() + moved.content.decode()
    assert PASSWORD not in html
    assert TOKEN not in html
    assert saved.status_code == 302
    names = [(each["endpoint"], each["auth"]["token"]) for each in
             whole(organization)["endpoint_conf"]]  # fmt: skip
    assert names == [("cities", "other"), ("orders", TOKEN)]


def test_a_typed_secret_replaces_the_old_one(organization, root):
    put(organization, VALUE)
    form = posted_back(root.get(edit(organization))) | {"v.auth.password": "new-one"}

    root.post(edit(organization), form)

    assert whole(organization)["auth"] == {"username": "oms", "password": "new-one"}


def test_what_is_wrong_is_told_at_its_path(organization, root):
    put(organization, VALUE)
    form = posted_back(root.get(edit(organization))) | {
        "v.timeouts.read": "soon",
        "v.urls.base_url": "",
    }

    response = root.post(edit(organization), form)

    assert response.status_code == 200
    assert sorted(response.context["form"].errors) == ["timeouts.read", "urls.base_url"]
    assert whole(organization) == VALUE


def test_somebody_who_was_slower_is_told(organization, root):
    put(organization, VALUE)
    form = posted_back(root.get(edit(organization)))
    put(organization, VALUE | {"timeouts": {"read": 30, "connect": 10}})

    response = root.post(edit(organization), form | {"v.timeouts.read": "90"})

    assert response.status_code == 200
    assert "Somebody else changed this setting meanwhile." in response.content.decode()
    assert whole(organization)["timeouts"]["read"] == 30


def test_a_version_is_compared_and_restored_with_its_secrets(organization, root):
    put(organization, VALUE)
    auth = {"username": "other", "password": "another"}
    put(organization, VALUE | {"auth": auth})
    first = url("version", organization, KEY, 1)

    page = root.get(first)
    root.post(first)

    since = [(each.path, each.before, each.after) for each in page.context["since"]]
    assert since == [("auth.username", "oms", "other")]
    assert whole(organization) == VALUE
    assert ApplicationSetting.objects.get().version == 3


def test_a_new_secret_alone_is_seen_in_the_history(organization, root):
    put(organization, VALUE)
    put(organization, VALUE | {"auth": {"username": "oms", "password": "another"}})

    page = root.get(url("version", organization, KEY, 2))

    assert [(each.path, each.after) for each in page.context["made"]] == [
        ("a secret", "was changed")
    ]
    assert "another" not in page.content.decode()


def test_a_key_is_unset_after_a_question_and_its_history_stays(organization, root):
    put(organization, VALUE)

    asked = root.get(url("remove", organization, KEY))
    root.post(url("remove", organization, KEY))

    assert asked.status_code == 200
    assert ApplicationSetting.objects.count() == 0
    history = root.get(edit(organization)).context["history"]
    assert [(each["version"], each["what"]) for each in history] == [
        (2, "was unset"),
        (1, "was set"),
    ]


def test_a_list_is_filled_row_by_row(organization, root):
    page = edit(organization, "ORDER_FILTER_RULES")
    grown = root.post(page, posted_back(root.get(page)) | {"_rows": "add:"})
    if "v:count" not in posted_back(grown):
        pytest.fail("the list has no rows to fill")

    assert grown.status_code == 200
    assert ApplicationSetting.objects.count() == 0


def test_people_who_may_only_look_change_nothing(organization, signed_in):
    put(organization, VALUE)
    browser = signed_in(build.make_staff(organization, perms=PERMS[:1]))

    seen = browser.get(edit(organization))
    refused = [browser.post(edit(organization)).status_code,
               browser.post(url("remove", organization, KEY)).status_code,
               browser.post(url("version", organization, KEY, 1)).status_code]  # fmt: skip

    assert seen.status_code == 200
    assert refused == [403, 403, 403]
    assert whole(organization) == VALUE


def test_another_organizations_settings_do_not_exist(organization, signed_in):
    put(organization, VALUE)
    browser = signed_in(build.make_staff(build.make_organization(), perms=PERMS))

    pages = [edit(organization), reverse("admin:app_settings_of", args=[organization.pk])]

    assert [browser.get(page).status_code for page in pages] == [404, 404]


def test_nobody_without_the_permission_gets_in(organization, signed_in):
    browser = signed_in(build.make_staff(organization))

    assert browser.get(edit(organization)).status_code == 403
    assert browser.get(reverse("admin:app_settings")).status_code == 403


def test_pages_carry_no_inline_script_or_style(organization, root):
    put(organization, VALUE)
    pages = [edit(organization), url("version", organization, KEY, 1)]

    for page in pages:
        html = root.get(page).content.decode()
        assert re.findall(r"<script(?![^>]*\bsrc=)[^>]*>|<style|\sstyle=|\son\w+=", html) == []

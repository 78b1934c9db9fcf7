"""Application settings through the wire: contract 1.1 and 1.2."""

import copy
import json

import pytest

from oms.accounts import app_settings
from oms.accounts.models import ApplicationSetting, SettingChange
from tests.api.akinon.caller import Akinon
from tests.factories import make_organization

pytestmark = pytest.mark.django_db

PATH = "settings/application_settings/"
KEY = "OMNITRON_CLIENT_SETTINGS"
CLIENT = {
    "auth": {"username": "oms", "password": "pass-word-1"},
    "urls": {
        "oms_url": "https://oms.example/api/v1",
        "base_url": "https://omni.example/api/v1",
    },
    "timeouts": {"read": 6000, "connect": 6000},
    "endpoint_conf": [
        {
            "endpoint": name,
            "base_url": "https://sc.example/api/v1/applications/oms",
            "auth": {"token": f"token-of-{name}"},
        }
        for name in ("orders", "orderitem_set")
    ],
}


@pytest.fixture
def api():
    return Akinon(make_organization())


def set_client(api, value=CLIENT):
    answer = api.post(PATH, {"key": KEY, "json_value": value})
    assert answer.status_code == 201, answer.content
    return answer.json()


def changed(**members):
    value = copy.deepcopy(CLIENT)
    value.update(members)
    return value


def whole_value(api):
    return app_settings.value_of(organization_id=api.organization.pk, key=KEY)


def test_a_setting_is_made_and_shown_without_its_secrets(api):
    made = set_client(api)

    shown = api.get(f"{PATH}{made['id']}/").json()
    assert shown == made
    assert shown["key"] == KEY
    assert shown["json_value"]["auth"] == {"username": "oms", "password": "***"}
    assert [each["auth"] for each in shown["json_value"]["endpoint_conf"]] == [{"token": "***"}] * 2


def test_no_secret_lies_open_in_the_database(api):
    set_client(api)

    rows = [*ApplicationSetting.objects.all(), *SettingChange.objects.all()]
    stored = json.dumps([[row.value, bytes(row.secrets).hex()] for row in rows])
    assert len(rows) == 2
    assert "pass-word-1" not in stored
    assert b"token-of".hex() not in stored


def test_whoever_works_with_it_gets_the_whole_value(api):
    set_client(api)

    assert whole_value(api) == CLIENT


def test_a_mask_that_is_sent_back_keeps_the_secret(api):
    made = set_client(api)
    value = made["json_value"]
    value["auth"]["username"] = "another"

    answer = api.put(f"{PATH}{made['id']}/", {"key": KEY, "json_value": value})

    assert answer.status_code == 200
    assert whole_value(api)["auth"] == {"username": "another", "password": "pass-word-1"}


def test_secrets_of_a_list_stay_with_their_entry_when_it_moves(api):
    made = set_client(api)
    value = made["json_value"]
    value["endpoint_conf"].reverse()

    api.patch(f"{PATH}{made['id']}/", {"json_value": value})

    assert [
        (each["endpoint"], each["auth"]["token"]) for each in whole_value(api)["endpoint_conf"]
    ] == [("orderitem_set", "token-of-orderitem_set"), ("orders", "token-of-orders")]


def test_a_mask_without_a_secret_behind_it_is_refused(api):
    answer = api.post(
        PATH, {"key": KEY, "json_value": changed(auth={"username": "u", "password": "***"})}
    )

    assert answer.status_code == 400
    assert answer.json() == {
        "json_value": ["auth.password: no secret is stored here that could be kept"],
        "code": "setting_invalid",
    }
    assert ApplicationSetting.objects.count() == 0


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (changed(auth={"username": "oms"}), ["auth.password: is required"]),
        (changed(timeouts={"read": 0, "connect": "x"}), None),
        (changed(urls={"oms_url": "ftp://x", "base_url": "https://ok.example"}), None),
        (changed(endpoint_conf=[{"endpoint": "orders"}]), None),
        ([], ["must be of type object"]),
    ],
)
def test_a_value_that_does_not_fit_is_told_by_path_without_quoting_it(api, value, told):
    answer = api.post(PATH, {"key": KEY, "json_value": value})

    assert answer.status_code == 400
    assert told is None or answer.json()["json_value"] == told
    assert "ftp://x" not in answer.content.decode().replace(r"^https?://", "")


def test_every_fault_has_its_path(api):
    value = changed(timeouts={"read": 0}, endpoint_conf=[{"endpoint": "orders"}])

    answer = api.post(PATH, {"key": KEY, "json_value": value})

    assert answer.json()["json_value"] == [
        "endpoint_conf.0.base_url: is required",
        "endpoint_conf.0.auth: is required",
        "timeouts.connect: is required",
        "timeouts.read: must be more than 0",
    ]


@pytest.mark.parametrize("value", [True, 7, "text", [1], {"a": {"b": 1}}, None])
def test_a_key_nobody_knows_takes_any_value(api, value):
    answer = api.post(PATH, {"key": "SOMETHING_ELSE", "json_value": value})

    assert answer.status_code == 201
    assert api.get(f"{PATH}{answer.json()['id']}").json()["json_value"] == value


def test_members_named_like_secrets_are_hidden_whatever_the_key(api):
    answer = api.post(
        PATH, {"key": "GEOCODE_PROVIDER_SETTINGS", "json_value": {"url": "x", "api_key": "k-1"}}
    )

    assert answer.json()["json_value"] == {"url": "x", "api_key": "***"}


def test_a_key_is_set_once(api):
    set_client(api)

    answer = api.post(PATH, {"key": KEY, "json_value": CLIENT})

    assert answer.status_code == 400
    assert answer.json() == {"key": ["This key is set already."], "code": "unique"}


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, {"key", "json_value"}),
        ({"key": ""}, {"key", "json_value"}),
        ({"key": 7, "json_value": 1}, {"key"}),
        ({"key": "x" * 129, "json_value": 1}, {"key"}),
        ({"key": "no blanks", "json_value": 1}, {"key"}),
    ],
)
def test_a_body_that_cannot_be_meant_is_400_by_field(api, body, fields):
    answer = api.post(PATH, body)

    assert answer.status_code == 400
    assert set(answer.json()) == fields | {"code"}


def test_a_key_cannot_be_changed(api):
    made = set_client(api)

    answer = api.patch(f"{PATH}{made['id']}/", {"key": "ANOTHER", "json_value": CLIENT})

    assert answer.status_code == 400
    assert answer.json() == {"key": ["It cannot be changed."], "code": "invalid"}


def test_a_patch_of_the_key_alone_is_told_of_the_key_alone(api):
    made = set_client(api)

    answer = api.patch(f"{PATH}{made['id']}/", {"key": "ANOTHER"})

    assert answer.status_code == 400
    assert answer.json() == {"key": ["It cannot be changed."], "code": "invalid"}


def test_a_put_needs_the_whole(api):
    made = set_client(api)

    answer = api.put(f"{PATH}{made['id']}/", {"key": KEY})

    assert answer.status_code == 400
    assert answer.json()["json_value"] == ["This field is required."]


def test_a_setting_is_removed_and_its_default_holds(api):
    made = api.post(PATH, {"key": "IS_TRADEIN_ENABLED", "json_value": True}).json()

    answer = api.delete(f"{PATH}{made['id']}/")

    assert (answer.status_code, answer.content) == (204, b"")
    assert api.get(f"{PATH}{made['id']}/").status_code == 404
    value = app_settings.value_of(organization_id=api.organization.pk, key="IS_TRADEIN_ENABLED")
    assert value is False


def test_the_list_is_paged_by_ten_and_filtered_by_part_of_the_key(api):
    for number in range(11):
        api.post(PATH, {"key": f"NUMBER_{number}", "json_value": number})
    set_client(api)

    answer = api.get(PATH).json()
    found = api.results(f"{PATH}?key=client")

    assert (answer["count"], len(answer["results"])) == (12, 10)
    assert [each["key"] for each in found] == [KEY]

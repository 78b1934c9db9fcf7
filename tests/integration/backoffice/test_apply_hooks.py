"""Hooks of Akinon's component in world files: their `config` and its password."""

import pytest

from oms.api.akinon.hooks import options
from oms.backoffice.world import WorldRefused, apply_world
from oms.events.formats import MASK
from oms.events.models import Endpoint
from oms.events.sending.receivers import secret_options
from tests.factories import NOW
from tests.integration.backoffice.builders import WORLD, apply, exported, write

pytestmark = pytest.mark.django_db

HOOK = """
endpoints:
  - name: seller center
    organization: "1001"
    url: http://127.0.0.1:9/packages/
    format: whisperer
    events: [package.created, package.status.packed]
    allow_private_network: true
    config:
      channel: 7
      auth: {auth_type: basic, username: oms, password: hush}
    retry_countdown_config: {choice: fixed, kwargs: {seconds: 5}}
"""
PLAIN = HOOK.replace("      auth: {auth_type: basic, username: oms, password: hush}\n", "")


def password() -> str | None:
    return secret_options(Endpoint.objects.get()).get(options.SECRET_PLACE)


def test_the_settings_of_a_hook_are_entered_and_its_password_is_sealed(tmp_path):
    lines = apply(tmp_path, WORLD + HOOK)

    row = Endpoint.objects.get()
    assert "created endpoint seller center" in lines
    assert row.words == ["package.created", "package.status.packed"]
    assert row.options == {
        "config": {
            "channel": 7,
            "auth": {"auth_type": "basic", "username": "oms", "password": MASK},
        },
        "retry_countdown_config": {"choice": "fixed", "kwargs": {"seconds": 5}},
    }
    assert b"hush" not in bytes(row.secret_options)
    assert password() == "hush"


def test_applied_again_it_changes_nothing(tmp_path):
    apply(tmp_path, WORLD + HOOK)

    assert apply(tmp_path, WORLD + HOOK) == []
    assert password() == "hush"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("password: hush", "password: other"),
        ("channel: 7", "channel: 8"),
        ("seconds: 5", "seconds: 6"),
    ],
)
def test_a_change_is_told_without_its_value(tmp_path, before, after):
    apply(tmp_path, WORLD + HOOK)

    lines = apply(tmp_path, WORLD + HOOK.replace(before, after))

    assert lines == ["changed endpoint seller center: options"]


def test_another_password_is_the_one_that_is_sent_from_now_on(tmp_path):
    apply(tmp_path, WORLD + HOOK)

    apply(tmp_path, WORLD + HOOK.replace("hush", "other"))

    assert password() == "other"


def test_an_export_with_secrets_makes_the_same_hook_elsewhere(tmp_path):
    apply(tmp_path, WORLD + HOOK)
    path = exported(tmp_path, with_secrets=True)
    before = Endpoint.objects.get().options
    Endpoint.objects.all().delete()

    apply_world(paths=[path], now=NOW)

    assert "hush" in path.read_text()
    assert Endpoint.objects.get().options == before
    assert password() == "hush"


def test_an_export_without_secrets_has_none_and_leaves_them_as_they_are(tmp_path):
    apply(tmp_path, WORLD + HOOK)

    path = exported(tmp_path, with_secrets=False)
    again = apply_world(paths=[path], now=NOW)

    assert "hush" not in path.read_text()
    assert again.lines == ()
    assert password() == "hush"


@pytest.mark.parametrize("with_secrets", [True, False])
def test_settings_without_a_secret_are_exported_in_any_case(tmp_path, with_secrets):
    apply(tmp_path, WORLD + PLAIN)

    path = exported(tmp_path, with_secrets=with_secrets)
    Endpoint.objects.all().delete()
    apply_world(paths=[path], now=NOW)

    assert Endpoint.objects.get().options == {
        "config": {"channel": 7},
        "retry_countdown_config": {"choice": "fixed", "kwargs": {"seconds": 5}},
    }


def test_a_setting_that_cannot_be_meant_is_refused_by_its_place(tmp_path):
    wrong = HOOK.replace("channel: 7", "chanel: 7")

    with pytest.raises(WorldRefused) as refusal:
        apply_world(paths=[write(tmp_path / "world.yaml", WORLD + wrong)], now=NOW)

    assert "`chanel` is no setting of a hook" in str(refusal.value)
    assert "hush" not in str(refusal.value)
    assert not Endpoint.objects.exists()

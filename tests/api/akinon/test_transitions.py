"""The transitions of an organization as data: contract 6.2, 7.2, 12a.6."""

import pytest

from fulfillment.models import TransitionRule
from fulfillment.services import commands
from tests.api.akinon.caller import Akinon
from tests.factories import NOW, make_organization

pytestmark = pytest.mark.django_db

PATH = "state-transitions/"
DRAFT = {
    "slug": "pack-at-the-store",
    "name": "Pack at the store",
    "source_state": "200",
    "destination_state": "500",
    "command": "CompletePackingWithoutShipmentCommand",
}
CALL = {
    "remote_url": "https://erp.example/invoice",
    "auth": {"request_type": "token", "token": "hush", "token_prefix": "Bearer"},
    "timeouts": {"read": 10, "connect": 60},
}


@pytest.fixture
def api():
    organization = make_organization()
    commands.seed_transitions(organization.pk, now=NOW)
    return Akinon(organization)


def rule_of(api: Akinon, slug: str) -> TransitionRule:
    return TransitionRule.objects.get(organization=api.organization, slug=slug)


def test_a_transition_is_shown_with_the_words_of_the_wire(api):
    rule = rule_of(api, "start-preparing")

    shown = api.get(f"{PATH}{rule.public_number}/").json()

    assert {name: shown[name] for name in (*DRAFT, "id", "visibility", "config")} == {
        "id": rule.public_number,
        "slug": "start-preparing",
        "name": "Start preparing",
        "source_state": "100",
        "destination_state": "200",
        "command": "PKG_STATE_TRANSITION",
        "visibility": True,
        "config": {},
    }


@pytest.mark.parametrize(
    ("query", "slugs"),
    [
        ("slug=block", ["block"]),
        ("command=UNBLOCK_THE_PACKAGE&destination_state=200", ["unblock-to-200"]),
        ("source_state=520&sort=-slug", ["update-invoice-from-520", "self-service-delivery"]),
        ("visibility=false", []),
    ],
)
def test_transitions_are_found(api, query, slugs):
    assert [row["slug"] for row in api.results(f"{PATH}?{query}")] == slugs


def test_a_transition_is_added_and_used(api):
    answer = api.post(PATH, DRAFT)

    assert answer.status_code == 201
    rule = rule_of(api, "pack-at-the-store")
    assert answer.json()["id"] == rule.public_number
    assert (rule.source, rule.destination) == ("200", "500")


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"command": "Dance"}, "command", "invalid_choice"),
        ({"destination_state": "650"}, "destination_state", "move_impossible"),
        ({"slug": "block"}, "slug", "rule_taken"),
        ({"slug": "two words"}, "slug", "invalid"),
        ({"config": {"sync_remote_order_status": "no"}}, "config", "rule_config_invalid"),
        ({"config": []}, "config", "not_a_dict"),
    ],
)
def test_what_cannot_be_is_refused_by_field(api, change, field, code):
    before = TransitionRule.objects.count()

    answer = api.post(PATH, {**DRAFT, **change})

    assert answer.status_code == 400
    assert set(answer.json()) == {field, "code"}
    assert answer.json()["code"] == code
    assert TransitionRule.objects.count() == before


def test_what_is_named_is_changed_and_the_rest_stays(api):
    rule = rule_of(api, "block")

    answer = api.patch(f"{PATH}{rule.public_number}/", {"name": "Stop", "visibility": False})

    rule.refresh_from_db()
    assert answer.status_code == 200
    assert (rule.name, rule.is_visible, rule.slug, rule.family) == (
        "Stop",
        False,
        "block",
        "block",
    )


def test_secrets_of_the_configuration_are_kept_and_never_shown(api):
    rule = rule_of(api, "complete-packing")
    path = f"{PATH}{rule.public_number}/"
    api.patch(path, {"config": {"remote_invoice_call": CALL}})

    answer = api.patch(path, {"name": "Pack"})

    assert answer.status_code == 200
    assert b"hush" not in answer.content
    assert b"hush" not in api.get(PATH).content
    rule.refresh_from_db()
    assert commands.config_of(rule)["remote_invoice_call"]["auth"]["token"] == "hush"


def test_a_transition_is_replaced_and_taken_away(api):
    rule = rule_of(api, "block")
    path = f"{PATH}{rule.public_number}/"

    replaced = api.put(path, {**DRAFT, "slug": "pack-here"})
    removed = api.delete(path)

    assert replaced.json()["slug"] == "pack-here"
    assert removed.status_code == 204
    assert api.get(path).status_code == 404


def test_somebody_elses_transitions_are_not_there(api):
    rule = rule_of(api, "block")
    stranger = Akinon(make_organization())
    path = f"{PATH}{rule.public_number}/"

    assert stranger.results(PATH) == []
    assert stranger.get(path).status_code == 404
    assert stranger.patch(path, {"name": "Stop"}).status_code == 404
    assert stranger.delete(path).status_code == 404


def test_who_may_not_manage_settings_changes_none(api):
    rule = rule_of(api, "block")
    clerk = Akinon(api.organization, scopes=["shipments:read", "shipments:write"])

    answer = clerk.patch(f"{PATH}{rule.public_number}/", {"name": "Stop"})

    assert answer.status_code == 403
    assert rule_of(api, "block").name == "Block"

import pytest
import yaml
from django.core.management import CommandError, call_command

from oms.backoffice.world import apply_world
from oms.locations.models import FulfillmentPoint
from tests.factories import NOW, make_channel, make_organization, make_point, make_sku
from tests.integration.backoffice.builders import WORLD, apply, exported

pytestmark = pytest.mark.django_db

ODD = [
    "NO",
    "1e5",
    "0123",
    "018956",
    "true",
    "~",
    "a: b",
    "#x",
    "- x",
    "ß 東京 🙂",
    "'\"\\",
    "12:30",
]


@pytest.mark.parametrize("with_secrets", [True, False])
def test_what_was_exported_changes_nothing(tmp_path, with_secrets):
    apply(tmp_path, WORLD)
    second = make_point()
    make_sku(point=second, on_hand=3)
    make_channel(points=[second])

    path = exported(tmp_path, with_secrets=with_secrets)
    again = apply_world(paths=[path], now=NOW, dry_run=True)

    assert again.lines == ()


@pytest.mark.parametrize("text", ODD)
def test_odd_texts_survive(tmp_path, text):
    point = make_point(name=text, city=text, carriers=[text])
    make_channel(points=[point], connector={"text": text, "deep": [{"n": 1, "t": text}]})
    make_sku(organization=point.organization, code=text)

    path = exported(tmp_path)
    again = apply_world(paths=[path], now=NOW, dry_run=True)

    assert again.lines == ()
    FulfillmentPoint.objects.update(name="other", city="", carriers=[])
    apply_world(paths=[path], now=NOW)
    stored = FulfillmentPoint.objects.get()
    assert (stored.name, stored.city, stored.carriers) == (text, text, [text])


def test_secrets_are_only_there_when_asked_for(tmp_path):
    apply(tmp_path, WORLD)

    without = exported(tmp_path).read_text()
    with_secrets = exported(tmp_path, with_secrets=True).read_text()

    assert "demo-secret" not in without
    credentials = yaml.safe_load(with_secrets)["clients"][0]["credentials"]
    assert {"kind": "oms4", "key": "2001", "secret": "demo-secret"} in credentials
    assert {"kind": "login", "username": "oms"} in credentials


def test_one_organization_is_exported_alone(tmp_path):
    apply(tmp_path, WORLD)
    make_point(organization=make_organization(code="9"))

    world = yaml.safe_load(exported(tmp_path, organization="1001").read_text())

    assert [entry["code"] for entry in world["organizations"]] == ["1001"]
    assert [entry["code"] for entry in world["fulfillment_points"]] == ["WH-1"]
    assert "users" not in world


def test_an_unknown_organization_is_refused():
    with pytest.raises(CommandError, match="there is no organization `7`"):
        call_command("export", organization="7")

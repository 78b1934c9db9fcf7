"""The endpoints of a world file."""

import datetime as dt

import pytest

from oms.backoffice.world import WorldRefused, apply_world
from oms.events import formats, services
from oms.events.choices import EndpointState, EventType
from oms.events.models import Endpoint, EndpointSecret, Event
from oms.events.sending.receivers import static_headers
from oms.events.standard import StandardFormat
from oms.kernel import sealed
from oms.kernel.actors import SYSTEM
from tests.factories import NOW
from tests.integration.backoffice.builders import WORLD, apply, exported, write
from tests.simulators.receiver import Receiver

pytestmark = pytest.mark.django_db

SECRET = "whsec_" + "QUJD" * 8
OTHER = "whsec_" + "QUJE" * 8
PUSH = f"""
endpoints:
  - name: web shop push
    client: web shop
    url: http://127.0.0.1:9/hooks
    format: standard
    events: ["order.*"]
    secret: {SECRET}
    headers: {{X-Team: blue}}
    get_credential_url: null
    ordered: true
    allow_private_network: true
"""


def refused(tmp_path, text: str) -> str:
    with pytest.raises(WorldRefused) as refusal:
        apply_world(paths=[write(tmp_path / "world.yaml", text)], now=NOW)
    return str(refusal.value)


def test_enters_what_the_file_says(tmp_path):
    lines = apply(tmp_path, WORLD + PUSH)

    assert "created endpoint web shop push" in lines
    endpoint = Endpoint.objects.select_related("client", "organization").get()
    assert (endpoint.client.name, endpoint.organization.code) == ("web shop", "1001")
    assert endpoint.channel_ref == endpoint.client.channel_id
    assert (endpoint.words, endpoint.is_ordered, endpoint.rate) == (["order.*"], True, 50.0)
    assert static_headers(endpoint) == {"X-Team": "blue"}
    assert sealed.read(EndpointSecret.objects.get(), "secret") == SECRET
    assert endpoint.state == EndpointState.ACTIVE
    told = Event.objects.get(type=EventType.ENDPOINT_REGISTERED)
    assert told.actor == "world:apply"


def test_applied_again_it_changes_nothing(tmp_path):
    apply(tmp_path, WORLD + PUSH)

    assert apply(tmp_path, WORLD + PUSH) == []

    assert EndpointSecret.objects.count() == 1


def test_changes_what_differs_without_showing_a_secret(tmp_path):
    apply(tmp_path, WORLD + PUSH)
    changed = PUSH.replace("order.*", "task.*").replace(SECRET, OTHER).replace("blue", "red")

    lines = apply(tmp_path, changed.replace("/hooks", "/hooks?key=hush"))

    assert lines == [
        "changed endpoint web shop push: url, events [order.*] -> [task.*], headers, secret"
    ]
    assert sealed.read(EndpointSecret.objects.get(), "secret") == OTHER
    assert Endpoint.objects.get().url.endswith("?key=hush")


def test_what_the_file_leaves_out_stays(tmp_path):
    apply(tmp_path, WORLD + PUSH)

    lines = apply(tmp_path, "endpoints:\n  - {name: web shop push, client: web shop, rate: 5}\n")

    assert lines == ["changed endpoint web shop push: rate 50.0 -> 5"]
    endpoint = Endpoint.objects.get()
    assert (endpoint.rate, endpoint.words) == (5.0, ["order.*"])


def test_keeps_the_other_settings_of_a_format(tmp_path):
    apply(tmp_path, WORLD + PUSH)
    Endpoint.objects.update(options={"other": 1, "get_credential_url": "https://old.example/"})

    apply(tmp_path, PUSH)

    assert Endpoint.objects.get().options == {"other": 1}


def test_removes_what_is_absent_and_then_its_client(tmp_path):
    apply(tmp_path, WORLD + PUSH)

    lines = apply(
        tmp_path,
        "endpoints:\n  - {name: web shop push, organization: '1001', state: absent}\n"
        "clients:\n  - {name: web shop, organization: '1001', state: absent}\n",
    )

    assert lines == ["removed endpoint web shop push", "removed client web shop"]
    assert Endpoint.objects.kept().exists() is False
    assert EndpointSecret.objects.exists() is False


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (("client: web shop", "client: nobody"), "there is no client `nobody`"),
        (("    client: web shop\n", ""), "an endpoint needs `organization` or `client`"),
        (("order.*", "nothing"), "`nothing` is no event type and matches none"),
        ((SECRET, "whsec_short"), "A secret is `whsec_` and the base64 of 24 to 64 bytes"),
        (("http://127.0.0.1:9", "ftp://127.0.0.1"), "The URL must start with https://"),
        (("allow_private_network: true", ""), "The URL must start with https://"),
        (("X-Team", "Host"), "header"),
        (("standard", "telegram"), "`telegram` is none of"),
    ],
)
def test_refuses_with_the_place_and_changes_nothing(tmp_path, change, sentence):
    said = refused(tmp_path, WORLD + PUSH.replace(*change))

    assert sentence in said
    assert ".yaml:" in said
    assert SECRET not in said
    assert not Endpoint.objects.exists()


def test_a_client_or_format_cannot_be_exchanged(tmp_path):
    apply(tmp_path, WORLD + PUSH)

    said = refused(tmp_path, PUSH.replace("format: standard", "format: oms4"))

    assert "cannot be changed: remove the endpoint and enter another" in said


def test_a_dry_run_keeps_nothing(tmp_path):
    path = write(tmp_path / "world.yaml", WORLD + PUSH)

    applied = apply_world(paths=[path], now=NOW, dry_run=True)

    assert "created endpoint web shop push" in applied.lines
    assert not Endpoint.objects.exists()


@pytest.mark.parametrize("with_secrets", [True, False])
def test_what_is_exported_changes_nothing(tmp_path, with_secrets):
    apply(tmp_path, WORLD + PUSH)

    path = exported(tmp_path, with_secrets=with_secrets)
    text = path.read_text()
    again = apply_world(paths=[path], now=NOW, dry_run=True)

    assert again.lines == ()
    assert (SECRET in text, "blue" in text) == (with_secrets, with_secrets)
    assert "web shop push" in text


def test_an_export_with_secrets_restores_them(tmp_path):
    apply(tmp_path, WORLD + PUSH)
    path = exported(tmp_path, with_secrets=True)
    endpoint = Endpoint.objects.get()
    services.rotate_secret(endpoint_id=endpoint.pk, actor=SYSTEM, now=NOW)

    apply_world(paths=[path], now=NOW + dt.timedelta(days=2))

    current = EndpointSecret.objects.get(expires_at=None)
    assert sealed.read(current, "secret") == SECRET


class Asking(StandardFormat):
    """A format that wants its URL to answer first."""

    def ping(self, endpoint, *, now):
        return b'{"ping": true}'


@pytest.fixture
def asking():
    formats.register(Asking())
    yield
    formats.register(StandardFormat())


@pytest.mark.usefixtures("asking")
def test_asks_until_the_ping_is_answered(tmp_path):
    with Receiver(NOW.timestamp) as receiver:
        receiver.behaviours["/hooks"].script = [500]
        text = WORLD + PUSH.replace("http://127.0.0.1:9/hooks", receiver.url())
        path = write(tmp_path / "world.yaml", text)

        first = apply_world(paths=[path], now=NOW)
        second = apply_world(paths=[path], now=NOW, unless_applied=True)
        third = apply_world(paths=[path], now=NOW, unless_applied=True)

    assert first.summary.endswith("; unverified: web shop push")
    assert second.summary == "applied before"
    assert third.summary == "applied before"
    assert len(receiver.calls) == 2
    assert Endpoint.objects.get().state == EndpointState.ACTIVE

"""Entering endpoints, changing them, their secrets, their pings."""

import datetime as dt

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from oms.events import formats, services
from oms.events.choices import EndpointState, EventType
from oms.events.models import Endpoint, EndpointHealth, EndpointSecret, Event
from oms.events.standard import StandardFormat, signature
from oms.kernel import sealed
from oms.kernel.actors import SYSTEM, Actor
from oms.kernel.errors import InvalidInput
from oms.kernel.http import Answer, HttpError, HttpFailure, UrlRefused
from tests.event_schemas import offences
from tests.factories import NOW, make_channel, make_oms4_client, make_organization, make_point
from tests.integration.events.builders import happen, make_receiving, send

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _events_are_what_their_schemas_say():
    yield
    assert [each for each in offences() if each.startswith("endpoint.")] == []


LOOPBACK = "http://127.0.0.1:9/hooks"
SECRET = "whsec_" + "QUJD" * 8


def draft_of(**overrides) -> services.EndpointDraft:
    values = {
        "name": "shop",
        "url": LOOPBACK,
        "format": "standard",
        "allow_private_network": True,
    }
    if "organization_id" not in overrides:
        values["organization_id"] = make_organization().pk
    return services.EndpointDraft(**(values | overrides))


def register(**overrides) -> services.Registered:
    return services.register_endpoint(draft=draft_of(**overrides), actor=SYSTEM, now=NOW)


def change(endpoint: Endpoint, actor=SYSTEM, **values) -> Endpoint:
    return services.change_endpoint(
        endpoint_id=endpoint.pk,
        change=services.EndpointChange(**values),
        actor=actor,
        now=NOW + dt.timedelta(hours=1),
    )


def facts_about(endpoint: Endpoint) -> list[tuple[str, str, dict]]:
    events = Event.objects.filter(subject_type="endpoint", subject_id=endpoint.pk).order_by("id")
    return [(event.type, event.status, event.data) for event in events]


def test_a_new_endpoint_is_active_and_its_secret_told_once():
    made = register(words=["order.*"], headers={"X-Key": "hush"})

    endpoint = Endpoint.objects.get()
    assert (endpoint.state, endpoint.types_since) == (EndpointState.ACTIVE, NOW)
    assert set(endpoint.types) == {t for t in EventType.values if t.startswith("order.")}
    stored = EndpointSecret.objects.get()
    assert made.secret.startswith("whsec_")
    assert sealed.read(stored, "secret") == made.secret
    assert made.secret.encode() not in bytes(stored.secret)
    assert b"hush" not in bytes(endpoint.headers)
    assert EndpointHealth.objects.get().endpoint == endpoint
    assert facts_about(endpoint) == [
        ("endpoint.registered", "ACTIVE", {"endpoint": "shop", "format": "standard"})
    ]


def test_a_draft_does_not_show_its_secrets():
    shown = repr(draft_of(organization_id=1, secret=SECRET, headers={"X": "hush"}))

    assert SECRET not in shown
    assert "hush" not in shown


@pytest.mark.parametrize(
    ("overrides", "refusal"),
    [
        ({"url": "ftp://x.example/"}, UrlRefused),
        ({"url": LOOPBACK, "allow_private_network": False}, UrlRefused),
        ({"words": ["nothing.*"]}, formats.UnknownWord),
        ({"format": "telegram"}, formats.UnknownWord),
        ({"secret": "whsec_short"}, formats.SecretUnfit),
        ({"client_id": 0}, services.ForeignClient),
        ({"headers": {"webhook-id": "x"}}, services.HeadersUnfit),
        ({"headers": {"Host": "x"}}, services.HeadersUnfit),
        ({"headers": {"X-Two": "a\r\nb"}}, services.HeadersUnfit),
        ({"max_in_flight": 0}, services.LimitsUnfit),
        ({"max_in_flight": 101}, services.LimitsUnfit),
        ({"rate": -1.0}, services.LimitsUnfit),
    ],
)
def test_refuses_what_cannot_be_and_writes_nothing(overrides, refusal):
    with pytest.raises(refusal) as raised:
        register(**overrides)

    assert isinstance(raised.value, InvalidInput)
    assert not Endpoint.objects.exists()
    assert not EndpointSecret.objects.exists()


def test_a_name_is_taken_until_its_endpoint_is_removed():
    first = register().endpoint
    same = {"organization_id": first.organization_id}

    with pytest.raises(services.EndpointNameTaken):
        register(**same)
    services.remove_endpoint(endpoint_id=first.pk, actor=SYSTEM, now=NOW)

    assert register(**same).endpoint.pk != first.pk


def test_a_clients_endpoint_hears_of_what_the_client_is_bound_to():
    channel, point = make_channel(), make_point()
    of_channel, of_point = make_oms4_client(channel=channel), make_oms4_client(point=point)

    shop = register(organization_id=channel.organization_id, client_id=of_channel.client_id)
    dock = register(organization_id=point.organization_id, client_id=of_point.client_id)

    assert (shop.endpoint.channel_ref, shop.endpoint.point_ref) == (channel.pk, None)
    assert (dock.endpoint.channel_ref, dock.endpoint.point_ref) == (None, point.pk)


def test_a_client_of_another_organization_is_refused():
    client = make_oms4_client(channel=make_channel())

    with pytest.raises(services.ForeignClient):
        register(client_id=client.client_id)


def test_changes_what_is_named_and_reports_it():
    endpoint = register(words=["order.*"]).endpoint

    changed = change(endpoint, words=["task.created"], rate=5.0, headers={"X": "1"})

    assert (changed.types, changed.rate) == (["task.created"], 5.0)
    assert changed.types_since == NOW + dt.timedelta(hours=1)
    assert facts_about(endpoint)[-1] == (
        "endpoint.changed",
        "ACTIVE",
        {"endpoint": "shop", "format": "standard", "changed": ["words", "rate", "headers"]},
    )


def test_the_same_again_is_no_change():
    endpoint = register(words=["order.*"], headers={"X": "1"}).endpoint

    change(endpoint, words=("order.*",), url=LOOPBACK, headers={"X": "1"}, rate=50.0)

    assert len(facts_about(endpoint)) == 1


def test_another_organizations_endpoint_does_not_exist():
    endpoint = register().endpoint
    stranger = Actor(kind="user", ref="x", organization_id=make_organization().pk)
    calls = [
        lambda: change(endpoint, actor=stranger, rate=1.0),
        lambda: services.pause_endpoint(endpoint_id=endpoint.pk, actor=stranger, now=NOW),
        lambda: services.remove_endpoint(endpoint_id=endpoint.pk, actor=stranger, now=NOW),
        lambda: services.rotate_secret(endpoint_id=endpoint.pk, actor=stranger, now=NOW),
        lambda: services.verify_endpoint(endpoint_id=endpoint.pk, actor=stranger, now=NOW),
        lambda: services.disable_endpoint(
            endpoint_id=endpoint.pk, reason="", actor=stranger, now=NOW
        ),
    ]

    for call in calls:
        with pytest.raises(services.EndpointNotFound):
            call()

    assert len(facts_about(endpoint)) == 1


def test_switches_only_from_where_it_leads_somewhere():
    endpoint = register().endpoint
    known = {"endpoint_id": endpoint.pk, "actor": SYSTEM, "now": NOW}

    with pytest.raises(services.SwitchRefused):
        services.resume_endpoint(**known)
    services.pause_endpoint(**known)
    with pytest.raises(services.SwitchRefused):
        services.pause_endpoint(**known)
    with pytest.raises(services.SwitchRefused):
        services.disable_endpoint(reason="x", **known)
    services.resume_endpoint(**known)
    services.disable_endpoint(reason="x", **known)
    services.enable_endpoint(**known)

    states = [status for kind, status, _ in facts_about(endpoint) if kind.endswith("changed")]
    assert states == ["PAUSED", "ACTIVE", "DISABLED", "ACTIVE"]


def test_removing_forgets_the_secrets():
    endpoint = register(headers={"X": "1"}).endpoint

    services.remove_endpoint(endpoint_id=endpoint.pk, actor=SYSTEM, now=NOW)

    endpoint.refresh_from_db()
    assert (endpoint.headers, endpoint.state) == (None, EndpointState.DISABLED)
    assert not EndpointSecret.objects.exists()


def test_while_a_secret_is_rotated_both_sign(clock, receiver):
    endpoint = make_receiving(receiver)
    [old] = receiver.secrets["/hooks"]
    new = services.rotate_secret(
        endpoint_id=endpoint.pk, grace_seconds=3600, actor=SYSTEM, now=clock()
    )

    verified = []
    for seconds in (0, 3599, 2):  # at once, a second before the end, a second after it
        clock.advance(seconds)
        happen(endpoint.organization_id, 1 + len(verified), now=clock())
        send(clock)
        call = receiver.calls[-1]
        signatures = call.headers["webhook-signature"].split(" ")
        stamp = int(call.headers["webhook-timestamp"])
        verified.append(
            [signature(key, call.id, stamp, call.body) in signatures for key in (new, old)]
        )

    assert verified == [[True, True], [True, True], [True, False]]


def test_after_its_grace_no_column_holds_the_old_secret():
    made = register()
    services.rotate_secret(endpoint_id=made.endpoint.pk, grace_seconds=60, actor=SYSTEM, now=NOW)
    old = EndpointSecret.objects.get(expires_at__isnull=False)

    services.purge(now=NOW + dt.timedelta(seconds=59))
    kept = EndpointSecret.objects.filter(pk=old.pk).exists()
    services.purge(now=NOW + dt.timedelta(seconds=60))

    assert kept is True
    assert EndpointSecret.objects.filter(pk=old.pk).exists() is False
    assert EndpointSecret.objects.count() == 1


def test_at_most_two_old_secrets_sign():
    made = register()
    known = {"endpoint_id": made.endpoint.pk, "actor": SYSTEM}
    services.rotate_secret(now=NOW, **known)
    services.rotate_secret(now=NOW, **known)

    with pytest.raises(services.TooManySecrets):
        services.rotate_secret(now=NOW, **known)
    services.rotate_secret(now=NOW + dt.timedelta(days=1, seconds=1), **known)

    assert EndpointSecret.objects.count() == 2


@pytest.mark.parametrize("grace", [-1, 604_801])
def test_a_grace_is_a_week_at_most(grace):
    made = register()

    with pytest.raises(InvalidInput):
        services.rotate_secret(
            endpoint_id=made.endpoint.pk, grace_seconds=grace, actor=SYSTEM, now=NOW
        )

    assert EndpointSecret.objects.count() == 1


def test_a_secret_may_be_brought_along():
    made = register(secret=SECRET)
    other = "whsec_" + "QUJE" * 8

    same = services.set_secret(endpoint_id=made.endpoint.pk, secret=SECRET, actor=SYSTEM, now=NOW)
    new = services.set_secret(endpoint_id=made.endpoint.pk, secret=other, actor=SYSTEM, now=NOW)

    assert (made.secret, same, new) == (SECRET, False, True)
    assert [sealed.read(row, "secret") for row in EndpointSecret.objects.all()] == [other]
    assert SECRET not in str(facts_about(made.endpoint))


class Asking(StandardFormat):
    """A format that wants its URL to answer first."""

    def ping(self, endpoint: Endpoint, *, now: dt.datetime) -> bytes | None:
        return b'{"ping": true}'


@pytest.fixture
def asking():
    formats.register(Asking())
    yield
    formats.register(StandardFormat())


def answering(status: int):
    def call(request):
        assert request.body == b'{"ping": true}'
        return Answer(status=status, headers={}, body=b"", is_truncated=False, seconds=0.1)

    return call


@pytest.mark.usefixtures("asking")
def test_is_unverified_until_its_ping_is_answered():
    made = register()
    known = {"endpoint_id": made.endpoint.pk, "actor": SYSTEM, "now": NOW}
    before = made.endpoint.state

    refused = services.verify_endpoint(call=answering(500), **known)
    reason = Endpoint.objects.get().state_reason
    verified = services.verify_endpoint(call=answering(204), **known)

    endpoint = Endpoint.objects.get()
    assert (before, refused, verified) == (EndpointState.UNVERIFIED, False, True)
    assert reason == "The ping was answered 500"
    assert (endpoint.state, endpoint.state_reason) == (EndpointState.ACTIVE, "")
    assert facts_about(endpoint)[-1][:2] == ("endpoint.state_changed", "ACTIVE")


@pytest.mark.usefixtures("asking")
def test_a_ping_that_fails_says_why():
    made = register()

    def call(request):
        raise HttpError(HttpFailure.TIMEOUT, seconds=5.0)

    services.verify_endpoint(endpoint_id=made.endpoint.pk, call=call, actor=SYSTEM, now=NOW)

    assert Endpoint.objects.get().state_reason.startswith("The ping failed: ")


@pytest.mark.usefixtures("asking")
def test_an_answer_for_a_url_that_changed_meanwhile_counts_for_nothing():
    made = register()

    def call(request):
        change(made.endpoint, url="http://127.0.0.1:10/elsewhere")
        return answering(200)(request)

    verified = services.verify_endpoint(
        endpoint_id=made.endpoint.pk, call=call, actor=SYSTEM, now=NOW
    )

    assert verified is False
    assert Endpoint.objects.get().state == EndpointState.UNVERIFIED


@pytest.mark.usefixtures("asking")
def test_another_url_has_to_be_verified_again():
    made = register()
    services.verify_endpoint(
        endpoint_id=made.endpoint.pk, call=answering(200), actor=SYSTEM, now=NOW
    )

    changed = change(made.endpoint, url="http://127.0.0.1:10/elsewhere")

    assert (changed.state, changed.verified_at) == (EndpointState.UNVERIFIED, None)


def test_verifies_over_real_http(receiver):
    formats.register(Asking())
    try:
        endpoint = make_receiving(receiver)
        verified = services.verify_endpoint(endpoint_id=endpoint.pk, actor=SYSTEM, now=NOW)
    finally:
        formats.register(StandardFormat())

    assert verified is True
    assert [(call.body, call.is_genuine) for call in receiver.calls] == [(b'{"ping": true}', True)]


def test_the_standards_library_takes_our_secrets():
    with pytest.raises(WebhookVerificationError):
        Webhook(register().secret).verify(b"{}", {})

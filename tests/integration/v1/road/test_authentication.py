import datetime as dt
import random

import pytest
from django.test import Client
from django.utils import timezone

from oms.accounts import keys, services, usage
from oms.accounts import queries as accounts
from oms.accounts.choices import CredentialKind
from oms.accounts.models import Credential
from oms.kernel.actors import SYSTEM
from tests.factories import make_api_client, make_api_key, make_channel, make_organization
from tests.integration.v1.road.probes import Caller, body_of
from tests.statements import count_statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def organization():
    return make_organization()


@pytest.fixture
def call(organization):
    return Caller(organization)


def code_of(answer):
    return (answer.status_code, body_of(answer)["code"])


def asked(call, **headers):
    call.key, given = "", headers or {"X-API-Key": call.key}
    return call("GET", headers={"X-API-Key": ""} | given)


@pytest.mark.parametrize(
    "form", [("X-API-Key", "{}"), ("Authorization", "{}"), ("Authorization", "Bearer {}")]
)
def test_a_key_opens_in_each_of_its_forms(call, form):
    name, text = form

    answer = asked(call, **{name: text.format(call.key)})

    assert answer.status_code == 200


def test_a_call_without_a_credential_is_challenged(call):
    answer = call("GET", headers={"X-API-Key": ""})

    assert code_of(answer) == (401, "unauthenticated")
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_two_credentials_at_once_are_none(call):
    answer = call("GET", headers={"Authorization": f"Bearer {call.key}"})

    assert code_of(answer) == (401, "unauthenticated")


@pytest.mark.parametrize("given", ["Basic eDp5", "Bearer", "Bearer oat_nobody", "x" * 600, "oms_"])
def test_what_is_no_credential_is_refused(call, given):
    answer = asked(call, Authorization=given)

    assert code_of(answer) == (401, "unauthenticated")


def test_a_key_has_the_form_of_the_contract(organization):
    key = make_api_key(make_api_client(organization))

    mode, identifier, rest = key.removeprefix("oms_").split("_")
    assert (mode, len(identifier), len(rest)) == ("live", 8, 49)
    assert keys.check_of(key[:-6]) == key[-6:]


def test_the_check_is_crc_32_in_base_62():
    assert keys.check_of("123456789") == "3jZRME"  # CRC-32 0xCBF43926 = 3421780262


def test_test_organizations_have_test_keys():
    key = make_api_key(make_api_client(make_organization(is_test=True)))

    assert key.startswith("oms_test_")


def test_a_hundred_thousand_invented_keys_never_reach_the_database():
    dice = random.Random(20260115)
    invented = [
        f"oms_{dice.choice(('live', 'test'))}_"
        + "".join(dice.choices(keys.ALPHABET, k=8))
        + "_"
        + "".join(dice.choices(keys.ALPHABET, k=49))
        for _ in range(100_000)
    ]

    with count_statements() as statements:
        accepted = [text for text in invented if keys.parse(text) is not None]

    assert accepted == []
    assert statements == []


def test_a_key_with_a_wrong_check_is_refused_without_the_database(call):
    wrong = call.key[:-1] + ("0" if call.key[-1] != "0" else "1")

    with count_statements() as statements:
        answer = call("GET", headers={"X-API-Key": wrong})

    assert code_of(answer) == (401, "unauthenticated")
    assert statements == []


def test_a_right_check_with_another_secret_is_refused(call):
    known = keys.parse(call.key)
    other = keys.ApiKey(is_test=False, identifier=known.identifier, secret="a" * 43)

    answer = call("GET", headers={"X-API-Key": other.text})

    assert code_of(answer) == (401, "unauthenticated")


def test_a_revoked_key_is_refused_within_five_seconds(call):
    assert call("GET").status_code == 200
    services.revoke_credential(
        credential=Credential.objects.get(), actor=SYSTEM, now=timezone.now()
    )
    assert accounts.LIFETIME <= 5
    accounts.forget_machines()

    answer = call("GET")

    assert code_of(answer) == (401, "unauthenticated")


def test_an_expired_key_is_refused_even_while_it_is_remembered(call):
    Credential.objects.update(expires_at=timezone.now() + dt.timedelta(seconds=0.3))
    assert call("GET").status_code == 200
    Credential.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    accounts.forget_machines()

    answer = call("GET")

    assert code_of(answer) == (401, "unauthenticated")


def test_an_inactive_client_is_refused(call):
    call.client.is_active = False
    call.client.save()

    answer = call("GET")

    assert code_of(answer) == (401, "unauthenticated")


def test_a_key_may_be_used_from_its_networks_only(organization):
    client = make_api_client(organization, scopes=["orders:read"])
    inside = make_api_key(client, networks=["127.0.0.0/8", "2001:db8::/32"])
    outside = make_api_key(client, networks=["203.0.113.0/24"])
    call = Caller(organization)

    assert call("GET", headers={"X-API-Key": inside}).status_code == 200
    answer = call("GET", headers={"X-API-Key": outside})

    assert code_of(answer) == (403, "ip_not_allowed")


def test_what_is_no_network_is_refused(organization):
    with pytest.raises(services.NetworkMalformed):
        make_api_key(make_api_client(organization), networks=["203.0.113.0/240"])

    assert Credential.objects.count() == 0


def test_an_organization_has_at_most_ten_active_keys(organization):
    client = make_api_client(organization)
    for _ in range(9):
        make_api_key(client)
    make_api_key(client, expires_at=timezone.now() - dt.timedelta(days=1))
    make_api_key(make_api_client(organization))

    with pytest.raises(services.TooManyApiKeys):
        make_api_key(client)

    assert Credential.objects.count() == 11


def test_rotation_overlaps(call):
    newer = make_api_key(call.client)

    assert call("GET").status_code == 200
    assert call("GET", headers={"X-API-Key": newer}).status_code == 200


def test_a_missing_scope_is_named(organization):
    answer = Caller(organization, scopes=["inventory:read"])("GET")

    assert code_of(answer) == (403, "insufficient_scope")
    assert "orders:read" in body_of(answer)["detail"]


def test_use_is_noted_once_a_minute(call):
    usage._noted.clear()
    call("GET")
    first = Credential.objects.get().last_used_at

    call("GET")

    assert first is not None
    assert Credential.objects.get().last_used_at == first


def test_machines_bound_to_a_channel_have_the_scopes_of_v1_by_default():
    channel = make_channel()
    client = make_api_client(channel.organization, channel=channel)
    accounts.forget_machines()

    machine = accounts.machine(
        kind=CredentialKind.API_KEY, tenant="", key=keys.parse(make_api_key(client)).identifier
    )

    assert {"orders:write", "returns:write", "events:read"} <= machine.scopes
    assert "inventory:write" not in machine.scopes


def test_unknown_paths_are_problems_for_everybody():
    answer = Client().get("/v1/nothing", headers={"X-Request-Id": "mine-1"})

    assert code_of(answer) == (404, "not_found")
    assert answer.headers["X-Request-Id"] == body_of(answer)["request_id"] == "mine-1"

import base64
import datetime as dt
import json
import os
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils import timezone
from oauth2_provider.models import AccessToken

from oms.accounts import queries as accounts
from oms.accounts import services, tokens
from oms.accounts.choices import CredentialKind
from oms.accounts.models import Credential, OAuthApplication
from oms.api.base import throttling
from oms.api.tasks import forget_due
from oms.kernel.actors import SYSTEM
from tests.factories import make_api_client, make_organization
from tests.integration.v1.road.probes import Caller, body_of

pytestmark = pytest.mark.django_db

URL = "/v1/oauth2/token"


@pytest.fixture
def machine():
    return make_api_client(make_organization(), scopes=["orders:read", "inventory:read"])


@pytest.fixture
def credential(machine):
    accounts.forget_machines()
    tokens.forget_tokens()
    return services.issue_credential(
        client=machine, kind=CredentialKind.OAUTH2, actor=SYSTEM, now=timezone.now()
    )


def ask(credential, **fields):
    known, secret = credential
    form = {
        "grant_type": "client_credentials",
        "client_id": known.identifier,
        "client_secret": secret,
    }
    return post({**form, **fields})


def post(form, **headers):
    return Client().post(
        URL, urlencode(form), content_type="application/x-www-form-urlencoded", headers=headers
    )


def token_of(credential, **fields):
    return ask(credential, **fields).json()["access_token"]


def use(machine, token):
    call = Caller(make_organization())
    return call("GET", headers={"X-API-Key": "", "Authorization": f"Bearer {token}"})


def test_gives_a_token_for_fifteen_minutes_with_all_scopes(credential):
    answer = ask(credential)

    body = answer.json()
    assert answer.status_code == 200
    assert body["access_token"].startswith("oat_")
    assert len(body["access_token"]) == 47
    assert (body["token_type"], body["expires_in"]) == ("Bearer", 900)
    assert sorted(body["scope"].split()) == ["inventory:read", "orders:read"]
    assert "refresh_token" not in body
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Request-Id"]


def test_takes_the_client_by_http_basic(credential):
    known, secret = credential
    basic = base64.b64encode(f"{known.identifier}:{secret}".encode()).decode()

    answer = post({"grant_type": "client_credentials"}, Authorization=f"Basic {basic}")

    assert answer.status_code == 200


def test_a_token_lets_in_with_its_scopes(machine, credential):
    reading = token_of(credential, scope="orders:read")
    other = token_of(credential, scope="inventory:read")

    assert use(machine, reading).status_code == 200
    answer = use(machine, other)

    assert body_of(answer)["code"] == "insufficient_scope"


@pytest.mark.parametrize(
    ("change", "status", "error"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_id": "nobody"}, 401, "invalid_client"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"grant_type": "refresh_token"}, 400, "unsupported_grant_type"),
        ({"grant_type": ""}, 400, "invalid_request"),
        ({"scope": "orders:write"}, 400, "invalid_scope"),
        ({"scope": "admin"}, 400, "invalid_scope"),
    ],
)
def test_failures_have_the_form_of_the_rfc(credential, change, status, error):
    answer = ask(credential, **change)

    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert AccessToken.objects.count() == 0


def test_a_scope_the_machine_lost_is_lost_to_its_tokens(machine, credential):
    token = token_of(credential)
    machine.scopes = ["inventory:read"]
    machine.save()
    accounts.forget_machines()

    answer = use(machine, token)

    assert body_of(answer)["code"] == "insufficient_scope"


def test_an_expired_token_says_so(machine, credential):
    token = token_of(credential)
    AccessToken.objects.update(expires=timezone.now() - dt.timedelta(seconds=1))

    answer = use(machine, token)

    assert (answer.status_code, body_of(answer)["code"]) == (401, "token_expired")
    assert answer.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'


def test_tokens_end_with_their_credential(machine, credential):
    token = token_of(credential)
    services.revoke_credential(credential=credential[0], actor=SYSTEM, now=timezone.now())
    accounts.forget_machines()

    assert body_of(use(machine, token))["code"] == "unauthenticated"
    assert ask(credential).json()["error"] == "invalid_client"


def test_an_inactive_machine_gets_no_token(machine, credential):
    machine.is_active = False
    machine.save()

    assert ask(credential).json()["error"] == "invalid_client"


def test_nothing_usable_is_stored(machine, credential):
    token = token_of(credential)

    stored = json.dumps(
        [*AccessToken.objects.values(), *OAuthApplication.objects.values()], default=str
    )

    assert token not in stored
    assert credential[1] not in stored
    row = AccessToken.objects.get()
    for text in (row.token, row.token_checksum):
        assert body_of(use(machine, text))["code"] == "unauthenticated"


def test_the_sweep_removes_expired_tokens_only(credential):
    token_of(credential)
    token_of(credential)
    oldest = AccessToken.objects.order_by("pk").first()
    AccessToken.objects.filter(pk=oldest.pk).update(
        expires=timezone.now() - dt.timedelta(seconds=1)
    )

    forget_due()

    assert list(AccessToken.objects.values_list("pk", flat=True)) == [oldest.pk + 1]


def test_a_client_gets_thirty_tokens_a_minute(credential):
    answers = [ask(credential, client_secret="guess").status_code for _ in range(31)]

    assert answers == [401] * 30 + [429]


def test_without_valkey_no_token_is_given(credential, settings, tmp_path):
    settings.OMS_REDIS_URL = f"unix://{tmp_path}/nobody.sock"

    answer = ask(credential)

    assert (answer.status_code, answer.json()["code"]) == (503, "service_unavailable")
    throttling.limiter.cache_clear()


@pytest.mark.parametrize(
    ("method", "content_type", "status", "code"),
    [
        ("get", "", 405, "method_not_allowed"),
        ("post", "application/json", 415, "unsupported_media_type"),
    ],
)
def test_other_failures_are_problems(method, content_type, status, code):
    answer = Client().generic(method.upper(), URL, b"{}", content_type=content_type)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    if status == 405:
        assert answer.headers["Allow"] == "POST"


def test_the_credentials_row_is_what_decides(credential):
    token_of(credential)

    application = OAuthApplication.objects.get()

    assert application.credential == Credential.objects.get()
    assert application.client_secret == ""
    assert os.environ.get("OAUTHLIB_INSECURE_TRANSPORT") is None

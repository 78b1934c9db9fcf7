"""Whoever has a dump of the database has none of our clients' secrets."""

import json

import pytest
from django.db import connection
from django.utils import timezone

from oms.accounts import queries as accounts
from oms.accounts import services, tokens
from oms.accounts.choices import CredentialKind
from oms.kernel.actors import SYSTEM
from tests.factories import make_organization
from tests.integration.v1.road.probes import Caller, body_of
from tests.integration.v1.road.test_oauth import post

pytestmark = pytest.mark.django_db

TABLES = (
    "accounts_credential",
    "accounts_apiclient",
    "accounts_oauthapplication",
    "oauth2_provider_accesstoken",
    "api_idempotentcall",
)


def dump():
    """Every value of the tables, as text; bytes as they are and as hexadecimal."""
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT * FROM {table}")
            for row in cursor.fetchall():
                for value in row:
                    if isinstance(value, bytes | memoryview):
                        yield bytes(value).decode("latin-1")
                        yield bytes(value).hex()
                    elif value is not None:
                        yield value if isinstance(value, str) else json.dumps(value, default=str)


@pytest.fixture
def issued():
    """A key, a client secret and a token, all in use; and a call whose answer is stored."""
    tokens.forget_tokens()
    call = Caller(make_organization())
    call.post({"name": "canary-lamp"}, key="k-1")
    credential, secret = services.issue_credential(
        client=call.client, kind=CredentialKind.OAUTH2, actor=SYSTEM, now=timezone.now()
    )
    form = {
        "grant_type": "client_credentials",
        "client_id": credential.identifier,
        "client_secret": secret,
    }
    token = post(form).json()["access_token"]
    return call, credential, [call.key, call.key[18:61], secret, token, token[4:]]


def test_no_secret_is_in_the_dump(issued):
    _call, _credential, secrets = issued

    stored = list(dump())

    assert len(stored) > 40
    assert [text for text in stored for secret in secrets if secret in text] == []
    assert [text for text in stored if "canary-lamp" in text] == []


def test_nothing_in_the_dump_opens_a_door(issued):
    call, credential, _secrets = issued
    stored = {text for text in dump() if text.isascii() and text.isprintable() and text.strip()}
    call.key = ""

    for text in stored:
        accounts.forget_machines()
        for headers in ({"X-API-Key": text}, {"Authorization": f"Bearer {text}"}):
            answer = call("GET", headers={"X-API-Key": ""} | headers)
            assert body_of(answer)["code"] == "unauthenticated", text
    for text in [text for text in stored if len(text) >= 32][:25]:
        form = {
            "grant_type": "client_credentials",
            "client_id": credential.identifier,
            "client_secret": text,
        }
        assert post(form).json()["error"] == "invalid_client"

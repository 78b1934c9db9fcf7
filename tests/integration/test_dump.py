"""A dump of the whole database, searched for every secret that was ever handed out."""

import base64
import binascii

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.utils import timezone

from oms.accounts import services, tokens
from oms.accounts.choices import CredentialKind
from oms.kernel import walls
from oms.kernel.actors import SYSTEM
from tests.factories import make_api_client
from tests.integration.v1.orders.world import make_world
from tests.integration.v1.road.test_oauth import post

pytestmark = pytest.mark.django_db
PASSWORD = "correct-horse-battery-staple"
BUYER = "Nguyễn Thị Canary"
SHORTEST = 20


@pytest.fixture
def world():
    tokens.forget_tokens()
    return make_world()


@pytest.fixture
def secrets(world):
    """One of every kind, by what it is; each was used."""
    handed_out = {"API key": world.api.api_key, "password": PASSWORD}
    for kind in CredentialKind:
        credential, secret = services.issue_credential(
            client=make_api_client(world.organization),
            kind=kind,
            actor=SYSTEM,
            now=timezone.now(),
        )
        handed_out[f"secret of {kind}"] = secret
        if kind == CredentialKind.OAUTH2:
            form = {
                "grant_type": "client_credentials",
                "client_id": credential.identifier,
                "client_secret": secret,
            }
            handed_out["access token"] = post(form).json()["access_token"]
    body = {"url": "https://client.example.com/hooks", "events": ["order.*"]}
    endpoint = world.api.post("/webhook-endpoints", body).json()
    handed_out["webhook secret"] = endpoint["secret"]
    rotated = world.api.post(f"/webhook-endpoints/{endpoint['id']}/rotate-secret", {})
    handed_out["rotated webhook secret"] = rotated.json()["secret"]
    get_user_model().objects.create_user(username="someone", password=PASSWORD)
    return handed_out


def dump() -> str:
    """Every row of every table as PostgreSQL writes it; bytes are hexadecimal."""
    walls.outside()
    parts = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            parts += [text for (text,) in cursor.fetchall()]
    return "\n".join(parts)


def spellings(secret: str) -> set[str]:
    """How bytes could stand there: as they are, in hexadecimal and in base64; and decoded."""
    spelled = set()
    body = secret.rpartition("_")[2]
    if len(body) < SHORTEST:  # of a secret without a prefix that happens to have a "_" near its end
        body = secret
    for plain in {secret.encode(), body.encode(), *_decoded(body)}:
        spelled |= {plain.hex(), *_in_base64(plain)}
        spelled.add(plain.decode("latin-1"))
    return spelled


def _in_base64(plain: bytes) -> set[str]:
    return {
        encode(plain).decode().rstrip("=")
        for encode in (base64.b64encode, base64.urlsafe_b64encode)
    }


def _decoded(body: str) -> list[bytes]:
    try:
        return [base64.b64decode(body, validate=True)]
    except binascii.Error:
        return []


def test_no_secret_is_in_it(world, secrets):
    world.place("A")

    text = dump()

    assert "CREDENTIAL" in text.upper()
    assert len(secrets) == 5 + len(CredentialKind)
    found = {name for name, secret in secrets.items() for way in spellings(secret) if way in text}
    assert found == set()


def test_no_buyer_is_in_it(world):
    address = {**world.order("B")["ship_to"], "full_name": BUYER}
    order = world.place("B", ship_to=address)

    text = dump()

    assert world.read(order)["ship_to"]["full_name"] == BUYER
    assert BUYER not in text
    assert BUYER.encode().hex() not in text


def test_a_secret_that_were_kept_would_be_found(world):
    """The search itself finds what is there, in each spelling."""
    known = world.api.api_key
    world.organization.name = known[:60]
    world.organization.save()
    kept = dump()
    world.organization.name = known[:30].encode().hex()
    world.organization.save()

    assert any(way in kept for way in spellings(known[:60]))
    assert any(way in dump() for way in spellings(known[:30]))

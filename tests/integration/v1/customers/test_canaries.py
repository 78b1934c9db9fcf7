"""What a caller says of a person is found nowhere but sealed."""

import logging
from collections.abc import Iterator

import pytest
import redis
from django.conf import settings
from django.db import connection

from oms.celery import app
from tests.factories import make_organization, relay_everything
from tests.v1_client import V1

pytestmark = pytest.mark.django_db

ADDRESS = {
    "label": "Canary label",
    "full_name": "Canary Recipient",
    "phone": "+84900000072",
    "email": "canary.recipient@example.com",
    "line1": "Canary line one",
    "line2": "Canary line two",
    "ward": "Canary ward",
    "district": "Canary district",
    "province": "Canary province",
    "ward_code": "canary-ward-code",
    "district_code": "canary-distr-code",
    "province_code": "canary-prov-code",
    "postal_code": "canary-71",
}
CUSTOMER = {
    "full_name": "Canary Fullname",
    "phone": "+84900000071",
    "email": "canary.mail@example.com",
    "tax_code": "CANARY-TAX-71",
    "note": "canary note",
}
PLANTED = (*ADDRESS.values(), *CUSTOMER.values())


def rows_of_the_database() -> str:
    """Every row of every table as text, byte columns byte by byte."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT * FROM "{table}"')
            found += [_text(value) for row in cursor.fetchall() for value in row]
    return "\n".join(found)


def keys_of_valkey() -> str:
    """Every key and its value, whatever its type, of the cache and of the broker."""
    with redis.Redis.from_url(settings.OMS_REDIS_URL) as cache, app.connection() as broker:
        return "\n".join([*_keys(cache), *_keys(broker.default_channel.client)])


def _keys(store) -> Iterator[str]:
    readers = {
        b"string": store.get,
        b"list": lambda key: store.lrange(key, 0, -1),
        b"hash": store.hgetall,
        b"set": store.smembers,
        b"zset": lambda key: store.zrange(key, 0, -1),
    }
    for key in store.scan_iter():
        yield from (_text(key), _text(readers[store.type(key)](key)))


def _text(value: object) -> str:
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode("latin-1")
    return str(value)


def planted_in(text: str) -> list[str]:
    return [canary for canary in PLANTED if canary.lower() in text.lower()]


def test_personal_data_stays_under_its_seal(caplog, django_capture_on_commit_callbacks):
    caplog.set_level(logging.DEBUG)
    api = V1(make_organization(), scopes=["customers:read", "customers:write"])
    body = {**CUSTOMER, "external_id": "CRM-88", "addresses": [{**ADDRESS, "country": "VN"}]}

    with django_capture_on_commit_callbacks(execute=True):
        made = api.post("/customers", body)
        path = f"/customers/{made.json()['id']}"
        api.patch(path, {"note": "canary note again", "phone": None})
        api.patch(path, {"phone": "+84900000071", "tax_code": "bad\u0000"})
        api.get("/customers?q=Canary+Full&email=canary.mail@example.com&phone=%2B84900000071")
        api.get(f"{path}/personal-data")
        relay_everything()

    assert made.status_code == 201
    assert planted_in(made.content.decode()) == list(PLANTED)
    stored = rows_of_the_database()
    assert "CRM-88" in stored
    assert planted_in(stored) == []
    assert planted_in(keys_of_valkey()) == []
    logged = "\n".join(record.getMessage() for record in caplog.records)
    assert "exported" in logged
    assert planted_in(logged) == []

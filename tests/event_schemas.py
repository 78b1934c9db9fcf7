"""Every event a test recorded through real services must be what its published schema says.

Directories whose tests act through services take the hook into their conftest.
"""

import json
from collections.abc import Generator, Iterator

import pytest
from django.db import connection
from jsonschema import Draft202012Validator

from oms.events.choices import EventType
from oms.events.schemas.documents import schema_of
from oms.events.standard import public

_RECORDED = "SELECT DISTINCT type, data::text, status FROM events_event"


def offences() -> Iterator[str]:
    """What the recorded events say that their schemas do not, a sentence each."""
    with connection.cursor() as cursor:
        cursor.execute(_RECORDED)
        rows = cursor.fetchall()
    for name, text, status in rows:
        data = public(json.loads(text)) | ({"status": status} if status else {})
        described = schema_of(EventType(name))["properties"]["data"]
        for error in Draft202012Validator(described).iter_errors(data):
            yield f"{name}: {error.message}"
        for member in data.keys() - described["properties"].keys():
            yield f"{name}: `{member}` is in no schema; see oms/events/schemas/members.py"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    outcome = yield
    asked = {"db", "transactional_db"} & set(item.fixturenames)
    if (asked or item.get_closest_marker("django_db")) and not connection.needs_rollback:
        assert sorted(set(offences())) == []
    return outcome

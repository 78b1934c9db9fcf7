"""The published schemas are complete, valid, and what the table says."""

import json

import pytest
from jsonschema import Draft202012Validator

from oms.events.choices import EventType
from oms.events.schemas.documents import DIRECTORY, path_of, schema_of, text_of
from oms.events.schemas.members import DATA
from oms.events.standard import API_VERSION


def test_every_type_has_one_and_no_other_has():
    assert set(DATA) == set(EventType)
    assert {path.name for path in DIRECTORY.glob("*.json")} == {
        path_of(event_type).name for event_type in EventType
    }


@pytest.mark.parametrize("event_type", EventType)
def test_what_is_published_is_what_the_table_says(event_type):
    published = path_of(event_type).read_text("utf-8")

    Draft202012Validator.check_schema(json.loads(published))

    assert published == text_of(event_type), "run `python -m oms.events.schemas`"


@pytest.mark.parametrize("event_type", EventType)
def test_no_member_is_a_database_key(event_type):
    data = DATA[event_type]

    assert [
        name for name in {**data.always, **data.sometimes} if name.endswith(("_id", "_ids"))
    ] == []


def test_the_version_is_the_one_that_is_sent():
    assert schema_of(EventType.ORDER_PLACED)["properties"]["api_version"] == {"const": API_VERSION}

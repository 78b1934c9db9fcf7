"""The schemas as documents."""

import json
from pathlib import Path

from oms.events.choices import EventType
from oms.events.schemas.members import DATA, MOMENT, TEXT, Schema

DIRECTORY = Path(__file__).parent
VERSION = "1"


def schema_of(event_type: EventType) -> Schema:
    """The schema of a whole message of that type. A thin message (more than 256 KiB) keeps only
    the short members of `data` and has `data_url`.
    """
    data = DATA[event_type]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": str(event_type),
        "description": str(event_type.label),
        "type": "object",
        "properties": {
            "id": {"type": "string", "pattern": "^evt_[0-9a-f]{32}$"},
            "type": {"const": str(event_type)},
            "api_version": {"const": VERSION},
            "occurred_at": MOMENT,
            "sequence": {"type": "integer", "minimum": 1},
            "data": {
                "type": "object",
                "properties": {"status": TEXT, **data.always, **data.sometimes},
                "required": sorted(data.always),
            },
        },
        "required": ["id", "type", "api_version", "occurred_at", "sequence", "data"],
    }


def path_of(event_type: EventType) -> Path:
    """Where a schema is kept."""
    return DIRECTORY / f"{event_type.value}.v{VERSION}.json"


def text_of(event_type: EventType) -> str:
    """A schema as it is kept."""
    return json.dumps(schema_of(event_type), indent=2) + "\n"


def write_all() -> None:
    """Write every schema, and remove those of types that are gone."""
    wanted = {path_of(event_type): text_of(event_type) for event_type in EventType}
    for path in DIRECTORY.glob("*.json"):
        if path not in wanted:
            path.unlink()
    for path, text in wanted.items():
        path.write_text(text, "utf-8")

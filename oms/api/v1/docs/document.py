"""The OpenAPI document of /v1, made once per process."""

import functools
import threading
from typing import Any

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.settings import patched_settings

SETTINGS = {
    "TITLE": "oms /v1",
    "VERSION": "1.0.0",
    "DESCRIPTION": "Orders, inventory, shipments, customers and returns. See docs/api/v1.md.",
    "OAS_VERSION": "3.1.1",
    "COMPONENT_SPLIT_REQUEST": False,
    "COMPONENT_SPLIT_PATCH": False,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "POSTPROCESSING_HOOKS": [
        "oms.api.v1.road.operations.without_marks",
        "oms.api.v1.docs.links.with_links",
        "oms.api.v1.docs.rules.with_rules",
    ],
    "SCHEMA_PATH_PREFIX": "/v1",
    "WEBHOOKS": "oms.api.v1.news.outputs.WEBHOOKS",
}


_one_at_a_time = threading.Lock()


@functools.cache
def schema_document() -> dict[str, Any]:
    """The document as JSON data."""
    # The generator's settings are the process's: one thread at a time.
    with _one_at_a_time, patched_settings(SETTINGS):
        make: Any = SchemaGenerator
        document: dict[str, Any] = make(urlconf="oms.api.v1.urls").get_schema(
            request=None, public=True
        )
    return document

"""What schemathesis is told about this server: real identifiers, and fresh Idempotency-Keys.

Loaded by schemathesis, in its own process. Nothing here decides whether an answer is right.
"""

import json
import os
import random
import re
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import schemathesis
from schemathesis.core.parameters import ParameterLocation

from tests.fuzz.shop import SKUS, Shop

Document = dict[str, Any]

_shop = Shop(os.environ["OMS_FUZZ_URL"], os.environ["OMS_FUZZ_KEY"])
_location = _shop.location()["id"]
_ID = re.compile(r"(?:ord|oli|shp|cus|loc|adj|adr|whe|ret|rtu|crq)_[0-9A-Z]{26}|evt_[0-9a-f]{32}")
_FRESH = 3  # one call in so many gets an object of its own
_MOST = 200  # objects kept per kind

known: set[str] = set()
"""Every identifier the server has shown."""

pools: dict[str, list[Document]] = {}
"""Objects by how they are made."""

MAKERS: dict[str, Callable[[], Document]] = {
    "order": _shop.order,
    "allocated": _shop.allocated,
    "request": _shop.cancellation_request,
    "shipment": _shop.shipment,
    "labelled": _shop.labelled,
    "picked_up": _shop.picked_up,
    "expected": _shop.expected_return,
    "received": _shop.received_return,
    "customer": _shop.customer,
    "endpoint": _shop.endpoint,
    "paused": _shop.paused_endpoint,
    "adjustment": _shop.adjustment,
}
# What an operation needs, where the name of its parameter does not say enough.
NEEDS = {
    "createShipment": "allocated",
    "getShipmentLabel": "labelled",
    "createReturn": "picked_up",
    "inspectReturn": "received",
    "resumeWebhookEndpoint": "paused",
}
BY_NAME = {
    "order_id": "order",
    "order_line_id": "order",
    "shipment_id": "shipment",
    "return_id": "expected",
    "request_id": "request",
    "customer_id": "customer",
    "endpoint_id": "endpoint",
    "adjustment_id": "adjustment",
}


def object_for(kind: str) -> Document:
    """A real object: one call in some gets its own, the others share."""
    pool = pools.setdefault(kind, [])
    if not pool or random.randrange(_FRESH) == 0:
        made = MAKERS[kind]()
        note(made)
        pool.append(made)
        del pool[:-_MOST]
        return made
    return random.choice(pool)


def note(document: object) -> None:
    """Remember the identifiers of an answer."""
    known.update(_ID.findall(json.dumps(document)))


@schemathesis.hook
def before_call(_context: Any, case: Any, _kwargs: Any) -> None:
    """Put real identifiers where the case has made-up ones, and a fresh key."""
    meta = case.meta
    if meta is None:
        return
    operation = case.operation.definition.raw.get("operationId", "")
    subject: Document = {}
    if not meta.is_negative_at(ParameterLocation.PATH):
        for name, value in case.path_parameters.items():
            if value not in known:
                case.path_parameters[name] = _value_for(name, operation, subject, value)
    if not meta.is_negative_at(ParameterLocation.QUERY):
        for name, value in case.query.items():
            if name in {"location_id", "order_id", "customer_id", "channel"} and value not in known:
                case.query[name] = _value_for(name, operation, {}, value)
    if not meta.is_negative_at(ParameterLocation.BODY):
        case.body = _with_real(case.body, operation, subject)
    if not meta.is_negative_at(ParameterLocation.HEADER) and "Idempotency-Key" in case.headers:
        case.headers["Idempotency-Key"] = str(uuid.uuid4())


def _value_for(name: str, operation: str, subject: Document, value: Any) -> Any:
    if name == "sku":
        return random.choice(SKUS)
    if name == "channel":
        return "web"
    if name == "location_id":
        return _location
    if name in BY_NAME:
        if not subject:
            subject.update(object_for(NEEDS.get(operation, BY_NAME[name])))
        return subject["id"]
    return value


_SUBJECTS = {"order_id", "customer_id"}


def _with_real(body: Any, operation: str, subject: Document) -> Any:
    """The body, with identifiers of the subject and of what goes with it."""
    if isinstance(body, list):
        return [_with_real(each, operation, subject) for each in body]
    if not isinstance(body, dict):
        return body
    found: Document = {}
    for name, value in body.items():
        if not isinstance(value, str):
            found[name] = _with_real(value, operation, subject)
        elif name == "order_line_id":
            lines = subject.get("lines") or object_for("order")["lines"]
            found[name] = lines[0]["id"]
        elif value not in known and name in {"sku", "channel", "location_id", *_SUBJECTS}:
            found[name] = _value_for(name, operation, subject if name == "order_id" else {}, value)
        else:
            found[name] = value
    return found


@schemathesis.serializer("application/x-ndjson")
def ndjson(_context: Any, value: Any) -> bytes:
    """One document a line."""
    return json.dumps(value).encode() + b"\n"


STATUSES: Counter[str] = Counter()


@schemathesis.hook
def after_call(_context: Any, case: Any, response: Any) -> None:
    """Learn the identifiers of the answer, and count it."""
    if response.headers.get("content-type", [""])[0].startswith("application/json"):
        known.update(_ID.findall(response.content.decode("utf-8", "replace")))
    with open(os.environ["OMS_FUZZ_STATUSES"], "a") as out:
        out.write(f"{case.operation.definition.raw.get('operationId')} {case.meta and case.meta.generation.mode} {response.status_code}\n")

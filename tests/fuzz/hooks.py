"""What schemathesis is told about this server: real references, and fresh Idempotency-Keys.

Loaded by schemathesis, in its own process. Nothing here decides whether an answer is right, with
one exception: a valid request may be refused by a rule the document announces in `x-rules`,
because JSON Schema, which is all that schemathesis reads, has no words for it.
"""

import json
import os
import re
import uuid
from typing import Any

import schemathesis
from schemathesis.core.failures import Failure
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation.meta import TestPhase
from schemathesis.openapi.checks import RejectedPositiveData

from tests.fuzz import rules
from tests.fuzz.references import References
from tests.fuzz.shop import Shop
from tests.fuzz.tally import Tally

_references = References(
    Shop(os.environ["OMS_FUZZ_URL"], os.environ["OMS_FUZZ_KEY"]),
    client={
        "client_id": os.environ["OMS_FUZZ_CLIENT_ID"],
        "client_secret": os.environ["OMS_FUZZ_CLIENT_SECRET"],
        "scope": "orders:read",
    },
)
_tally = Tally(os.environ["OMS_FUZZ_TALLY"])
_JSON = re.compile(r"application/(problem\+)?json")


@schemathesis.hook
def before_call(_context: Any, case: Any, _kwargs: Any) -> None:
    """Replace made-up references by real ones, in every part of the case that is to be valid."""
    if case.meta is None:
        return
    operation_id = _operation(case).get("operationId", "")
    is_step = case.meta.phase.name == TestPhase.STATEFUL
    stand_in = _references.for_call(operation_id, is_step=is_step)
    if not case.meta.is_negative_at(ParameterLocation.PATH):
        _put(case, "path_parameters", stand_in.members(case.path_parameters))
    if not case.meta.is_negative_at(ParameterLocation.QUERY):
        _put(case, "query", stand_in.query(case.query, case.formatted_path))
    if not case.meta.is_negative_at(ParameterLocation.BODY):
        _put(case, "body", stand_in.document(case.body))
    if not case.meta.is_negative_at(ParameterLocation.HEADER) and _KEY in case.headers:
        case.headers[_KEY] = str(uuid.uuid4())


_KEY = "Idempotency-Key"


def _put(case: Any, part: str, value: Any) -> None:
    """Set a part only if it is another: what is set is judged anew, an absent body as wrong."""
    if value != getattr(case, part):
        setattr(case, part, value)


@schemathesis.hook
def after_call(_context: Any, case: Any, response: Any) -> None:
    """Learn what the server has, and count what it answered."""
    _tally.answered(_operation(case).get("operationId", "?"), response.status_code)
    if _JSON.match(response.headers.get("content-type", [""])[0]):
        _references.learn(case.formatted_path, dict(case.query or {}), response.content)


@schemathesis.hook
def filter_failure(_context: Any, failure: Failure, case: Any, response: Any) -> bool:
    """Leave out refusals that the document announces, of the requests it says it of."""
    if not isinstance(failure, RejectedPositiveData) or response.status_code not in {400, 422}:
        return True
    return not rules.announces(_operation(case).get("x-rules", ()), json.loads(response.content))


@schemathesis.serializer("application/x-ndjson")
def ndjson(_context: Any, value: Any) -> bytes:
    """One document a line; here there is one line."""
    return json.dumps(value).encode() + b"\n"


def _operation(case: Any) -> dict[str, Any]:
    raw: dict[str, Any] = case.operation.definition.raw
    return raw

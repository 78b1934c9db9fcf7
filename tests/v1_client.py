"""A client of /v1 that believes only what the OpenAPI document says.

Each answer is checked against the document: its status is declared for the operation, its body
fits the schema, and a failure is a problem. Paths are without `/v1`.
"""

import functools
import re
import uuid

import jsonschema
from django.test import Client

from oms.accounts import queries as accounts
from oms.accounts.models import Organization
from oms.accounts.scopes import V1 as ALL_SCOPES
from tests.factories import make_api_client, make_api_key

JSON = "application/json"
PROBLEM = "application/problem+json"
NO_KEY = object()


@functools.cache
def document() -> dict:
    """The OpenAPI document, as it is served."""
    from oms.api.v1.docs.document import schema_document

    return schema_document()


class V1:
    """Calls of one machine. `key=` is an Idempotency-Key; POSTs get a new one by themselves."""

    def __init__(
        self, organization: Organization, *, scopes=None, channel=None, point=None, **client
    ):
        accounts.forget_machines()
        self.machine = make_api_client(
            organization,
            channel=channel,
            point=point,
            scopes=sorted(ALL_SCOPES if scopes is None else scopes),
            **client,
        )
        self.api_key = make_api_key(self.machine)
        self._http = Client(raise_request_exception=False)

    def get(self, path, **options):
        return self.call("GET", path, **options)

    def post(self, path, json=None, **options):
        return self.call("POST", path, json=json, **options)

    def put(self, path, json=None, **options):
        return self.call("PUT", path, json=json, **options)

    def patch(self, path, json=None, **options):
        return self.call("PATCH", path, json=json, **options)

    def delete(self, path, **options):
        return self.call("DELETE", path, **options)

    def call(self, method, path, *, json=None, body=None, key=None, headers=None, **options):
        """Send, and check the answer. `body` are raw bytes; `key=NO_KEY` sends no key."""
        import json as encoder

        sent = {"X-API-Key": self.api_key}
        if method == "POST" and key is not NO_KEY:
            sent["Idempotency-Key"] = key or str(uuid.uuid4())
        sent |= headers or {}
        if body is None:
            body = b"" if json is None else encoder.dumps(json).encode()
        content_type = sent.pop("Content-Type", JSON if body else "")
        answer = self._http.generic(
            method, f"/v1{path}", body, content_type=content_type, headers=sent, **options
        )
        check(answer, method=method, path=f"/v1{path}".partition("?")[0])
        return answer


def check(answer, *, method: str, path: str) -> None:
    """Whether an answer is what the document promises."""
    assert answer.headers["X-Request-Id"]
    operation = operation_of(method, path)
    if answer.status_code >= 400:
        assert answer.headers["Content-Type"] == PROBLEM, answer.content
        body = answer.json()
        assert body["status"] == answer.status_code
        assert body["request_id"] == answer.headers["X-Request-Id"]
        validate(body, {"$ref": "#/components/schemas/Problem"})
        if operation is None:
            return
    assert operation is not None, f"{method} {path} is not in the document"
    declared = operation["responses"].get(str(answer.status_code))
    assert declared is not None, f"{method} {path}: {answer.status_code} is not declared"
    content = declared.get("content")
    if not content:
        assert answer.content == b""
        return
    media_type = answer.headers["Content-Type"].partition(";")[0]
    assert media_type in content, f"{media_type} is not declared"
    if answer.status_code >= 400:
        codes = re.findall(r"`([a-z_]+)`", declared["description"])
        assert answer.json()["code"] in codes, f"{answer.json()['code']} is not declared"
    if media_type.endswith("json"):
        validate(answer.json(), content[media_type]["schema"])


def validate(body, schema: dict) -> None:
    """Whether a body fits a schema of the document."""
    whole = {**schema, "components": document()["components"]}
    jsonschema.Draft202012Validator(whole).validate(body)


def operation_of(method: str, path: str) -> dict | None:
    """The operation of a path: the one with the fewest parameters that fits."""
    fitting = []
    for template, item in document()["paths"].items():
        pattern = re.sub(r"\\\{[^}]*\\\}", "[^/]+", re.escape(template))
        if method.lower() in item and re.fullmatch(pattern, path):
            fitting.append((template.count("{"), item[method.lower()]))
    return min(fitting, key=lambda found: found[0])[1] if fitting else None

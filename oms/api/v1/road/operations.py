"""How an operation of /v1 stands in the OpenAPI document, beyond what its view says."""

import functools
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import Direction, OpenApiParameter, OpenApiResponse
from rest_framework import serializers

from oms.api.v1.road import components
from oms.api.v1.road.codes import CODES
from oms.api.v1.road.inputs import StrictSerializer
from oms.api.v1.road.outputs import ProblemOutput

Responses = Mapping[int | tuple[int, str], Any]

PROBLEM = "application/problem+json"
_JSON = "application/json"
_OF_MACHINES = ("unauthenticated", "token_expired", "insufficient_scope", "ip_not_allowed")
_ALWAYS = ("not_acceptable", "rate_limited", "internal_error", "service_unavailable")
_WITH_BODY = (
    "malformed_json",
    "unknown_field",
    "payload_too_large",
    "unsupported_media_type",
    "validation_failed",
)
_WITH_KEY = (
    "idempotency_key_required",
    "idempotency_key_invalid",
    "idempotency_in_progress",
    "idempotency_key_reused",
    "payload_too_large",
)


_TAKEN = frozenset({"EventOutput"})  # the feed's events are the component Event


class Declared(dict[Any, Any]):
    """The responses of an operation, with the codes of its problems kept beside them."""

    def __init__(self, responses: Responses, problems: Sequence[str]) -> None:
        super().__init__(responses)
        self.problems = tuple(problems)


class V1Schema(AutoSchema):
    """Adds to every operation its problems, the idempotency key, If-Match and the headers."""

    def get_tags(self) -> list[str]:
        """The package of the view."""
        return [self.view.__module__.split(".")[3]]

    def get_override_parameters(self) -> list[Any]:
        """Headers of the request."""
        found: list[Any] = [
            _header(
                "X-Request-Id", "1 to 64 of `A-Za-z0-9._-` come back; for others there is a new id"
            ),
            _header("Accept-Language", "`en` or `vi`, for the texts of problems"),
        ]
        if self.needs_key:
            found.append(
                _header(
                    "Idempotency-Key",
                    "1 to 255 visible characters, best a UUID. The same key with the same body"
                    " gets the first answer again for 72 hours",
                    required=True,
                    schema={"type": "string", "pattern": "^[!-~]{1,255}$"},
                )
            )
        if self.method in {"PATCH", "PUT"}:
            found.append(_header("If-Match", 'The ETag the change is meant for, such as `"v3"`'))
        return found

    def get_auth(self) -> list[Any]:
        """One of the two credentials, the token with the scope of the method."""
        if not super().get_auth():
            return []
        scopes: Mapping[str, str] = getattr(self.view, "scopes", {})
        return components.needed(scopes[self.method])

    def get_serializer_name(self, serializer: Any, direction: Any) -> str:  # noqa: ARG002 - the base names it
        """The class's name; where two packages have the same, with the package's before it."""
        kind = type(serializer)
        name: str = kind.__name__.removesuffix("Output")
        if kind.__name__ not in _ambiguous():
            return name
        return f"{kind.__module__.split('.')[3].capitalize()}{name}"

    def _map_basic_serializer(self, serializer: Any, direction: Any) -> Any:
        schema: Any = super()._map_basic_serializer(serializer, direction)  # type: ignore[no-untyped-call] # not typed
        kind = serializer if isinstance(serializer, type) else type(serializer)
        if schema is not None and "__doc__" in vars(kind) and kind.__doc__ is None:
            schema.pop("description", None)
        is_strict = isinstance(serializer, StrictSerializer) or (
            isinstance(serializer, type) and issubclass(serializer, StrictSerializer)
        )
        if is_strict and schema is not None:
            schema["additionalProperties"] = False
        return schema

    def _get_serializer_field_meta(self, field: Any, direction: Any) -> Any:
        meta: Any = super()._get_serializer_field_meta(field, direction)  # type: ignore[no-untyped-call] # not typed
        return meta | components.bounds_of(field)

    @property
    def needs_key(self) -> bool:
        return self.method == "POST" and getattr(self.view, "needs_key", False)

    def get_responses_of_problems(self, own: Sequence[str]) -> dict[Any, Any]:
        """One response per status; its description lists the codes."""
        codes = [*_ALWAYS, *own]
        if self.view.authentication_classes:
            codes = [*_OF_MACHINES, *codes]
        if self.method in {"POST", "PUT", "PATCH"} and self.get_request_serializer() is not None:
            codes += _WITH_BODY
        if self.needs_key:
            codes += _WITH_KEY
        if self.method in {"PUT", "PATCH"}:
            codes.append("version_conflict")
        if self.method == "GET":
            codes.append("invalid_parameter")
        by_status: dict[int, list[str]] = {}
        for code in dict.fromkeys(codes):
            by_status.setdefault(CODES[code].statuses[0], []).append(code)
        return {
            (status, PROBLEM): OpenApiResponse(
                ProblemOutput, description=" or ".join(f"`{code}`" for code in found)
            )
            for status, found in sorted(by_status.items())
        }

    def get_operation(self, *args: Any, **kwargs: Any) -> Any:
        """The operation, with the headers of its responses."""
        operation = super().get_operation(*args, **kwargs)
        if operation is None:
            return None
        if "requestBody" in operation and getattr(self.view, "needs_body", True):
            operation["requestBody"]["required"] = True
        for parameter in operation.get("parameters", ()):
            if parameter["schema"].get("type") == "array":
                parameter |= {"style": "form", "explode": False}
        for status, response in operation["responses"].items():
            response.setdefault("headers", {}).update(_headers_of(status, needs_key=self.needs_key))
        if self.method == "PATCH" and _JSON in (content := _content(operation)):
            content.setdefault("application/merge-patch+json", content[_JSON])
        return operation

    def _get_response_bodies(self, direction: Direction = "response") -> Any:
        declared = self.get_response_serializers()
        own = getattr(declared, "problems", ())
        bodies = super()._get_response_bodies(direction)
        for (status, media_type), response in self.get_responses_of_problems(own).items():
            bodies.setdefault(
                str(status),
                self._get_response_for_code(response, str(status), [media_type]),  # type: ignore[no-untyped-call] # not typed
            )
        return bodies


def _content(operation: Any) -> Any:
    return operation.get("requestBody", {}).get("content", {})


def _header(
    name: str, about: str, *, required: bool = False, schema: Mapping[str, Any] | None = None
) -> OpenApiParameter:
    return OpenApiParameter(
        name,
        dict(schema or {"type": "string"}),
        OpenApiParameter.HEADER,
        required=required,
        description=about,
    )


def _headers_of(status: str, *, needs_key: bool) -> dict[str, Any]:
    text, number = {"type": "string"}, {"type": "integer"}
    found: dict[str, Any] = {
        "X-Request-Id": {"schema": text},
        "RateLimit-Limit": {"schema": number, "description": "Calls per minute"},
        "RateLimit-Remaining": {"schema": number, "description": "Calls that would pass now"},
        "RateLimit-Reset": {"schema": number, "description": "Seconds until all would"},
    }
    if status == "201":
        found["Location"] = {"schema": text}
    if status in {"200", "201"}:
        found["ETag"] = {"schema": text, "description": 'Of a single resource: `"v<version>"`'}
    if needs_key and status.startswith("2"):
        found["Idempotency-Replayed"] = {
            "schema": {"type": "string", "enum": ["true"]},
            "description": "There when the answer is a stored one",
        }
    if status in {"409", "429", "503"}:
        found["Retry-After"] = {"schema": number, "description": "Seconds"}
    if status == "401":
        found["WWW-Authenticate"] = {"schema": text}
    return found


@functools.cache
def _ambiguous() -> frozenset[str]:
    """The names that several serializers of /v1 have."""
    names = Counter(
        kind.__name__
        for kind in _descendants(serializers.Serializer)
        if kind.__module__.startswith("oms.api.v1.")
    )
    return _TAKEN | {name for name, number in names.items() if number > 1}


def _descendants(kind: type[Any]) -> Iterator[type[Any]]:
    for child in kind.__subclasses__():
        yield child
        yield from _descendants(child)


def without_marks(result: Any, **_: Any) -> Any:
    """Drop what the generator notes for itself."""
    todo: list[Any] = [result]
    while todo:
        part = todo.pop()
        if isinstance(part, dict):
            part.pop("x-spec-enum-id", None)
            todo += part.values()
        elif isinstance(part, list):
            todo += part
    return result

"""OpenAPI for views that read and write documents without serializers."""

from collections.abc import Callable
from typing import Any, TypeVar

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view

from oms.api.oms4.kinds import Texts
from oms.api.oms4.reader import Schema, Shape

View = TypeVar("View", bound=type[Any])
Method = TypeVar("Method", bound=Callable[..., Any])

_NULL: Schema = {"type": "object", "nullable": True, "description": "null"}
_JSON = "application/json"


class SignatureScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call] # not typed
    """The four headers of a call; OpenAPI can name the key's header only."""

    target_class = "oms.api.oms4.auth.SignatureAuth"
    name = "signature"

    def get_security_definition(self, _auto_schema: Any) -> Schema:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "signature",
            "description": (
                "HMAC-SHA256 over path, the headers tenant_id, api_key and timestamp, the query"
                " and the body; see docs/api/oms4.md"
            ),
        }


_HEADERS = [
    OpenApiParameter(name=name, location=OpenApiParameter.HEADER, type=str, required=True)
    for name in ("tenant_id", "api_key", "timestamp")
]


def operation(name: str, shape: Shape, data: Schema | None = None) -> Callable[[Method], Method]:
    """Describe a POST with a JSON body."""
    return extend_schema(
        operation_id=name,
        parameters=_HEADERS,
        request={_JSON: shape.schema()},
        responses={(200, _JSON): envelope(data)},
        tags=["oms4"],
    )


def reads(name: str, shape: Shape, data: Schema) -> Callable[[View], View]:
    """Describe a read that takes its parameters in the query or in the body."""
    query = [
        OpenApiParameter(
            name=item.name,
            location=OpenApiParameter.QUERY,
            type=str if isinstance(item.kind, Texts) else item.kind.schema(),
            required=item.required,
            description=_about(item.about, is_list=isinstance(item.kind, Texts)),
        )
        for item in shape.members
    ]
    answers = {(200, _JSON): envelope(data)}
    return extend_schema_view(
        get=extend_schema(
            operation_id=name,
            parameters=[*_HEADERS, *query],
            request=None,
            responses=answers,
            tags=["oms4"],
        ),
        post=extend_schema(
            operation_id=f"{name}_by_post",
            parameters=_HEADERS,
            request={_JSON: shape.schema()},
            responses=answers,
            tags=["oms4"],
        ),
    )


def _about(text: str, *, is_list: bool) -> str:
    return "list in brackets, such as [A,B]" if is_list else text


def envelope(data: Schema | None) -> Schema:
    """The object around every result."""
    return {
        "type": "object",
        "properties": {
            "code": {"type": "string", "description": '"200" is success'},
            "message": {"type": "string"},
            "data": _NULL if data is None else data,
            "request_id": {"type": "string", "format": "uuid"},
        },
        "required": ["code", "message", "data", "request_id"],
    }

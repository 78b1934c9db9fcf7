"""OpenAPI for the operations of this language."""

from collections.abc import Callable
from typing import Any, TypeVar

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema

from oms.api.increff.reader import Schema, Shape

Method = TypeVar("Method", bound=Callable[..., Any])

_JSON = "application/json"
_STATUSES = (400, 401, 403, 405, 415, 429, 500, 503)
FAILURE: Schema = {
    "type": "object",
    "properties": {
        "code": {
            "type": "string",
            "enum": [
                "BAD_DATA",
                "RESOURCE_EXISTS",
                "AUTH_ERROR",
                "NOT_FOUND",
                "TOO_MANY_REQUESTS",
                "UNKNOWN_ERROR",
            ],
        },
        "message": {"type": "string"},
        "description": {"type": "string", "nullable": True},
    },
    "required": ["code", "message", "description"],
}


class UsernameScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call] # not typed
    """The two headers of a call; OpenAPI can name one of them only."""

    target_class = "oms.api.increff.auth.PasswordAuth"
    name = "authUsername"

    def get_security_definition(self, _auto_schema: Any) -> Schema:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "authUsername",
            "description": "The user name of a credential; its password is in authPassword",
        }


_PASSWORD = OpenApiParameter("authPassword", str, location=OpenApiParameter.HEADER, required=True)


def operation(name: str, shape: Shape, answer: Schema | None = None) -> Callable[[Method], Method]:
    """Describe a method with a JSON body; without an answer, 200 has zero bytes."""
    done: dict[Any, Any] = (
        {200: OpenApiResponse(description="Done; no bytes")}
        if answer is None
        else {(200, _JSON): answer}
    )
    return extend_schema(
        operation_id=name,
        parameters=[_PASSWORD],
        request={_JSON: shape.schema()},
        responses=done | {(status, _JSON): FAILURE for status in _STATUSES},
        tags=["increff"],
    )

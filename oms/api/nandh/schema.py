"""OpenAPI for the operations of this language."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers

from oms.api.nandh.outputs import FailureOutput
from oms.api.nandh.paging import FARTHEST, MOST_PER_PAGE, SIZE

Method = TypeVar("Method", bound=Callable[..., Any])
Output = type[serializers.Serializer[Any]]

_ALWAYS = (401, 403, 429, 500, 503)
_WITH_BODY = (400, 413, 415)
LABEL = "application/pdf"


class RawKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call] # not typed
    """The key as the whole value of a header."""

    target_class = "oms.api.nandh.auth.RawKeyAuth"
    name = "apiKey"

    def get_security_definition(self, _auto_schema: Any) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "An API key, without a scheme word",
        }


def _whole(name: str, most: int, default: int) -> OpenApiParameter:
    schema = {"type": "integer", "minimum": 1, "maximum": most, "default": default}
    return OpenApiParameter(name, schema)


PAGING = (_whole("page", FARTHEST, 1), _whole("page_size", MOST_PER_PAGE, SIZE))
ORDER_ID = (OpenApiParameter("order_id", int, required=True, description="`id` of the order"),)


def described(
    operation_id: str,
    *,
    data: Output,
    many: bool = False,
    request: Any = None,
    parameters: Sequence[OpenApiParameter] = (),
    failures: Sequence[int] = (),
) -> Callable[[Method], Method]:
    """Describe a method whose answer holds one record, or with `many` a list of them."""
    name = f"{operation_id[0].upper()}{operation_id[1:]}Answer"
    members = {
        "status_code": serializers.IntegerField(help_text="The HTTP status"),
        "data": data(many=many),
        "error": serializers.BooleanField(),
        "error_code": serializers.CharField(allow_null=True),
        "log_id": serializers.CharField(allow_null=True),
        "messages": serializers.CharField(allow_blank=True),
        "total": serializers.IntegerField(help_text="Records there are, on all pages"),
    }
    statuses = {*_ALWAYS, *failures, *(_WITH_BODY if request else ()), *(_of(parameters))}
    return extend_schema(
        operation_id=operation_id,
        request=request,
        parameters=list(parameters),
        responses={
            200: inline_serializer(name=name, fields=members),
            **dict.fromkeys(sorted(statuses), FailureOutput),
        },
        tags=["nandh"],
    )


def file_answer(
    operation_id: str, media_type: str, *, failures: Sequence[int]
) -> Callable[[Method], Method]:
    """Describe a GET that answers with a file; its failures have the envelope."""
    statuses = sorted({*_ALWAYS, *failures})
    return extend_schema(
        operation_id=operation_id,
        responses={
            (200, media_type): OpenApiTypes.BINARY,
            **{(status, "application/json"): FailureOutput for status in statuses},
        },
        tags=["nandh"],
    )


def _of(parameters: Sequence[OpenApiParameter]) -> tuple[int, ...]:
    return (400,) if parameters else ()

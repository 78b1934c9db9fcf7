"""The OpenAPI document: what is the same for every operation is said here, once."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    extend_schema,
    inline_serializer,
)
from rest_framework import serializers

from oms.api.v1.road.operations import Declared, Responses, V1Schema
from oms.api.v1.road.outputs import PageOutput

Method = TypeVar("Method", bound=Callable[..., Any])
__all__ = ["PageOutput", "V1Schema", "described", "list_parameters", "page_of"]


def page_of(output: type[serializers.Serializer[Any]]) -> serializers.Serializer[Any]:
    """The schema of a list of these."""
    name = output.__name__.removesuffix("Output")
    return inline_serializer(
        name=f"{name}List", fields={"data": output(many=True), "page": PageOutput()}
    )


def described(
    *,
    operation_id: str,
    request: Any = None,
    responses: Responses,
    problems: Sequence[str] = (),
    parameters: Sequence[Any] = (),
    examples: Sequence[OpenApiExample] = (),
    summary: str | None = None,
    tag: str | None = None,
    sorts: Sequence[str] | None = None,
) -> Callable[[Method], Method]:
    """Describe a method of a V1View.

    `problems` names the codes beyond those every operation has. `parameters` may hold a
    serializer of query parameters. `sorts` marks a list: the contract's words it can be sorted
    by; `limit` and `cursor` are added.
    """
    paging = list_parameters(sorts) if sorts is not None else []
    extra = ("invalid_cursor", "invalid_parameter") if sorts is not None else ()
    return extend_schema(
        operation_id=operation_id,
        request=request,
        responses=Declared(responses, (*problems, *extra)),
        parameters=[*parameters, *paging],
        examples=list(examples),
        summary=summary,
        tags=[tag] if tag else None,
    )


def list_parameters(sorts: Sequence[str]) -> list[OpenApiParameter]:
    """`limit`, `cursor` and `sort`."""
    words = [word for name in sorts for word in (name, f"-{name}")]
    about = f"`-{sorts[0]}` when absent" if sorts else ""
    found = [
        OpenApiParameter(
            "limit",
            {"type": "integer", "minimum": 1, "maximum": 200, "default": 50},
            description="Rows per page",
        ),
        OpenApiParameter("cursor", str, description="`next_cursor` of the page before"),
    ]
    if words:
        found.append(OpenApiParameter("sort", str, enum=words, description=about))
    return found

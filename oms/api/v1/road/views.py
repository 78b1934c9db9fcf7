"""The view every resource of /v1 derives from."""

import functools
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar, NoReturn, cast

import msgspec
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request
from rest_framework.schemas.inspectors import ViewInspector
from rest_framework.throttling import BaseThrottle

from oms.accounts.queries import MachineIdentity
from oms.api.base.throttling import Rate
from oms.api.base.views import FacadeView
from oms.api.v1.road import calls, documents, inputs, once, refusals, turns
from oms.api.v1.road.authentication import MachineAuth
from oms.api.v1.road.problems import Problem
from oms.api.v1.road.schema import V1Schema
from oms.api.v1.road.throttling import V1Throttle

MIB = 1024 * 1024
JSON = "application/json"
MERGE_PATCH = "application/merge-patch+json"
_PAGE = frozenset({"limit", "cursor", "sort"})


class V1View(FacadeView):
    """An operation. Checks run in the order 404, 401, 403, 429, 405, 406, 400, 413, 415, 422.

    A POST runs inside one transaction together with its idempotency row, unless `needs_key` is
    off; other methods open none. Handlers answer `HttpResponse`, mostly by `one` or `page`.
    """

    authentication_classes: Sequence[type[BaseAuthentication]] = (MachineAuth,)
    throttle_classes: Sequence[type[BaseThrottle]] = (V1Throttle,)
    schema: ViewInspector | None = V1Schema()
    handle_error = staticmethod(refusals.handle)
    rate = Rate(per_second=10, burst=100)

    needs_key: ClassVar[bool] = True
    needs_body: ClassVar[bool] = True
    is_bulk: ClassVar[bool] = False
    """Whether calls are so large that a process takes only two of them on at once."""
    body_limit: ClassVar[int] = MIB
    array_limit: ClassVar[int] = documents.LONGEST_ARRAY
    consumes: ClassVar[tuple[str, ...]] = (JSON,)
    produces: ClassVar[tuple[str, ...]] = (JSON,)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer in the caller's language, with the headers every answer has."""
        self.plain = request
        self.request_id = calls.request_id_of(request)
        with translation.override(calls.language_of(request)):
            response = super().dispatch(request, *args, **kwargs)
        response.headers[calls.REQUEST_ID] = self.request_id
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        for name, value in getattr(self, "rate_headers", {}).items():
            response.headers[name] = value
        return response

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if "\0" in request.path:
            raise Problem(404, "not_found")
        super().initial(request, *args, **kwargs)
        method = (request.method or "").lower()
        if not hasattr(self, method):
            return
        if not calls.is_acceptable(self.plain, (*self.produces, "application/problem+json")):
            raise Problem(406, "not_acceptable")
        if method == "post" and self.needs_key:
            vars(self)["post"] = functools.partial(once.run, self, getattr(self, method))
        if self.is_bulk:
            vars(self)[method] = turns.in_turn(getattr(self, method))

    def permission_denied(self, request: Request, *_args: Any, **_kwargs: Any) -> NoReturn:
        needed = self.scopes.get(request.method or "", "")
        raise Problem(403, "insufficient_scope", _("This needs the scope %s.") % needed)

    @property
    def machine(self) -> MachineIdentity:
        return cast("MachineIdentity", self.request.auth)

    @property
    def organization_id(self) -> int:
        """Whose objects the call is about: the credential's organization."""
        return self.machine.organization_id

    @cached_property
    def raw_body(self) -> bytes:
        """The body's bytes, at most `body_limit`: 413."""
        return documents.body_of(self.plain, most=self.body_limit)

    def document(self) -> Any:
        """The JSON value of the body. Raises 413, 415 and 400 malformed_json."""
        self.check_media_type()
        return documents.document_of(self.raw_body, longest_array=self.array_limit)

    def check_media_type(self) -> str:
        """The body's media type, if it is one this view consumes: 415. PATCH takes both of JSON."""
        media_type = calls.media_type_of(self.plain)
        allowed = self.consumes
        if self.request.method == "PATCH":
            allowed = (*allowed, MERGE_PATCH)
        if media_type not in allowed:
            raise Problem(415, "unsupported_media_type", headers={"Accept": ", ".join(allowed)})
        return media_type

    def read(
        self, kind: type[serializers.BaseSerializer[Any]], *, partial: bool = False
    ) -> dict[str, Any]:
        """The validated body. Raises 400 unknown_field, 422 validation_failed and those of
        `document`. `partial` makes no member required and fills in no defaults.
        """
        values: dict[str, Any] = inputs.read(
            kind, self.document(), context={"view": self}, partial=partial
        )
        return values

    def parameters(self, kind: type[serializers.Serializer[Any]]) -> dict[str, Any]:
        """The validated query parameters, besides those of paging. Raises invalid_parameter."""
        return inputs.read_parameters(kind, self.request.query_params, besides=_PAGE)

    def expected_version(self) -> int | None:
        """What `If-Match` asks for: None for any version, 0 (no version is) for other tags."""
        return calls.expected_version_of(self.plain)

    def one(
        self,
        body: Mapping[str, Any],
        *,
        version: int | None = None,
        status: int = 200,
        location: str | None = None,
    ) -> HttpResponse:
        """A single resource, with its ETag and Location. The body is rendered at once."""
        response = HttpResponse(
            msgspec.json.encode(body), status=status, content_type=f"{JSON}; charset=utf-8"
        )
        if version is not None:
            response.headers["ETag"] = f'"v{version}"'
        if location is not None:
            response.headers["Location"] = location
        return response

    def nothing(self) -> HttpResponse:
        """204."""
        response = HttpResponse(status=204)
        del response.headers["Content-Type"]
        return response


class UnknownPath(V1View):
    """Every path under /v1/ that is no resource: 404, whoever asks."""

    authentication_classes = ()
    permission_classes = ()
    throttle_classes = ()
    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:  # noqa: ARG002 - the base names them
        raise Problem(404, "not_found")

"""What every path shares."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar, cast

import msgspec
from django.conf import settings
from django.db.models import Model, QuerySet
from django.http import HttpResponse
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from oms.accounts.queries import MachineIdentity
from oms.api.akinon import errors, filtering, paging
from oms.api.akinon.auth import MayCall, TokenAuth
from oms.api.akinon.filtering import Filter
from oms.api.akinon.paging import SIZE, Shown
from oms.api.akinon.settings import call_rate
from oms.api.base import bodies
from oms.api.base.permissions import HasScope
from oms.api.base.throttling import Rate
from oms.api.base.views import FacadeView

DEEPEST = 32
_MOST_BYTES = 10 * 1024 * 1024

Row = TypeVar("Row", bound=Model)


class AkinonView(FacadeView):
    """A path. Checks run in the order 404 of the path, 401, 403, 429, 405, 400."""

    authentication_classes: Sequence[type[BaseAuthentication]] = (TokenAuth,)
    permission_classes: Sequence[type[BasePermission]] = (MayCall, HasScope)
    handle_error = staticmethod(errors.handle)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """No text of PostgreSQL holds a NUL, so no row is found by one."""
        query = request.query_params
        given = [request.path, *(text for name in query for text in query.getlist(name))]
        if any("\0" in text for text in given):
            raise errors.not_found()
        super().initial(request, *args, **kwargs)

    @property
    def rate(self) -> Rate:  # type: ignore[override] # set where it runs, not where it is written
        return call_rate()

    @property
    def machine(self) -> MachineIdentity:
        return cast("MachineIdentity", self.request.auth)

    def document(self) -> dict[str, Any]:
        """The JSON object of the body: 400, 413. An empty body is an empty object."""
        found = document_of(self.body())
        if not isinstance(found, dict):
            raise errors.invalid("Invalid data. Expected a dictionary.")
        return found

    def body(self) -> bytes:
        """The bytes of the body: 413."""
        request = self.request._request  # noqa: SLF001 - what the framework wraps
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE or _MOST_BYTES
        return bodies.body_of(request, most=most)

    @staticmethod
    def done(data: Any, *, status: int = 200) -> HttpResponse:
        """One object, or a list without paging."""
        return errors.answer(data, status=status)

    @staticmethod
    def empty(status: int = 204) -> HttpResponse:
        """No body."""
        return HttpResponse(status=status, headers={"Content-Length": "0"})

    def chosen(
        self,
        rows: "QuerySet[Row]",
        filters: Mapping[str, Filter],
        sorts: Mapping[str, str],
        *,
        default: str = "-id",
    ) -> "QuerySet[Row]":
        """Rows that fit the query's filters, in the order it asks for: 400 by parameter."""
        query = self.request.query_params
        return paging.ordered(
            filtering.filtered(rows, query, filters), query, dict(sorts), default=default
        )

    def listed(
        self,
        rows: "QuerySet[Row]",
        show: Callable[[Sequence[Row]], Sequence[Shown]],
        *,
        size: int = SIZE,
        most: int = paging.MOST,
        counted: int | None = None,
    ) -> HttpResponse:
        """A page of an ordered list, in the envelope; see `paging.listed`."""
        found = paging.listed(self.request, rows, show, size=size, most=most, counted=counted)
        return self.done(found)


class UnknownPath(AkinonView):
    """Every path of the prefix that is not served: 404, whoever asks."""

    authentication_classes = ()
    permission_classes = ()
    throttle_classes = ()
    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:  # noqa: ARG002 - the base names them
        raise errors.not_found()


def document_of(body: bytes) -> Any:
    """The JSON value of a body: 400. An empty body is an empty object."""
    if not body.strip():
        return {}
    try:
        found = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise errors.detail(400, "JSON parse error.", code="parse_error") from error
    if _is_deep(found):
        raise errors.detail(400, f"Nested deeper than {DEEPEST}.", code="parse_error")
    return found


def _is_deep(found: object) -> bool:
    level = [found]
    for _ in range(DEEPEST):
        level = [
            child
            for parent in level
            if isinstance(parent, dict | list)
            for child in (parent.values() if isinstance(parent, dict) else parent)
        ]
        if not level:
            return False
    return True

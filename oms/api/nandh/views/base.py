"""What every path shares."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any, cast

from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from oms.accounts.queries import MachineIdentity
from oms.api.base.throttling import Rate
from oms.api.base.views import FacadeView
from oms.api.nandh import envelope, errors, reading
from oms.api.nandh.auth import RawKeyAuth
from oms.api.nandh.reading import Values


class NandhView(FacadeView):
    """An operation. Checks run in the order 404 of the path, 401, 403, 429, 405, 413, 415, 400,
    422, then what the core says. Handlers answer by `done` and `listed`.
    """

    authentication_classes: Sequence[type[BaseAuthentication]] = (RawKeyAuth,)
    handle_error = staticmethod(errors.handle)
    rate = Rate(per_second=10, burst=100)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if "\0" in request.path:
            raise errors.Refused(404, "not_found", errors.NOT_FOUND)
        super().initial(request, *args, **kwargs)

    @property
    def machine(self) -> MachineIdentity:
        return cast("MachineIdentity", self.request.auth)

    @cached_property
    def body(self) -> bytes:
        """The JSON body as it came: 413, 415."""
        return reading.body_of(self.request._request)  # noqa: SLF001 - what the framework wraps

    def read(self, kind: type[serializers.Serializer[Any]]) -> Values:
        """The checked body: 400, 422."""
        return reading.read(kind, reading.document_of(self.body))

    def done(self, data: Any) -> HttpResponse:
        """One record."""
        return envelope.success(data)

    def listed(self, rows: Sequence[Any], *, total: int) -> HttpResponse:
        """Records of a page, and how many there are in all."""
        return envelope.success(list(rows), total=total)


class UnknownPath(NandhView):
    """Every path of the prefix that is not served: 404, whoever asks."""

    authentication_classes = ()
    permission_classes = ()
    throttle_classes = ()
    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:  # noqa: ARG002 - the base names them
        raise errors.Refused(404, "not_found", errors.NOT_FOUND)

"""What every operation shares."""

import logging
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, NoReturn, cast

from django.http import HttpResponse
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from oms.accounts.queries import MachineIdentity
from oms.api.base.permissions import HasScope
from oms.api.base.throttling import Rate
from oms.api.base.views import FacadeView
from oms.api.oms4 import envelope, errors
from oms.api.oms4.auth import SignatureAuth
from oms.api.oms4.calls import WireCall
from oms.api.oms4.documents import NotJson
from oms.api.oms4.families import Family
from oms.api.oms4.paging import Page
from oms.api.oms4.permissions import MayCall
from oms.api.oms4.queries import document_of
from oms.api.oms4.reader import Shape, Values
from oms.kernel import errors as kernel
from oms.kernel import logs

logger = logging.getLogger(__name__)

MOST_LOGGED = 50


class Oms4View(FacadeView):
    """An operation. Checks run in the order 401, 403, 429, 405, 400, 404, 409."""

    authentication_classes = (SignatureAuth,)
    permission_classes: Sequence[type[BasePermission]] = (MayCall, HasScope)
    handle_error = staticmethod(errors.handle)
    rate = Rate(per_second=10, burst=200)

    family: ClassVar[Family | None] = None
    for_every_channel: ClassVar[bool] = False
    shape: ClassVar[Shape]

    def permission_denied(
        self, request: Request, message: str | None = None, code: str | None = None
    ) -> NoReturn:
        super().permission_denied(request, message or "api_key: lacks the right", code)

    @property
    def call(self) -> WireCall:
        call: WireCall = self.kwargs["call"]
        return call

    @property
    def machine(self) -> MachineIdentity:
        return cast("MachineIdentity", self.request.auth)

    def values(self) -> Values:
        """The body, read by the operation's shape."""
        values = self.shape.read(self.call.document)
        if isinstance(number := values.get("order_no"), str):
            logs.note(order=number)
        return values

    def done(self, data: Any = None) -> HttpResponse:
        return envelope.success(data, request_id=self.call.request_id)

    def listed(self, page: Page, rows: list[dict[str, Any]], name: str) -> HttpResponse:
        """A page as a bare array, or in a named container for clients that were set so."""
        if self.prefers_container():
            return self.done(page.container(name, rows))
        return self.done(rows)

    def prefers_container(self) -> bool:
        return self.machine.preferences.get("oms4_list_container") == "object"


class ChannelView(Oms4View):
    """For sales channels: POST with a JSON body."""

    family = Family.CHANNEL


class PointView(Oms4View):
    """For fulfillment points: writes by POST with a JSON body."""

    family = Family.POINT

    @property
    def point_id(self) -> int:
        """Its own point; only machines bound to one come this far."""
        return self.machine.point_id or 0


class PointReadView(PointView, ABC):
    """Reads of fulfillment points: GET with a query or a body, or POST with a body."""

    scopes: ClassVar[Mapping[str, str]] = {"GET": "tasks:read", "POST": "tasks:read"}

    def values(self) -> Values:
        return self.shape.read(document_of(self.call, self.shape))

    def get(self, _request: Request, **_: object) -> HttpResponse:
        return self.answer()

    def post(self, _request: Request, **_: object) -> HttpResponse:
        return self.answer()

    @abstractmethod
    def answer(self) -> HttpResponse:
        """What the operation reads."""


class OperationUnknown(kernel.NotFound):
    """No operation has this path, and no alias leads to one."""

    code = "operation_unknown"


class UnknownOperation(Oms4View):
    """A path nobody mapped: an operator learns from the log which alias to add."""

    permission_classes = (MayCall,)
    for_every_channel = True

    def get(self, _request: Request, *_: object, **__: object) -> HttpResponse:
        logger.warning(
            "OMS4 call %s to an unmapped path: %s %.200r, members %.2000r",
            self.call.request_id,
            self.call.method,
            self.call.path,
            self._names(),
        )
        raise OperationUnknown("path: is not an operation")

    post = put = patch = delete = get

    def _names(self) -> list[str]:
        try:
            names = [*(name for name, _ in self.call.pairs), *self.call.document]
        except NotJson:
            return []
        return names[:MOST_LOGGED]


class UnknownChannelOperation(UnknownOperation):
    family = Family.CHANNEL


class UnknownPointOperation(UnknownOperation):
    family = Family.POINT

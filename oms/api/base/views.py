"""The view base of the facades: it fixes who may enter, how often, and how refusals look."""

import datetime as dt
import re
import time
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar, Protocol, cast

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from oms.accounts import clocks
from oms.api.base.permissions import HasScope
from oms.api.base.throttling import ClientThrottle, Rate
from oms.kernel import metrics, tracing, walls
from oms.kernel.actors import Actor

_HTTP_LIKE = re.compile("[1-5][0-9]{2}")


class Machine(Protocol):
    """What a facade's authentication leaves in `request.auth`."""

    @property
    def actor(self) -> Actor: ...
    @property
    def scopes(self) -> frozenset[str]: ...
    @property
    def organization_id(self) -> int: ...
    @property
    def is_test(self) -> bool: ...


class FirstRenderer(BaseContentNegotiation):
    """No negotiation: these languages have one content type, whatever `Accept` says."""

    def select_parser(self, _request: Request, parsers: Any) -> Any:
        return parsers[0]

    def select_renderer(
        self, _request: Request, renderers: Any, _format_suffix: str | None = None
    ) -> Any:
        return renderers[0], renderers[0].media_type


class FacadeView(APIView):
    """A view of a machine's API.

    Subclasses name a scope per method, the authentication of their language, the handler that
    speaks its errors, and the rate that holds for clients without one of their own.
    """

    scopes: ClassVar[Mapping[str, str]] = {}
    rate: ClassVar[Rate | None] = None
    permission_classes: Sequence[type[BasePermission]] = (HasScope,)
    throttle_classes: Sequence[type[BaseThrottle]] = (ClientThrottle,)
    content_negotiation_class = FirstRenderer
    http_method_names = ["get", "post", "put", "patch", "delete"]

    def get_exception_handler(self) -> Any:
        return self.handle_error

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer, and count and time it by facade, operation and class of answer."""
        operation = type(self).__name__
        started = time.perf_counter()
        with tracing.span(operation) as span:
            response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
            code = str(getattr(response, "code", response.status_code))
            span.set(code=code)
        self._let_go()
        metrics.count_request(
            facade=self.__module__.split(".")[2],
            operation=operation,
            code=f"{code[0]}xx" if _HTTP_LIKE.fullmatch(code) else code,
            seconds=time.perf_counter() - started,
        )
        return response

    def _let_go(self) -> None:
        """Untie view and request, which know each other: else bodies of megabytes stay until the
        garbage collector comes by.
        """
        state = vars(self)
        request = state.pop("request", None)
        if isinstance(request, Request):
            request.parser_context = {}
        for name in (*self.http_method_names, "plain", "raw_body"):
            state.pop(name, None)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Who calls, whether they may, and how often; then only their rows are there."""
        super().initial(request, *args, **kwargs)
        if request.auth is None:
            walls.outside()
        else:
            walls.inside(self.machine.organization_id)

    @staticmethod
    @abstractmethod
    def handle_error(error: Exception, context: Mapping[str, Any]) -> HttpResponse:
        """Answer an exception in the facade's language."""

    @property
    def machine(self) -> Machine:
        """The client that calls, once it is authenticated."""
        return cast("Machine", self.request.auth)

    @property
    def actor(self) -> Actor:
        return self.machine.actor

    @cached_property
    def real_now(self) -> dt.datetime:
        """The time outside, read once per call: for what is agreed with others by it."""
        return timezone.now()

    @cached_property
    def now(self) -> dt.datetime:
        """The organization's clock, read once per call. A test organization's may be ahead."""
        if not self.machine.is_test:
            return self.real_now
        return self.real_now + clocks.offset_of(self.machine.organization_id)

"""What every operation shares.

An operation is a class with `shape`, `scopes` and one method, entered in `urls.OPERATIONS`:

    class Pack(IncreffView):
        scopes = {"POST": "parcels:write"}
        shape = shapes.PACK

        @operation("pack", shapes.PACK, answers.PACKED)
        def post(self, _request: Request) -> HttpResponse:
            values = self.values()                              # 415, 400
            point_id = self.point_id(values["locationCode"])    # 400, 403
            channel = self.sales_channel(values["channelName"])
            ...                                                 # one service, actor=self.actor
            return self.done({...})                             # or self.nothing(): zero bytes

`self.actor` sees the points of the EFS channel of the credential, for every sales channel.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, cast

import msgspec
from django.conf import settings
from django.http import HttpResponse
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from oms.accounts.queries import MachineIdentity
from oms.api.base import bodies
from oms.api.base.permissions import HasScope
from oms.api.base.views import FacadeView
from oms.api.increff import codes, errors, reader
from oms.api.increff.auth import MayCall, PasswordAuth
from oms.api.increff.limits import OrganizationThrottle
from oms.api.increff.reader import Shape, Values
from oms.kernel import logs
from oms.kernel.actors import Actor

if TYPE_CHECKING:
    from channels_app.models import Channel

MEDIA_TYPE = "application/json"
DEEPEST = 32
_MOST_BYTES = 10 * 1024 * 1024


class IncreffView(FacadeView):
    """An operation. Checks run in the order 404 of the path, 401, 403, 429, 405, 415, 400."""

    authentication_classes: Sequence[type[BaseAuthentication]] = (PasswordAuth,)
    permission_classes: Sequence[type[BasePermission]] = (MayCall, HasScope)
    throttle_classes: Sequence[type[BaseThrottle]] = (OrganizationThrottle,)
    handle_error = staticmethod(errors.handle)
    shape: ClassVar[Shape]

    @property
    def machine(self) -> MachineIdentity:
        return cast("MachineIdentity", self.request.auth)

    @property
    def efs_channel_id(self) -> int:
        """The channel of the credential; only machines bound to one come this far."""
        return self.machine.channel_id or 0

    @property
    def actor(self) -> Actor:
        """The machine, with the points of its channel in place of the channel."""
        return replace(
            self.machine.actor, channel_ids=None, point_ids=frozenset(self.places.values())
        )

    @cached_property
    def places(self) -> Mapping[str, int]:
        """The points of the EFS channel by its codes, read once per call."""
        return codes.places_of(channel_id=self.efs_channel_id)

    def point_id(self, location_code: str) -> int:
        """400 for a location nobody knows, 403 for one that is not open to the credential."""
        return codes.point_id(self.places, location_code, self.machine)

    def sales_channel(self, name: str) -> "Channel":
        """400 for a channel nobody knows, 403 for one whose orders the EFS does not serve."""
        return codes.sales_channel(name, self.places, self.machine)

    def sku_ids(self, wanted: Collection[str]) -> dict[str, int]:
        """SKUs by the codes of a call; codes nobody knows are absent."""
        return codes.sku_ids(
            wanted,
            efs_channel_id=self.efs_channel_id,
            organization_id=self.machine.organization_id,
        )

    def bundle_ids(self, wanted: Collection[str]) -> dict[str, int]:
        """Bundles by the codes of a call; codes nobody knows are absent. No query for none."""
        if not wanted:
            return {}
        return codes.bundle_ids(
            wanted,
            efs_channel_id=self.efs_channel_id,
            organization_id=self.machine.organization_id,
        )

    def values(self) -> Values:
        """The body, read by the operation's shape: 415, 400."""
        values = reader.read(self.shape, self.document())
        if isinstance(code := values.get("orderCode"), str):
            logs.note(order=code)
        return values

    def document(self) -> Any:
        """The JSON value of the body: 415, 400. A body without a type is taken for JSON."""
        request = self.request._request  # noqa: SLF001 - what the framework wraps
        media_type = (request.META.get("CONTENT_TYPE") or "").partition(";")[0].strip().lower()
        if media_type not in ("", MEDIA_TYPE):
            raise errors.Refused(415, errors.BAD_DATA, f"Content-Type must be {MEDIA_TYPE}")
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE or _MOST_BYTES
        return _decoded(bodies.body_of(request, most=most))

    @staticmethod
    def done(data: Mapping[str, Any]) -> HttpResponse:
        """200 with one object."""
        content = msgspec.json.encode(data)
        headers = {"Content-Type": errors.CONTENT_TYPE, "Content-Length": str(len(content))}
        return HttpResponse(content, headers=headers)

    @staticmethod
    def nothing() -> HttpResponse:
        """200 with zero bytes."""
        headers = {"Content-Type": errors.CONTENT_TYPE, "Content-Length": "0"}
        return HttpResponse(headers=headers)


class UnknownPath(IncreffView):
    """Paths of this language that are not served: 404, whoever asks, naming v1 where there is."""

    authentication_classes = ()
    permission_classes = ()
    throttle_classes = ()
    schema = None
    instead: ClassVar[str] = ""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:  # noqa: ARG002 - the base names them
        hint = f"; use {self.instead}" if self.instead else ""
        raise errors.Refused(404, errors.NOT_FOUND, f"No such path{hint}")


def _decoded(body: bytes) -> Any:
    try:
        document = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise errors.bad_data("The body is not JSON") from error
    if _is_deep(document):
        raise errors.bad_data(f"The body is nested deeper than {DEEPEST}")
    return document


def _is_deep(document: object) -> bool:
    level = [document]
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

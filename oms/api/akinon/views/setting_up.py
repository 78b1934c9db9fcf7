"""The first-time copy from Omnitron: three verbs for each kind (contract 2.4)."""

from typing import ClassVar

from django.http import HttpResponse
from rest_framework.request import Request

from channels_app.choices import SyncKind
from oms.api.akinon.sync import setup
from oms.api.akinon.views.base import AkinonView

MANAGE = "settings:manage"

# Paths below the prefix, and what they copy.
KINDS: dict[str, SyncKind] = {
    "setup/addresses": SyncKind.ADDRESSES,
    "setup/channels": SyncKind.CHANNELS,
    "setup/retail_stores": SyncKind.RETAIL_STORES,
    "stock_locations": SyncKind.STOCK_LOCATIONS,
}


class IsRequired(AkinonView):
    scopes = {"GET": MANAGE}
    kind: ClassVar[SyncKind]

    def get(self, _request: Request) -> HttpResponse:
        organization_id = self.machine.organization_id
        is_required = setup.is_required(organization_id=organization_id, kind=self.kind)
        return self.done({"is_required": is_required})


class Execute(AkinonView):
    scopes = {"GET": MANAGE, "POST": MANAGE}
    kind: ClassVar[SyncKind]

    def get(self, _request: Request) -> HttpResponse:
        """202: a worker copies; a copy that is under way goes on."""
        organization_id = self.machine.organization_id
        setup.start(organization_id=organization_id, kind=self.kind, now=self.real_now)
        return self.empty(202)

    post = get


class AsyncStatus(AkinonView):
    scopes = {"GET": MANAGE}
    kind: ClassVar[SyncKind]

    def get(self, _request: Request) -> HttpResponse:
        state = setup.state_of(organization_id=self.machine.organization_id, kind=self.kind)
        return self.done({"status": state.status, "detail": state.detail})


_VERBS: dict[str, type[AkinonView]] = {
    "is_required": IsRequired,
    "execute": Execute,
    "get_async_status": AsyncStatus,
}


def operations() -> dict[str, type[AkinonView]]:
    """A view of its own for each kind and verb."""
    return {
        f"{path}/{verb}": type(f"{view.__name__}{kind.title()}", (view,), {"kind": kind})
        for path, kind in KINDS.items()
        for verb, view in _VERBS.items()
    }

"""Which machine may call what (contract sections 1.2, 1.6 and 3.1)."""

from typing import cast

from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from channels_app.choices import ChannelType
from oms.accounts.choices import ClientKind
from oms.accounts.queries import MachineIdentity
from oms.api.oms4.families import Family
from oms.locations.choices import PointType


class MayCall(BasePermission):
    """The machine is enabled, of the family of the path, and of a type the API is offered to."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        machine = cast("MachineIdentity", request.auth)
        family: Family | None = getattr(view, "family", None)
        if not machine.is_active:
            self.message = "api_key: is disabled"
        elif family is Family.CHANNEL and machine.kind != ClientKind.CHANNEL:
            self.message = "api_key: is not one of a sales channel"
        elif family is Family.POINT and machine.kind != ClientKind.POINT:
            self.message = "api_key: is not one of a fulfillment point"
        elif family is Family.POINT and machine.point_type != PointType.GENERAL:
            self.message = "fulfillment point: is not of type General"
        elif not getattr(view, "for_every_channel", True) and _is_marketplace(machine):
            self.message = "sales channel: this API is offered to type General only"
        else:
            return True
        return False


def _is_marketplace(machine: MachineIdentity) -> bool:
    return machine.kind == ClientKind.CHANNEL and machine.channel_type != ChannelType.GENERAL

"""The paths of packages, transfers, their commands, and what these are configured by."""

from collections.abc import Mapping

from oms.api.akinon.views import commands, denial_reasons, logs, packages, transfers, transitions
from oms.api.akinon.views.base import AkinonView

_ID = "(?P<number>[0-9]{1,15})"

OPERATIONS: Mapping[str, type[AkinonView]] = {
    "packages": packages.Packages,
    "packages/short": packages.ShortPackages,
    "packages/package-items": packages.PackageItems,
    f"packages/package-items/{_ID}": packages.PackageItem,
    "packages/package_denial_reason": denial_reasons.DenialReasons,
    f"packages/package_denial_reason/{_ID}": denial_reasons.DenialReasonDetail,
    "package-denial-reason": denial_reasons.DenialReasons,
    f"package-denial-reason/{_ID}": denial_reasons.DenialReasonDetail,
    f"packages/{_ID}": packages.PackageDetail,
    f"packages/{_ID}/command": commands.PackageCommand,
    "transfer_orders": transfers.Transfers,
    "transfer_orders/short": transfers.ShortTransfers,
    f"transfer_orders/{_ID}": transfers.TransferDetail,
    f"transfer_orders/{_ID}/command": commands.TransferCommand,
    "state-transitions": transitions.Transitions,
    f"state-transitions/{_ID}": transitions.TransitionDetail,
    "state-transition-logs": logs.TransitionLogs,
    f"state-transition-logs/{_ID}": logs.TransitionLog,
}

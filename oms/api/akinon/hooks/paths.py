"""The paths of hooks. Clients know the resource under three prefixes (contract 2.1)."""

from collections.abc import Mapping

from oms.api.akinon.hooks import views
from oms.api.akinon.views.base import AkinonView

_ID = "(?P<number>[0-9]{1,15})"
_MOUNTED = "(?:api/v1/(?:oms/)?)?whisperer/"

# Below the prefix of the language.
OPERATIONS: Mapping[str, type[AkinonView]] = {
    "oms_hook_events/publish-event": views.PublishEvent,
    "oms_hook_events/resend-event": views.ResendEvent,
}
# From the root.
ELSEWHERE: Mapping[str, type[AkinonView]] = {
    f"{_MOUNTED}hooks": views.Hooks,
    f"{_MOUNTED}hooks/get_registry": views.Registry,
    f"{_MOUNTED}hooks/{_ID}": views.OneHook,
    f"{_MOUNTED}hook_events": views.HookEvents,
    f"{_MOUNTED}hook_events/{_ID}": views.OneHookEvent,
    f"{_MOUNTED}hook_events/{_ID}/retry": views.RetryHookEvent,
}

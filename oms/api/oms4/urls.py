"""One entry for every path with `/rest/` in it; the operation is looked up in a table."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.urls import re_path
from django.views.decorators.csrf import csrf_exempt
from rest_framework.exceptions import APIException

from oms.api.oms4 import errors
from oms.api.oms4.calls import WireCall, new_request_id, read_call
from oms.api.oms4.families import Family
from oms.api.oms4.operations import OPERATIONS, aliases
from oms.api.oms4.views.base import (
    UnknownChannelOperation,
    UnknownOperation,
    UnknownPointOperation,
)

View = Callable[..., HttpResponseBase]

_ENTRIES: dict[str, View] = {path: view.as_view() for path, view in OPERATIONS.items()}
_ENTRIES |= {
    alias: _ENTRIES[target] for alias, target in aliases(settings.OMS_OMS4_PATH_ALIASES).items()
}
_UNKNOWN: dict[Family | None, View] = {
    Family.CHANNEL: UnknownChannelOperation.as_view(),
    Family.POINT: UnknownPointOperation.as_view(),
    None: UnknownOperation.as_view(),
}


@csrf_exempt
def dispatch(request: HttpRequest) -> HttpResponseBase:
    """Read the call once and hand it to its operation."""
    try:
        call = read_call(request)
    except APIException as refusal:
        return errors.answer(refusal, request_id=new_request_id())
    return entry(call)(request, call=call)


def entry(call: WireCall) -> View:
    """The view of a path, or the one that answers for paths nobody mapped."""
    return _ENTRIES.get(call.path) or _UNKNOWN[Family.of(call.path)]


app_name = "oms4"
urlpatterns = [re_path(r"^(?!admin/|static/)(?:.*/)?rest/", dispatch, name="call")]

"""Every path with and without a slash at the end, so that no POST is ever redirected.

`OPERATIONS` are below `/api/v1/oms/`, the prefix both forms of hosts have (contract 0.2). Paths
are regular expressions without their ends; the first that fits is taken.
"""

from collections.abc import Mapping

from django.urls import URLPattern, re_path

from oms.api.akinon import package_urls
from oms.api.akinon.hooks import paths as hooks
from oms.api.akinon.views import channels, locations, orders, receiving, scenarios, setting_up
from oms.api.akinon.views import settings as app_settings
from oms.api.akinon.views.base import AkinonView, UnknownPath
from oms.api.akinon.views.logging_in import LogIn

PREFIX = "api/v1/oms/"
ID = "(?P<number>[0-9]{1,15})"

OPERATIONS: Mapping[str, type[AkinonView]] = {
    "orders": orders.Orders,
    f"orders/{ID}": orders.OrderDetail,
    "order_items": orders.OrderItems,
    f"order_items/{ID}": orders.OrderItem,
    "stocklocations": locations.StockLocations,
    "stocklocations/list-simple": locations.SimpleStockLocations,
    f"stocklocations/{ID}": locations.StockLocation,
    "query-stock-availability": locations.StockAvailability,
    "channels": channels.Channels,
    f"channels/{ID}": channels.ChannelDetail,
    "cancellation-reasons": channels.CancellationReasons,
    "cancellation-reasons/pull_from_omnitron": channels.PullCancellationReasons,
    "settings/application_settings": app_settings.ApplicationSettings,
    f"settings/application_settings/{ID}": app_settings.ApplicationSettingDetail,
    "scenarios": scenarios.Scenarios,
    f"scenarios/{ID}": scenarios.ScenarioDetail,
    "transfer_scenarios": scenarios.TransferScenarios,
    f"transfer_scenarios/{ID}": scenarios.TransferScenarioDetail,
    "orders_omnitron": receiving.ReceiveOrder,
    "cancellation_plan": receiving.ReceiveCancellationPlan,
    "stocklocations-webhook": receiving.ReceiveStore,
    **setting_up.operations(),
    **package_urls.OPERATIONS,
    **hooks.OPERATIONS,
}
# Paths that are not below the prefix.
ELSEWHERE: Mapping[str, type[AkinonView]] = {
    "api/(?:v1|i1)/auth/login": LogIn,
    **hooks.ELSEWHERE,
}


def _paths() -> list[URLPattern]:
    whole = {f"{PREFIX}{path}": view for path, view in OPERATIONS.items()} | dict(ELSEWHERE)
    return [
        *(re_path(f"^{path}/?$", view.as_view()) for path, view in whole.items()),
        re_path(f"^{PREFIX}.*$", UnknownPath.as_view(), name="unknown"),
    ]


app_name = "akinon"
urlpatterns = _paths()

"""Which path is which operation: the contract's paths, their aliases, and the operator's."""

from collections.abc import Mapping

from django.core.exceptions import ImproperlyConfigured

from oms.api.oms4.views import cancel_requests, orders, parcels, products, reports, tasks
from oms.api.oms4.views.base import Oms4View

OPERATIONS: Mapping[str, type[Oms4View]] = {
    "/rest/sc_api/order/create": orders.CreateOrder,
    "/rest/sc_api/order/list": orders.GetOrders,
    "/rest/sc_api/order/cancel": orders.CancelOrder,
    "/rest/sc_api/order/request_cancel": cancel_requests.RequestCancel,
    "/rest/sc_api/parcel/list": parcels.GetParcels,
    "/rest/sc_api/parcel/track_trace": parcels.TrackTrace,
    "/rest/sc_api/parcel/update_status": parcels.UpdateParcelStatus,
    "/rest/sc_api/parcel/update_tracking_docs": parcels.UpdateTrackingDocs,
    "/rest/sc_api/upstream_spu/update_spu_info": products.UpdateSpu,
    "/rest/sc_api/upstream_spu/delete_spu": products.DeleteSpu,
    "/rest/sc_api/upstream_spu/update_spu_status": products.UpdateSpuStatus,
    "/rest/fp_api/fulfillment_task/get": tasks.GetTasks,
    "/rest/fp_api/fulfillment_task/get_by_no": tasks.GetTasksByNo,
    "/rest/fp_api/fulfillment_task/get_shipping_info": tasks.GetShippingInfo,
    "/rest/fp_api/fulfillment_task/update_activity": reports.UpdateActivity,
    "/rest/fp_api/fulfillment_task/update_parcel_activity": reports.UpdateParcelActivity,
    "/rest/fp_api/fulfillment_task/set_parcel_packed": reports.ParcelPacked,
    "/rest/fp_api/cancellation_task/get": tasks.GetCancellations,
    "/rest/fp_api/cancel_request/get": cancel_requests.GetCancelRequests,
    "/rest/fp_api/inventory/sync": reports.SyncInventory,
}

ALIASES: Mapping[str, str] = {
    "/rest/sc_api/order/track_trace": "/rest/sc_api/parcel/track_trace",
    "/rest/sc_api/parcel/track": "/rest/sc_api/parcel/track_trace",
    "/rest/sc_api/order/cancel_request": "/rest/sc_api/order/request_cancel",
    "/rest/sc_api/order/request_to_cancel": "/rest/sc_api/order/request_cancel",
    "/rest/sc_api/parcel/update_tracking_doc": "/rest/sc_api/parcel/update_tracking_docs",
    "/rest/sc_api/parcel/update_tracking": "/rest/sc_api/parcel/update_tracking_docs",
    "/rest/sc_api/upstream_spu/delete": "/rest/sc_api/upstream_spu/delete_spu",
    "/rest/sc_api/upstream_spu/delete_spu_info": "/rest/sc_api/upstream_spu/delete_spu",
    "/rest/sc_api/upstream_spu/update_status": "/rest/sc_api/upstream_spu/update_spu_status",
    "/rest/fp_api/fulfillment_task/list": "/rest/fp_api/fulfillment_task/get",
    "/rest/fp_api/fulfillment_task/get_list": "/rest/fp_api/fulfillment_task/get",
    "/rest/fp_api/fulfillment_task/update_ft_activity": (
        "/rest/fp_api/fulfillment_task/update_activity"
    ),
    "/rest/fp_api/fulfillment_task/update_fulfillment_activity": (
        "/rest/fp_api/fulfillment_task/update_activity"
    ),
}


def aliases(entries: list[str]) -> dict[str, str]:
    """The built-in aliases and the operator's `alias=operation`. Refuses nonsense at start-up."""
    table = dict(ALIASES)
    for entry in entries:
        alias, _, target = (part.strip() for part in entry.partition("="))
        target = table.get(target, target)
        if not alias.startswith("/rest/") or target not in OPERATIONS:
            raise ImproperlyConfigured(
                f"OMS_OMS4_PATH_ALIASES: {entry!r} is not `/rest/...=` and a known operation."
            )
        table[alias] = target
    return table

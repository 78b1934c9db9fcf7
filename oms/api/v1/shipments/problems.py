"""How refusals about shipments become problems."""

from typing import Any

from fulfillment import services
from fulfillment.lifecycle import StationRefused
from fulfillment.services import label_files
from oms.api.v1.orders import mapping as order_words
from oms.api.v1.orders import rendering as orders
from oms.api.v1.road.problems import Translation, register
from oms.api.v1.shipments import mapping

_WAIT = {"Retry-After": "5"}


def _station(refusal: StationRefused) -> dict[str, object]:
    return {
        "current_status": mapping.STATUS_OUT[refusal.source],
        "allowed": mapping.allowed(refusal.source),
    }


def _frozen(refusal: services.DetailFrozen) -> dict[str, object]:
    return {
        "current_status": mapping.STATUS_OUT[refusal.station],
        "allowed": mapping.allowed(refusal.station),
    }


def _order(refusal: services.OrderNotAllocated) -> dict[str, object]:
    status = orders.status(refusal.order)
    return {"current_status": status, "allowed": list(order_words.NEXT[status])}


def _carrier(refusal: Any) -> dict[str, object]:
    return {
        "carrier_code": refusal.carrier_code,
        "carrier_message": refusal.carrier_message,
    }


register(
    {
        StationRefused: Translation(409, "invalid_state", extensions=_station),
        services.DetailFrozen: Translation(409, "invalid_state", extensions=_frozen),
        services.ParcelChanged: Translation(412, "version_conflict"),
        services.OrderNotAllocated: Translation(409, "invalid_state", extensions=_order),
        services.NothingAllocatedThere: Translation(409, "insufficient_stock"),
        services.CodExceeded: Translation(
            422, "validation_failed", pointer="/cod_amount", field_code="out_of_range"
        ),
        services.ReportedAhead: Translation(
            422, "validation_failed", pointer="/occurred_at", field_code="out_of_range"
        ),
        services.CarrierRefused: Translation(422, "carrier_rejected", extensions=_carrier),
        services.CarrierUnavailable: Translation(502, "carrier_unavailable"),
        label_files.LabelMissing: Translation(404, "not_found"),
        label_files.LabelPending: Translation(409, "label_not_ready", headers=_WAIT),
        label_files.LabelFailed: Translation(422, "carrier_rejected", extensions=_carrier),
        label_files.FormatUnavailable: Translation(406, "not_acceptable"),
    }
)

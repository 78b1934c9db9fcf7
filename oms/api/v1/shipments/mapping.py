"""The words of the contract's shipments and ours (contract 4.10). The only file that knows both."""

from collections.abc import Mapping

from fulfillment import lifecycle
from fulfillment.choices import DocumentStatus, ReportSource, ServiceLevel, Station
from fulfillment.services.label_files import LabelFormat

STATUS_OUT: Mapping[Station, str] = {
    Station.CREATED: "created",
    Station.LABEL_PENDING: "label_pending",
    Station.LABEL_FAILED: "label_failed",
    Station.READY: "ready_to_ship",
    Station.PICKUP_FAILED: "pickup_failed",
    Station.SHIPPED: "picked_up",
    Station.IN_TRANSIT: "in_transit",
    Station.OUT_FOR_DELIVERY: "out_for_delivery",
    Station.DELIVERY_FAILED: "delivery_failed",
    Station.RETURNING: "returning",
    Station.DELIVERED: "delivered",
    Station.RETURNED_TO_POINT: "returned",
    Station.LOST: "lost",
    Station.DAMAGED: "damaged",
    Station.CANCELLED: "cancelled",
}
STATUS: Mapping[str, Station] = {word: station for station, word in STATUS_OUT.items()}
SERVICE_LEVEL: Mapping[str, ServiceLevel] = {level.lower(): level for level in ServiceLevel}
SOURCE: Mapping[str, ReportSource] = {source.lower(): source for source in ReportSource}
LABEL_STATUS: Mapping[str, str] = {
    DocumentStatus.PENDING: "pending",
    DocumentStatus.READY: "ready",
    DocumentStatus.FAILED: "failed",
}
FORMAT: Mapping[str, LabelFormat] = {each.name.lower(): each for each in LabelFormat}
FORMAT_OUT: Mapping[str, str] = {str(each): word for word, each in FORMAT.items()}

OTHER = "other"
CARRIERS = (
    "ghn", "ghtk", "spx", "lex", "jt", "viettel_post", "vnpost", "self", "platform", OTHER,
)  # fmt: skip
BRINGS_TRACKING = frozenset({"self", OTHER})
CANCEL_REASONS = (
    "customer_request", "out_of_stock", "fraud", "undeliverable_address", "payment_failed",
    "duplicate", "other",
)  # fmt: skip

# Columns of a parcel by the member that shows them, for what may be patched.
COLUMNS: Mapping[str, str] = {
    "carrier": "carrier_code",
    "service_level": "service_level",
    "tracking_number": "tracking_number",
    "tracking_url": "tracking_url",
    "note": "note",
    "weight_kg": "parcel",
    "length_cm": "parcel",
    "width_cm": "parcel",
    "height_cm": "parcel",
}


def carrier_code(name: str) -> str | None:
    """The contract's code for a carrier's name; None while nobody chose one."""
    if not name:
        return None
    word = name.strip().lower()
    return word if word in CARRIERS else OTHER


def allowed(station: Station) -> list[str]:
    """Where a shipment may go from a station, in the contract's words and order."""
    targets = lifecycle.STATION_TRANSITIONS[station]
    return [word for target, word in STATUS_OUT.items() if target in targets]

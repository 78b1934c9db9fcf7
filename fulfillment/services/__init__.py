"""What may happen to tasks, parcels and labels."""

from fulfillment.queries import DocumentNotFound, ParcelNotFound, TaskNotFound
from fulfillment.services.accepting import (
    OrderCannotBeAllocated,
    StockShort,
    accept_order,
    place_new_order,
)
from fulfillment.services.activities import ActivityReport, report_activity
from fulfillment.services.allocation import (
    allocate_due,
    allocate_order,
    allocate_orders,
    drain_allocation,
    wake_waiting_orders,
)
from fulfillment.services.box_drafts import (
    BoxDraft,
    CodExceeded,
    LineNotOfOrder,
    NothingAllocatedThere,
    OrderNotAllocated,
    UnitsExceeded,
)
from fulfillment.services.cancelling import (
    CancelOrder,
    LineNotInOrder,
    LineOverride,
    ParcelHasLeft,
    cancel_order,
    decide_cancel_request,
)
from fulfillment.services.catching_up import CaughtUp, advance_clock
from fulfillment.services.contents import DocumentKindUnknown, DocumentTooLarge
from fulfillment.services.deciding import decide_cancellation
from fulfillment.services.ending import end_order
from fulfillment.services.erasing import erase_documents
from fulfillment.services.fetching import fetch_due_labels, fetch_due_waybills, fetch_label
from fulfillment.services.hopping import hop_due
from fulfillment.services.labels import (
    LabelNotFailed,
    plan_parcels,
    request_label,
    retry_label,
    void_labels,
)
from fulfillment.services.milestones import (
    ChannelParcelMismatch,
    MilestoneReport,
    MilestoneUnknown,
    ParcelVoided,
    report_milestone,
)
from fulfillment.services.packing import pack_parcels
from fulfillment.services.packing_rules import (
    CarrierMissing,
    EmptyParcel,
    LineAlreadyPacked,
    LineCancelled,
    LineNotInTask,
    PackedParcel,
    PackRequest,
    ParcelNumberTaken,
    SplitNotAllowed,
    TaskEnded,
)
from fulfillment.services.parcel_changes import (
    CarrierRefused,
    CarrierUnavailable,
    DetailFrozen,
    ParcelChange,
    ParcelChanged,
    cancel_parcel,
    change_parcel,
)
from fulfillment.services.receiving import mark_received
from fulfillment.services.shipping_everything import Outing, Unserved, ship_everything
from fulfillment.services.shortages import flag_unserved
from fulfillment.services.stations import (
    Reported,
    ReportedAhead,
    StationReport,
    report_station,
)
from fulfillment.services.tracking_docs import TrackingDocs, record_tracking_docs
from fulfillment.services.unit_packing import pack_units
from fulfillment.services.wishes import pass_on_wish

__all__ = [
    "ActivityReport",
    "BoxDraft",
    "CancelOrder",
    "CarrierMissing",
    "CarrierRefused",
    "CarrierUnavailable",
    "CaughtUp",
    "ChannelParcelMismatch",
    "CodExceeded",
    "DetailFrozen",
    "DocumentKindUnknown",
    "DocumentNotFound",
    "DocumentTooLarge",
    "EmptyParcel",
    "LabelNotFailed",
    "LineAlreadyPacked",
    "LineCancelled",
    "LineNotInOrder",
    "LineNotInTask",
    "LineNotOfOrder",
    "LineOverride",
    "MilestoneReport",
    "MilestoneUnknown",
    "NothingAllocatedThere",
    "OrderCannotBeAllocated",
    "OrderNotAllocated",
    "Outing",
    "PackRequest",
    "PackedParcel",
    "ParcelChange",
    "ParcelChanged",
    "ParcelHasLeft",
    "ParcelNotFound",
    "ParcelNumberTaken",
    "ParcelVoided",
    "Reported",
    "ReportedAhead",
    "SplitNotAllowed",
    "StationReport",
    "StockShort",
    "TaskEnded",
    "TaskNotFound",
    "TrackingDocs",
    "UnitsExceeded",
    "Unserved",
    "accept_order",
    "advance_clock",
    "allocate_due",
    "allocate_order",
    "allocate_orders",
    "cancel_order",
    "cancel_parcel",
    "change_parcel",
    "decide_cancel_request",
    "decide_cancellation",
    "drain_allocation",
    "end_order",
    "erase_documents",
    "fetch_due_labels",
    "fetch_due_waybills",
    "fetch_label",
    "flag_unserved",
    "hop_due",
    "mark_received",
    "pack_parcels",
    "pack_units",
    "pass_on_wish",
    "place_new_order",
    "plan_parcels",
    "record_tracking_docs",
    "report_activity",
    "report_milestone",
    "report_station",
    "request_label",
    "retry_label",
    "ship_everything",
    "void_labels",
    "wake_waiting_orders",
]

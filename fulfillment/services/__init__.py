"""What may happen to tasks, parcels and labels."""

from fulfillment.queries import DocumentNotFound, ParcelNotFound, TaskNotFound
from fulfillment.services.accepting import OrderCannotBeAllocated, accept_order
from fulfillment.services.activities import ActivityReport, report_activity
from fulfillment.services.allocation import (
    allocate_due,
    allocate_order,
    allocate_orders,
    drain_allocation,
    wake_waiting_orders,
)
from fulfillment.services.cancelling import (
    CancelOrder,
    LineNotInOrder,
    LineOverride,
    ParcelHasLeft,
    cancel_order,
    decide_cancel_request,
)
from fulfillment.services.contents import DocumentKindUnknown, DocumentTooLarge
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
from fulfillment.services.receiving import mark_received
from fulfillment.services.shortages import flag_unserved
from fulfillment.services.tracking_docs import TrackingDocs, record_tracking_docs
from fulfillment.services.wishes import pass_on_wish

__all__ = [
    "ActivityReport",
    "CancelOrder",
    "CarrierMissing",
    "ChannelParcelMismatch",
    "DocumentKindUnknown",
    "DocumentNotFound",
    "DocumentTooLarge",
    "EmptyParcel",
    "LabelNotFailed",
    "LineAlreadyPacked",
    "LineCancelled",
    "LineNotInOrder",
    "LineNotInTask",
    "LineOverride",
    "MilestoneReport",
    "MilestoneUnknown",
    "OrderCannotBeAllocated",
    "PackRequest",
    "PackedParcel",
    "ParcelHasLeft",
    "ParcelNotFound",
    "ParcelNumberTaken",
    "ParcelVoided",
    "SplitNotAllowed",
    "TaskEnded",
    "TaskNotFound",
    "TrackingDocs",
    "accept_order",
    "allocate_due",
    "allocate_order",
    "allocate_orders",
    "cancel_order",
    "decide_cancel_request",
    "drain_allocation",
    "erase_documents",
    "fetch_due_labels",
    "fetch_due_waybills",
    "fetch_label",
    "flag_unserved",
    "hop_due",
    "mark_received",
    "pack_parcels",
    "pass_on_wish",
    "plan_parcels",
    "record_tracking_docs",
    "report_activity",
    "report_milestone",
    "request_label",
    "retry_label",
    "void_labels",
    "wake_waiting_orders",
]

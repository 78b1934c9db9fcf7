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
from fulfillment.services.back_test import (
    BackTest,
    Tally,
    TooManyOrders,
    back_test,
)
from fulfillment.services.box_drafts import (
    BoxDraft,
    CodExceeded,
    LineNotOfOrder,
    NothingAllocatedThere,
    OrderNotAllocated,
    UnitsExceeded,
)
from fulfillment.services.bundles import (
    PaperMissing,
    TooManyDocuments,
    documents_of_picklist,
    print_documents,
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
from fulfillment.services.correcting import (
    Correction,
    CorrectionExceeded,
    InvoiceNotFound,
    LineNotInvoiced,
    correct_invoice,
    credit_returned,
)
from fulfillment.services.deciding import decide_cancellation
from fulfillment.services.dock.handovers import (
    HandoverDraft,
    HandoverNotFound,
    HandoverSigned,
    file_signed_paper,
    hand_over,
)
from fulfillment.services.dock.manifests import ManifestDraft, make_manifest
from fulfillment.services.dock.picklists import (
    PicklistClosed,
    PicklistCodeTaken,
    PicklistDraft,
    PicklistNotFound,
    add_to_picklist,
    close_finished_picklist,
    create_picklist,
)
from fulfillment.services.dock.scenes import NoTasksNamed, PointUnknown, TasksUnfit, Unfit
from fulfillment.services.dock.short_picks import ShortPickExceeded, report_short_pick
from fulfillment.services.dock.waves import NothingToPick, WaveDraft, plan_wave
from fulfillment.services.dry_run import (
    ChannelUnknown,
    PlanAnswer,
    PlanDraft,
    PlanLine,
    PlannedTask,
    draft_of_order,
    dry_run,
)
from fulfillment.services.ending import end_order
from fulfillment.services.erasing import erase_documents
from fulfillment.services.fetching import fetch_due_labels, fetch_due_waybills, fetch_label
from fulfillment.services.following import follow_due_labels
from fulfillment.services.hopping import hop_due
from fulfillment.services.labels import (
    LabelNotFailed,
    plan_parcels,
    request_label,
    retry_label,
    void_labels,
)
from fulfillment.services.making_papers import (
    PaperNotFailed,
    draw_due_papers,
    make_papers_now,
    redraw_paper,
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
    TaskStopped,
)
from fulfillment.services.paper_jobs import ask_for_paper
from fulfillment.services.parcel_changes import (
    CarrierRefused,
    CarrierUnavailable,
    DetailFrozen,
    ParcelChange,
    ParcelChanged,
    cancel_parcel,
    change_parcel,
)
from fulfillment.services.public_links import OPEN_FOR, document_of_token, public_url
from fulfillment.services.receiving import mark_received
from fulfillment.services.refusing import (
    MoreThanOpen,
    RefusedTooLate,
    SkuNotInTask,
    refuse_units,
)
from fulfillment.services.scenarios import (
    NotADraft,
    ScenarioCodeTaken,
    ScenarioDraft,
    ScenarioInUse,
    ScenarioNotFound,
    acting_version,
    change_scenario,
    create_scenario,
    discard_draft,
    draft_version,
    publish_version,
    remove_scenario,
    replace_rules,
)
from fulfillment.services.shipment_drafts import (
    AlreadyInvoiced,
    OpenUnitsExceeded,
    OrderOnHold,
    PackedShipment,
    SerialsMiscounted,
    ShipmentDraft,
    ShipmentEmpty,
    ShipmentIncomplete,
)
from fulfillment.services.shipment_packing import pack_shipment
from fulfillment.services.shipping_everything import Outing, Unserved, ship_everything
from fulfillment.services.shortages import flag_unserved
from fulfillment.services.stations import (
    Reported,
    ReportedAhead,
    StationReport,
    report_station,
)
from fulfillment.services.templates import (
    TemplateBroken,
    TemplateTooLong,
    preview_template,
    save_template,
)
from fulfillment.services.terms import announce_terms
from fulfillment.services.tracking_docs import TrackingDocs, record_tracking_docs
from fulfillment.services.unit_packing import pack_units
from fulfillment.services.voiding import LineInvoiced
from fulfillment.services.wishes import pass_on_wish

__all__ = [
    "OPEN_FOR",
    "ActivityReport",
    "AlreadyInvoiced",
    "BackTest",
    "BoxDraft",
    "CancelOrder",
    "CarrierMissing",
    "CarrierRefused",
    "CarrierUnavailable",
    "CaughtUp",
    "ChannelParcelMismatch",
    "ChannelUnknown",
    "CodExceeded",
    "Correction",
    "CorrectionExceeded",
    "DetailFrozen",
    "DocumentKindUnknown",
    "DocumentNotFound",
    "DocumentTooLarge",
    "EmptyParcel",
    "HandoverDraft",
    "HandoverNotFound",
    "HandoverSigned",
    "InvoiceNotFound",
    "LabelNotFailed",
    "LineAlreadyPacked",
    "LineCancelled",
    "LineInvoiced",
    "LineNotInOrder",
    "LineNotInTask",
    "LineNotInvoiced",
    "LineNotOfOrder",
    "LineOverride",
    "ManifestDraft",
    "MilestoneReport",
    "MilestoneUnknown",
    "MoreThanOpen",
    "NoTasksNamed",
    "NotADraft",
    "NothingAllocatedThere",
    "NothingToPick",
    "OpenUnitsExceeded",
    "OrderCannotBeAllocated",
    "OrderNotAllocated",
    "OrderOnHold",
    "Outing",
    "PackRequest",
    "PackedParcel",
    "PackedShipment",
    "PaperMissing",
    "PaperNotFailed",
    "ParcelChange",
    "ParcelChanged",
    "ParcelHasLeft",
    "ParcelNotFound",
    "ParcelNumberTaken",
    "ParcelVoided",
    "PicklistClosed",
    "PicklistCodeTaken",
    "PicklistDraft",
    "PicklistNotFound",
    "PlanAnswer",
    "PlanDraft",
    "PlanLine",
    "PlannedTask",
    "PointUnknown",
    "RefusedTooLate",
    "Reported",
    "ReportedAhead",
    "ScenarioCodeTaken",
    "ScenarioDraft",
    "ScenarioInUse",
    "ScenarioNotFound",
    "SerialsMiscounted",
    "ShipmentDraft",
    "ShipmentEmpty",
    "ShipmentIncomplete",
    "ShortPickExceeded",
    "SkuNotInTask",
    "SplitNotAllowed",
    "StationReport",
    "StockShort",
    "Tally",
    "TaskEnded",
    "TaskNotFound",
    "TaskStopped",
    "TasksUnfit",
    "TemplateBroken",
    "TemplateTooLong",
    "TooManyDocuments",
    "TooManyOrders",
    "TrackingDocs",
    "Unfit",
    "UnitsExceeded",
    "Unserved",
    "WaveDraft",
    "accept_order",
    "acting_version",
    "add_to_picklist",
    "advance_clock",
    "allocate_due",
    "allocate_order",
    "allocate_orders",
    "announce_terms",
    "ask_for_paper",
    "back_test",
    "cancel_order",
    "cancel_parcel",
    "change_parcel",
    "change_scenario",
    "close_finished_picklist",
    "correct_invoice",
    "create_picklist",
    "create_scenario",
    "credit_returned",
    "decide_cancel_request",
    "decide_cancellation",
    "discard_draft",
    "document_of_token",
    "documents_of_picklist",
    "draft_of_order",
    "draft_version",
    "drain_allocation",
    "draw_due_papers",
    "dry_run",
    "end_order",
    "erase_documents",
    "fetch_due_labels",
    "fetch_due_waybills",
    "fetch_label",
    "file_signed_paper",
    "flag_unserved",
    "follow_due_labels",
    "hand_over",
    "hop_due",
    "make_manifest",
    "make_papers_now",
    "mark_received",
    "pack_parcels",
    "pack_shipment",
    "pack_units",
    "pass_on_wish",
    "place_new_order",
    "plan_parcels",
    "plan_wave",
    "preview_template",
    "print_documents",
    "public_url",
    "publish_version",
    "record_tracking_docs",
    "redraw_paper",
    "refuse_units",
    "remove_scenario",
    "replace_rules",
    "report_activity",
    "report_milestone",
    "report_short_pick",
    "report_station",
    "request_label",
    "retry_label",
    "save_template",
    "ship_everything",
    "void_labels",
    "wake_waiting_orders",
]

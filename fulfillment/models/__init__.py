"""Tasks, parcels, documents, invoices, the dock, cancellations, and how routing decided."""

from fulfillment.models.cancellations import CancellationLine, CancellationTask
from fulfillment.models.denials import DenialReason, Discrepancy, TaskDenial
from fulfillment.models.documents import Document, StoredContent
from fulfillment.models.invoices import Invoice, InvoiceLine, InvoiceSeries
from fulfillment.models.label_watches import LabelWatch
from fulfillment.models.manifests import Handover, HandoverParcel, Manifest, ManifestParcel
from fulfillment.models.papers import DocumentTemplate, PaperSettings
from fulfillment.models.parcels import Consignment, Parcel, ParcelItem, ParcelMilestone
from fulfillment.models.picklists import Picklist, PicklistEntry, ShelfPlace
from fulfillment.models.routing import RoutingDecision, Scenario, ScenarioVersion
from fulfillment.models.task_invoices import TaskInvoice
from fulfillment.models.tasks import FulfillmentTask, TaskActivity, TaskLine
from fulfillment.models.transfers import TransferLine, TransferOrder
from fulfillment.models.transitions import TransitionRule

__all__ = [
    "CancellationLine",
    "CancellationTask",
    "Consignment",
    "DenialReason",
    "Discrepancy",
    "Document",
    "DocumentTemplate",
    "FulfillmentTask",
    "Handover",
    "HandoverParcel",
    "Invoice",
    "InvoiceLine",
    "InvoiceSeries",
    "LabelWatch",
    "Manifest",
    "ManifestParcel",
    "PaperSettings",
    "Parcel",
    "ParcelItem",
    "ParcelMilestone",
    "Picklist",
    "PicklistEntry",
    "RoutingDecision",
    "Scenario",
    "ScenarioVersion",
    "ShelfPlace",
    "StoredContent",
    "TaskActivity",
    "TaskDenial",
    "TaskInvoice",
    "TaskLine",
    "TransferLine",
    "TransferOrder",
    "TransitionRule",
]

"""Tasks, parcels, documents, cancellations, and how routing decided."""

from fulfillment.models.cancellations import CancellationLine, CancellationTask
from fulfillment.models.documents import Document, StoredContent
from fulfillment.models.parcels import Consignment, Parcel, ParcelItem, ParcelMilestone
from fulfillment.models.routing import RoutingDecision, Scenario, ScenarioVersion
from fulfillment.models.tasks import FulfillmentTask, TaskActivity, TaskLine

__all__ = [
    "CancellationLine",
    "CancellationTask",
    "Consignment",
    "Document",
    "FulfillmentTask",
    "Parcel",
    "ParcelItem",
    "ParcelMilestone",
    "RoutingDecision",
    "Scenario",
    "ScenarioVersion",
    "StoredContent",
    "TaskActivity",
    "TaskLine",
]

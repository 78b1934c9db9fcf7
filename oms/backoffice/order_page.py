"""Everything about one order, read in a fixed number of statements."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Model, Prefetch, QuerySet, prefetch_related_objects

from fulfillment.choices import DocumentStatus
from fulfillment.models import (
    CancellationLine,
    CancellationTask,
    Document,
    FulfillmentTask,
    Parcel,
    ParcelItem,
    RoutingDecision,
    TaskLine,
)
from oms.backoffice import news, timeline
from oms.backoffice.explaining import Explained, explain
from oms.backoffice.formats import NOTHING
from oms.backoffice.waiting import Surroundings, sentence
from oms.events.models import Event
from oms.kernel.crypto import SealBroken
from oms.locations.models import FulfillmentPoint
from oms.orders.choices import CancelRequestStatus
from oms.orders.models import CancelRequest, Order, OrderLine
from oms.orders.queries import contact_of

BUYER_FIELDS = (
    ("customer_name", "Customer"),
    ("customer_email", "E-mail"),
    ("customer_phone", "Phone"),
    ("name", "Recipient"),
    ("organization", "Company"),
    ("email", "Recipient's e-mail"),
    ("phone", "Recipient's phone"),
    ("address", "Address"),
    ("district", "District"),
    ("city", "City"),
    ("state", "State"),
    ("postcode", "Postcode"),
    ("window_from", "Deliver from"),
    ("window_to", "Deliver until"),
    ("shipping_description", "Shipping"),
)
# Column of an order line, and what the page calls it.
QUANTITIES = (
    ("quantity_ordered", "Ordered"),
    ("quantity_cancelled", "Cancelled"),
    ("quantity_allocated", "Allocated"),
    ("quantity_in_progress", "In progress"),
    ("quantity_packed", "Packed"),
    ("quantity_shipped", "Shipped"),
    ("quantity_out_for_delivery", "Out for delivery"),
    ("quantity_delivered", "Delivered"),
    ("quantity_returned_to_point", "Came back"),
    ("quantity_returned", "Returned"),
    ("quantity_lost", "Lost"),
)
ALWAYS_SHOWN = 7  # the first quantities, also where they are zero


def complete(order: Order) -> None:
    """Load what the page, its buttons and their refusals look at."""
    lines = OrderLine.objects.select_related("sku").order_by("position", "pk")
    wishes = CancelRequest.objects.prefetch_related("lines__line").order_by("pk")
    prefetch_related_objects(
        [order],
        "organization",
        "channel",
        "customer",
        "buyer",
        Prefetch("lines", queryset=lines),
        Prefetch("holds", queryset=order.holds.model.objects.order_by("pk")),
        Prefetch("cancel_requests", queryset=wishes),
    )
    bundles = [line for line in order.lines.all() if line.bundle_id is not None]
    parts = OrderLine.goods.select_related("sku").order_by("pk")
    prefetch_related_objects(bundles, Prefetch("parts", queryset=parts))


def load(order: Order, *, may_see_buyer: bool, now: datetime) -> Mapping[str, object]:
    """The template's context for an order that was completed."""
    tasks = list(_tasks(order))
    around = Surroundings(
        holds=[hold.reason for hold in order.holds.all() if hold.released_at is None],
        has_cancel_request=any(
            wish.status == CancelRequestStatus.OPEN for wish in order.cancel_requests.all()
        ),
        has_failed_label=any(
            document.status == DocumentStatus.FAILED
            for task in tasks
            for parcel in task.parcels.all()
            for document in parcel.documents.all()
        ),
        tasks=tasks,
    )
    zone = order.organization.timezone
    return {
        "order": order,
        "zone": zone,
        "waits": sentence(order, around, zone=zone, now=now),
        "is_late": bool(order.ship_by_at and order.is_open and order.ship_by_at < now),
        "quantities": _quantities(order),
        "units": sum(line.quantity_live for line in order.lines.all()),
        "tasks": tasks,
        "buyer": _buyer(order, may_see=may_see_buyer),
        "decisions": _decisions(order),
        "timeline": _timeline(order),
        "news": news.of_order(order),
    }


def _tasks(order: Order) -> QuerySet[FulfillmentTask]:
    task_lines = TaskLine.objects.select_related("order_line", "sku").order_by("pk")
    items = ParcelItem.objects.select_related("task_line__order_line").order_by("pk")
    documents = Document.objects.select_related("content").order_by("pk")
    parcels = Parcel.objects.prefetch_related(
        Prefetch("items", queryset=items), Prefetch("documents", queryset=documents)
    )
    dropped = CancellationLine.objects.select_related("task_line__order_line").order_by("pk")
    cancellations = CancellationTask.objects.prefetch_related(Prefetch("lines", queryset=dropped))
    return (
        FulfillmentTask.objects.filter(order=order)
        .select_related("point")
        .prefetch_related(
            Prefetch("lines", queryset=task_lines),
            Prefetch("parcels", queryset=parcels.order_by("pk")),
            Prefetch("cancellations", queryset=cancellations.order_by("pk")),
            "activities",
        )
        .order_by("pk")
    )


def _quantities(order: Order) -> dict[str, Any]:
    """The table of lines, those of bundles with their parts below them: columns that say nothing
    for any line are left out.
    """
    ordered = list(order.lines.all())
    lines = [
        each
        for line in ordered
        for each in (line, *(line.parts.all() if line.bundle_id is not None else ()))
    ]
    shown = [
        (column, label)
        for place, (column, label) in enumerate(QUANTITIES)
        if place < ALWAYS_SHOWN - 1 or any(getattr(line, column) for line in lines)
    ]
    rows = [(line, [(label, getattr(line, column)) for column, label in shown]) for line in lines]
    return {"labels": [label for _, label in shown], "rows": rows}


def _buyer(order: Order, *, may_see: bool) -> dict[str, Any]:
    """Who bought: opened only for people who may see it."""
    buyer: Model | None = getattr(order, "buyer", None)
    if buyer is None:
        return {"state": "missing"}
    if getattr(buyer, "erased_at", None):
        return {"state": "erased", "erased_at": getattr(buyer, "erased_at", None)}
    if not may_see:
        return {"state": "masked"}
    try:
        contact = contact_of(order)
    except SealBroken:
        return {"state": "broken"}
    said = [(label, getattr(contact, name, None)) for name, label in BUYER_FIELDS]
    return {"state": "open", "fields": [(label, value) for label, value in said if value]}


def _decisions(order: Order) -> list[Explained]:
    decisions = list(RoutingDecision.objects.filter(order=order).order_by("-pk")[:20])
    codes = {
        str(each.get("point"))
        for decision in decisions
        for each in decision.explanation.get("candidates") or ()
    }
    named = FulfillmentPoint.objects.filter(
        organization_id=order.organization_id, code__in=codes
    ).values_list("code", "name")
    names = dict(named)
    return [explain(decision, names) for decision in decisions]


def _timeline(order: Order) -> dict[str, Any]:
    newest = Event.objects.filter(order_ref=order.pk).order_by("-pk")[: timeline.LONGEST + 1]
    events = list(newest)
    is_cut = len(events) > timeline.LONGEST
    shown = reversed(events[: timeline.LONGEST])
    return {"entries": timeline.entries(shown), "is_cut": is_cut, "nothing": NOTHING}

"""Reads that join several apps for one page of the back office."""

from collections.abc import Iterable, Sequence

from django.db.models import F, QuerySet, Sum

from fulfillment.choices import DocumentStatus
from fulfillment.models import Document, FulfillmentTask
from oms.orders.choices import CancelRequestStatus
from oms.orders.models import CancelRequest, Hold, OrderLine


def open_holds(order_ids: Sequence[int]) -> Iterable[tuple[int, str]]:
    """(order, reason) of every hold that still holds one of these orders."""
    holds = Hold.objects.filter(order_id__in=order_ids, released_at__isnull=True)
    return holds.order_by("pk").values_list("order_id", "reason")


def open_requests(order_ids: Sequence[int]) -> Iterable[int]:
    """Those of these orders somebody wants to cancel and nobody has decided on."""
    wishes = CancelRequest.objects.filter(order_id__in=order_ids, status=CancelRequestStatus.OPEN)
    return wishes.values_list("order_id", flat=True)


def failed_labels(order_ids: Sequence[int]) -> Iterable[int]:
    """Those of these orders with a document nobody will get without a person's help."""
    failed = Document.objects.filter(
        parcel__task__order_id__in=order_ids, status=DocumentStatus.FAILED
    )
    return failed.values_list("parcel__task__order_id", flat=True)


def tasks_of(order_ids: Sequence[int]) -> QuerySet[FulfillmentTask]:
    """What a list says about the tasks of these orders, with their points, oldest first."""
    tasks = FulfillmentTask.objects.filter(order_id__in=order_ids).order_by("pk")
    return tasks.only("order_id", "point_id", "status", "accept_by").prefetch_related("point")


def units_of(order_ids: Sequence[int]) -> Iterable[tuple[int, int]]:
    """(order, units not cancelled)."""
    lines = OrderLine.objects.filter(order_id__in=order_ids).order_by()
    units = Sum(F("quantity_ordered") - F("quantity_cancelled"))
    return lines.values_list("order_id").annotate(units=units)

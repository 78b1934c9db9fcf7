"""Open wishes to cancel, and which tasks and lines they name: what waits for its cancellation."""

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from fulfillment.models import FulfillmentTask, TaskLine
from oms.orders.choices import CancelRequestStatus
from oms.orders.models import CancelRequest, CancelRequestLine


def wished_lines(task: FulfillmentTask) -> frozenset[int]:
    """Live order lines of a task that its order's open wishes to cancel name."""
    live = {
        line.order_line_id: line.order_line.ordered_id
        for line in task.lines.all()
        if line.quantity_live
    }
    wished: set[int] = set()
    for request in task.order.cancel_requests.all():
        named = {row.line_id for row in request.lines.all()}
        wished |= {pk for pk, ordered in live.items() if not named or ordered in named}
    return frozenset(wished)


def is_cancel_wished() -> Q:
    """Whether an open wish names a live line of a task: `wished_lines`, for conditions."""
    whole = CancelRequest.objects.filter(
        order_id=OuterRef("order_id"), status=CancelRequestStatus.OPEN, lines__isnull=True
    )
    named = CancelRequestLine.objects.filter(
        request__order_id=OuterRef(OuterRef("order_id")), request__status=CancelRequestStatus.OPEN
    )
    lines = TaskLine.objects.filter(
        task_id=OuterRef("pk"),
        quantity__gt=F("quantity_cancelled"),
    ).filter(
        Q(order_line_id__in=named.values("line_id"))
        | Q(order_line__parent_id__in=named.values("line_id"))
    )
    return Q(Exists(whole)) | Q(Exists(lines))


def is_item_wished() -> Q:
    """Whether an open wish names a task's line, for conditions on lines."""
    whole = CancelRequest.objects.filter(
        order_id=OuterRef("task__order_id"), status=CancelRequestStatus.OPEN, lines__isnull=True
    )
    is_named = Q(line_id=OuterRef("order_line_id")) | Q(line_id=OuterRef("order_line__parent_id"))
    named = CancelRequestLine.objects.filter(is_named, request__status=CancelRequestStatus.OPEN)
    return Q(Exists(whole)) | Q(Exists(named))


def open_wishes() -> "QuerySet[CancelRequest]":
    """Wishes nobody decided yet, with the lines they name."""
    open_ones = CancelRequest.objects.filter(status=CancelRequestStatus.OPEN)
    return open_ones.prefetch_related("lines")

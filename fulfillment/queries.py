"""Reads of tasks, parcels, cancellations and labels."""

import functools
import operator
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.files.storage import default_storage
from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet, Sum

from fulfillment import lifecycle
from fulfillment.choices import DocumentKind, DocumentStatus, ParcelStatus, Station, TaskStatus
from fulfillment.models import (
    CancellationLine,
    CancellationTask,
    Document,
    FulfillmentTask,
    Parcel,
    ParcelItem,
    ParcelMilestone,
    StoredContent,
    TaskLine,
)
from fulfillment.models.cancellations import CancellationQuerySet
from fulfillment.models.parcels import ParcelQuerySet
from fulfillment.models.tasks import TaskQuerySet
from oms.kernel import errors, sealed
from oms.kernel.actors import Actor
from oms.orders.models import CancelRequest


class TaskNotFound(errors.NotFound):
    code = "task_not_found"


class ParcelNotFound(errors.NotFound):
    code = "parcel_not_found"


class DocumentNotFound(errors.NotFound):
    code = "document_not_found"


def tasks_feed(*, actor: Actor) -> TaskQuerySet:
    """Tasks the actor may see, oldest first, with order, buyer, channel, point and lines."""
    lines = TaskLine.objects.select_related("sku", "order_line__parent").order_by("id")
    return (
        FulfillmentTask.objects.visible_to(actor)
        .select_related("order__buyer", "channel", "point")
        .prefetch_related(Prefetch("lines", queryset=lines))
        .order_by("created_at", "id")
    )


def get_task(*, number: str, actor: Actor) -> FulfillmentTask:
    """Another point's task does not exist for this actor. Raises TaskNotFound."""
    try:
        return tasks_feed(actor=actor).get(number=number)
    except FulfillmentTask.DoesNotExist as exc:
        raise TaskNotFound(f"No task {number}", task=number) from exc


def sku_codes_of_task(*, number: str, actor: Actor) -> dict[int, tuple[str, str]]:
    """Brand code and brand's SKU code by number of the task line. Raises TaskNotFound."""
    seen = FulfillmentTask.objects.visible_to(actor).filter(number=number)
    lines = TaskLine.objects.filter(task__in=seen)
    codes = lines.values_list("number", "sku__brand_code", "sku__brand_sku_code")
    if not (found := {line: (brand, sku) for line, brand, sku in codes}):
        raise TaskNotFound(f"No task {number}", task=number)
    return found


def task_keys(*, numbers: Sequence[str], actor: Actor) -> list[tuple[int, str]]:
    """Keys and numbers of the tasks among these that the actor may see, oldest first."""
    seen = FulfillmentTask.objects.visible_to(actor).filter(number__in=numbers)
    return list(seen.order_by("created_at", "id").values_list("pk", "number"))


def parcel_key(*, number: int, order_external_id: str, actor: Actor) -> int:
    """The key of an order's parcel. Raises ParcelNotFound, also for somebody else's."""
    seen = Parcel.objects.visible_to(actor).filter(
        number=number, task__order__external_id=order_external_id
    )
    key = seen.values_list("pk", flat=True).first()
    if key is None:
        raise ParcelNotFound(f"No parcel {number} of that order", parcel=number)
    return key


def named_parcel_key(
    *, point_parcel_no: str, channel_parcel_no: str, order_external_id: str, actor: Actor
) -> int:
    """The key of the one live parcel of an order that has this number: the point's if it is given,
    else the channel's. Raises ParcelNotFound, also when several have it.
    """
    name = (
        {"point_parcel_no": point_parcel_no}
        if point_parcel_no
        else {"channel_parcel_no": channel_parcel_no}
    )
    seen = Parcel.objects.visible_to(actor).live()
    keys = seen.filter(**name, task__order__external_id=order_external_id).values_list(
        "pk", flat=True
    )
    match list(keys.order_by("pk")[:2]):
        case [key]:
            return key
        case _:
            raise ParcelNotFound("No parcel of that order has this number")


def labels_feed(*, actor: Actor) -> ParcelQuerySet:
    """Parcels that are not voided, oldest first, with their labels and nothing else."""
    labels = Document.objects.filter(kind=DocumentKind.LABEL).select_related("content")
    return (
        Parcel.objects.visible_to(actor)
        .live()
        .prefetch_related(Prefetch("documents", queryset=labels.order_by("id")))
        .order_by("created_at", "id")
    )


def parcels_feed(*, actor: Actor) -> ParcelQuerySet:
    """Parcels the actor may see, oldest first, with task, order, items and documents.

    Voided ones are among them; `.live()` leaves them out.
    """
    items = ParcelItem.objects.select_related("task_line__sku", "task_line__order_line__parent")
    labels = Document.objects.filter(kind=DocumentKind.LABEL).select_related("content")
    return (
        Parcel.objects.visible_to(actor)
        .select_related("task__order", "task__channel", "point")
        .prefetch_related(
            Prefetch("items", queryset=items.order_by("id")),
            Prefetch("documents", queryset=labels.order_by("id")),
        )
        .order_by("created_at", "id")
    )


def get_parcel(*, number: int, actor: Actor) -> Parcel:
    """A parcel by its public number. Raises ParcelNotFound, also for somebody else's."""
    try:
        return parcels_feed(actor=actor).get(number=number)
    except Parcel.DoesNotExist as exc:
        raise ParcelNotFound(f"No parcel {number}", parcel=number) from exc


def cancellations_feed(*, actor: Actor) -> CancellationQuerySet:
    """Cancellation tasks the actor may see, oldest first, with task, order and lines."""
    lines = CancellationLine.objects.select_related("task_line__sku", "task_line__order_line")
    return (
        CancellationTask.objects.visible_to(actor)
        .select_related("task__order", "task__channel", "task__point")
        .prefetch_related(Prefetch("lines", queryset=lines.order_by("id")))
        .order_by("created_at", "id")
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskCancelRequest:
    """A wish to cancel, as far as it concerns one task: these of its lines."""

    task: FulfillmentTask
    request: CancelRequest
    lines: tuple[TaskLine, ...]


def cancel_requests_of(*, numbers: Sequence[str], actor: Actor) -> list[TaskCancelRequest]:
    """The wishes about tasks the actor may see, by task and then oldest first.

    Tasks without one are left out. The number of queries does not depend on how many there are.
    """
    seen = FulfillmentTask.objects.visible_to(actor).filter(number__in=numbers)
    return cancel_requests(seen.select_related("order"))


def cancel_requests(tasks: TaskQuerySet) -> list[TaskCancelRequest]:
    """The same of these tasks, which come with their orders."""
    lines = TaskLine.objects.prefetch_related("cancellations__cancellation").order_by("id")
    requests = CancelRequest.objects.prefetch_related("lines").order_by("id")
    found = tasks.prefetch_related(
        Prefetch("lines", queryset=lines), Prefetch("order__cancel_requests", queryset=requests)
    )
    wishes = []
    for task in found.order_by("created_at", "id"):
        for request in task.order.cancel_requests.all():
            about = {row.line_id for row in request.lines.all()}
            concerned = tuple(
                line
                for line in task.lines.all()
                if (not about or line.order_line.ordered_id in about) and _is_wished(line, request)
            )
            if concerned:
                wishes.append(TaskCancelRequest(task=task, request=request, lines=concerned))
    return wishes


def _is_wished(line: TaskLine, request: CancelRequest) -> bool:
    """Not so when the line had gone already: cancelled, or given to another point."""
    since = request.decided_at or request.requested_at
    return line.quantity_live > 0 or any(
        dropped.cancellation.created_at >= since for dropped in line.cancellations.all()
    )


def label_of(parcel: Parcel) -> Document | None:
    """The label of a parcel that came from a feed; voided ones do not count.

    While a document of the channel is being fetched, the label there was before is still good.
    """
    live = _live_labels(parcel)
    ready = [label for label in live if label.status == DocumentStatus.READY]
    return next(reversed(ready or live), None)


def _live_labels(parcel: Parcel) -> list[Document]:
    """Of a parcel that was loaded with its documents, in their order."""
    labels = [row for row in parcel.documents.all() if row.kind == DocumentKind.LABEL]
    return [label for label in labels if label.status != DocumentStatus.VOID]


def waybill_url_of(parcel: Parcel) -> str:
    """Where the channel keeps the waybill of a parcel that came from `parcels_feed`, if it said."""
    sealed_ones = [label for label in _live_labels(parcel) if label.source_url is not None]
    return sealed.read(sealed_ones[-1], "source_url") if sealed_ones else ""


def label_bytes(document: Document) -> bytes:
    """The bytes of a READY document. Raises DocumentNotFound while there are none."""
    if document.content is None:
        raise DocumentNotFound("The document has no content yet", document=document.reference)
    return content_bytes(document.content)


def content_bytes(stored: StoredContent) -> bytes:
    """The bytes of a content on file."""
    with default_storage.open(str(stored.file.name), "rb") as file:
        content: bytes = file.read()
    return content


def due_label_ids(*, now: datetime, limit: int) -> Sequence[int]:
    """Labels that are due, longest first."""
    due = Document.objects.filter(status=DocumentStatus.PENDING, not_before__lte=now)
    return list(due.order_by("not_before", "id").values_list("pk", flat=True)[:limit])


def shipments_feed(*, actor: Actor) -> ParcelQuerySet:
    """Boxes that exist or did, with everything that is told of them; nothing said of the order.

    Parcels that are only planned with their task are none yet.
    """
    items = ParcelItem.objects.select_related("task_line__order_line__parent").order_by("id")
    labels = Document.objects.filter(kind=DocumentKind.LABEL).select_related("content")
    return (
        Parcel.objects.visible_to(actor)
        .packed()
        .select_related("task__order__buyer", "point", "consignment")
        .prefetch_related(
            Prefetch("items", queryset=items),
            Prefetch("documents", queryset=labels.order_by("id")),
        )
    )


def get_shipment(*, number: int, actor: Actor) -> Parcel:
    """One box by its number. Raises ParcelNotFound, also for somebody else's."""
    found = shipments_feed(actor=actor).filter(number=number).first()
    if found is None:
        raise ParcelNotFound(f"No parcel {number}", parcel=number)
    return found


def units_in_hand(*, sku_ids: Collection[int], actor: Actor) -> dict[int, int]:
    """Units by SKU that are picked or packed and have not left, in tasks the actor may see."""
    at_work = FulfillmentTask.objects.visible_to(actor).filter(
        status__in=[TaskStatus.PICKED, TaskStatus.PACKED, TaskStatus.READY_FOR_PICKUP]
    )
    lines = TaskLine.objects.filter(task__in=at_work, sku_id__in=set(sku_ids))
    left = Sum(F("quantity") - F("quantity_cancelled") - F("quantity_shipped"))
    return dict(lines.values("sku_id").annotate(left=left).values_list("sku_id", "left"))


def milestones_of(parcel: Parcel) -> Sequence[ParcelMilestone]:
    """What was reported of a parcel's journey, newest first; texts without a station left out."""
    told = parcel.milestones.exclude(milestone="")
    return list(told.order_by("-occurred_at", "-id"))


def station_of(parcel: Parcel) -> Station:
    """Where a parcel that came from a feed is."""
    live = [label.status for label in _live_labels(parcel)]
    return lifecycle.station_of(
        status=ParcelStatus(parcel.status), stage=parcel.stage, label=max(live, default=None)
    )


def at_stations(stations: Collection[Station]) -> Q:
    """Parcels that are at one of these: the same as `station_of`, for lists."""
    return functools.reduce(operator.or_, map(_at, stations), Q(pk__in=[]))


def _at(station: Station) -> Q:
    if station in lifecycle.STAGES:
        return Q(stage=station)
    if station in ParcelStatus.values:
        return Q(status=station, stage="")
    if station == Station.CREATED:
        return Q(status=ParcelStatus.PLANNED)
    ready, pending, failed = (
        Q(Exists(_labels(status)))
        for status in (DocumentStatus.READY, DocumentStatus.PENDING, DocumentStatus.FAILED)
    )
    here = Q(status__in=lifecycle.AT_THE_DOCK, stage="")
    by_label = {
        Station.LABEL_PENDING: ~ready & pending,
        Station.LABEL_FAILED: ~ready & ~pending & failed,
        Station.READY: ready | ~(pending | failed),
    }
    return here & by_label[station]


def _labels(status: DocumentStatus) -> QuerySet[Document]:
    return Document.objects.filter(parcel_id=OuterRef("pk"), kind=DocumentKind.LABEL, status=status)

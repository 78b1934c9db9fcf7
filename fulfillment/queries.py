"""Reads of tasks, parcels, cancellations and labels."""

from collections.abc import Sequence
from datetime import datetime

from django.core.files.storage import default_storage
from django.db.models import Prefetch

from fulfillment.choices import DocumentKind, DocumentStatus
from fulfillment.models import (
    CancellationLine,
    CancellationTask,
    Document,
    FulfillmentTask,
    Parcel,
    ParcelItem,
    TaskLine,
)
from fulfillment.models.cancellations import CancellationQuerySet
from fulfillment.models.parcels import ParcelQuerySet
from fulfillment.models.tasks import TaskQuerySet
from oms.kernel import errors
from oms.kernel.actors import Actor


class TaskNotFound(errors.NotFound):
    code = "task_not_found"


class ParcelNotFound(errors.NotFound):
    code = "parcel_not_found"


class DocumentNotFound(errors.NotFound):
    code = "document_not_found"


def tasks_feed(*, actor: Actor) -> TaskQuerySet:
    """Tasks the actor may see, oldest first, with order, buyer, channel, point and lines."""
    lines = TaskLine.objects.select_related("sku", "order_line").order_by("id")
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
    items = ParcelItem.objects.select_related("task_line__sku", "task_line__order_line")
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


def label_of(parcel: Parcel) -> Document | None:
    """The label of a parcel that came from `parcels_feed`; voided ones do not count."""
    live = [label for label in parcel.documents.all() if label.status != DocumentStatus.VOID]
    return live[-1] if live else None


def label_bytes(document: Document) -> bytes:
    """The bytes of a READY document. Raises DocumentNotFound while there are none."""
    name = document.content.file.name if document.content else None
    if name is None:
        raise DocumentNotFound("The document has no content yet", document=document.reference)
    with default_storage.open(name, "rb") as file:
        content: bytes = file.read()
    return content


def due_label_ids(*, now: datetime, limit: int) -> Sequence[int]:
    """Labels that are due, longest first."""
    due = Document.objects.filter(status=DocumentStatus.PENDING, not_before__lte=now)
    return list(due.order_by("not_before", "id").values_list("pk", flat=True)[:limit])

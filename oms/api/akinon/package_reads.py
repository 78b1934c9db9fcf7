"""Packages as they are shown: tasks with everything a page of them needs, in a fixed number of
statements.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from channels_app.choices import ChannelType, RemoteKind
from channels_app.models import RemoteKey
from fulfillment import queries as fulfillment
from fulfillment import services
from fulfillment.choices import DocumentKind, DocumentStatus
from fulfillment.models import (
    Discrepancy,
    Document,
    FulfillmentTask,
    Invoice,
    Parcel,
    TaskDenial,
    TaskInvoice,
    TaskLine,
    TransferLine,
)
from fulfillment.models.tasks import TaskQuerySet
from oms.api.akinon import location_reads, states
from oms.api.akinon.rendering.locations import NOTHING, Known
from oms.api.akinon.rendering.shipments import shipped_box
from oms.api.akinon.wishes import open_wishes, wished_lines
from oms.kernel import errors
from oms.kernel.actors import Actor

THEIR_CHANNELS = frozenset({ChannelType.OMNITRON, ChannelType.SELLER_CENTER})
_PREFIX = "FT"
_DIGITS = 10
_MOST = 10**_DIGITS


class ItemNotFound(errors.NotFound):
    """No such item of a package, or not this actor's."""

    code = "package_item_not_found"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownInvoice:
    """An invoice as packages show it; `url` is empty where its document has none."""

    number: str
    issued_at: dt.datetime
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """A task loaded by `feed`, and what is known of it elsewhere."""

    task: FulfillmentTask
    omnitron_id: int | None = None
    label_url: str | None = None
    location: Known = NOTHING
    """What is known elsewhere of the point it is at."""

    @property
    def id(self) -> int:
        return package_id(self.task.number)

    @property
    def state(self) -> states.State:
        return states.package_state(self.task.status, is_cancel_wished=bool(self.wished))

    @property
    def denial_reason(self) -> str | None:
        """Why its point refused it, in the words of the reason; the last time."""
        titles = [denial.title for denial in self.task.denials.all()]
        return titles[-1] if titles else None

    @property
    def invoice(self) -> ShownInvoice | None:
        """What somebody else told of its invoice, else the one a box of it got here."""
        told: TaskInvoice | None = getattr(self.task, "outside_invoice", None)
        if told is not None:
            return ShownInvoice(number=told.number, issued_at=told.issued_at, url=told.url)
        ours = (each for box in self.task.parcels.all() for each in box.invoices.all())
        found = next(ours, None)
        return ShownInvoice(number=found.code, issued_at=found.issued_at) if found else None

    @property
    def wished(self) -> frozenset[int]:
        """Its order lines that open wishes to cancel name."""
        return wished_lines(self.task)

    @property
    def items(self) -> list[TaskLine]:
        """Lines that are still in it; of a cancelled package, all it had."""
        lines = list(self.task.lines.all())
        return [line for line in lines if line.quantity_live] or lines


def package_id(task_number: str) -> int:
    """`FT0000000123` is package 123."""
    return int(task_number.removeprefix(_PREFIX))


def package_number(task_number: str) -> str:
    """The digits of a task's number, as packages show it."""
    return task_number.removeprefix(_PREFIX)


def task_number(package: int) -> str:
    """The task of a package's id. No task has a number that is too long."""
    return f"{_PREFIX}{package:0{_DIGITS}d}" if 0 <= package < _MOST else ""


def task_number_of(text: str) -> str:
    """The task of a package's number as shown, with or without its leading zeros."""
    return task_number(int(text)) if text.isascii() and text.isdigit() else ""


def feed(*, actor: Actor) -> TaskQuerySet:
    """Packages the actor may see, with everything that is shown of them; in no order yet."""
    labels = Document.objects.filter(kind=DocumentKind.LABEL).order_by("pk")
    boxes = Parcel.objects.live().packed().order_by("pk")
    boxes = boxes.prefetch_related(
        Prefetch("documents", queryset=labels),
        Prefetch("invoices", queryset=Invoice.objects.live().order_by("pk")),
    )
    return (
        FulfillmentTask.objects.visible_to(actor)
        .select_related("order__buyer", "channel", "point__organization", "outside_invoice")
        .prefetch_related(
            Prefetch("lines", queryset=_lines()),
            Prefetch("denials", queryset=TaskDenial.objects.order_by("pk")),
            Prefetch("parcels", queryset=boxes),
            Prefetch("order__cancel_requests", queryset=open_wishes()),
        )
    )


def heads(*, actor: Actor) -> TaskQuerySet:
    """The same with as much as short lists show."""
    return (
        FulfillmentTask.objects.visible_to(actor)
        .select_related("order", "point")
        .prefetch_related(
            Prefetch("lines", queryset=_short_lines()),
            Prefetch("order__cancel_requests", queryset=open_wishes()),
        )
    )


def items_feed(*, actor: Actor) -> "QuerySet[TaskLine]":
    """Items of packages the actor may see, with their packages as far as items show them."""
    return (
        _lines()
        .filter(task__in=FulfillmentTask.objects.visible_to(actor))
        .select_related("task__order", "task__channel")
        .prefetch_related(
            Prefetch("task__lines", queryset=_short_lines()),
            Prefetch("task__order__cancel_requests", queryset=open_wishes()),
        )
        .order_by()
    )


def get_item(*, item: int, actor: Actor) -> TaskLine:
    """One item. Raises ItemNotFound, also for somebody else's."""
    found = items_feed(actor=actor).filter(number=item).first()
    if found is None:
        raise ItemNotFound("No such package item", item=item)
    return found


def get(*, package: int, actor: Actor, now: dt.datetime) -> Package:
    """One package. Raises TaskNotFound, also for somebody else's."""
    number = task_number(package)
    found = list(feed(actor=actor).filter(number=number))
    if not found:
        raise fulfillment.TaskNotFound("No such package", package=package)
    return shown(found, now=now)[0]


def head(*, package: int, actor: Actor) -> tuple[int, str]:
    """A package's task and its state now. Raises TaskNotFound, also for somebody else's."""
    task = heads(actor=actor).filter(number=task_number(package)).first()
    if task is None:
        raise fulfillment.TaskNotFound("No such package", package=package)
    state = states.package_state(task.status, is_cancel_wished=bool(wished_lines(task)))
    return task.pk, state.enum_value


def shown(tasks: Sequence[FulfillmentTask], *, now: dt.datetime) -> list[Package]:
    """Tasks of `feed` as packages; four more statements for all of them."""
    keys = omnitron_ids({task.order_id for task in tasks})
    known = location_reads.known_of(list({task.point_id: task.point for task in tasks}.values()))
    return [
        Package(
            task=task,
            omnitron_id=keys.get(task.order_id),
            label_url=_label_url(task, now=now),
            location=known[task.point_id],
        )
        for task in tasks
    ]


def omnitron_ids(order_ids: Iterable[int]) -> Mapping[int, int]:
    """The other side's keys of orders that came from it."""
    keys = RemoteKey.objects.filter(kind=RemoteKind.ORDER, local_id__in=set(order_ids))
    found = keys.values_list("local_id", "remote_key")
    return {
        order_id: int(key) for order_id, key in found if order_id is not None and key.isdecimal()
    }


def _lines() -> "QuerySet[TaskLine]":
    """Lines with their SKU and order line, what was missing of them, and how they travel."""
    missing = Discrepancy.objects.select_related("point").order_by("pk")
    travels = TransferLine.objects.select_related("transfer").order_by("pk")
    return (
        TaskLine.objects.select_related("sku", "order_line__sku", "order_line__parent")
        .prefetch_related(
            Prefetch("discrepancies", queryset=missing),
            Prefetch("transfer_lines", queryset=travels),
        )
        .order_by("pk")
    )


def _short_lines() -> "QuerySet[TaskLine]":
    """Lines with what tells which item of the order they are of."""
    return TaskLine.objects.select_related("order_line")


def _label_url(task: FulfillmentTask, *, now: dt.datetime) -> str | None:
    box = shipped_box(task)
    label = fulfillment.label_of(box) if box else None
    is_ready = label is not None and label.status == DocumentStatus.READY
    return services.public_url(label, now=now) if label and is_ready else None

"""A warehouse that works through the public fulfillment point API, and through nothing else.

It keeps no books: what there is to do follows from what the API says, so it may be killed and
started again at any moment. Every report is safe to repeat.
"""

import threading
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from demo import packing
from demo.agenda import Agenda
from demo.labels import LabelBook
from demo.messages import CancellationPage, LabelledParcel, Shipping, Task, TaskPage
from demo.oms4 import LABELS_A_CALL, RefusedError, now_ms
from demo.packing import Box, Delivery
from demo.plots import JOURNEYS, Extent

NEW = "CREATED"
ENDED = frozenset({"DELIVERED", "CANCELLED", "LOST", "RETURNED TO FP"})
OPEN = ("RECEIVED", "PROCESSING", "PACKED")
GONE = ("SHIPPING",)
STEPS = {
    "RECEIVED": (Extent.ACCEPT, "accepted"),
    "PICKING": (Extent.PICKING, "picking began"),
    "PICKED": (Extent.PICKED, "everything was found"),
}
OVERLAP_MS = 60_000
RACES = 3  # a task may change in our hands so often before we put it aside


class PointCalls(Protocol):
    """The part of the API a warehouse uses; `demo.oms4.PointApi` is one."""

    def tasks(self, *, status: str | None = None, offset: int = 0) -> TaskPage: ...
    def tasks_by_no(self, ft_nos: Sequence[str]) -> list[Task]: ...
    def shipping(self, ft_nos: Sequence[str]) -> list[Shipping]: ...
    def cancellations(
        self, *, updated_from: int | None = None, ft_no: str | None = None, offset: int = 0
    ) -> CancellationPage: ...
    def report_activity(
        self, ft_no: str, *, milestone: str, description: str, event_time: int
    ) -> None: ...
    def pack(
        self, ft_no: str, *, order_no: str, parcels: Sequence[Mapping[str, object]]
    ) -> None: ...
    def report_parcel(
        self, ft_no: str, fp_parcel_no: str, *, milestone: str, description: str, event_time: int
    ) -> None: ...


@dataclass(frozen=True, slots=True)
class Habits:
    """How a warehouse works. All times in seconds."""

    weights: Mapping[str, int] = field(default_factory=dict)
    """Grams of one unit, by brand SKU code."""
    deliveries: Mapping[str, Delivery] = field(default_factory=dict)
    """Our own carrier, by the name of each sales channel that brings none."""
    reports: tuple[str, ...] = ("RECEIVED", "PICKING", "PICKED")
    """The activities told, in this order."""
    poll: float = 0.3
    """Between two looks for new tasks when there were none."""
    recheck: float = 3.0
    """Between two looks at everything unfinished."""
    label_pause: float = 0.15
    """Before a label is asked for, and asked for again; grows."""
    most_labels_pause: float = 2.0
    most_in_hand: int = 400


def always_deliver(_order_no: str) -> Extent:
    """What a warehouse usually does with an order."""
    return Extent.DELIVER


def nobody(_task: Task) -> None:
    """Who is told about parcels that left, when nobody wants to know."""


@dataclass(slots=True)
class Packed:
    """A task that waits for its labels."""

    task: Task
    boxes: list[Box]
    looks: int = 0


class Warehouse:
    """One fulfillment point. `start` gives it to an agenda, whose threads do the work."""

    def __init__(
        self,
        api: PointCalls,
        *,
        habits: Habits,
        labels: LabelBook,
        extent_of: Callable[[str], Extent] = always_deliver,
        on_left: Callable[[Task], None] = nobody,
    ) -> None:
        self._api = api
        self._habits = habits
        self._labels = labels
        self._extent_of = extent_of
        self._on_left = on_left
        self._lock = threading.Lock()
        self._in_hand: set[str] = set()
        self._done: set[str] = set()
        self._dropped: dict[str, set[int]] = {}
        self._cancellations_from: int | None = None
        self._awaiting: deque[Packed] = deque()
        self._agenda: Agenda | None = None
        self.tally: Counter[str] = Counter()

    # --- what there is to do ---

    def start(self, agenda: Agenda) -> None:
        """Look for work from now on, and have the agenda's threads do it."""
        self._agenda = agenda
        agenda.repeat(self.take_in)
        agenda.repeat(self.recheck)

    @property
    def in_hand(self) -> int:
        """Tasks being worked on now."""
        return len(self._in_hand)

    def take_in(self) -> float:
        """Take new tasks; the pause until the next look.

        Reading a task marks it as received, so new ones stand at the front again and again.
        """
        offset, taken = 0, 0
        while len(self._in_hand) < self._habits.most_in_hand:
            page = self._api.tasks(status=NEW, offset=offset).ft_list
            fresh = self._take(page)
            taken += fresh
            offset = 0 if fresh else offset + len(page)
            if not page:
                break
        return 0.0 if taken else self._habits.poll

    def recheck(self) -> float:
        """Take up whatever is unfinished and in nobody's hands; the pause until the next look.

        Finds what a killed warehouse left, tasks whose delivery to us was lost on the way, and
        tasks put aside.
        """
        self.read_cancellations()
        for status in (*OPEN, *(GONE if self._habits.deliveries else ())):
            offset = 0
            while page := self._api.tasks(status=status, offset=offset).ft_list:
                self._take(page)
                offset += len(page)
        return self._habits.recheck

    def read_cancellations(self) -> None:
        """Note the details we must not ship any more."""
        since, begun, offset = self._cancellations_from, now_ms(), 0
        while page := self._api.cancellations(updated_from=since, offset=offset).ct_list:
            for cancellation in page:
                details = {detail.ft_detail_id for detail in cancellation.task_details}
                with self._lock:
                    self._dropped.setdefault(cancellation.ft_no, set()).update(details)
            offset += len(page)
        self._cancellations_from = begun - OVERLAP_MS

    def _take(self, tasks: Sequence[Task]) -> int:
        taken = 0
        for task in tasks:
            with self._lock:
                is_ours = task.ft_no not in self._in_hand and task.ft_no not in self._done
                if is_ours:
                    self._in_hand.add(task.ft_no)
            if is_ours:
                taken += 1
                self._soon(lambda task=task: self.work_on(task))  # type: ignore[misc]
        return taken

    def _soon(self, action: Callable[[], None], *, delay: float = 0.0) -> None:
        if self._agenda is None:
            action()
        else:
            self._agenda.add(action, delay=delay)

    # --- one task ---

    def work_on(self, task: Task) -> None:
        """Take one task as far as it may go now; what cannot go on is found again later."""
        try:
            extent = self._extent_of(task.order_no)
            if task.status in GONE:
                self._deliver(task, packing.boxes(task, self._dropped_of(task)), extent)
                self._let_go(task, is_done=True)
                return
            self._prepare(task, extent)
            packed = self._pack(task) if extent >= Extent.PACK else None
        except RefusedError:
            self.tally["refused"] += 1
            self._let_go(task)
        except BaseException:
            self._let_go(task)
            raise
        else:
            self._after_packing(task, packed)

    def _prepare(self, task: Task, extent: Extent) -> None:
        """Accept and pick. Nothing is told twice that the state already shows."""
        if task.status not in {NEW, *OPEN[:2]}:
            return
        reports = self._habits.reports
        if task.status == "PROCESSING":
            reports = reports[-1:] if extent > Extent.PICKING else ()
        for milestone in reports:
            needed, description = STEPS[milestone]
            if extent >= needed:
                self._api.report_activity(
                    task.ft_no, milestone=milestone, description=description, event_time=now_ms()
                )

    def _pack(self, task: Task) -> Packed | None:
        """Pack everything that is left; None when nothing is. A lost race begins again."""
        for race in range(RACES):
            boxes = packing.boxes(task, self._dropped_of(task))
            if not boxes:
                return None
            try:
                self._api.pack(
                    task.ft_no, order_no=task.order_no, parcels=self._bodies(task, boxes)
                )
            except RefusedError as error:
                if error.code != "409" or race == RACES - 1:
                    raise
                task = self._fresh(task)
            else:
                return Packed(task, boxes)
        return None

    def _bodies(self, task: Task, boxes: Sequence[Box]) -> list[Mapping[str, object]]:
        delivery, packed_at = self._delivery_of(task), now_ms()
        weights = self._habits.weights
        return [
            packing.parcel_body(box, packed_at=packed_at, weights=weights, delivery=delivery)
            for box in boxes
        ]

    def _fresh(self, task: Task) -> Task:
        """The task as it is now, with its cancellations."""
        for cancellation in self._api.cancellations(ft_no=task.ft_no).ct_list:
            details = {detail.ft_detail_id for detail in cancellation.task_details}
            with self._lock:
                self._dropped.setdefault(task.ft_no, set()).update(details)
        return next(iter(self._api.tasks_by_no([task.ft_no])), task)

    def _after_packing(self, task: Task, packed: Packed | None) -> None:
        if packed is None:
            self._let_go(task)
        elif self._delivery_of(task) is not None:
            self._finish(packed)
        else:
            self._await_label(packed)

    # --- labels ---

    def _await_label(self, packed: Packed) -> None:
        with self._lock:
            self._awaiting.append(packed)
        grown = self._habits.label_pause * 2 ** min(packed.looks, 8)
        self._soon(self.look_for_labels, delay=min(grown, self._habits.most_labels_pause))

    def look_for_labels(self) -> None:
        """Ask for the labels of the tasks that wait longest; finish those that have theirs."""
        with self._lock:
            count = min(len(self._awaiting), LABELS_A_CALL)
            batch = [self._awaiting.popleft() for _ in range(count)]
        if not batch:
            return
        try:
            answer = self._api.shipping([packed.task.ft_no for packed in batch])
        except BaseException:
            for packed in batch:
                self._let_go(packed.task)
            raise
        shipping = {entry.ft_no: entry.parcels for entry in answer}
        for packed in batch:
            self._look_at(packed, shipping.get(packed.task.ft_no, ()))

    def _look_at(self, packed: Packed, parcels: Sequence[LabelledParcel]) -> None:
        found = {parcel.fp_parcel_no: parcel for parcel in parcels}
        mine = [found.get(box.number) for box in packed.boxes]
        if any(parcel is None for parcel in mine):
            self._let_go(packed.task)  # cancelled under our hands: the next look tells
        elif all(parcel and parcel.shipping_label for parcel in mine):
            if all([self._labels.enter(parcel) for parcel in mine if parcel]):
                self._finish(packed)
            else:
                self._let_go(packed.task)
        else:
            packed.looks += 1
            self._await_label(packed)

    # --- out of the door ---

    def _finish(self, packed: Packed) -> None:
        """Hand the boxes over, if the order is to leave at all."""
        task, is_done = packed.task, False
        try:
            extent = self._extent_of(task.order_no)
            if extent >= Extent.SHIP:
                self._report(task, packed.boxes, ("SHIPPING",))
                self.tally["handed over"] += 1
                is_done = True
                self._deliver(task, packed.boxes, extent)
        except RefusedError:
            self.tally["refused"] += 1
        finally:
            self._let_go(task, is_done=is_done)

    def _deliver(self, task: Task, boxes: Sequence[Box], extent: Extent) -> None:
        """Bring the boxes to the buyer, or tell the channel's carrier that they left."""
        if self._delivery_of(task) is not None:
            self._report(task, boxes, JOURNEYS.get(extent, ()))
        else:
            self._on_left(task)

    def _report(self, task: Task, boxes: Sequence[Box], milestones: Sequence[str]) -> None:
        for box in boxes:
            event_time = now_ms()
            for milestone in milestones:
                event_time = max(now_ms(), event_time + 1)
                self._api.report_parcel(
                    task.ft_no, box.number, milestone=milestone,
                    description=f"reported by {task.sales_channel}'s warehouse",
                    event_time=event_time,
                )  # fmt: skip

    def _delivery_of(self, task: Task) -> Delivery | None:
        return self._habits.deliveries.get(task.sales_channel)

    def _dropped_of(self, task: Task) -> set[int]:
        return self._dropped.get(task.ft_no, set())

    def _let_go(self, task: Task, *, is_done: bool = False) -> None:
        with self._lock:
            self._in_hand.discard(task.ft_no)
            if is_done:
                self._done.add(task.ft_no)

"""Where a warehouse accepts, picks and packs one task."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from demo import packing
from demo.dropped import Dropped
from demo.habits import Habits, PointCalls
from demo.messages import Task
from demo.oms4 import RefusedError, now_ms
from demo.packing import Box
from demo.plots import Extent

NEW = "CREATED"
RECEIVED = "RECEIVED"
PROCESSING = "PROCESSING"
CONFLICT = "409"
RACES = 3  # a task may change in our hands so often before we let it go
STEPS = {
    "RECEIVED": (Extent.ACCEPT, "accepted"),
    "PICKING": (Extent.PICKING, "picking began"),
    "PICKED": (Extent.PICKED, "everything was found"),
}


@dataclass(slots=True)
class Packed:
    """A task in its boxes."""

    task: Task
    boxes: list[Box]
    looks: int = 0
    """How often its labels were asked for in vain."""


class Workbench:
    """Works through one point's API; holds nothing between two tasks."""

    def __init__(self, api: PointCalls, *, habits: Habits, dropped: Dropped) -> None:
        self._api = api
        self._habits = habits
        self._dropped = dropped

    def boxes(self, task: Task) -> list[Box]:
        """The boxes of a task after what is known of its cancellations."""
        return packing.boxes(task, self._dropped.of(task.ft_no))

    def prepare(self, task: Task, extent: Extent) -> None:
        """Accept and pick, as far as the order may go and the state does not show it yet."""
        for milestone in self._reports(task, extent):
            needed, description = STEPS[milestone]
            if extent >= needed:
                self._api.report_activity(
                    task.ft_no, milestone=milestone, description=description, event_time=now_ms()
                )

    def pack(self, task: Task) -> Packed | None:
        """Pack everything that is left; None when nothing is.

        A cancellation may come between: then the task is read again and packed without the
        cancelled lines. Raises RefusedError when that does not help.
        """
        for race in range(RACES):
            boxes = self.boxes(task)
            if not boxes:
                return None
            try:
                self._send(task, boxes)
            except RefusedError as error:
                if error.code != CONFLICT or race == RACES - 1:
                    raise
                task = self._read_again(task)
            else:
                return Packed(task, boxes)
        return None

    def _reports(self, task: Task, extent: Extent) -> Sequence[str]:
        if task.status in {NEW, RECEIVED}:
            return self._habits.reports
        if task.status == PROCESSING and extent > Extent.PICKING:
            return self._habits.reports[-1:]
        return ()

    def _send(self, task: Task, boxes: Sequence[Box]) -> None:
        packed_at, delivery = now_ms(), self._habits.delivery_of(task)
        bodies: list[Mapping[str, object]] = [
            packing.parcel_body(
                box, packed_at=packed_at, weights=self._habits.weights, delivery=delivery
            )
            for box in boxes
        ]
        self._api.pack(task.ft_no, order_no=task.order_no, parcels=bodies)

    def _read_again(self, task: Task) -> Task:
        self._dropped.read_of(task.ft_no)
        return next(iter(self._api.tasks_by_no([task.ft_no])), task)

"""Where boxes wait for their labels and go out of the door."""

import threading
from collections import deque
from collections.abc import Callable, Sequence

from demo.habits import Habits, PointCalls
from demo.labels import LabelBook
from demo.messages import LabelledParcel, Task
from demo.oms4 import LABELS_A_CALL, now_ms
from demo.packing import Box
from demo.plots import JOURNEYS, Extent
from demo.workbench import Packed

MOST_DOUBLINGS = 8


class LabelQueue:
    """Tasks that wait for labels, asked for five at a time."""

    def __init__(self, api: PointCalls, *, habits: Habits, labels: LabelBook) -> None:
        self._api = api
        self._habits = habits
        self._labels = labels
        self._lock = threading.Lock()
        self._waiting: deque[Packed] = deque()

    def put(self, packed: Packed) -> float:
        """Have a task wait; after how many seconds to call `look`."""
        with self._lock:
            self._waiting.append(packed)
        grown: float = self._habits.label_pause * 2 ** min(packed.looks, MOST_DOUBLINGS)
        return min(grown, self._habits.longest_label_pause)

    def look(
        self, *, ready: Callable[[Packed], None], not_yet: Callable[[Packed], None],
        changed: Callable[[Packed], None],
    ) -> None:  # fmt: skip
        """Ask for the tasks that wait longest, and pass each on to one of the three."""
        with self._lock:
            count = min(len(self._waiting), LABELS_A_CALL)
            batch = [self._waiting.popleft() for _ in range(count)]
        if not batch:
            return
        try:
            answer = self._api.shipping([packed.task.ft_no for packed in batch])
        except Exception:
            for packed in batch:
                changed(packed)
            raise
        parcels = {entry.ft_no: entry.parcels for entry in answer}
        for packed in batch:
            verdict = self._judge(packed, parcels.get(packed.task.ft_no, ()))
            {True: ready, False: not_yet, None: changed}[verdict](packed)

    def _judge(self, packed: Packed, parcels: Sequence[LabelledParcel]) -> bool | None:
        """Whether every box has a label that prints; None when the boxes are not these any more."""
        found = {parcel.fp_parcel_no: parcel for parcel in parcels}
        if any(box.number not in found for box in packed.boxes):
            return None
        mine = [found[box.number] for box in packed.boxes]
        if not all(parcel.shipping_label for parcel in mine):
            packed.looks += 1
            return False
        return True if sum(map(self._labels.enter, mine)) == len(mine) else None


class Door:
    """Hands boxes over, and delivers those that no carrier of the channel takes."""

    def __init__(self, api: PointCalls, *, habits: Habits, on_left: Callable[[Task], None]) -> None:
        self._api = api
        self._habits = habits
        self._on_left = on_left

    def hand_over(self, packed: Packed) -> None:
        self._report(packed.task, packed.boxes, ("SHIPPING",))

    def deliver(self, task: Task, boxes: Sequence[Box], extent: Extent) -> None:
        """Bring the boxes to the buyer, or tell whoever waits for them that they left."""
        if self._habits.delivery_of(task) is not None:
            self._report(task, boxes, JOURNEYS.get(extent, ()))
        else:
            self._on_left(task)

    def _report(self, task: Task, boxes: Sequence[Box], milestones: Sequence[str]) -> None:
        for box in boxes:
            event_time = 0
            for milestone in milestones:
                event_time = max(now_ms(), event_time + 1)
                self._api.report_parcel(
                    task.ft_no,
                    box.number,
                    milestone=milestone,
                    description=f"{milestone.lower()}, as the warehouse reports",
                    event_time=event_time,
                )

"""A warehouse that works through the public fulfillment point API, and through nothing else.

It keeps no books: what there is to do follows from what the API says, so it may be killed and
started again at any moment. Every report is safe to repeat.
"""

import logging
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial

from demo.agenda import Agenda
from demo.dispatch import Door, LabelQueue
from demo.dropped import Dropped
from demo.habits import Habits, PointCalls, always_deliver, tell_nobody
from demo.hands import Hands
from demo.labels import LabelBook
from demo.messages import Task
from demo.oms4 import PAGE, RefusedError
from demo.plots import Extent
from demo.workbench import NEW, Packed, Workbench

OPEN = ("RECEIVED", "PROCESSING", "PACKED")
GONE = "SHIPPING"

log = logging.getLogger(__name__)


class Warehouse:
    """One fulfillment point; the threads of an agenda do the work."""

    def __init__(
        self,
        api: PointCalls,
        agenda: Agenda,
        *,
        habits: Habits,
        labels: LabelBook,
        extent_of: Callable[[str], Extent] = always_deliver,
        on_left: Callable[[Task], None] = tell_nobody,
    ) -> None:
        self._api = api
        self._agenda = agenda
        self._habits = habits
        self._extent_of = extent_of
        self._hands = Hands()
        self._dropped = Dropped(api)
        self._workbench = Workbench(api, habits=habits, dropped=self._dropped)
        self._labels = LabelQueue(api, habits=habits, labels=labels)
        self._door = Door(api, habits=habits, on_left=on_left)
        self._lock = threading.Lock()
        self.refusals: Counter[str] = Counter()

    def start(self) -> None:
        """Look for work from now on."""
        self._agenda.repeat(self.take_in)
        self._agenda.repeat(self.recheck)

    @property
    def in_hand(self) -> int:
        """Tasks being worked on now."""
        return len(self._hands)

    def take_in(self) -> float:
        """Take new tasks; the pause until the next look.

        Reading a task marks it as received, so the new ones stand at the front each time.
        """
        offset = 0
        while len(self._hands) < self._habits.most_in_hand:
            page = self._api.tasks(status=NEW, offset=offset).ft_list
            taken = self._take(page)
            if len(page) < PAGE:
                break
            offset = 0 if taken else offset + len(page)
        return self._habits.poll

    def recheck(self) -> float:
        """Take up whatever is unfinished and in nobody's hands; the pause until the next look.

        Finds what a killed warehouse left, tasks whose delivery to us was lost on the way, and
        tasks put aside.
        """
        self._dropped.read()
        for status in (*OPEN, *([GONE] if self._habits.deliveries else [])):
            offset = 0
            while page := self._api.tasks(status=status, offset=offset).ft_list:
                self._take(page)
                offset += len(page)
                if len(page) < PAGE:
                    break
        return self._habits.recheck

    def _take(self, tasks: Sequence[Task]) -> int:
        ours = [task for task in tasks if self._hands.take(task, self._extent_of(task.order_no))]
        for task in ours:
            work = self._deliver if task.status == GONE else self._work_on
            self._agenda.add(partial(self._guarded, work, task))
        return len(ours)

    def _guarded(self, work: Callable[[Task], None], task: Task) -> None:
        """A refusal puts the task down; the next look reads it again."""
        try:
            work(task)
        except RefusedError as error:
            log.info("%s: %s", task.ft_no, error)
            with self._lock:
                self.refusals[str(error)[:120]] += 1
            self._hands.let_go(task)
        except BaseException:
            self._hands.let_go(task)
            raise

    def _work_on(self, task: Task) -> None:
        """Take one task as far as its order may go."""
        extent = self._extent_of(task.order_no)
        self._workbench.prepare(task, extent)
        packed = self._workbench.pack(task) if extent >= Extent.PACK else None
        if packed is None:
            self._hands.put_aside(task, extent)
        elif self._habits.delivery_of(task) is not None:
            self._hand_over(packed)
        else:
            self._await_label(packed)

    def _await_label(self, packed: Packed) -> None:
        self._agenda.add(self._look_for_labels, delay=self._labels.put(packed))

    def _look_for_labels(self) -> None:
        self._labels.look(
            ready=lambda packed: self._guarded(lambda _: self._hand_over(packed), packed.task),
            not_yet=self._await_label,
            changed=lambda packed: self._hands.let_go(packed.task),
        )

    def _hand_over(self, packed: Packed) -> None:
        task, extent = packed.task, self._extent_of(packed.task.order_no)
        if extent < Extent.SHIP:
            self._hands.put_aside(task, extent)
            return
        self._door.hand_over(packed)
        self._door.deliver(task, packed.boxes, extent)
        self._hands.finish(task)

    def _deliver(self, task: Task) -> None:
        """A task that had left already when we found it."""
        self._door.deliver(task, self._workbench.boxes(task), self._extent_of(task.order_no))
        self._hands.finish(task)

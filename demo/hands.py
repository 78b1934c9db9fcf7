"""Which tasks are in somebody's hands, so that two threads never work on one."""

import threading

from demo.messages import Task
from demo.plots import Extent


class Hands:
    """Only a convenience of one running warehouse: nothing is lost when it is."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: set[str] = set()
        self._done: set[str] = set()
        self._aside: dict[str, tuple[Extent, str]] = {}

    def __len__(self) -> int:
        return len(self._held)

    def take(self, task: Task, extent: Extent) -> bool:
        """Whether the task is ours to work on now.

        Not if somebody holds it, if it left, or if it was put aside and nothing changed since.
        """
        with self._lock:
            if task.ft_no in self._held or task.ft_no in self._done:
                return False
            if self._aside.get(task.ft_no) == (extent, task.status):
                return False
            self._held.add(task.ft_no)
            return True

    def let_go(self, task: Task) -> None:
        """The next look takes it up again."""
        with self._lock:
            self._held.discard(task.ft_no)

    def put_aside(self, task: Task, extent: Extent) -> None:
        """It went as far as it may for now."""
        with self._lock:
            self._held.discard(task.ft_no)
            self._aside[task.ft_no] = (extent, task.status)

    def finish(self, task: Task) -> None:
        """It left; there is nothing more to do here."""
        with self._lock:
            self._held.discard(task.ft_no)
            self._aside.pop(task.ft_no, None)
            self._done.add(task.ft_no)

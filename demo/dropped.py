"""The details a warehouse must not ship any more."""

import threading
from collections.abc import Sequence

from demo.habits import PointCalls
from demo.messages import Cancellation
from demo.oms4 import now_ms

OVERLAP_MS = 60_000


class Dropped:
    """What the cancellation tasks of one point say, as far as it was read."""

    def __init__(self, api: PointCalls) -> None:
        self._api = api
        self._details: dict[str, set[int]] = {}
        self._lock = threading.Lock()
        self._since: int | None = None

    def of(self, ft_no: str) -> frozenset[int]:
        with self._lock:
            return frozenset(self._details.get(ft_no, ()))

    def read(self) -> None:
        """Read what is new since the last time, with some overlap; everything at first."""
        begun, offset = now_ms(), 0
        while page := self._api.cancellations(updated_from=self._since, offset=offset).ct_list:
            self._note(page)
            offset += len(page)
        self._since = begun - OVERLAP_MS

    def read_of(self, ft_no: str) -> None:
        """Read those of one task."""
        self._note(self._api.cancellations(ft_no=ft_no).ct_list)

    def _note(self, cancellations: Sequence[Cancellation]) -> None:
        with self._lock:
            for cancellation in cancellations:
                details = {detail.ft_detail_id for detail in cancellation.task_details}
                self._details.setdefault(cancellation.ft_no, set()).update(details)

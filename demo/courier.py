"""The carrier of a sales channel: reports what happens to parcels after they left the warehouse."""

import logging
import threading
from collections import Counter, deque
from collections.abc import Callable, Sequence
from functools import partial

from demo.agenda import Agenda
from demo.messages import Parcel
from demo.oms4 import PAGE, ChannelApi, RefusedError, now_ms
from demo.plots import Extent, milestones_left

ON_THE_WAY = ("SHIPPING", "PENDING DELIVERY")

log = logging.getLogger(__name__)


class Courier:
    """Serves one channel. Told of orders that left; finds those it was not told of."""

    def __init__(
        self,
        api: ChannelApi,
        agenda: Agenda,
        *,
        extent_of: Callable[[str], Extent],
        poll: float = 0.2,
        recheck: float = 5.0,
    ) -> None:
        self._api = api
        self._agenda = agenda
        self._extent_of = extent_of
        self._poll = poll
        self._recheck = recheck
        self._told: deque[str] = deque()
        self._taken: set[int] = set()
        self._lock = threading.Lock()
        self.refusals: Counter[str] = Counter()

    def start(self) -> None:
        """Work from now on."""
        self._agenda.repeat(self.collect)
        self._agenda.repeat(self.recheck)

    def tell(self, order_no: str) -> None:
        """A parcel of this order left."""
        self._told.append(order_no)

    def collect(self) -> float:
        """Bring the parcels we were told of; the pause until the next look."""
        with self._lock:
            batch = [self._told.popleft() for _ in range(min(len(self._told), PAGE))]
        if batch:
            self.bring(list(dict.fromkeys(batch)))
        return 0.0 if self._told else self._poll

    def recheck(self) -> float:
        """Bring whatever the API shows on its way, told or not."""
        offset = 0
        while page := self._api.orders(statuses=ON_THE_WAY, offset=offset):
            self.bring([order.order_no for order in page])
            offset += len(page)
            if len(page) < PAGE:
                break
        return self._recheck

    def bring(self, order_nos: Sequence[str]) -> None:
        """Report the milestones still missing of every parcel of up to 50 orders."""
        for parcel in self._api.parcels_of(order_nos):
            left = milestones_left(self._extent_of(parcel.order_no), parcel.status)
            if left and self._take(parcel):
                self._agenda.add(partial(self._report, parcel, left))

    def _take(self, parcel: Parcel) -> bool:
        """Whether nobody brings this parcel or has brought it: what was read may be old."""
        with self._lock:
            is_ours = parcel.parcel_id not in self._taken
            self._taken.add(parcel.parcel_id)
            return is_ours

    def _report(self, parcel: Parcel, statuses: Sequence[str]) -> None:
        number = parcel.us_parcel_no or f"US-{parcel.parcel_id}"
        event_time = 0
        try:
            for status in statuses:
                event_time = max(now_ms(), event_time + 1)
                self._api.update_parcel(
                    parcel, us_parcel_no=number, status=status, event_time=event_time
                )
        except Exception as error:
            with self._lock:
                self._taken.discard(parcel.parcel_id)  # the next look finds it again
                self.refusals[str(error)[:120]] += 1
            if not isinstance(error, RefusedError):
                raise
            log.info("parcel %s: %s", parcel.parcel_id, error)

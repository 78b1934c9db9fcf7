"""The stories of one run: what was sent, and what each order still waits for."""

import threading
from collections.abc import Iterable

from demo.orders import Purchase
from demo.plots import Extent, Plot, ends_of, extent_of


class Story:
    """Every order of a run, by number. Orders of other runs are left alone."""

    def __init__(self, purchases: Iterable[Purchase]) -> None:
        self.purchases = {purchase.number: purchase for purchase in purchases}
        self._sent: list[str] = []
        self._freed: set[str] = set()
        self._settled: set[str] = set()
        self._lock = threading.Lock()

    def extent_of(self, order_no: str) -> Extent:
        """How far a warehouse may take the order now."""
        purchase = self.purchases.get(order_no)
        if purchase is None:
            return Extent.LEAVE
        if purchase.plot is Plot.CANCEL_LINE and order_no in self._freed:
            return Extent.DELIVER
        return extent_of(purchase.plot)

    def free(self, order_no: str) -> None:
        """The shop did its part, the warehouse may go on."""
        with self._lock:
            self._freed.add(order_no)

    def is_free(self, order_no: str) -> bool:
        """Whether the shop did its part."""
        return order_no in self._freed

    def see(self, order_no: str, status: str) -> bool:
        """Note a state that was seen; whether the order has come to its end only now."""
        purchase = self.purchases[order_no]
        if status not in ends_of(purchase.plot) or not self._did_its_part(purchase):
            return False
        with self._lock:
            is_new = order_no not in self._settled
            self._settled.add(order_no)
        return is_new

    def note_sent(self, order_no: str) -> None:
        """The server has it."""
        with self._lock:
            self._sent.append(order_no)

    @property
    def sent(self) -> int:
        return len(self._sent)

    @property
    def is_over(self) -> bool:
        """Whether every order was sent and came to its end."""
        return len(self._settled) == len(self.purchases)

    @property
    def unsettled(self) -> list[str]:
        """The orders that were sent and have not come to their end."""
        return [number for number in self._sent if number not in self._settled]

    def _did_its_part(self, purchase: Purchase) -> bool:
        return purchase.plot not in WITH_A_PART or purchase.number in self._freed


WITH_A_PART = frozenset({Plot.CANCEL_TOO_LATE, Plot.REQUEST_CANCEL, Plot.CANCEL_LINE})

"""The shops' side: sends orders, is paid later, cancels, and watches how orders get on."""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from queue import Empty, SimpleQueue

from demo.agenda import Agenda
from demo.messages import Order
from demo.oms4 import PAGE, ChannelApi, RefusedError
from demo.orders import Purchase
from demo.plots import Plot
from demo.story import Story

PAY_AFTER = 0.5
LEFT = frozenset({"SHIPPING", "PENDING DELIVERY", "DELIVERED"})
CONFLICT = "409"
NOT_OFFERED = "is not an operation"  # an API its channel does not have (yet) breaks no story


class Shops:
    """All channels of the demo, by code."""

    def __init__(
        self,
        apis: Mapping[str, ChannelApi],
        agenda: Agenda,
        story: Story,
        *,
        orders_per_second: float | None = None,
    ) -> None:
        self._apis = apis
        self._agenda = agenda
        self._story = story
        self._interval = 1 / orders_per_second if orders_per_second else 0.0
        self._waiting: SimpleQueue[Purchase] = SimpleQueue()
        self._begun = time.monotonic()
        self._count = 0
        self.tally: Counter[str] = Counter()
        self.problems: list[str] = []

    def open(self, *, senders: int) -> None:
        """Send every order, several at a time."""
        for purchase in self._story.purchases.values():
            self._waiting.put(purchase)
        self._begun = time.monotonic()
        for _ in range(senders):
            self._agenda.add(self._send_next)

    def _send_next(self) -> None:
        """One order, then the next: never more at once than there are senders."""
        try:
            purchase = self._waiting.get_nowait()
        except Empty:
            return
        try:
            self._place(purchase)
        finally:
            self._count += 1
            due = self._begun + self._count * self._interval
            self._agenda.add(self._send_next, delay=max(0.0, due - time.monotonic()))

    def _place(self, purchase: Purchase) -> None:
        api = self._apis[purchase.shop.code]
        api.create_order(purchase.body(paid=purchase.is_paid_at_once))
        self._story.note_sent(purchase.number)
        if purchase.plot is Plot.PAY_LATER:
            self._agenda.add(lambda: api.create_order(purchase.body(paid=True)), delay=PAY_AFTER)

    def watch(self, progress: Callable[[int], None]) -> None:
        """One look at every order that has not come to its end; tells how many have now."""
        by_shop: dict[str, list[str]] = {}
        for number in self._story.unsettled:
            by_shop.setdefault(self._story.purchases[number].shop.code, []).append(number)
        for code, numbers in by_shop.items():
            for batch in _batches(numbers):
                seen = self._apis[code].orders(order_no=batch)
                progress(sum(self._see(order) for order in seen))

    def _see(self, order: Order) -> bool:
        self._react(self._story.purchases[order.order_no], order.order_status)
        return self._story.see(order.order_no, order.order_status)

    def _react(self, purchase: Purchase, status: str) -> None:
        """What a shop does when it sees a state."""
        reaction = {
            (Plot.CANCEL_EARLY, "PROCESSING"): self._cancel,
            (Plot.CANCEL_PACKED, "PACKED"): self._cancel,
            (Plot.REQUEST_CANCEL, "PROCESSING"): self._request,
        }.get((purchase.plot, status))
        if purchase.plot is Plot.CANCEL_LINE and status in {"PROCESSING", "PACKED", *LEFT}:
            reaction = self._cancel_line  # a repeated one, where an earlier run did it
        elif purchase.plot is Plot.CANCEL_TOO_LATE and status in LEFT:
            reaction = self._cancel_too_late
        if reaction is not None and not self._story.is_free(purchase.number):
            try:
                reaction(purchase)
            except RefusedError as error:
                self.problems.append(f"{purchase.number}: {error}")
            self._story.free(purchase.number)

    def _cancel(self, purchase: Purchase) -> None:
        self._api_of(purchase).cancel_order(purchase.number, reason="changed my mind")
        self.tally["cancelled"] += 1

    def _cancel_line(self, purchase: Purchase) -> None:
        item = purchase.lines[0].item_id
        self._api_of(purchase).cancel_order(purchase.number, reason="not needed", items=[item])
        self.tally["lines cancelled"] += 1

    def _request(self, purchase: Purchase) -> None:
        try:
            self._api_of(purchase).request_cancel(purchase.number, reason="ordered twice")
        except RefusedError as error:
            if NOT_OFFERED not in str(error):
                raise
            self.tally["cancellation request not offered"] += 1
        else:
            self.tally["cancellation requested"] += 1

    def _cancel_too_late(self, purchase: Purchase) -> None:
        try:
            self._api_of(purchase).cancel_order(purchase.number, reason="too late")
        except RefusedError as error:
            if error.code != CONFLICT:
                raise
            self.tally["too late to cancel"] += 1
        else:
            self.problems.append(f"{purchase.number} was cancelled after it had left")

    def _api_of(self, purchase: Purchase) -> ChannelApi:
        return self._apis[purchase.shop.code]


def _batches(numbers: Sequence[str]) -> Iterator[list[str]]:
    iterator = iter(numbers)
    while batch := list(islice(iterator, PAGE)):
        yield batch

"""How a warehouse works, and the part of the API it needs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from demo.messages import CancellationPage, Shipping, Task, TaskPage
from demo.packing import Delivery
from demo.plots import Extent


class PointCalls(Protocol):
    """What a warehouse asks and tells; `demo.oms4.PointApi` is one."""

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
    """Between two looks for new tasks."""
    recheck: float = 3.0
    """Between two looks at everything unfinished."""
    label_pause: float = 0.15
    """Before a label is asked for, and asked for again; grows."""
    longest_label_pause: float = 2.0
    most_in_hand: int = 400

    def delivery_of(self, task: Task) -> Delivery | None:
        """Our own carrier, where the channel brings none."""
        return self.deliveries.get(task.sales_channel)


def always_deliver(_order_no: str) -> Extent:
    """What a warehouse usually does with an order."""
    return Extent.DELIVER


def tell_nobody(_task: Task) -> None:
    """When nobody wants to know which tasks left."""

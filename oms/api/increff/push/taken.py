"""Who took units from sub-orders: customer, seller, or us, for another location (API 3).

A task line knows how many of its units were cancelled. For whom is told by the facts that the point
was told of them with.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from fulfillment.models import FulfillmentTask
from oms.events.choices import EventType
from oms.events.models import Event
from oms.orders.choices import CancelParty


@dataclass(slots=True)
class Taken:
    """Units cancelled of one task line. All of them together are `cancelled`."""

    cancelled: int = 0
    by_customer: int = 0
    by_seller: int = 0
    hopped: int = 0
    short: int = 0
    """Of all these, what the point did not find."""

    def take(self, quantity: int, party: str) -> None:
        """Count units for who took them. Systems act for customers: no seller gave them up."""
        units = min(quantity, self.cancelled - self.told)
        if party == CancelParty.SELLER:
            self.by_seller += units
        elif party:
            self.by_customer += units
        else:
            self.hopped += units

    @property
    def told(self) -> int:
        return self.by_customer + self.by_seller + self.hopped

    def __add__(self, other: "Taken") -> "Taken":
        return Taken(
            self.cancelled + other.cancelled,
            self.by_customer + other.by_customer,
            self.by_seller + other.by_seller,
            self.hopped + other.hopped,
            self.short + other.short,
        )


def taken_from(tasks: Collection[FulfillmentTask]) -> Mapping[int, Taken]:
    """By task line, for tasks that were loaded with their lines. One query at most."""
    lines = {line.number: line for task in tasks for line in task.lines.all()}
    found = {
        number: Taken(cancelled=line.quantity_cancelled, short=line.quantity_short)
        for number, line in lines.items()
    }
    touched = {
        task.order_id for task in tasks for line in task.lines.all() if line.quantity_cancelled
    }
    for number, quantity, party in _told(touched):
        if number in found:
            found[number].take(quantity, party)
    for rest in found.values():
        rest.take(rest.cancelled, "")
    taken: defaultdict[int, Taken] = defaultdict(Taken)
    return taken | {lines[number].pk: each for number, each in found.items()}


def _told(order_ids: Collection[int]) -> list[tuple[int, int, str]]:
    """Task lines' numbers, units and who cancelled them, in the order it happened."""
    if not order_ids:
        return []
    events = Event.objects.filter(
        order_ref__in=order_ids, type=EventType.CANCELLATION_CREATED
    ).order_by("pk")
    return [
        (each["task_line"], each["quantity"], each["party"])
        for data in events.values_list("data", flat=True)
        for each in data.get("units", ())
    ]

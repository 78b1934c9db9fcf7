"""A fulfillment point API that answers from memory, and rows to put into it."""

import heapq
import itertools
from collections.abc import Mapping, Sequence
from typing import Any

from demo.messages import (
    Cancellation,
    CancellationPage,
    CancelledDetail,
    LabelledParcel,
    Shipping,
    Task,
    TaskDetail,
    TaskPage,
)
from demo.oms4 import RefusedError

LABEL = "JVBERi0xLjQKJSVFT0YK"  # %PDF-1.4, %%EOF
RANK = ("CREATED", "RECEIVED", "PROCESSING", "PACKED", "SHIPPING", "DELIVERED", "CANCELLED")


def task(ft_no="FT1", details=2, *, split=0, order_no="O-1", channel="Web", status="CREATED"):
    return Task(
        ft_no=ft_no,
        status=status,
        allow_ft_split=split,
        order_no=order_no,
        sales_channel=channel,
        created_time=1,
        task_details=[detail(number) for number in range(1, details + 1)],
    )


def detail(number, status="PROCESSING", qty=1):
    return TaskDetail(
        task_detail_id=number,
        order_item_status=status,
        brand_code="BR",
        brand_sku_code=f"BR-{number}",
        qty=qty,
    )


class ScriptedPoint:
    """Behaves as the contract says, as far as a warehouse can tell."""

    def __init__(self, *tasks: Task, labels_after: int = 0) -> None:
        self.stored = {task.ft_no: task for task in tasks}
        self.parcels: dict[str, dict[str, list[str]]] = {}
        self.states: dict[str, int] = {}
        self.cancelled: list[Cancellation] = []
        self.calls: list[tuple[str, ...]] = []
        self.labels_after = labels_after
        self.looks = 0

    def said(self, *names: str) -> list[tuple[str, ...]]:
        return [call for call in self.calls if call[0] in names]

    def tasks(self, *, status=None, offset=0):
        found = [task for task in self.stored.values() if status in (None, task.status)]
        page = [_copy(task) for task in found[offset : offset + 50]]
        for task in found[offset : offset + 50]:
            self._advance(task, "RECEIVED")
        return TaskPage(len(found), offset + len(page), page)

    def tasks_by_no(self, ft_nos):
        return [_copy(self.stored[number]) for number in ft_nos]

    def shipping(self, ft_nos):
        self.looks += 1
        label = LABEL if self.looks > self.labels_after else None
        return [
            Shipping(
                number,
                [
                    LabelledParcel(index, name, "C", "Standard", f"T{index}", label)
                    for index, name in enumerate(self.parcels.get(number, ()), 1)
                ],
            )
            for number in ft_nos
        ]

    def cancellations(self, *, updated_from=None, ft_no=None, offset=0):
        found = [entry for entry in self.cancelled if ft_no in (None, entry.ft_no)]
        return CancellationPage(len(found), len(found), found[offset:])

    def report_activity(self, ft_no, *, milestone, description, event_time):
        self.calls.append(("activity", ft_no, milestone))
        if milestone != "RECEIVED":
            self._advance(self.stored[ft_no], "PROCESSING")

    def pack(self, ft_no, *, order_no, parcels: Sequence[Mapping[str, Any]]):
        self.calls.append(("pack", ft_no, *(parcel["fp_parcel_no"] for parcel in parcels)))
        known = self.parcels.setdefault(ft_no, {})
        live = {str(d.task_detail_id) for d in self._live(ft_no)}
        for parcel in parcels:
            contents = [item["ft_detail_id"] for item in parcel["parcel_items"]]
            if not live.issuperset(contents):
                raise RefusedError("409", "a detail is cancelled", "pack")
            if known.get(parcel["fp_parcel_no"], contents) != contents:
                raise RefusedError("409", "other contents", "pack")
            known[parcel["fp_parcel_no"]] = contents
        self._advance(self.stored[ft_no], "PACKED")

    def report_parcel(self, ft_no, fp_parcel_no, *, milestone, description, event_time):
        self.calls.append(("parcel", fp_parcel_no, milestone))
        self.states[fp_parcel_no] = RANK.index(
            "SHIPPING" if milestone == "PENDING DELIVERY" else milestone
        )
        least = min(self.states.get(number, 0) for number in self.parcels[ft_no])
        self._advance(self.stored[ft_no], RANK[least])

    def cancel(self, ft_no: str, *numbers: int) -> None:
        for entry in self.stored[ft_no].task_details:
            if entry.task_detail_id in numbers:
                entry.order_item_status = "CANCELLED"
        details = [CancelledDetail(number) for number in numbers]
        order_no = self.stored[ft_no].order_no
        self.cancelled.append(Cancellation("CT1", ft_no, order_no, "CREATE", 1, 1, details))

    def _live(self, ft_no: str) -> list[TaskDetail]:
        details = self.stored[ft_no].task_details
        return [entry for entry in details if entry.order_item_status != "CANCELLED"]

    def _advance(self, task: Task, status: str) -> None:
        if RANK.index(status) > RANK.index(task.status):
            task.status = status


def _copy(task: Task) -> Task:
    details = [detail(d.task_detail_id, d.order_item_status, d.qty) for d in task.task_details]
    return Task(
        ft_no=task.ft_no,
        status=task.status,
        allow_ft_split=task.allow_ft_split,
        order_no=task.order_no,
        sales_channel=task.sales_channel,
        created_time=task.created_time,
        task_details=details,
    )


class OneThread:
    """An agenda that runs everything at once, in order of its time."""

    def __init__(self):
        self.entries, self.order, self.now = [], itertools.count(), 0.0

    def add(self, action, *, delay=0.0):
        heapq.heappush(self.entries, (self.now + delay, next(self.order), action))

    def run(self, most=1000):
        while self.entries and most:
            self.now, _, action = heapq.heappop(self.entries)
            action()
            most -= 1

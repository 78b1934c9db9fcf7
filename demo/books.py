"""Everything the APIs say about the orders of a run, read once at its end."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from demo.labels import LabelBook
from demo.messages import Cancellation, Order, Parcel, Shipping, Task
from demo.oms4 import LABELS_A_CALL, PAGE, ChannelApi, PointApi
from demo.orders import Purchase


@dataclass(slots=True)
class Books:
    """Rows by order number; labels by task number."""

    orders: dict[str, list[Order]] = field(default_factory=lambda: defaultdict(list))
    parcels: dict[str, list[Parcel]] = field(default_factory=lambda: defaultdict(list))
    tasks: dict[str, list[Task]] = field(default_factory=lambda: defaultdict(list))
    cancellations: dict[str, list[Cancellation]] = field(default_factory=lambda: defaultdict(list))
    shipping: dict[str, Shipping] = field(default_factory=dict)


def read_channels(
    books: Books, apis: Mapping[str, ChannelApi], purchases: Collection[Purchase]
) -> None:
    """Orders and parcels, as the channels see them."""
    for code, api in apis.items():
        numbers = [purchase.number for purchase in purchases if purchase.shop.code == code]
        for batch in batches(numbers, PAGE):
            for order in api.orders(order_no=batch):
                books.orders[order.order_no].append(order)
            for parcel in api.parcels_of(batch):
                books.parcels[parcel.order_no].append(parcel)


def read_points(books: Books, apis: Sequence[PointApi], numbers: Collection[str]) -> None:
    """Tasks and cancellation tasks, as the points see them."""
    for api in apis:
        for task in _all_tasks(api):
            if task.order_no in numbers:
                books.tasks[task.order_no].append(task)
        for cancellation in _all_cancellations(api):
            if cancellation.order_no in numbers:
                books.cancellations[cancellation.order_no].append(cancellation)


def read_labels(
    books: Books, apis: Sequence[PointApi], ft_nos: Collection[str], labels: LabelBook
) -> None:
    """Every label once more: it must still be the one that was printed."""
    for api in apis:
        for batch in batches(sorted(ft_nos), LABELS_A_CALL):
            for entry in api.shipping(batch):
                books.shipping[entry.ft_no] = entry
                for parcel in entry.parcels:
                    if parcel.shipping_label:
                        labels.enter(parcel)


def batches(words: Sequence[str], size: int) -> Iterator[list[str]]:
    """The words, so many at a time."""
    iterator = iter(words)
    while batch := list(islice(iterator, size)):
        yield batch


def _all_tasks(api: PointApi) -> Iterator[Task]:
    offset = 0
    while page := api.tasks(offset=offset).ft_list:
        yield from page
        offset += len(page)


def _all_cancellations(api: PointApi) -> Iterator[Cancellation]:
    offset = 0
    while page := api.cancellations(offset=offset).ct_list:
        yield from page
        offset += len(page)

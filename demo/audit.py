"""Whether what the API says adds up with what was sent. Pure; one sentence per contradiction."""

from collections import Counter
from collections.abc import Iterator

from demo.books import Books
from demo.messages import Order, Parcel, Task
from demo.orders import Purchase
from demo.plots import Plot, ends_of

WITHOUT_TASK = frozenset({"CREATED", "PAID"})
PACKED_OR_BEYOND = frozenset(
    {"PACKED", "SHIPPING", "PENDING DELIVERY", "DELIVERED", "RETURNED TO FP", "LOST"}
)
POINTS_OF_A_SPLIT = 2
WITH_CANCELLATION = frozenset({Plot.CANCEL_EARLY, Plot.CANCEL_PACKED, Plot.CANCEL_LINE})


def audit_order(purchase: Purchase, books: Books) -> Iterator[str]:
    """What is wrong with one order."""
    found = books.orders.get(purchase.number, [])
    if len(found) != 1:
        yield f"{purchase.number}: stored {len(found)} times"
        return
    order = found[0]
    yield from (f"{purchase.number}: {sentence}" for sentence in _of_order(purchase, order, books))


def _of_order(purchase: Purchase, order: Order, books: Books) -> Iterator[str]:
    if order.order_status not in ends_of(purchase.plot):
        yield f"is {order.order_status}, but its story is: {purchase.plot.value}"
    sent = {line.item_id: line.quantity for line in purchase.lines}
    stored = {str(item.orig_order_item_id): item.qty for item in order.items}
    if sent != stored:
        yield f"sent {sent}, stored {stored}"
    live = _live_units(order)
    yield from _of_tasks(order, live, books.tasks.get(purchase.number, []))
    yield from _of_parcels(order, live, books.parcels.get(purchase.number, []))
    yield from _of_cancellations(purchase, books)


def _live_units(order: Order) -> Counter[str]:
    """Units by item that were not cancelled."""
    return Counter(
        {
            str(item.orig_order_item_id): item.qty
            for item in order.items
            if item.order_item_status != "CANCELLED"
        }
    )


def _of_tasks(order: Order, live: Counter[str], tasks: list[Task]) -> Iterator[str]:
    open_tasks = [task for task in tasks if task.status != "CANCELLED"]
    if order.order_status in WITHOUT_TASK or order.order_status == "CANCELLED":
        if open_tasks:
            yield f"is {order.order_status} and has tasks: {[t.ft_no for t in open_tasks]}"
        return
    given: Counter[str] = Counter()
    for task in open_tasks:
        for detail in task.task_details:
            if detail.order_item_status != "CANCELLED":
                given[str(detail.orig_order_item_id)] += detail.qty
    if given != live:
        yield f"live units {dict(live)}, in tasks {dict(given)}"


def _of_parcels(order: Order, live: Counter[str], parcels: list[Parcel]) -> Iterator[str]:
    standing = [parcel for parcel in parcels if parcel.is_live]
    if order.order_status in WITHOUT_TASK or order.order_status == "CANCELLED":
        if standing:
            yield f"is {order.order_status} and has parcels: {[p.parcel_id for p in standing]}"
        return
    if order.order_status not in PACKED_OR_BEYOND:
        return
    boxed: Counter[str] = Counter()
    for parcel in standing:
        for item in parcel.items:
            boxed[str(item.orig_order_item_id)] += item.qty
    if boxed != live:
        yield f"live units {dict(live)}, in parcels {dict(boxed)}"
    states = {parcel.status for parcel in standing}
    if states != {order.order_status}:
        yield f"is {order.order_status}, its parcels {sorted(states)}"


def _of_cancellations(purchase: Purchase, books: Books) -> Iterator[str]:
    found = books.cancellations.get(purchase.number, [])
    if bool(found) != (purchase.plot in WITH_CANCELLATION):
        yield f"has {len(found)} cancellation tasks, but its story is: {purchase.plot.value}"
    points = len(books.tasks.get(purchase.number, []))
    if purchase.plot is Plot.SPLIT and points < POINTS_OF_A_SPLIT:
        yield "was not split over two points"


def audit_labels(purchase: Purchase, books: Books) -> Iterator[str]:
    """Every packed parcel of a channel's carrier must have a label, and a tracking number."""
    if purchase.shop.is_self_delivered:
        return
    printed = {
        parcel.parcel_id: parcel
        for task in books.tasks.get(purchase.number, [])
        if task.ft_no in books.shipping
        for parcel in books.shipping[task.ft_no].parcels
    }
    for parcel in books.parcels.get(purchase.number, []):
        if parcel.status not in PACKED_OR_BEYOND or not parcel.fp_parcel_no:
            continue
        label = printed.get(parcel.parcel_id)
        if label is None or not label.shipping_label or not label.tracking_no:
            yield f"{purchase.number}: parcel {parcel.parcel_id} has no label"


def audit_scarce(purchases: list[Purchase], books: Books, stock: int) -> Iterator[str]:
    """The last units are sold once."""
    served = sum(
        purchase.units
        for purchase in purchases
        if purchase.plot is Plot.SCARCE
        and any(task.status != "CANCELLED" for task in books.tasks.get(purchase.number, []))
    )
    if served > stock:
        yield f"{served} units promised of the {stock} scarce ones"

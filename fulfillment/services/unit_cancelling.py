"""Taking some units of lines from a task; the other units stay its work."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import F

from fulfillment.models import FulfillmentTask, ParcelItem, TaskLine
from fulfillment.services import transfers, voiding
from fulfillment.services.work import OrderWork, ParcelWork, TaskWork
from oms.events.outbox import Fact
from oms.inventory.services import StockNeed


def drop_units(
    work: OrderWork, task: TaskWork, units: Mapping[int, int], *, now: datetime
) -> tuple[list[Fact], list[StockNeed]]:
    """Cancel units by task line: those in no box first, then boxes that have not left are voided.

    What else was in a voided box is free to be packed again. The caller asks for no more units of
    a line than have not left. Raises LineInvoiced. Returns what to report, and what is no longer to
    be reserved.
    """
    needs: list[StockNeed] = []
    for line_id, quantity in units.items():
        line = task.lines[line_id]
        line.cancelled += quantity
        TaskLine.objects.filter(pk=line_id).update(
            quantity_cancelled=F("quantity_cancelled") + quantity
        )
        needs += task.reservation(line, quantity=quantity)
    FulfillmentTask.objects.filter(pk=task.id).update(changed_at=now)
    said = transfers.drop_unneeded(work, task, [task.lines[pk] for pk in units], now=now)
    void: list[ParcelWork] = []
    for parcel in reversed(list(task.parcels.values())):
        is_too_much = any(_is_too_much(task, pk, without=void) for pk in parcel.items)
        if is_too_much and not parcel.has_left and (parcel.is_packed or not _shrink(task, parcel)):
            void.append(parcel)
    if not void:
        return said, needs
    voiding.check_not_invoiced(void)
    return said + voiding.void_parcels(work, task, void, now=now), needs


def _is_too_much(task: TaskWork, line_id: int, *, without: Sequence[ParcelWork]) -> bool:
    """More units are in the other boxes than are to be shipped."""
    gone = {parcel.id for parcel in without}
    boxes = (parcel for parcel in task.parcels.values() if parcel.id not in gone)
    return sum(box.items.get(line_id, 0) for box in boxes) > task.lines[line_id].live


def _shrink(task: TaskWork, parcel: ParcelWork) -> bool:
    """Make a parcel that is only planned hold what is left. False when that is nothing."""
    left = {pk: min(n, task.lines[pk].live) for pk, n in parcel.items.items()}
    parcel.items = {pk: n for pk, n in left.items() if n}
    for line_id, quantity in left.items():
        items = ParcelItem.objects.filter(parcel_id=parcel.id, task_line_id=line_id)
        if quantity:
            items.update(quantity=quantity)
        elif parcel.items:
            items.delete()
    return bool(parcel.items)

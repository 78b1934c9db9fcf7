"""Bundles in a task: when the seller gives up a part of a set, the rest of the set goes with it."""

from collections import Counter
from collections.abc import Mapping

from fulfillment.services.work import TaskWork
from oms.orders.models import OrderLine


def completed(task: TaskWork, units: Mapping[int, int]) -> dict[int, int]:
    """Units by task line that the seller cancels, with what else of their sets the task has open.

    What the task does not have, or has in boxes, stays: recording such a cancellation raises
    BundleBroken.
    """
    found = dict(units)
    named = Counter[int]()
    for pk, quantity in units.items():
        named[task.lines[pk].order_line_id] += quantity
    siblings = OrderLine.goods.filter(parent__parts__in=list(named)).distinct().order_by("pk")
    by_set: dict[int | None, list[OrderLine]] = {}
    for line in siblings:
        by_set.setdefault(line.parent_id, []).append(line)
    for lines in by_set.values():
        sets = max(-(-_gone(line, named) // (line.per_set or 1)) for line in lines)
        for line in lines:
            _add(found, task, line.pk, sets * (line.per_set or 1) - _gone(line, named))
    return found


def _gone(line: OrderLine, named: Mapping[int, int]) -> int:
    return line.cancelled_by_seller + named.get(line.pk, 0)


def _add(found: dict[int, int], task: TaskWork, order_line_id: int, missing: int) -> None:
    """Take open units of an order line, first line first."""
    packed = task.packed_units()
    for pk, line in task.lines.items():
        left = line.live - packed.get(pk, 0) - found.get(pk, 0)
        if line.order_line_id == order_line_id and missing > 0 and left > 0:
            taken = min(left, missing)
            found[pk] = found.get(pk, 0) + taken
            missing -= taken

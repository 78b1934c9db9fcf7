"""Transfers that routing planned: the units a new task is still to be brought."""

from collections.abc import Sequence
from datetime import datetime

from fulfillment.routing.shapes import Transfer
from fulfillment.services.transfers import open_transfer
from fulfillment.services.work import LineWork, TaskWork, load
from oms.events import outbox
from oms.kernel.actors import Actor
from oms.orders.models import Order


def open_transfers(
    *, task_id: int, order_id: int, transfers: Sequence[Transfer], actor: Actor, now: datetime
) -> None:
    """Ask each source for its units, in the transaction that made the task.

    The order and the stock levels are locked by routing; the task's lines are there, those that
    are brought after the point's own and in the order of the transfers.
    """
    work = load(Order.objects.locked().get(pk=order_id))
    task = work.tasks[task_id]
    facts = [
        open_transfer(
            work, task, lines, source_point_id=transfer.source_point_id, actor=actor, now=now
        )
        for transfer, lines in _apart(task, transfers)
    ]
    outbox.record(facts, actor=actor, now=now)


def _apart(task: TaskWork, transfers: Sequence[Transfer]) -> list[tuple[Transfer, list[LineWork]]]:
    """Task lines for each transfer, taken from the last ones backwards."""
    free = sorted(task.lines.values(), key=lambda line: line.id)
    found: list[tuple[Transfer, list[LineWork]]] = []
    for transfer in reversed(transfers):
        taken = [line for key, units in transfer.lines.items() for line in _taken(free, key, units)]
        free = [line for line in free if line not in taken]
        found.append((transfer, taken))
    return found[::-1]


def _taken(free: Sequence[LineWork], order_line_id: int, units: int) -> list[LineWork]:
    taken: list[LineWork] = []
    for line in reversed(free):
        if line.order_line_id == order_line_id and units > 0:
            taken.append(line)
            units -= line.quantity
    return taken

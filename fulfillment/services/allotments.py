"""Writing what routing decided, for a whole batch: decisions, tasks, reservations, events."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec

from channels_app.choices import DeliveryScenario
from fulfillment.choices import RoutingOutcome, TaskStatus
from fulfillment.models import FulfillmentTask
from fulfillment.routing.shapes import Share, Transfer
from fulfillment.services import bringing, labels, unreserved
from fulfillment.services.planning import Result
from fulfillment.services.routing_reads import DueOrder, Setting
from oms.events import outbox
from oms.events.choices import EventType, SubjectType
from oms.inventory import services as inventory
from oms.kernel import sql
from oms.kernel.actors import Actor
from oms.orders import lifecycle

_DECIDE = """
INSERT INTO fulfillment_routingdecision
    (organization_id, order_id, version_id, outcome, reason, explanation, first_decided_at,
     decided_at)
SELECT d.organization_id, d.order_id, d.version_id, d.outcome, d.reason, d.explanation, %(now)s,
       %(now)s
FROM jsonb_to_recordset(%(decisions)s::jsonb) AS d (organization_id bigint, order_id bigint,
    version_id bigint, outcome text, reason text, explanation jsonb)
RETURNING order_id, id
"""
_LAST_WAITING = """
SELECT DISTINCT ON (order_id) order_id, id, reason, outcome, version_id
FROM fulfillment_routingdecision WHERE order_id = ANY(%(order_ids)s::bigint[])
ORDER BY order_id, id DESC
"""
_REPEAT = """
UPDATE fulfillment_routingdecision d
SET repeated = d.repeated + 1, decided_at = %(now)s, explanation = r.explanation
FROM jsonb_to_recordset(%(decisions)s::jsonb) AS r (id bigint, explanation jsonb)
WHERE d.id = r.id
"""
_TASKS = """
INSERT INTO fulfillment_fulfillmenttask
    (organization_id, channel_id, order_id, point_id, decision_id, status, delivery, allow_split,
     carrier, delivery_type, created_at, changed_at, accept_by)
SELECT t.organization_id, t.channel_id, t.order_id, t.point_id, t.decision_id, t.status,
       t.delivery, t.allow_split, t.carrier, t.delivery_type, %(now)s, %(now)s, t.accept_by
FROM jsonb_to_recordset(%(tasks)s::jsonb) AS t (organization_id bigint, channel_id bigint,
    order_id bigint, point_id bigint, decision_id bigint, status text, delivery text,
    allow_split bool, carrier text, delivery_type text, accept_by timestamptz)
RETURNING id, number, order_id, point_id
"""
_TASK_LINES = """
WITH wanted AS (
    SELECT * FROM unnest(%(task_ids)s::bigint[], %(line_ids)s::bigint[], %(sku_ids)s::bigint[],
                         %(quantities)s::int[]) WITH ORDINALITY
             AS w (task_id, line_id, sku_id, quantity, place)
), allocated AS (
    UPDATE orders_orderline l SET quantity_allocated = l.quantity_allocated + s.quantity
    FROM (SELECT line_id, sum(quantity) AS quantity FROM wanted GROUP BY line_id) s
    WHERE l.id = s.line_id
)
INSERT INTO fulfillment_taskline (task_id, order_line_id, sku_id, quantity)
SELECT task_id, line_id, sku_id, quantity FROM wanted ORDER BY place
"""
_ORDERS = """
UPDATE orders_order o
SET status = r.status, waiting_for = r.waiting_for, allocation_due_at = r.due_at,
    allocation_tried_at = %(now)s, changed_at = %(now)s,
    allocation_attempts = o.allocation_attempts + 1
FROM jsonb_to_recordset(%(orders)s::jsonb)
    AS r (id bigint, status text, waiting_for text, due_at timestamptz)
WHERE o.id = r.id
"""
_SET_ASIDE = """
UPDATE orders_order SET allocation_due_at = NULL, changed_at = %(now)s
WHERE id = ANY(%(order_ids)s::bigint[])
"""


@dataclass(slots=True, kw_only=True)
class NewTask:
    """A task about to be, or just, created."""

    result: Result
    share: Share
    transfers: list[Transfer]
    id: int = 0
    number: str = ""

    @property
    def point_id(self) -> int:
        return self.share.point_id

    @property
    def allow_split(self) -> bool:
        """Whether the task may be packed into several parcels."""
        order = self.result.order
        return order.allow_split and order.delivery != DeliveryScenario.CHANNEL_CARRIER_SINGLE

    @property
    def status(self) -> str:
        """Units that are brought first are waited for; a scenario may hold parts of an order."""
        if self.transfers:
            return TaskStatus.WAITING_TRANSFER
        is_part = len(self.result.plan.shares) > 1
        return self.result.rules.initial_state if is_part else TaskStatus.CREATED

    def brought(self, line_id: int) -> list[int]:
        """Units of a line that come by each transfer."""
        return [each.lines[line_id] for each in self.transfers if line_id in each.lines]


def write(
    results: Sequence[Result],
    *,
    setting: Setting,
    actor: Actor,
    now: datetime,
    retry_at: datetime,
) -> None:
    """Store decisions, open tasks with their reservations, move the orders, report it all."""
    if not results:
        return
    decisions = _write_decisions(results, now=now)
    tasks = [
        NewTask(result=result, share=share, transfers=_transfers_to(share.point_id, result))
        for result in results
        for share in result.plan.shares
    ]
    if tasks:
        _write_tasks(tasks, decisions=decisions, setting=setting, now=now)
        _write_lines(tasks, actor=actor)
    before = {result.order.id: result.order.status for result in results}
    _write_orders(results, now=now, retry_at=retry_at)
    facts = [_task_fact(task) for task in tasks]
    facts += [fact for r in results if (fact := _order_fact(r, before[r.order.id]))]
    facts += _split_facts(tasks)
    outbox.record(facts, actor=actor, now=now)
    _follow_up(results, tasks, decisions, setting=setting, actor=actor, now=now)


def _follow_up(
    results: Sequence[Result],
    tasks: Sequence[NewTask],
    decisions: dict[int, int],
    *,
    setting: Setting,
    actor: Actor,
    now: datetime,
) -> None:
    """What only some orders need: labels at once, transfers, units at a default point."""
    single = [
        task.id
        for task in tasks
        if task.result.order.delivery == DeliveryScenario.CHANNEL_CARRIER_SINGLE
    ]
    if single:
        opened = FulfillmentTask.objects.filter(pk__in=single).order_by("pk")
        labels.plan_parcels(tasks=list(opened), actor=actor, now=now)
    for task in tasks:
        if task.transfers:
            bringing.open_transfers(
                task_id=task.id,
                order_id=task.result.order.id,
                transfers=task.transfers,
                actor=actor,
                now=now,
            )
    for result in results:
        if result.plan.unserved or result.order.id in setting.unreserved:
            decision_id = decisions.get(result.order.id)
            unreserved.arrange(result, decision_id=decision_id, actor=actor, now=now)


def _transfers_to(point_id: int, result: Result) -> list[Transfer]:
    return [each for each in result.plan.transfers if each.point_id == point_id]


def set_aside(orders: Sequence[DueOrder], *, now: datetime) -> None:
    """Orders that are held, or of which nothing waits, are no longer due."""
    if orders:
        sql.rows(_SET_ASIDE, {"order_ids": [order.id for order in orders], "now": now})


def _explanation(result: Result) -> dict[str, object]:
    return {
        "scenario": result.rules.code,
        "version": result.rules.version,
        "split_allowed": result.rules.allows_split(order_allows=result.order.allow_split),
        "candidates": result.plan.verdicts,
    }


def _write_decisions(results: Sequence[Result], *, now: datetime) -> dict[int, int]:
    """One row per order; a waiting order that waits for the same again only counts it."""
    tried = [r.order.id for r in results if r.order.allocation_attempts]
    last = {row["order_id"]: row for row in sql.records(_LAST_WAITING, {"order_ids": tried})}
    repeated, fresh = [], []
    for result in results:
        row = last.get(result.order.id)
        if row and _is_same(row, result):
            repeated.append({"id": row["id"], "explanation": _explanation(result)})
        else:
            fresh.append(_decision(result))
    encode = msgspec.json.encode
    if repeated:
        sql.rows(_REPEAT, {"decisions": encode(repeated).decode(), "now": now})
    if not fresh:
        return {}
    return dict(sql.rows(_DECIDE, {"decisions": encode(fresh).decode(), "now": now}))


def _is_same(row: dict[str, Any], result: Result) -> bool:
    if result.plan.outcome != RoutingOutcome.WAITING or row["outcome"] != RoutingOutcome.WAITING:
        return False
    said = (result.rules.version_id, result.plan.reason[:255])
    return said == (row["version_id"], row["reason"])


def _decision(result: Result) -> dict[str, object]:
    return {
        "organization_id": result.order.organization_id,
        "order_id": result.order.id,
        "version_id": result.rules.version_id,
        "outcome": result.plan.outcome,
        "reason": result.plan.reason[:255],
        "explanation": _explanation(result),
    }


def _write_tasks(
    tasks: Sequence[NewTask], *, decisions: dict[int, int], setting: Setting, now: datetime
) -> None:
    rows = [_task_row(task, decisions=decisions, setting=setting, now=now) for task in tasks]
    params: dict[str, object] = {"tasks": msgspec.json.encode(rows).decode(), "now": now}
    made = {
        (order_id, point_id): (pk, number)
        for pk, number, order_id, point_id in sql.rows(_TASKS, params)
    }
    for task in tasks:
        task.id, task.number = made[task.result.order.id, task.point_id]


def _task_row(
    task: NewTask, *, decisions: dict[int, int], setting: Setting, now: datetime
) -> dict[str, object]:
    order, rules = task.result.order, task.result.rules
    terms = setting.terms[task.point_id]
    own = order.delivery == DeliveryScenario.OWN_CARRIER
    usual = task.share.carrier or next(iter(terms.carriers), "")
    carrier = rules.carrier or ("" if own else usual)
    minutes = terms.accept_within
    return {
        "organization_id": order.organization_id,
        "channel_id": order.channel_id,
        "order_id": order.id,
        "point_id": task.point_id,
        "decision_id": decisions.get(order.id),
        "status": task.status,
        "delivery": order.delivery,
        "allow_split": task.allow_split,
        "carrier": carrier,
        "delivery_type": rules.delivery_type or "Standard",
        "accept_by": None if minutes is None else now + timedelta(minutes=minutes),
    }


def _write_lines(tasks: Sequence[NewTask], *, actor: Actor) -> None:
    """Task lines, allocated quantities and reservations."""
    needs: list[inventory.StockNeed] = []
    rows: list[tuple[int, int, int, int]] = []
    for task in tasks:
        by_id = {line.id: line for line in task.result.order.lines}
        for line_id, quantity in task.share.lines.items():
            line = by_id[line_id]
            line.quantity_allocated += quantity
            sku_id = line.sku_id or 0  # only lines with a known SKU are ever given to a point
            brought = task.brought(line_id)
            own = quantity - sum(brought)
            for part in (own, *brought):
                rows += [(task.id, line_id, sku_id, units) for units in _pieces(task, part)]
            if own:
                needs.append(
                    inventory.StockNeed(
                        sku_id=sku_id, point_id=task.point_id, quantity=own, cause=task.number
                    )
                )
    inventory.reserve_stock(needs=needs, actor=actor)
    names = ("task_ids", "line_ids", "sku_ids", "quantities")
    columns = [list(column) for column in zip(*rows, strict=True)]
    sql.rows(_TASK_LINES, dict(zip(names, columns, strict=True)))


def _pieces(task: NewTask, quantity: int) -> list[int]:
    """Lines are packed whole, so a task that may leave in several parcels has single units."""
    return [1] * quantity if task.allow_split or not quantity else [quantity]


def _write_orders(results: Sequence[Result], *, now: datetime, retry_at: datetime) -> None:
    rows = []
    for result in results:
        order = result.order
        order.status = lifecycle.order_status(order.lines, is_paid=order.is_paid, was_tried=True)
        waits = bool(order.waiting)
        rows.append(
            {
                "id": order.id,
                "status": order.status,
                "waiting_for": result.plan.reason[:255] if waits else "",
                "due_at": min(retry_at, result.plan.retry_at or retry_at) if waits else None,
            }
        )
    sql.rows(_ORDERS, {"orders": msgspec.json.encode(rows).decode(), "now": now})


def _task_fact(task: NewTask) -> outbox.Fact:
    order = task.result.order
    return outbox.Fact(
        organization_id=order.organization_id,
        type=EventType.TASK_CREATED,
        subject_type=SubjectType.TASK,
        subject_id=task.id,
        order_ref=order.id,
        channel_id=order.channel_id,
        point_id=task.point_id,
        status=task.status,
        data={
            "task": task.number,
            "order": order.external_id,
            "channel_id": order.channel_id,
            "point_id": task.point_id,
        },
    )


def _order_fact(result: Result, before: str) -> outbox.Fact | None:
    """What became of the order; nothing, when it waits on as before."""
    order = result.order
    if order.status == before and not result.plan.shares:
        return None
    partly = result.plan.outcome == RoutingOutcome.PARTLY_SERVED
    waits = result.plan.outcome == RoutingOutcome.WAITING or partly
    return outbox.Fact(
        organization_id=order.organization_id,
        type=EventType.ORDER_UNALLOCATED if waits else EventType.ORDER_ALLOCATED,
        subject_type=SubjectType.ORDER,
        subject_id=order.id,
        order_ref=order.id,
        channel_id=order.channel_id,
        status=order.status,
        data={"order": order.external_id, "reason": result.plan.reason, "before": before},
    )


def _split_facts(tasks: Sequence[NewTask]) -> list[outbox.Fact]:
    """Orders that became several tasks at once."""
    by_order: dict[int, list[NewTask]] = {}
    for task in tasks:
        by_order.setdefault(task.result.order.id, []).append(task)
    return [_split_fact(parts) for parts in by_order.values() if len(parts) > 1]


def _split_fact(parts: Sequence[NewTask]) -> outbox.Fact:
    order = parts[0].result.order
    return outbox.Fact(
        organization_id=order.organization_id,
        type=EventType.ORDER_SPLIT,
        subject_type=SubjectType.ORDER,
        subject_id=order.id,
        order_ref=order.id,
        channel_id=order.channel_id,
        status=order.status,
        data={"order": order.external_id, "tasks": [task.number for task in parts]},
    )

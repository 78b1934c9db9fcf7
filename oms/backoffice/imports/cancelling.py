"""Cancellations that name no order: matched by customer, SKU and price, latest order first.

A row cancels units, not lines, and takes them from as many lines as it needs. Lines that end up
empty are cancelled whole, through fulfillment, whatever became of them; a part of a line is taken
from its units that no task has yet. What finds no units is refused. Each order is one
transaction, with the record of what was cancelled, so a row that is loaded again cancels only
what it has not cancelled yet.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum

from fulfillment import services as fulfillment
from oms.backoffice.imports.base import Cancellation, CancelledRow, Refused, Target
from oms.backoffice.imports.totals import Totals
from oms.backoffice.models import ImportedCancellation
from oms.kernel import errors
from oms.kernel.actors import Actor
from oms.kernel.errors import DomainError
from oms.orders import services
from oms.orders.choices import CancelParty
from oms.orders.models import Customer, Order, OrderLine

NOTHING_MATCHES = "cancellation matches no order"
PARTLY = "cancellation only partly matched"
IN_WORK = "cancellation of a part of a line that is in work"
NOT_POSSIBLE = "cancellation refused"


class LinesMoved(errors.Conflict):
    """Lines were allocated, shipped or cancelled between reading and locking them."""

    code = "lines_moved"


Key = tuple[str, Decimal]  # folded code of the SKU, and price


@dataclass(slots=True)
class _Pool:
    """One line and the units that can still be taken from it."""

    line: OrderLine
    live: int
    free: int
    taken: Counter[int] = field(default_factory=Counter)  # by position of the row

    def take(self, wanted: int, position: int) -> int:
        """Take units: all that are left, or a part of those no task has."""
        units = self.live if wanted >= self.live else min(wanted, self.free)
        if units > 0:
            self.taken[position] += units
            self.live -= units
            self.free = max(self.free - units, 0)
        return max(units, 0)


def cancel(
    cancellation: Cancellation, *, target: Target, totals: Totals, actor: Actor, now: datetime
) -> list[Refused]:
    """Apply one cancellation. Returns the rows that found too few units."""
    before = _done_before(cancellation, target)
    pools = _pools(cancellation, target)
    wanted = {
        row.row.position: row.quantity - before[row.row.position] for row in cancellation.rows
    }
    for row in cancellation.rows:
        left = wanted[row.row.position]
        for pool in pools[_key(row.sku_code, row.unit_price)]:
            if left <= 0:
                break
            left -= pool.take(left, row.row.position)
    done, problems = _apply(cancellation, pools, target=target, actor=actor, now=now)
    totals.add("units.cancelled", sum(done.values()))
    totals.add("units.cancelled_before", sum(before.values()))
    refused = [
        _refusal(
            row,
            before[row.row.position] + done[row.row.position],
            pools[_key(row.sku_code, row.unit_price)],
            problems,
        )
        for row in cancellation.rows
        if done[row.row.position] < wanted[row.row.position]
    ]
    totals.add("rows.cancelled", len(cancellation.rows) - len(refused))
    return refused


def _key(code: str, price: Decimal | None) -> Key:
    return code.upper(), Decimal(price or 0).quantize(Decimal("0.0001"))


def _done_before(cancellation: Cancellation, target: Target) -> Counter[int]:
    rows = ImportedCancellation.objects.filter(
        channel_id=target.channel_id, reference=cancellation.reference
    )
    return Counter(dict(rows.values_list("row").annotate(units=Sum("quantity"))))


def _pools(cancellation: Cancellation, target: Target) -> Mapping[Key, Sequence[_Pool]]:
    """The customer's lines that have units left, latest order first.

    Three look-ups by index instead of one join: while an import fills the tables, the planner's
    statistics are of no use yet.
    """
    customers = Customer.objects.filter(
        channel_id=target.channel_id, external_id=cancellation.customer_id
    )
    orders = Order.objects.filter(
        customer_id__in=list(customers.values_list("pk", flat=True)),
        placed_at__lte=cancellation.cancelled_at,
    )
    ranked = list(orders.order_by("-placed_at", "-id").values_list("pk", flat=True))
    found = OrderLine.objects.filter(order_id__in=ranked)
    rank = {order_id: place for place, order_id in enumerate(ranked)}
    pools: defaultdict[Key, list[_Pool]] = defaultdict(list)
    for line in sorted(found, key=lambda line: (rank[line.order_id], -line.position)):
        if line.quantity_live > line.quantity_shipped:
            pool = _Pool(line, line.quantity_live, line.quantity_waiting)
            pools[_key(line.sku_code, line.unit_price)].append(pool)
    return pools


def _apply(
    cancellation: Cancellation,
    pools: Mapping[Key, Sequence[_Pool]],
    *,
    target: Target,
    actor: Actor,
    now: datetime,
) -> tuple[Counter[int], list[str]]:
    """Cancel order by order. Returns the units by row, and why orders refused."""
    by_order: defaultdict[int, list[_Pool]] = defaultdict(list)
    for group in pools.values():
        for pool in group:
            if pool.taken:
                by_order[pool.line.order_id].append(pool)
    done: Counter[int] = Counter()
    problems: list[str] = []
    for order_id, taken in sorted(by_order.items()):
        try:
            _cancel_in_order(order_id, taken, cancellation, target=target, actor=actor, now=now)
        except DomainError as refusal:
            problems.append(str(refusal))
        else:
            done += sum((pool.taken for pool in taken), Counter[int]())
    return done, problems


@transaction.atomic
def _cancel_in_order(
    order_id: int,
    pools: Sequence[_Pool],
    cancellation: Cancellation,
    *,
    target: Target,
    actor: Actor,
    now: datetime,
) -> None:
    reason = cancellation.reference
    services.lock_order(order_id=order_id)
    _refuse_moved(pools)
    if whole := tuple(pool.line.pk for pool in pools if not pool.live):
        request = fulfillment.CancelOrder(
            order_id=order_id,
            line_ids=whole,
            party=CancelParty.CUSTOMER,
            reason=reason,
            cancelled_at=cancellation.cancelled_at,
        )
        fulfillment.cancel_order(request=request, actor=actor, now=now)
    if parts := [pool for pool in pools if pool.live]:
        cancels = [
            services.LineCancel(
                line_id=pool.line.pk,
                quantity=pool.taken.total(),
                party=CancelParty.CUSTOMER,
                reason=reason,
            )
            for pool in parts
        ]
        services.record_cancellation(
            order=services.lock_order(order_id=order_id),
            cancels=cancels,
            deallocate={},
            actor=actor,
            now=now,
            cause=reason,
        )
    ImportedCancellation.objects.bulk_create(
        ImportedCancellation(
            channel_id=target.channel_id,
            reference=reason,
            row=position,
            line=pool.line,
            quantity=units,
        )
        for pool in pools
        for position, units in pool.taken.items()
    )


def _refuse_moved(pools: Sequence[_Pool]) -> None:
    """The lines were read before their order was locked: refuse to act on what is no longer so."""
    now = OrderLine.objects.in_bulk([pool.line.pk for pool in pools])
    for pool in pools:
        line = now.get(pool.line.pk)
        seen = (pool.line.quantity_live, pool.line.quantity_waiting, pool.line.quantity_shipped)
        if line is None or seen != (
            line.quantity_live,
            line.quantity_waiting,
            line.quantity_shipped,
        ):
            raise LinesMoved("The order changed meanwhile; load the row again")


def _refusal(
    row: CancelledRow, done: int, pools: Sequence[_Pool], problems: Sequence[str]
) -> Refused:
    said = f"{done} of {row.quantity} units were cancelled"
    if problems:
        return Refused(row.row, NOT_POSSIBLE, "; ".join([said, *sorted(set(problems))]))
    if any(pool.live for pool in pools):
        return Refused(row.row, IN_WORK, said)
    return Refused(row.row, PARTLY, said) if done else Refused(row.row, NOTHING_MATCHES)

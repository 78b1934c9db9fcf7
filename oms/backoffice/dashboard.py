"""The start page: what there is, what waits and why, and what needs a person.

Every number is counted up to the cap and links to the list that shows exactly these rows.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Model, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from fulfillment.choices import DocumentStatus
from fulfillment.models import Document, FulfillmentTask
from oms.backoffice import filters
from oms.backoffice.counting import CAP, Count, capped, capped_count
from oms.backoffice.formats import TONES
from oms.backoffice.scope import limited, midnight, visible_ids
from oms.events.models import Event
from oms.inbox import queries as inbox
from oms.inbox.choices import Severity
from oms.inbox.models import Entry
from oms.inventory.models import StockLevel
from oms.kernel import sql
from oms.locations.models import FulfillmentPoint
from oms.orders.choices import CancelRequestStatus, OrderStatus
from oms.orders.models import CancelRequest, Hold, Order

TOP_REASONS = 6

_BY_STATUS = """
SELECT s.status, sum(c.found)
FROM unnest(%(statuses)s::text[]) s (status)
CROSS JOIN unnest(%(organizations)s::bigint[]) o (id)
CROSS JOIN LATERAL (
    SELECT count(*) AS found FROM (
        SELECT 1 FROM orders_order
        WHERE organization_id = o.id AND status = s.status LIMIT %(cap)s
    ) rows
) c
GROUP BY s.status
"""
_REASONS = """
SELECT split_part(waiting_for, ':', 1) AS reason, count(*) AS found
FROM unnest(%(organizations)s::bigint[]) o (id)
CROSS JOIN LATERAL (
    SELECT waiting_for FROM orders_order
    WHERE organization_id = o.id AND status = 'UNALLOCATED' LIMIT %(cap)s
) waiting
WHERE waiting_for <> ''
GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT %(top)s
"""


@dataclass(frozen=True, slots=True)
class Tile:
    """A number and the list behind it."""

    label: str
    count: Count
    url: str
    tone: str = "idle"


@dataclass(frozen=True, slots=True)
class Board:
    """The start page, as far as the person may look."""

    inbox: list[Tile]
    statuses: list[Tile]
    today: list[Tile]
    attention: list[Tile]
    reasons: list[Tile]


def load(request: HttpRequest) -> Board:
    """All numbers in a fixed number of statements; none of them counts a whole table."""
    user = request.user
    sees_orders = user.has_perm("orders.view_order")
    sees_tasks = user.has_perm("fulfillment.view_fulfillmenttask")
    return Board(
        inbox=_inbox(request) if user.has_perm("inbox.view_entry") else [],
        statuses=_statuses(request) if sees_orders else [],
        today=_today(request, orders=sees_orders, tasks=sees_tasks),
        attention=_attention(request),
        reasons=_reasons(request) if sees_orders else [],
    )


def _list_url(model: type[Model], **query: str) -> str:
    names = f"{model._meta.app_label}_{model._meta.model_name}"
    return reverse(f"admin:{names}_changelist", query=query)


def _inbox(request: HttpRequest) -> list[Tile]:
    """What is stuck, by kind. The list behind a number has what mends it."""
    found = inbox.groups(organization_ids=visible_ids(request), now=timezone.now())
    return [
        Tile(
            group.kind.label,
            capped(group.found),
            _list_url(Entry, kind=group.kind.code),
            "bad" if group.kind.severity == Severity.BLOCKS else "warn",
        )
        for group in found
    ]


def _statuses(request: HttpRequest) -> list[Tile]:
    params: dict[str, Any] = {
        "statuses": OrderStatus.values,
        "organizations": visible_ids(request),
        "cap": CAP + 1,
    }
    found = dict(sql.rows(_BY_STATUS, params))
    return [
        Tile(
            status.label,
            capped(int(found.get(status, 0))),
            _list_url(Order, status=status),
            TONES[status],
        )
        for status in OrderStatus
    ]


def _reasons(request: HttpRequest) -> list[Tile]:
    params: dict[str, Any] = {
        "organizations": visible_ids(request),
        "cap": CAP + 1,
        "top": TOP_REASONS,
    }
    return [
        Tile(reason, capped(found), _list_url(Order, reason=reason), "warn")
        for reason, found in sql.rows(_REASONS, params)
    ]


def _today(request: HttpRequest, *, orders: bool, tasks: bool) -> list[Tile]:
    tiles = []
    if orders:
        placed = Order.objects.filter(organization_id__in=visible_ids(request))
        count = capped_count(placed.filter(placed_at__gte=midnight(request)))
        tiles.append(Tile("Orders today", count, _list_url(Order, placed="today"), "new"))
    if tasks:
        count = capped_count(_tasks(request).filter(filters.shipped_today(request)))
        address = _list_url(FulfillmentTask, attention="shipped")
        tiles.append(Tile("Shipments today", count, address, "good"))
    return tiles


def _tasks(request: HttpRequest) -> Any:
    """Tasks of the visible points: the indexes of tasks begin with the point."""
    points = limited(FulfillmentPoint.objects.all(), request, "organization_id")
    return FulfillmentTask.objects.filter(point_id__in=points.values("pk"))


Concern = tuple[str, str, type[Model], str, Q, dict[str, str]]


def _concerns(request: HttpRequest) -> tuple[Concern, ...]:
    """Label, tone, what is counted, the way to its organization, which rows, and their list."""
    whose, of_order = "organization_id", "order__organization_id"
    return (
        _late(request, whose),
        ("Labels failed", "bad", Document, whose, _FAILED, {"status": "FAILED"}),
        ("Cancel requests to decide", "warn", CancelRequest, of_order, _OPEN, {"status": "OPEN"}),
        ("Open holds", "warn", Hold, of_order, Q(released_at__isnull=True), {"open": "yes"}),
        ("Stock less than promised", "bad", StockLevel, whose, filters.OWED, {"available": "owed"}),
        ("Events parked", "bad", Event, whose, Q(parked_at__isnull=False), {"relay": "parked"}),
    )


def _late(request: HttpRequest, whose: str) -> Concern:
    late = filters.late(request)
    return (
        "Tasks not accepted in time",
        "warn",
        FulfillmentTask,
        whose,
        late,
        {"attention": "late"},
    )


_FAILED = Q(status=DocumentStatus.FAILED)
_OPEN = Q(status=CancelRequestStatus.OPEN)


def _attention(request: HttpRequest) -> list[Tile]:
    """What does not go on without a person; nothing is listed where the person may not look."""
    tiles = []
    for label, tone, model, path, condition, query in _concerns(request):
        meta = model._meta
        if request.user.has_perm(f"{meta.app_label}.view_{meta.model_name}"):
            seen = limited(model._meta.base_manager.all(), request, path).filter(condition)
            count = capped_count(seen)
            tiles.append(Tile(label, count, _list_url(model, **query), tone if count else "good"))
    return tiles

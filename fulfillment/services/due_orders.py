"""Orders that are due for routing: claimed, locked, and read with what planning asks of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec

from channels_app.choices import ChannelType
from channels_app.models import Channel
from fulfillment.routing.rules import Traveller
from fulfillment.routing.shapes import Destination, Wanted
from oms.accounts.clocks import Circle
from oms.kernel import sql

_ORDER = """
SELECT o.id, o.organization_id, o.channel_id, c.code AS channel, c.delivery, o.external_id,
       o.status, o.is_paid, o.allow_split, o.country, o.order_type, o.goods_total,
       o.allocation_attempts, o.preferred_point_id, o.postcode, o.payment_method, o.traits,
       (c.type = 'SELLER_CENTER'
        AND coalesce(c.connector -> 'require_static_channel', 'true') <> 'false') AS needs_static,
       EXISTS (SELECT 1 FROM orders_hold h
               WHERE h.order_id = o.id AND h.released_at IS NULL) AS is_held
FROM orders_order o JOIN channels_app_channel c ON c.id = o.channel_id
"""
_CLAIM_DUE = f"""{_ORDER}
WHERE o.allocation_due_at <= %(now)s
  AND (%(only)s::bigint IS NULL OR o.organization_id = %(only)s::bigint)
  AND o.organization_id <> ALL(%(besides)s::bigint[])
ORDER BY o.allocation_due_at, o.placed_at, o.id LIMIT %(limit)s
FOR UPDATE OF o SKIP LOCKED
"""
_CLAIM_THESE = f"""{_ORDER}
WHERE o.id = ANY(%(order_ids)s::bigint[]) ORDER BY o.id FOR UPDATE OF o
"""
_READ_THESE = f"""{_ORDER}
WHERE o.id = ANY(%(order_ids)s::bigint[]) ORDER BY o.placed_at, o.id
"""
_LINES = """
SELECT id, order_id, sku_id, sku_code, quantity_ordered, quantity_cancelled, quantity_allocated,
       quantity_in_progress, quantity_packed, quantity_shipped, quantity_out_for_delivery,
       quantity_delivered, quantity_returned_to_point, quantity_returned, quantity_lost,
       parent_id, coalesce(per_set, 1) AS per_set,
       coalesce(extra ->> 'supplier_code', extra -> 'attributes' ->> 'supplier_code', '')
           AS supplier_code
FROM orders_orderline WHERE order_id = ANY(%(order_ids)s::bigint[]) AND bundle_id IS NULL
ORDER BY order_id, position, id
"""


@dataclass(slots=True, kw_only=True)
class DueLine:
    """The quantities of a line, as `lifecycle.line_status` reads them. Of a bundle those of its
    parts, which name its line as their parent.
    """

    id: int
    order_id: int
    sku_id: int | None
    sku_code: str
    quantity_ordered: int
    quantity_cancelled: int = 0
    quantity_allocated: int = 0
    quantity_in_progress: int = 0
    quantity_packed: int = 0
    quantity_shipped: int = 0
    quantity_out_for_delivery: int = 0
    quantity_delivered: int = 0
    quantity_returned_to_point: int = 0
    quantity_returned: int = 0
    quantity_lost: int = 0
    supplier_code: str = ""
    parent_id: int | None = None
    per_set: int = 1


@dataclass(slots=True, kw_only=True)
class DueOrder:
    """A locked order, with what of it waits."""

    id: int
    organization_id: int
    channel_id: int
    channel: str
    delivery: str
    external_id: str
    status: str
    is_paid: bool
    allow_split: bool
    country: str
    order_type: str
    goods_total: Decimal
    allocation_attempts: int
    preferred_point_id: int | None
    is_held: bool
    postcode: str = ""
    payment_method: str = ""
    traits: dict[str, Any] = field(default_factory=dict)
    needs_static: bool = False
    sku_tags: dict[int, frozenset[str]] = field(default_factory=dict)
    lines: list[DueLine] = field(default_factory=list)

    @property
    def waiting(self) -> list[Wanted]:
        return [
            Wanted(
                line_id=line.id,
                sku_id=line.sku_id,
                sku_code=line.sku_code,
                quantity=missing,
                supplier_code=line.supplier_code,
                tags=self.sku_tags.get(line.sku_id or 0, frozenset()),
                set_id=line.parent_id,
                per_set=line.per_set,
            )
            for line in self.lines
            if (missing := line.quantity_ordered - line.quantity_cancelled
                - line.quantity_allocated) > 0
        ]  # fmt: skip

    @property
    def traveller(self) -> Traveller:
        """What filters look at."""
        traits = self.traits
        told = {self.payment_method, str(traits.get("payment_option", ""))} - {""}
        return Traveller(
            channel=self.channel,
            country=self.country,
            order_type=self.order_type,
            value=self.goods_total,
            region=str(traits.get("region", "")),
            payments=frozenset(told),
            shipping_option=str(traits.get("shipping_option", "")),
            customer_type=str(traits.get("customer_type", "")),
            sku_tags=frozenset().union(*self.sku_tags.values()),
        )

    @property
    def destination(self) -> Destination:
        """Where it goes, as far as planning is told."""
        return Destination(
            country=self.country,
            region=str(self.traits.get("region", "")),
            postcode=self.postcode,
            latitude=self.traits.get("latitude"),
            longitude=self.traits.get("longitude"),
        )


def needs_static(channel: Channel) -> bool:
    """Whether only a scenario that names the channel may plan its orders: as `_ORDER` says it."""
    is_bound = channel.connector.get("require_static_channel", True) is not False
    return channel.type == ChannelType.SELLER_CENTER and is_bound


def read_orders(*, order_ids: Sequence[int]) -> list[DueOrder]:
    """These orders as nobody had planned them yet, oldest first, unlocked."""
    orders = with_lines(sql.records(_READ_THESE, {"order_ids": list(order_ids)}))
    for order in orders:
        order.allocation_attempts = 0
        for line in order.lines:
            line.quantity_allocated = 0
    return orders


def claim_due(*, now: datetime, limit: int, circle: Circle) -> list[DueOrder]:
    """Lock a circle's due orders, oldest first, leaving out those somebody works on."""
    params: dict[str, object] = {"now": now, "limit": limit, **circle.params}
    return with_lines(sql.records(_CLAIM_DUE, params))


def claim_these(*, order_ids: Sequence[int]) -> list[DueOrder]:
    """Lock these orders in primary-key order, waiting for whoever has them."""
    return with_lines(sql.records(_CLAIM_THESE, {"order_ids": list(order_ids)}))


def with_lines(rows: list[dict[str, Any]]) -> list[DueOrder]:
    orders = {row["id"]: DueOrder(**row | {"traits": _read(row["traits"])}) for row in rows}
    if orders:
        for row in sql.records(_LINES, {"order_ids": list(orders)}):
            orders[row["order_id"]].lines.append(DueLine(**row))
    return list(orders.values())


def _read(traits: str) -> dict[str, Any]:
    """JSON comes as text; most orders have none."""
    return {} if traits == "{}" else msgspec.json.decode(traits, type=dict[str, Any])

"""Orders of the past, straight into the tables, so consistent that every invariant holds.

Most were cancelled, some were never paid: their quantities, states and events agree without
tasks and parcels. Every buyer is sealed as intake seals it.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime

from bench.database import Database, without_triggers
from bench.sizes import ORDER_LINES
from oms.orders import contacts
from oms.orders.drafts import ContactDraft

BATCH = 50_000
UNPAID_EVERY = 33
PREFIX = "PAST"

_ORDERS = """
INSERT INTO orders_order (
    public_id, organization_id, channel_id, external_id, status, order_type, is_paid,
    is_cross_border, allow_split, campaign_id, ref_code, currency, country, city, postcode,
    customer_remark, seller_remark, goods_total, placed_at, channel_updated_at, received_at,
    changed_at)
SELECT uuidv7(placed.at - now()), %(organization_id)s, %(channel_id)s,
       'PAST-' || lpad(n::text, 9, '0'),
       CASE WHEN n %% %(unpaid_every)s = 0 THEN 'CREATED' ELSE 'CANCELLED' END, 'NORMAL',
       n %% %(unpaid_every)s <> 0, false, false, '', '', 'SGD', 'SG', 'Singapore', '048624', '',
       '', 89.7, placed.at, placed.at, placed.at, placed.at
FROM generate_series(%(first)s::int, %(last)s::int) AS n
CROSS JOIN LATERAL (
    SELECT now() - (2 * %(most)s - n) * interval '20 seconds' AS at) placed
ORDER BY n
"""
_LINES = """
INSERT INTO orders_orderline (
    order_id, position, external_id, sku_id, sku_code, channel_sku_code, channel_spu_id, name,
    remark, original_price, unit_price, discount_amount, tax_amount, extra, quantity_ordered,
    cancelled_by_customer, quantity_cancelled)
SELECT o.id, p, o.external_id || '-' || p, s.id, s.code, 'W-' || s.code, '', s.name, '', 34.9,
       29.9, 5, 2.09, '{}', 1, (o.status = 'CANCELLED')::int, (o.status = 'CANCELLED')::int
FROM orders_order o CROSS JOIN generate_series(1, %(lines)s::int) AS p
JOIN catalog_sku s ON s.id = %(first_sku)s + (o.id * 7 + p * 131) %% %(skus)s
WHERE o.id BETWEEN %(from_id)s AND %(to_id)s
ORDER BY o.id, p
"""
_EVENTS = """
INSERT INTO events_event (organization_id, type, subject_type, subject_id, sequence, order_ref,
                          status, data, actor, cause, occurred_at, recorded_at, position)
SELECT o.organization_id, e.type, 'order', o.id, e.sequence, o.id, e.status,
       jsonb_build_object('order', o.external_id), 'system:bench', '', o.placed_at, o.placed_at,
       nextval('events_position_seq')
FROM orders_order o
CROSS JOIN LATERAL (VALUES
    (1, 'order.placed', CASE o.status WHEN 'CREATED' THEN 'CREATED' ELSE 'PAID' END),
    (2, 'order.cancelled', 'CANCELLED')) AS e (sequence, type, status)
WHERE o.id BETWEEN %(from_id)s AND %(to_id)s AND (e.sequence = 1 OR o.status = 'CANCELLED')
ORDER BY o.id, e.sequence
"""
_BUYERS = """
COPY orders_buyer (order_id, sealed_for, contact, email_hash) FROM STDIN
"""


def load(
    database: Database,
    *,
    channel_code: str,
    stored: int,
    wanted: int,
    told: Callable[[int], None],
) -> float:
    """Add the orders from number `stored` + 1 to `wanted`; the seconds that took."""
    begun = time.monotonic()
    for first in range(stored + 1, wanted + 1, BATCH):
        last = min(first + BATCH - 1, wanted)
        with without_triggers(database), database.connection.transaction():
            _add(database, channel_code=channel_code, first=first, last=last)
        told(last)
    database.vacuum()
    return time.monotonic() - begun


def _add(database: Database, *, channel_code: str, first: int, last: int) -> None:
    ((channel_id, organization_id),) = database.rows(
        "SELECT id, organization_id FROM channels_app_channel WHERE code = %(code)s",
        {"code": channel_code},
    )
    ((first_sku, skus),) = database.rows("SELECT min(id), count(*) FROM catalog_sku")
    before = database.number("SELECT max(id) FROM orders_order")
    params = {
        "organization_id": organization_id,
        "channel_id": channel_id,
        "first": first,
        "last": last,
        "most": 1_000_000,
        "unpaid_every": UNPAID_EVERY,
    }
    database.run(_ORDERS, params)
    span: dict[str, object] = {
        "from_id": before + 1,
        "to_id": database.number("SELECT max(id) FROM orders_order"),
        "lines": ORDER_LINES,
        "first_sku": first_sku,
        "skus": skus,
    }
    database.run(_LINES, span)
    database.run(_EVENTS, span)
    _add_buyers(database, span)


def _add_buyers(database: Database, span: dict[str, object]) -> None:
    contact = ContactDraft(
        customer_name="A Buyer",
        customer_email="buyer@example.com",
        customer_phone="+65 6000 0000",
        city="Singapore",
        address="1 Sample Road #02-03",
        postcode="048624",
        name="A Buyer",
        phone="+65 6000 0000",
        requested_arrival_at=datetime(2026, 1, 15, 12, tzinfo=UTC),
    )
    found = database.rows(
        "SELECT id, public_id, external_id FROM orders_order"
        " WHERE id BETWEEN %(from_id)s AND %(to_id)s ORDER BY id",
        {"from_id": span["from_id"], "to_id": span["to_id"]},
    )
    with database.connection.cursor() as cursor, cursor.copy(_BUYERS) as copy:
        for pk, public_id, number in found:
            sealed = contacts.seal_contact(contact, key=public_id)
            digest = contacts.email_hash(f"{number}@example.com")
            copy.write_row((pk, public_id, sealed, digest))

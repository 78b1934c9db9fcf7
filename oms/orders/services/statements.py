"""The SQL of intake. Kept apart so that it can be read, and explained, as SQL."""

from oms.kernel.sql import one_line

LINE_COLUMNS = """public_id uuid, organization_id bigint, channel_id bigint, position int,
    external_id text, code text, second_code text, sku_code text, channel_sku_code text,
    channel_spu_id text, name text, remark text, original_price numeric, unit_price numeric,
    discount_amount numeric, tax_amount numeric, extra jsonb, quantity_ordered int,
    line_discount numeric, known_sku_id bigint, is_named bool"""

# A code is the organization's own SKU code first, then what the channel calls a SKU.
SKU_OF_LINE = """coalesce(l.known_sku_id,
    (SELECT s.id FROM catalog_sku s
     WHERE s.organization_id = l.organization_id AND s.code = l.code),
    (SELECT g.sku_id FROM catalog_listing g
     WHERE g.channel_id = l.channel_id AND g.channel_sku_code = l.code
       AND g.sku_id IS NOT NULL ORDER BY g.id LIMIT 1),
    (SELECT s.id FROM catalog_sku s
     WHERE s.organization_id = l.organization_id AND s.code = l.second_code),
    (SELECT g.sku_id FROM catalog_listing g
     WHERE g.channel_id = l.channel_id AND g.channel_sku_code = l.second_code
       AND g.sku_id IS NOT NULL ORDER BY g.id LIMIT 1))"""

LINE_TARGET = """order_id, position, external_id, sku_id, sku_code, channel_sku_code,
    channel_spu_id, name, remark, original_price, unit_price, discount_amount, tax_amount, extra,
    quantity_ordered, line_discount, is_named"""

LINE_VALUES = f"""l.position, l.external_id, {SKU_OF_LINE}, l.sku_code,
    l.channel_sku_code, l.channel_spu_id, l.name, l.remark, l.original_price, l.unit_price,
    l.discount_amount, l.tax_amount, l.extra, l.quantity_ordered, l.line_discount, l.is_named"""

# The order's columns come as a row of its table, which spares this statement their types: it must
# stay short enough for psycopg to keep it parsed.
# Bytes travel as they are (%b), which is half of their text; an empty value stands for none.
PLACE = one_line(f"""
WITH draft AS MATERIALIZED (
    SELECT (r.o).*, r.customer, r.lines
    FROM jsonb_to_recordset(%(orders)s::jsonb) AS r (o orders_order, customer text, lines int)
), customer AS (
    INSERT INTO orders_customer (organization_id, channel_id, external_id)
    SELECT DISTINCT organization_id, channel_id, customer FROM draft WHERE customer <> ''
    ON CONFLICT (channel_id, external_id) DO UPDATE SET updated_at = orders_customer.updated_at
    RETURNING id, channel_id, external_id
), placed AS (
    INSERT INTO orders_order (
        public_id, organization_id, channel_id, customer_id, external_id, status, order_type,
        is_paid, is_cross_border, allow_split, campaign_id, ref_code, currency, country, city,
        postcode, customer_remark, seller_remark, goods_total, payment, placed_at,
        channel_updated_at, ship_by_at, received_at, changed_at, allocation_due_at,
        packaging_note, tags, preferred_point_id, shipping_fee, order_discount, payment_status,
        payment_method, traits)
    SELECT public_id, organization_id, d.channel_id, coalesce(d.customer_id, c.id),
           d.external_id, status,
           order_type, is_paid, is_cross_border, allow_split, campaign_id, ref_code,
           currency, country, city, postcode, customer_remark, seller_remark,
           goods_total, payment, placed_at, channel_updated_at, ship_by_at, %(now)s,
           %(now)s,
           CASE WHEN is_paid THEN %(now)s::timestamptz END, packaging_note, tags,
           preferred_point_id, shipping_fee, order_discount, payment_status,
           payment_method, traits
    FROM draft d
    LEFT JOIN customer c ON c.channel_id = d.channel_id AND c.external_id = d.customer
    ON CONFLICT (channel_id, external_id) DO NOTHING
    RETURNING id, public_id, number, organization_id, channel_id, external_id, status
), lines AS (
    INSERT INTO orders_orderline ({LINE_TARGET})
    SELECT p.id, {LINE_VALUES}
    FROM jsonb_to_recordset(%(lines)s::jsonb) AS l ({LINE_COLUMNS})
    JOIN placed p USING (public_id) ORDER BY p.id, l.position
), buyers AS (
    INSERT INTO orders_buyer (order_id, sealed_for, contact, raw_body, email_hash, phone_hash)
    SELECT p.id, p.public_id, b.contact, nullif(b.raw_body, ''), nullif(b.email_hash, ''),
           nullif(b.phone_hash, '')
    FROM unnest(%(public_ids)s::uuid[], %(contacts)b::bytea[], %(bodies)b::bytea[],
                %(email_hashes)b::bytea[], %(phone_hashes)b::bytea[])
         AS b (public_id, contact, raw_body, email_hash, phone_hash)
    JOIN placed p USING (public_id)
), events AS (
    INSERT INTO events_event (organization_id, type, subject_type, subject_id, sequence,
                              order_ref, channel_ref, status, data, actor, cause, occurred_at,
                              trace)
    SELECT p.organization_id, 'order.placed', 'order', p.id, 1, p.id, p.channel_id, p.status,
           jsonb_build_object('order', p.external_id, 'lines', d.lines), %(actor)s, '',
           %(now)s, %(trace)s::text
    FROM placed p JOIN draft d USING (public_id)
)
SELECT id, public_id, number, channel_id, external_id FROM placed
""")

REPLACE_LINES = f"""
INSERT INTO orders_orderline ({LINE_TARGET})
SELECT %(order_id)s, {LINE_VALUES}
FROM jsonb_to_recordset(%(lines)s::jsonb) AS l ({LINE_COLUMNS})
ON CONFLICT (order_id, external_id) DO UPDATE SET
    position = excluded.position, sku_id = excluded.sku_id, sku_code = excluded.sku_code,
    channel_sku_code = excluded.channel_sku_code, channel_spu_id = excluded.channel_spu_id,
    name = excluded.name, remark = excluded.remark, original_price = excluded.original_price,
    unit_price = excluded.unit_price, discount_amount = excluded.discount_amount,
    tax_amount = excluded.tax_amount, extra = excluded.extra,
    quantity_ordered = excluded.quantity_ordered, line_discount = excluded.line_discount,
    is_named = excluded.is_named, bundle_id = NULL
"""

MATCH_SKUS = one_line(f"""
UPDATE orders_orderline t SET sku_id = m.sku_id
FROM (SELECT l.id, {SKU_OF_LINE} AS sku_id
      FROM (SELECT n.id, o.organization_id, o.channel_id, n.sku_code AS code,
                   n.channel_sku_code AS second_code, NULL::bigint AS known_sku_id
            FROM orders_orderline n JOIN orders_order o ON o.id = n.order_id
            WHERE n.order_id = %(order_id)s::bigint AND n.sku_id IS NULL
              AND n.bundle_id IS NULL) l) m
WHERE t.id = m.id AND m.sku_id IS NOT NULL
RETURNING t.sku_code
""")

MATCH_BUNDLES = one_line("""
UPDATE orders_orderline t SET bundle_id = m.bundle_id
FROM (SELECT l.id, orders_bundle_of(l) AS bundle_id FROM orders_orderline l
      WHERE l.order_id = %(order_id)s::bigint AND l.sku_id IS NULL AND l.bundle_id IS NULL) m
WHERE t.id = m.id AND m.bundle_id IS NOT NULL
RETURNING t.sku_code
""")

QUANTITIES = (
    "quantity_ordered, quantity_cancelled, quantity_allocated, quantity_in_progress, "
    "quantity_packed, quantity_shipped, quantity_out_for_delivery, quantity_delivered, "
    "quantity_returned_to_point, quantity_returned, quantity_lost"
)

# Lines of bundles are left out: theirs follow from their parts (docs/adr/0031).
LINES = f"""
SELECT id, {QUANTITIES} FROM orders_orderline
WHERE order_id = %(order_id)s AND bundle_id IS NULL ORDER BY id
"""

ADVANCE = """
UPDATE orders_orderline l
SET quantity_in_progress = p.in_progress, quantity_packed = p.packed, quantity_shipped = p.shipped,
    quantity_out_for_delivery = p.out_for_delivery, quantity_delivered = p.delivered,
    quantity_returned_to_point = p.returned_to_point, quantity_lost = p.lost
FROM unnest(%(ids)s::bigint[], %(in_progress)s::int[], %(packed)s::int[], %(shipped)s::int[],
            %(out_for_delivery)s::int[], %(delivered)s::int[], %(returned_to_point)s::int[],
            %(lost)s::int[])
     AS p (id, in_progress, packed, shipped, out_for_delivery, delivered, returned_to_point, lost)
WHERE l.id = p.id
"""

SETTLE = """
UPDATE orders_order SET status = %(status)s::text, changed_at = %(changed_at)s::timestamptz,
    allocation_due_at = %(allocation_due_at)s, waiting_for = %(waiting_for)s,
    delivered_at = CASE %(status)s::text
        WHEN 'DELIVERED' THEN coalesce(delivered_at, %(changed_at)s::timestamptz)
        WHEN 'RETURNED' THEN delivered_at
        ELSE CASE WHEN completed_at IS NOT NULL THEN delivered_at END END,
    cancelled_at = CASE %(status)s::text
        WHEN 'CANCELLED' THEN coalesce(cancelled_at, %(changed_at)s::timestamptz) END
WHERE id = %(id)s
"""

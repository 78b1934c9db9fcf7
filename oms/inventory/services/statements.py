"""The statements behind announcements of what is available."""

# Channels that are told: General ones, of which somebody listens.
HEARD = """SELECT c.id, c.organization_id FROM channels_app_channel c
WHERE c.type = 'GENERAL' AND c.is_active AND EXISTS (
    SELECT FROM events_endpoint e
    WHERE e.organization_id = c.organization_id AND e.removed_at IS NULL
      AND e.types @> ARRAY['stock.changed']::varchar[] AND e.point_ref IS NULL
      AND (e.channel_ref IS NULL OR e.channel_ref = c.id))"""

# The units over a channel's active points that a new order could have; a point that owes more than
# it has counts as empty, not as a debt of the others.
AVAILABLE = f"""
SELECT g.id AS listing_id, g.spu_id, p.external_id AS spu, p.status AS spu_status, g.channel_id,
       c.organization_id, g.channel_sku_code, g.seller_sku_code,
       coalesce((SELECT sum(greatest(s.on_hand - s.reserved - s.safety, 0))
                 FROM locations_channelpoint l
                 JOIN locations_fulfillmentpoint f ON f.id = l.point_id AND f.is_active
                 JOIN inventory_stocklevel s ON s.point_id = f.id AND s.sku_id = g.sku_id
                 WHERE l.channel_id = g.channel_id), 0)::int AS quantity
FROM catalog_listing g
JOIN catalog_spu p ON p.id = g.spu_id AND p.status <> 'DELETED'
JOIN ({HEARD}) c ON c.id = g.channel_id
WHERE g.sku_id IS NOT NULL AND g.status <> 'DELETED' AND {{which}}
"""

LANE = "SELECT pg_try_advisory_xact_lock(hashtext('inventory.announce'))"
IS_HEARD = f"SELECT EXISTS ({HEARD})"

# Products with a listing of which another number is available than its channel was told.
_DIFFERING = f"""
SELECT DISTINCT spu_id FROM ({AVAILABLE}) a
LEFT JOIN inventory_stockannouncement told ON told.listing_id = a.listing_id
WHERE told.quantity IS DISTINCT FROM a.quantity
ORDER BY spu_id LIMIT %(limit)s
"""
DIFFERING_OF_SKUS = _DIFFERING.format(which="g.sku_id = ANY(%(sku_ids)s::bigint[])")
DIFFERING_OF_ALL = _DIFFERING.format(which="true")
OF_SPUS = f"{AVAILABLE} ORDER BY g.spu_id, g.id".format(
    which="g.spu_id = ANY(%(spu_ids)s::bigint[])"
)

TELL = """
INSERT INTO inventory_stockannouncement (listing_id, quantity, announced_at)
SELECT listing_id, quantity, %(now)s
FROM unnest(%(listing_ids)s::bigint[], %(quantities)s::int[]) AS t (listing_id, quantity)
ON CONFLICT (listing_id) DO UPDATE
SET quantity = excluded.quantity, announced_at = excluded.announced_at
"""

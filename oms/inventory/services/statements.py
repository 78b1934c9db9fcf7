"""The statements behind counts, corrections, and the news of them."""

# One statement for thousands of levels, at any number of points. Only what differs is written: a
# full stock list that repeats itself changes no row and adds no ledger entry. The points are
# locked, so no level that is missing can be made by somebody else meanwhile.
COUNT = """
WITH wanted AS MATERIALIZED (
    SELECT * FROM unnest(%(sku_ids)s::bigint[], %(point_ids)s::bigint[], %(on_hands)s::int[],
                         %(safeties)s::int[], %(unavailables)s::int[], %(incomings)s::int[],
                         %(stocked)s::bool[])
        AS w (sku_id, point_id, on_hand, safety, unavailable, incoming, stocked)
), before AS MATERIALIZED (
    SELECT l.id, l.on_hand, l.safety, l.unavailable, l.incoming, l.is_stocked,
           w.on_hand AS new_on_hand, coalesce(w.safety, l.safety) AS new_safety,
           coalesce(w.unavailable, l.unavailable) AS new_unavailable,
           coalesce(w.incoming, l.incoming) AS new_incoming, w.stocked
    FROM wanted w JOIN inventory_stocklevel l USING (sku_id, point_id)
    ORDER BY l.id FOR NO KEY UPDATE OF l
), made AS (
    INSERT INTO inventory_stocklevel (organization_id, sku_id, point_id, on_hand, safety,
                                      unavailable, incoming, is_stocked, counted_at, updated_at)
    SELECT %(organization_id)s, w.sku_id, w.point_id, w.on_hand, coalesce(w.safety, 0),
           coalesce(w.unavailable, 0), coalesce(w.incoming, 0), true, %(now)s, %(now)s
    FROM wanted w
    WHERE w.stocked AND NOT EXISTS (SELECT FROM inventory_stocklevel l
                                    WHERE l.sku_id = w.sku_id AND l.point_id = w.point_id)
    RETURNING id, organization_id, sku_id, point_id, on_hand, reserved, safety, 0 AS was,
              0 AS was_safety, unavailable AS unavailable_delta, incoming AS incoming_delta
), changed AS (
    UPDATE inventory_stocklevel l
    SET on_hand = b.new_on_hand, safety = b.new_safety, unavailable = b.new_unavailable,
        incoming = b.new_incoming, is_stocked = b.stocked, counted_at = %(now)s,
        updated_at = %(now)s
    FROM before b
    WHERE l.id = b.id AND (b.on_hand <> b.new_on_hand OR b.safety <> b.new_safety
                           OR b.unavailable <> b.new_unavailable OR b.incoming <> b.new_incoming
                           OR b.is_stocked <> b.stocked)
    RETURNING l.id, l.organization_id, l.sku_id, l.point_id, l.on_hand, l.reserved, l.safety,
              b.on_hand AS was, b.safety AS was_safety,
              b.new_unavailable - b.unavailable AS unavailable_delta,
              b.new_incoming - b.incoming AS incoming_delta
), touched AS (SELECT * FROM made UNION ALL SELECT * FROM changed),
written AS (
    INSERT INTO inventory_stockmovement
        (organization_id, level_id, kind, on_hand_delta, reserved_delta, unavailable_delta,
         incoming_delta, safety_delta, cause, reason, reference, actor)
    SELECT organization_id, id, 'COUNT', on_hand - was, 0, unavailable_delta, incoming_delta,
           safety - was_safety, %(cause)s, %(reason)s, %(reference)s, %(actor)s
    FROM touched
    WHERE on_hand <> was OR safety <> was_safety OR unavailable_delta <> 0 OR incoming_delta <> 0
)
SELECT sku_id, point_id, on_hand - safety > was - was_safety AS more, on_hand < reserved AS short
FROM touched
"""

MAKE_LEVELS = """
INSERT INTO inventory_stocklevel (organization_id, sku_id, point_id)
SELECT w.organization_id, w.sku_id, w.point_id
FROM unnest(%(organization_ids)s::bigint[], %(sku_ids)s::bigint[], %(point_ids)s::bigint[])
    AS w (organization_id, sku_id, point_id)
WHERE NOT EXISTS (SELECT FROM inventory_stocklevel l
                  WHERE l.sku_id = w.sku_id AND l.point_id = w.point_id)
"""

# Corrections of locked levels, each with its ledger row; the sums were checked by the caller.
# Units that come mean that the point keeps the SKU after all.
ADD = """
WITH need AS MATERIALIZED (
    SELECT * FROM unnest(%(level_ids)s::bigint[], %(on_hands)s::int[], %(unavailables)s::int[])
        WITH ORDINALITY AS n (id, on_hand, unavailable, place)
), total AS (
    SELECT id, sum(on_hand)::int AS on_hand, sum(unavailable)::int AS unavailable
    FROM need GROUP BY id
), changed AS (
    UPDATE inventory_stocklevel l
    SET on_hand = l.on_hand + t.on_hand, unavailable = l.unavailable + t.unavailable,
        is_stocked = l.is_stocked OR t.on_hand > 0, updated_at = %(now)s
    FROM total t WHERE l.id = t.id
    RETURNING l.id, l.organization_id, l.version
), written AS (
    INSERT INTO inventory_stockmovement
        (organization_id, level_id, kind, on_hand_delta, reserved_delta, unavailable_delta, cause,
         reason, reference, actor)
    SELECT changed.organization_id, need.id, %(kind)s, need.on_hand, 0, need.unavailable,
           %(cause)s, %(reason)s, %(reference)s, %(actor)s
    FROM need JOIN changed USING (id) ORDER BY need.place
)
SELECT id, version FROM changed
"""

# Announcements to channels of what is available.

# Channels that are told: General ones, of which somebody listens.
HEARD = """SELECT c.id, c.organization_id FROM channels_app_channel c
WHERE c.type = 'GENERAL' AND c.is_active AND EXISTS (
    SELECT FROM events_endpoint e
    WHERE e.organization_id = c.organization_id AND e.removed_at IS NULL
      AND e.types @> ARRAY['stock.changed']::varchar[] AND e.point_ref IS NULL
      AND (e.channel_ref IS NULL OR e.channel_ref = c.id))"""

# Of a bundle each point has as many as of its scarcest part, because sets are never divided; of one
# that nobody can order, none.
_SETS = """
SELECT sum((SELECT min(greatest(coalesce(s.on_hand - s.reserved - s.safety, 0), 0) / n.quantity)
            FROM catalog_bundlepart n
            LEFT JOIN inventory_stocklevel s ON s.point_id = f.id AND s.sku_id = n.sku_id
            WHERE n.bundle_id = b.id))
FROM catalog_bundle b
JOIN locations_channelpoint l ON l.channel_id = g.channel_id
JOIN locations_fulfillmentpoint f ON f.id = l.point_id AND f.is_active
WHERE b.id = g.bundle_id AND b.is_active
"""

# The units over a channel's active points that a new order could have; a point that owes more than
# it has counts as empty, not as a debt of the others.
AVAILABLE = f"""
SELECT g.id AS listing_id, g.spu_id, p.external_id AS spu, p.status AS spu_status, g.channel_id,
       c.organization_id, g.channel_sku_code, g.seller_sku_code,
       coalesce(CASE WHEN g.bundle_id IS NULL
           THEN (SELECT sum(greatest(s.on_hand - s.reserved - s.safety, 0))
                 FROM locations_channelpoint l
                 JOIN locations_fulfillmentpoint f ON f.id = l.point_id AND f.is_active
                 JOIN inventory_stocklevel s ON s.point_id = f.id AND s.sku_id = g.sku_id
                 WHERE l.channel_id = g.channel_id)
           ELSE ({_SETS}) END, 0)::int AS quantity
FROM catalog_listing g
JOIN catalog_spu p ON p.id = g.spu_id AND p.status <> 'DELETED'
JOIN ({HEARD}) c ON c.id = g.channel_id
WHERE (g.sku_id IS NOT NULL OR g.bundle_id IS NOT NULL) AND g.status <> 'DELETED' AND {{which}}
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
DIFFERING_OF_SKUS = _DIFFERING.format(
    which="""(g.sku_id = ANY(%(sku_ids)s::bigint[]) OR g.bundle_id = ANY(ARRAY(
        SELECT m.bundle_id FROM catalog_bundlepart m
        WHERE m.sku_id = ANY(%(sku_ids)s::bigint[]))))"""
)
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

# News of levels.

LEVELS_LANE = "SELECT pg_try_advisory_xact_lock(hashtext('inventory.level_news'))"

# Organizations that want to hear of levels: an endpoint asks for it, or a client reads the feed.
LISTENING = """
SELECT organization_id FROM events_endpoint
WHERE removed_at IS NULL AND types @> ARRAY['stock.level_changed']::varchar[]
UNION
SELECT organization_id FROM accounts_apiclient
WHERE is_active AND scopes @> ARRAY['events:read']::varchar[]
"""

UNTOLD = """
SELECT l.id, l.organization_id, l.point_id, s.code AS sku, f.code AS point, l.on_hand, l.reserved,
       l.unavailable, l.incoming, l.safety, l.version
FROM inventory_stocklevel l
JOIN catalog_sku s ON s.id = l.sku_id
JOIN locations_fulfillmentpoint f ON f.id = l.point_id
LEFT JOIN inventory_levelnews n ON n.level_id = l.id
WHERE l.id = ANY(%(level_ids)s::bigint[]) AND n.version IS DISTINCT FROM l.version
ORDER BY n.told_at NULLS FIRST, l.id LIMIT %(limit)s
"""

LEVELS_TOLD = """
INSERT INTO inventory_levelnews (level_id, version, told_at)
SELECT level_id, version, %(now)s
FROM unnest(%(level_ids)s::bigint[], %(versions)s::int[]) AS t (level_id, version)
ON CONFLICT (level_id) DO UPDATE SET version = excluded.version, told_at = excluded.told_at
"""

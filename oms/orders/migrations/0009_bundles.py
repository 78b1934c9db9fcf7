"""Lines of bundles, their parts, and the triggers that keep the two together (docs/adr/0031)."""

import django.db.models.deletion
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

# An active bundle with parts, by its own code first, then by what the channel calls it.
BUNDLE_OF = """
CREATE FUNCTION orders_bundle_of(line orders_orderline) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT b.id
    FROM orders_order o
    CROSS JOIN LATERAL (
        SELECT w.code, w.place FROM unnest(ARRAY[line.sku_code, line.channel_sku_code])
            WITH ORDINALITY AS w (code, place) WHERE w.code <> ''
    ) w
    CROSS JOIN LATERAL (
        SELECT n.id, 1 AS rank, 0::bigint AS listing_id FROM catalog_bundle n
        WHERE n.organization_id = o.organization_id AND n.code = w.code
        UNION ALL
        SELECT g.bundle_id, 2, g.id FROM catalog_listing g
        WHERE g.channel_id = o.channel_id AND g.channel_sku_code = w.code
          AND g.bundle_id IS NOT NULL
    ) f
    JOIN catalog_bundle b ON b.id = f.id AND b.is_active
    CROSS JOIN LATERAL (SELECT max(p.quantity) AS most FROM catalog_bundlepart p
                        WHERE p.bundle_id = b.id) p
    WHERE o.id = line.order_id AND p.most::bigint * line.quantity_ordered <= 2147483647
    ORDER BY w.place, f.rank, f.listing_id LIMIT 1
$$;
"""
# A line without a SKU may be that of a bundle. One that is has the parts the bundle had when it was
# ordered; their numbers and prices follow when the line is changed. Sets that were cancelled before
# anybody knew the bundle are cancelled in its parts too. Shares of the price are exact:
# each is the difference of two sums that are rounded, the last of which is the whole price.
KEEP_PARTS = """
CREATE FUNCTION orders_keep_parts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    total numeric := coalesce(NEW.unit_price, 0) * NEW.quantity_ordered - NEW.line_discount;
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.bundle_id IS DISTINCT FROM NEW.bundle_id THEN
        DELETE FROM orders_orderline WHERE parent_id = NEW.id;
    END IF;
    IF NEW.bundle_id IS NULL THEN
        IF NEW.sku_id IS NULL THEN
            UPDATE orders_orderline l SET bundle_id = f.bundle_id
            FROM (SELECT orders_bundle_of(NEW) AS bundle_id) f
            WHERE l.id = NEW.id AND f.bundle_id IS NOT NULL;
        END IF;
        RETURN NULL;
    END IF;
    INSERT INTO orders_orderline (order_id, parent_id, per_set, position, external_id, is_named,
                                  sku_id, sku_code, channel_sku_code, channel_spu_id, name,
                                  remark, extra, quantity_ordered, price_share,
                                  quantity_cancelled, cancelled_by_customer, cancelled_by_seller,
                                  cancelled_by_system)
    SELECT NEW.order_id, NEW.id, p.quantity, NEW.position,
           E'\\x1f' || NEW.id || '.' || p.sku_id, false, p.sku_id, s.code, '', '', s.name, '',
           NEW.extra, p.quantity * NEW.quantity_ordered, 0,
           p.quantity * NEW.quantity_cancelled, p.quantity * NEW.cancelled_by_customer,
           p.quantity * NEW.cancelled_by_seller, p.quantity * NEW.cancelled_by_system
    FROM catalog_bundlepart p JOIN catalog_sku s ON s.id = p.sku_id
    WHERE p.bundle_id = NEW.bundle_id
      AND NOT EXISTS (SELECT FROM orders_orderline n WHERE n.parent_id = NEW.id)
    ORDER BY p.id;
    UPDATE orders_orderline l
    SET position = NEW.position, quantity_ordered = l.per_set * NEW.quantity_ordered,
        price_share = round(total * w.upto / w.whole, 4) - round(total * w.before / w.whole, 4)
    FROM (SELECT n.id, sum(n.weight) OVER parts AS upto,
                 sum(n.weight) OVER parts - n.weight AS before, sum(n.weight) OVER () AS whole
          FROM (SELECT c.id, c.per_set * coalesce(p.weight, 1) AS weight
                FROM orders_orderline c
                LEFT JOIN catalog_bundlepart p
                    ON p.bundle_id = NEW.bundle_id AND p.sku_id = c.sku_id
                WHERE c.parent_id = NEW.id) n
          WINDOW parts AS (ORDER BY n.id)) w
    WHERE l.id = w.id;
    RETURN NULL;
END $$;
CREATE TRIGGER orders_line_finds_bundle AFTER INSERT ON orders_orderline FOR EACH ROW
    WHEN (NEW.sku_id IS NULL) EXECUTE FUNCTION orders_keep_parts();
CREATE TRIGGER orders_line_keeps_parts
    AFTER UPDATE OF sku_id, sku_code, channel_sku_code, bundle_id, position, quantity_ordered,
                    unit_price, line_discount
    ON orders_orderline FOR EACH ROW
    WHEN (NEW.sku_id IS NULL OR OLD.bundle_id IS NOT NULL)
    EXECUTE FUNCTION orders_keep_parts();
"""
# Complete sets. One that is partly delivered and partly not counts as what is worse, so that every
# set whose parts have all ended has ended as well; one has begun with the first of its parts.
FOLLOW_PARTS = """
CREATE FUNCTION orders_sets_of(parent bigint) RETURNS TABLE (
    by_customer int, by_seller int, by_system int, allocated int, in_progress int, packed int,
    shipped int, out_for_delivery int, delivered int, returned_to_point int, returned int, lost int
) LANGUAGE sql STABLE AS $$
    SELECT by_customer, by_seller, by_system, allocated, least(allocated, begun), packed, shipped,
           out_or_ended - ended, delivered, came_or_went - delivered, returned, ended - came_or_went
    FROM (
        SELECT min(cancelled_by_customer / per_set) AS by_customer,
               min(cancelled_by_seller / per_set) AS by_seller,
               min(cancelled_by_system / per_set) AS by_system,
               min(quantity_allocated / per_set) AS allocated,
               max((quantity_in_progress + per_set - 1) / per_set) AS begun,
               min(quantity_packed / per_set) AS packed,
               min(quantity_shipped / per_set) AS shipped,
               min(quantity_delivered / per_set) AS delivered,
               min((quantity_delivered + quantity_returned_to_point) / per_set) AS came_or_went,
               min((quantity_delivered + quantity_returned_to_point + quantity_lost) / per_set)
                   AS ended,
               min((quantity_delivered + quantity_returned_to_point + quantity_lost
                    + quantity_out_for_delivery) / per_set) AS out_or_ended,
               min(quantity_returned / per_set) AS returned
        FROM orders_orderline WHERE parent_id = parent
    ) s
$$;
CREATE FUNCTION orders_follow_parts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE orders_orderline l
    SET cancelled_by_customer = s.by_customer, cancelled_by_seller = s.by_seller,
        cancelled_by_system = s.by_system,
        quantity_cancelled = s.by_customer + s.by_seller + s.by_system,
        quantity_allocated = s.allocated, quantity_in_progress = s.in_progress,
        quantity_packed = s.packed, quantity_shipped = s.shipped,
        quantity_out_for_delivery = s.out_for_delivery, quantity_delivered = s.delivered,
        quantity_returned_to_point = s.returned_to_point, quantity_returned = s.returned,
        quantity_lost = s.lost
    FROM orders_sets_of(NEW.parent_id) s
    WHERE l.id = NEW.parent_id;
    RETURN NULL;
END $$;
CREATE TRIGGER orders_line_follows_parts
    AFTER UPDATE OF cancelled_by_customer, cancelled_by_seller, cancelled_by_system,
                    quantity_allocated, quantity_in_progress, quantity_packed, quantity_shipped,
                    quantity_out_for_delivery, quantity_delivered, quantity_returned_to_point,
                    quantity_returned, quantity_lost
    ON orders_orderline FOR EACH ROW
    WHEN (NEW.parent_id IS NOT NULL) EXECUTE FUNCTION orders_follow_parts();
"""
UNDO_BUNDLE_OF = "DROP FUNCTION orders_bundle_of(orders_orderline);"
UNDO_KEEP_PARTS = """
DROP TRIGGER orders_line_keeps_parts ON orders_orderline;
DROP TRIGGER orders_line_finds_bundle ON orders_orderline;
DROP FUNCTION orders_keep_parts();
"""
UNDO_FOLLOW_PARTS = """
DROP TRIGGER orders_line_follows_parts ON orders_orderline;
DROP FUNCTION orders_follow_parts();
DROP FUNCTION orders_sets_of(bigint);
"""


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0005_bundles'),
        ('orders', '0008_traits'),
    ]

    operations = [
        migrations.AddField(
            model_name='orderline',
            name='bundle',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.bundle'),
        ),
        migrations.AddField(
            model_name='orderline',
            name='parent',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='orders.orderline'),
        ),
        migrations.AddField(
            model_name='orderline',
            name='per_set',
            field=models.PositiveIntegerField(help_text='Units in one bundle, when ordered', null=True),
        ),
        migrations.AddField(
            model_name='orderline',
            name='price_share',
            field=models.DecimalField(decimal_places=4, help_text="What of the whole bundle line's price falls on this part of it", max_digits=18, null=True),
        ),
        AddConstraintNotValid(
            model_name='orderline',
            constraint=models.CheckConstraint(condition=models.Q(('bundle__isnull', True), models.Q(('parent__isnull', True), ('sku__isnull', True)), _connector='OR'), name='orders_line_bundle_has_no_sku'),
        ),
        AddConstraintNotValid(
            model_name='orderline',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('parent__isnull', True), ('per_set__isnull', True), ('price_share__isnull', True)), models.Q(('parent__isnull', False), ('per_set__gte', 1), ('per_set__isnull', False), ('price_share__isnull', False), ('sku__isnull', False)), _connector='OR'), name='orders_line_part_is_whole'),
        ),
        migrations.RunSQL(BUNDLE_OF, UNDO_BUNDLE_OF),
        migrations.RunSQL(KEEP_PARTS, UNDO_KEEP_PARTS),
        migrations.RunSQL(FOLLOW_PARTS, UNDO_FOLLOW_PARTS),
    ]

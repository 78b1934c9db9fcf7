"""Reads behind the calls: units an EFS has not been told of, and returns it processes."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q

from oms.kernel import sql
from oms.kernel.actors import Actor
from returns.models import ReturnOrder

# Nobody at the point has begun with these tasks, and no news of them has arrived there.
_UNSEEN = """
SELECT l.sku_id, sum(l.quantity - l.quantity_cancelled - l.quantity_shipped)::bigint
FROM fulfillment_fulfillmenttask t JOIN fulfillment_taskline l ON l.task_id = t.id
WHERE t.point_id = %(point_id)s::bigint AND t.is_reserved
  AND t.status IN ('CREATED', 'OUT_OF_STOCK', 'WAITING_REMOTE', 'WAITING_TRANSFER', 'BLOCKED')
  AND l.source_point_id IS NULL AND t.received_at IS NULL AND l.sku_id = ANY(%(sku_ids)s::bigint[])
  AND NOT EXISTS (
      SELECT FROM events_event e
      JOIN events_delivery d ON d.event_id = e.id AND d.state = 'DELIVERED'
      JOIN events_endpoint p ON p.id = d.endpoint_id AND p.is_by_points
                            AND p.channel_ref = %(efs_channel_id)s::bigint
      WHERE e.subject_type = 'task' AND e.subject_id = t.id)
  AND NOT EXISTS (SELECT FROM fulfillment_picklistentry k WHERE k.task_id = t.id)
GROUP BY l.sku_id
"""


def unseen_units(sku_ids: Collection[int], *, point_id: int, efs_channel_id: int) -> dict[int, int]:
    """Units by SKU that are reserved at a point for sub-orders its system does not know of yet.

    It knows those it was told of, and those it has put on a picklist, worked on or packed.
    """
    params: dict[str, object] = {
        "sku_ids": sorted(sku_ids),
        "point_id": point_id,
        "efs_channel_id": efs_channel_id,
    }
    return dict(sql.rows(_UNSEEN, params)) if sku_ids else {}


def named_return(*, channel_id: int, code: str, actor: Actor) -> tuple[UUID, str, str] | None:
    """Public id, order number and state of the return a sales channel calls so, if there is one
    the actor may see. Where it has no number for it, pushes told ours.
    """
    is_named = Q(external_id=code) | Q(external_id__isnull=True, number=code)
    seen = ReturnOrder.objects.visible_to(actor).filter(channel_id=channel_id)
    found = seen.filter(is_named)
    return found.values_list("public_id", "order_external_id", "status").first()

"""New SKUs, and the places where they will be kept."""

from datetime import datetime

from django.db import transaction

from catalog import services as catalog
from catalog.models import Sku
from catalog.services import SkuDraft
from oms.inventory.services.counting import StockCount, count_points
from oms.inventory.services.noting import MovementNote
from oms.kernel.actors import Actor
from oms.kernel.contention import retried
from oms.locations.models import FulfillmentPoint


@retried
@transaction.atomic
def open_sku(*, draft: SkuDraft, is_kept: bool, cause: str, actor: Actor, now: datetime) -> Sku:
    """Make a SKU known; if it `is_kept`, every active point the actor serves counts 0 of it.

    Points without a level cannot be chosen for it. Raises catalog.SkuCodeTaken.
    """
    sku = catalog.create_sku(draft=draft)
    if is_kept:
        served = FulfillmentPoint.objects.visible_to(actor).filter(
            organization_id=draft.organization_id, is_active=True
        )
        empty = StockCount(sku_id=sku.pk, on_hand=0)
        count_points(
            counts={key: [empty] for key in served.values_list("pk", flat=True)},
            note=MovementNote(cause=cause),
            actor=actor,
            now=now,
        )
    return sku

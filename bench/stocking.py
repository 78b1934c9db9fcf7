"""A thousand SKUs and enough of each at every point."""

from datetime import datetime

from bench import orders, world
from bench.sizes import SKUS
from catalog.models import Sku
from oms.accounts.models import Organization
from oms.inventory import services as inventory
from oms.kernel.actors import SYSTEM
from oms.locations.models import FulfillmentPoint

PLENTY = 100_000_000


def load(*, now: datetime) -> None:
    """Make the SKUs and count them everywhere but at the point whose counts are measured."""
    organization = Organization.objects.get(code=world.ORGANIZATION)
    skus = Sku.objects.bulk_create(
        Sku(
            organization=organization,
            code=orders.sku_code(number),
            name=f"Benchmark article {number}",
            brand_code="BENCH",
            brand_sku_code=orders.sku_code(number),
            weight_g=250,
        )
        for number in range(SKUS)
    )
    for lane in world.LANES:
        if lane is not world.STOCK:
            count(lane, skus, on_hand=PLENTY, now=now)


def count(lane: world.Lane, skus: list[Sku], *, on_hand: int, now: datetime) -> int:
    """Set every SKU's stock at a lane's point; how many levels changed."""
    return inventory.count_stock(
        point=FulfillmentPoint.objects.get(code=lane.point),
        counts=[inventory.StockCount(sku_id=sku.pk, on_hand=on_hand) for sku in skus],
        actor=SYSTEM,
        now=now,
        cause="benchmark",
    )

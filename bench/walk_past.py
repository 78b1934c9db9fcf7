"""What a walk goes over: many stored orders, and a key to read them."""

import sys

from django.utils import timezone

from bench import history, machines, orders, stocking, world
from bench.database import Database
from oms.api.v1.road import identifiers
from oms.orders.models import Order
from oms.runtime.home import Home


def prepare(home: Home, *, stored: int) -> tuple[str, str, set[str]]:
    """Store so many orders. Gives the key, a SKU, and the public ids of all that are there."""
    stocking.load(now=timezone.now())
    database = Database(home.database_url)
    try:
        history.load(database, channel_code=world.INTAKE.code, stored=0, wanted=stored, told=_told)
    finally:
        database.close()
    ids = Order.objects.values_list("public_id", flat=True).iterator(chunk_size=50_000)
    return machines.key(), _sku(), {identifiers.of_uuid("ord_", public_id) for public_id in ids}


def count_orders(beginning: str) -> int:
    """How many orders have numbers that begin like this."""
    return Order.objects.filter(external_id__startswith=beginning).count()


def _told(stored: int) -> None:
    print(f"{stored:,} orders stored", file=sys.stderr)


def _sku() -> str:
    return orders.sku_code(0)

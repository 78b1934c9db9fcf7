"""P9: full stock lists, a thousand levels a call, every one of them changed."""

import time

from django.utils import timezone

from bench import stocking, world
from bench.context import Bench, FigureError, Values
from catalog.models import Sku

FULL = 1_000


def p9(bench: Bench) -> Values:
    """Through the service that every stock feed ends in."""
    skus = list(Sku.objects.order_by("pk"))
    stocking.count(world.STOCK, skus, on_hand=FULL, now=timezone.now())
    changed = 0
    begun = time.perf_counter()
    until = begun + bench.sizes.sql_seconds
    turn = 0
    while time.perf_counter() < until:
        turn += 1
        counted = stocking.count(world.STOCK, skus, on_hand=FULL + 1 + turn % 2, now=timezone.now())
        if counted != len(skus):
            raise FigureError(f"{len(skus)} levels sent, {counted} changed")
        changed += counted
    return {"P9": changed / (time.perf_counter() - begun)}

"""P9: full stock lists, a thousand levels a call, every one of them changed."""

import http.client
import time

import msgspec
from django.utils import timezone

from bench import machines, stocking, world
from bench.context import Bench, FigureError, Values
from catalog.models import Sku
from oms.api.v1.road import identifiers
from oms.locations.models import FulfillmentPoint

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


def p9_bulk(bench: Bench) -> Values:
    """The same over HTTP, one client: lists of one point queue up behind each other anyway."""
    bodies = [_body(FULL + 10 + turn) for turn in range(2)]
    headers = {"X-API-Key": machines.key(), "Content-Type": "application/json"}
    connection = http.client.HTTPConnection("127.0.0.1", bench.port, timeout=60)
    changed, turn = 0, 0
    begun = time.perf_counter()
    until = begun + bench.sizes.sql_seconds
    while time.perf_counter() < until:
        connection.request("PUT", "/v1/inventory/bulk", bodies[turn % 2], headers)
        answer = connection.getresponse()
        said = answer.read()
        if answer.status != http.client.OK:
            raise FigureError(f"{answer.status} {said[:200]!r}")
        changed += int(msgspec.json.decode(said)["changed"])
        turn += 1
    return {"P9B": changed / (time.perf_counter() - begun)}


def _body(on_hand: int) -> bytes:
    point = FulfillmentPoint.objects.get(code=world.STOCK.point)
    location = identifiers.of_uuid("loc_", point.public_id)
    codes = Sku.objects.order_by("pk").values_list("code", flat=True)
    levels = [{"sku": code, "location_id": location, "on_hand": on_hand} for code in codes]
    return msgspec.json.encode({"reason": "sync", "levels": levels})

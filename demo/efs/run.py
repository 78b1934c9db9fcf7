"""One run: count, import, let the warehouse work, send some goods back, reconcile."""

import http.client
import json
import math
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from demo import installation, retail, summary
from demo.efs import stored
from demo.efs.scenery import Tenant, barcode, efs_code
from oms.runtime.home import Home
from tests.simulators.wms import Product, Timings, Wms
from tests.simulators.wms_books import differences

MOST_SECONDS = 3600.0
SPARE = 10
CREATED = 201
MOST_UNITS_BACK = 2


class ShopError(Exception):
    """The open API refused to take a return."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to play."""

    tenant: Tenant
    orders: Path
    skus: Sequence[str]
    returned_orders: float
    seed: int


@dataclass(slots=True)
class Outcome:
    """What came of it."""

    printed: dict[str, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    seconds: float = 0.0


def play(home: Home, plan: Plan, wms: Wms) -> list[str]:
    """Play, print the tables, and return what does not add up."""
    wms.stock(_shelf(plan))
    imported = installation.manage(
        home, "import_orders", str(plan.orders.resolve()), "--channel", plan.tenant.shop,
        "--mapping", "online_retail", "--refused", str(home.path / "refused.csv"),
    )  # fmt: skip
    print(imported.stdout)
    if imported.returncode != 0:
        return ["the import failed"]
    expected = retail.printed_totals(imported.stdout)["Orders"]
    if not wms.work_until(lambda: _is_over(wms, expected), seconds=MOST_SECONDS):
        known = len(wms.books.consignments)
        wms.problems.append(f"not all came to their end; {known} of {expected} orders are known")
    announced = _send_back(home, plan, wms)
    if not wms.work_until(lambda: _are_judged(wms, announced), seconds=MOST_SECONDS):
        wms.problems.append(f"{announced} returns announced, {len(wms.books.returns)} are known")
    print(summary.table(list(_rows(wms)), title="\nThe warehouse system"))
    theirs = stored.read(home.database_url, plan.tenant.code)
    return [
        *wms.problems,
        *wms.books.problems(),
        *differences(wms.books, theirs),
        *stored.gaps(home.database_url),
    ]


def _shelf(plan: Plan) -> Iterator[Product]:
    """Enough of everything that is sold."""
    sold = retail.read(plan.orders).sold
    for place, sku in enumerate(plan.skus, 1):
        yield Product(efs_code(sku), barcode(place), sold[sku] + SPARE)


def _is_over(wms: Wms, expected: int) -> bool:
    """Whether every order is here and has come to its end, and we were told of that."""
    found = list(wms.books.consignments.values())
    return len(found) == expected and all(not list(each.problems()) for each in found)


def _are_judged(wms: Wms, announced: int) -> bool:
    found = list(wms.books.returns.values())
    return len(found) == announced and all(
        each.results.keys() == each.units.keys() for each in found
    )


def _send_back(home: Home, plan: Plan, wms: Wms) -> int:
    """Customers of some orders announce units of the first SKU they got; how many did."""
    announced = 0
    for consignment in list(wms.books.consignments.values()):
        dice = Random(f"{plan.seed}:return:{consignment.order_code}")
        if not consignment.is_handed_over or dice.random() >= plan.returned_orders:
            continue
        code, count = next(iter(sorted(consignment.packed.items())))
        _announce(
            home,
            plan.tenant,
            order_code=consignment.order_code,
            sku=code.removeprefix(efs_code("")),
            count=min(count, MOST_UNITS_BACK),
        )
        announced += 1
    return announced


def _announce(home: Home, tenant: Tenant, *, order_code: str, sku: str, count: int) -> None:
    body = {
        "channel": tenant.shop,
        "order_external_id": order_code,
        "external_id": f"R-{order_code}",
        "type": "customer_return",
        "carrier_code": "SWIFT",
        "tracking_number": f"RV-{order_code}",
        "units": [
            {"external_id": f"R-{order_code}-{place}", "sku": sku, "reason": "too small"}
            for place in range(1, count + 1)
        ],
    }
    connection = http.client.HTTPConnection("127.0.0.1", home.port, timeout=30)
    try:
        connection.request(
            "POST",
            "/v1/returns",
            json.dumps(body).encode(),
            {
                "X-API-Key": tenant.api_key,
                "Content-Type": "application/json",
                "Idempotency-Key": str(uuid.uuid4()),
            },
        )
        answer = connection.getresponse()
        said = answer.read()
    finally:
        connection.close()
    if answer.status != CREATED:
        raise ShopError(f"{order_code}: HTTP {answer.status} {said[:300]!r}")


def _rows(wms: Wms) -> Iterator[tuple[str, object]]:
    yield from wms.books.totals().items()
    yield "calls", wms.client.calls
    yield "  repeated", wms.client.repeats
    yield from _timing_rows(wms.timings)


def _timing_rows(timings: Timings) -> Iterator[tuple[str, object]]:
    if not timings.packs:
        return
    yield "packs per second", round(len(timings.packs) / max(timings.busy, 0.001), 1)
    for what, seconds in (
        ("pack call", timings.packs),
        ("pack call to both PDFs", timings.papers),
    ):
        for percent in (50, 95):
            yield f"{what}: p{percent} ms", round(_percentile(seconds, percent) * 1000, 1)


def _percentile(values: Iterable[float], percent: float) -> float:
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]

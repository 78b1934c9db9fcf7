"""Where the books of the other systems and ours do not agree. Nothing when they do."""

from collections import Counter
from collections.abc import Iterator, Mapping

from demo.akinon.stored import Package, Stored, Unit
from tests.simulators.akinon_books import CANCELLED, ShopBooks
from tests.simulators.akinon_wire import Row
from tests.simulators.seller_books import SellerBooks, SellerPackage

STATUS_OF: Mapping[str, str] = {
    "500": "450",
    "520": "520",
    "600": "500",
    "640": "540",
    "650": "550",
    "660": "540",
}
"""What an item's source says once its package is there; earlier it says 400."""
APPROVED = "400"
DONE = frozenset({"650", "900", "920", "1100"})


def of_source(source: ShopBooks, stored: Stored) -> Iterator[str]:
    """Orders and items of the source, one by one, against ours."""
    numbers = {row["number"] for row in source.orders.values()}
    for number in sorted(numbers | stored.orders.keys()):
        if (count := stored.orders.get(number, 0)) != (number in numbers):
            yield f"order {number}: {count} times here, at its source: {number in numbers}"
    for key in sorted(stored.units.keys() - source.items.keys()):
        yield f"item {key}: here, but not at its source"
    for key, item in source.items.items():
        number = source.orders[item["order"]]["number"]
        for problem in _of_item(item, number, source, stored):
            yield f"order {number}, item {key}: {problem}"
    yield from (f"the source refused {refusal}" for refusal in source.refusals)


def _of_item(item: Row, number: str, source: ShopBooks, stored: Stored) -> Iterator[str]:
    units = stored.units.get(item["pk"], [])
    if not units and item["status"] in CANCELLED:
        return  # it was cancelled before it came, and never taken in
    if len(units) != 1:
        yield f"{len(units)} lines here"
        return
    [unit] = units
    sku = source.tables["products"].rows[item["product"]]["sku"]
    if (unit.order, unit.sku, unit.ordered) != (number, sku, 1):
        yield f"here {unit.ordered} x {unit.sku} of order {unit.order}, there 1 x {sku}"
    yield from _of_status(item, unit, stored.packages_of(item["pk"]))
    yield from _of_history(source.histories[item["pk"]])


def _of_status(item: Row, unit: Unit, packages: list[Package]) -> Iterator[str]:
    if (item["status"] in CANCELLED) != bool(unit.cancelled):
        yield f"status {item['status']} there, {unit.cancelled} cancelled here"
    if unit.cancelled:
        if packages:
            yield "cancelled, but in a package"
        return
    if len(packages) != 1:
        yield f"in {len(packages)} packages"
        return
    expected = STATUS_OF.get(packages[0].state, APPROVED)
    if item["status"] != expected:
        yield f"status {item['status']} there, package in {packages[0].state} here"


def _of_history(history: list[str]) -> Iterator[str]:
    for status, count in Counter(history).items():
        if count > 1 and status not in CANCELLED | {APPROVED, "450"}:
            yield f"{status} was told {count} times"


def of_sellers(theirs: SellerBooks, stored: Stored, sellers: Mapping[int, str]) -> Iterator[str]:
    """Packages of Seller Center, one by one, against ours."""
    for number in sorted(theirs.packages.keys() | stored.packages.keys()):
        told, package = theirs.packages.get(number), stored.packages.get(number)
        if told is None or package is None:
            yield f"package {number}: there {told is not None}, here {package is not None}"
            continue
        yield from (f"package {number}: {each}" for each in _of_package(told, package))
    for number in sorted(theirs.packages.keys() - theirs.created):
        yield f"package {number}: nobody said that it was created"
    yield from theirs.problems
    yield from theirs.mixed_sellers(dict(sellers))


def _of_package(told: SellerPackage, package: Package) -> Iterator[str]:
    if told.state != package.state:
        yield f"{told.state} there (after {told.states}), {package.state} here"
    if (told.order_number, told.erp_code) != (package.order, package.place):
        yield f"of {told.order_number} at {told.erp_code} there"
    if package.is_live and told.items != package.items:
        yield f"items {sorted(told.items)} there, {sorted(package.items)} here"


def unplanned(stored: Stored) -> list[int]:
    """Items that are to be shipped and are in no live package."""
    planned = {key for each in stored.packages.values() if each.is_live for key in each.items}
    return [
        key
        for key, units in stored.units.items()
        if key not in planned and any(not unit.cancelled for unit in units)
    ]


def unfinished(stored: Stored) -> list[str]:
    """Packages that somebody still has to work on."""
    return [number for number, package in stored.packages.items() if package.state not in DONE]

"""The books of the warehouse system: what it was told, what it did, and whether both agree with us.

Everything is in units by SKU code of its own channel; nothing here knows our models.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Key = tuple[str, str]
"""Order and SKU."""


@dataclass(frozen=True)
class Shipment:
    """What one pack call answered."""

    shipment_id: int
    invoice_code: str
    awb_number: str
    transporter: str
    units: Mapping[str, int]
    gross: float
    net: float
    tax: float


@dataclass
class Consignment:
    """One sub-order."""

    order_code: str
    channel: str
    ordered: dict[str, int] = field(default_factory=dict)
    cancelled: dict[str, int] = field(default_factory=dict)
    """As told last, whoever cancelled."""
    given_up: dict[str, int] = field(default_factory=dict)
    """What we asked to cancel."""
    shipments: list[Shipment] = field(default_factory=list)
    events: list[str] = field(default_factory=list)
    newest: int = 0
    """The highest messageId."""
    is_on_hold: bool = False
    picklist: int | None = None
    manifest: str | None = None
    is_handed_over: bool = False

    @property
    def open_units(self) -> dict[str, int]:
        """What is to be packed, by all we know: told or asked for, whichever is more."""
        packed = self.packed
        left = {
            sku: count
            - max(self.cancelled.get(sku, 0), self.given_up.get(sku, 0))
            - packed.get(sku, 0)
            for sku, count in self.ordered.items()
        }
        return {sku: count for sku, count in left.items() if count > 0}

    @property
    def packed(self) -> Counter[str]:
        return sum((Counter(each.units) for each in self.shipments), Counter())

    def problems(self) -> Iterator[str]:
        """What does not add up within our own books."""
        packed = self.packed
        for sku, count in self.ordered.items():
            cancelled = self.cancelled.get(sku, 0)
            if cancelled < self.given_up.get(sku, 0):
                yield f"gave up {self.given_up[sku]} of {sku}, told of {cancelled} cancelled"
            if packed[sku] + cancelled != count:
                yield f"{count} of {sku} ordered, {packed[sku]} packed, {cancelled} cancelled"
        if self.is_handed_over != (self.events.count("SUBORDER_COMPLETE") == 1):
            yield f"handed over: {self.is_handed_over}, but told {self.events}"
        if bool(self.shipments) != self.is_handed_over:
            yield f"{len(self.shipments)} shipments, handed over: {self.is_handed_over}"
        if self.events.count("SUBORDER_CREATE") != 1:
            yield f"told {self.events}"


@dataclass
class ReturnNotice:
    """A return we were told of."""

    return_code: str
    order_code: str
    channel: str
    location: str
    awb_number: str
    transporter: str
    units: dict[str, str]
    """Return item code -> SKU."""
    results: dict[str, str] = field(default_factory=dict)


@dataclass
class Books:
    """All of it. Whoever writes holds the warehouse's lock."""

    consignments: dict[str, Consignment] = field(default_factory=dict)
    returns: dict[str, ReturnNotice] = field(default_factory=dict)
    duplicates: int = 0
    """Notifications that came more than once."""
    surprises: list[str] = field(default_factory=list)
    _seen: set[int] = field(default_factory=set)
    _seen_returns: set[tuple[str, str]] = field(default_factory=set)

    def enter_order(self, push: Mapping[str, Any]) -> Consignment | None:
        """Enter a push of API 3; the sub-order when it is new."""
        number, order_code = int(push["messageId"]), str(push["orderCode"])
        if number in self._seen:
            self.duplicates += 1
            return None
        self._seen.add(number)
        event = str(push["eventType"])
        known = self.consignments.get(order_code)
        if (known is None) != (event == "SUBORDER_CREATE"):
            self.surprises.append(f"{order_code}: {event}, known before: {known is not None}")
        consignment = known or Consignment(order_code, str(push["channelName"]))
        self.consignments[order_code] = consignment
        consignment.events.append(event)
        if number < consignment.newest:
            self.surprises.append(f"{order_code}: message {number} after {consignment.newest}")
        consignment.newest = max(number, consignment.newest)
        consignment.is_on_hold = bool(push["onHold"])
        for item in push["orderItems"]:
            sku = str(item["channelSkuCode"])
            consignment.ordered[sku] = int(item["orderedQuantity"])
            consignment.cancelled[sku] = int(item["cancelledQuantity"])
        return consignment if known is None else None

    def enter_return(self, push: Mapping[str, Any]) -> ReturnNotice | None:
        """Enter a push of API 10; the return when it is new."""
        code, event = str(push["returnOrderCode"]), str(push["eventType"])
        if (code, event) in self._seen_returns:
            self.duplicates += 1
            return None
        self._seen_returns.add((code, event))
        if event != "RETURN_ORDER_CREATE":
            return None
        self.returns[code] = ReturnNotice(
            return_code=code,
            order_code=str(push["forwardOrderCode"]),
            channel=str(push["channelName"]),
            location=str(push["locationCode"]),
            awb_number=str(push["awbNumber"]),
            transporter=str(push["transporter"]),
            units={
                str(unit["returnItemCode"]): str(unit["channelSkuCode"])
                for unit in push["orderItems"]
            },
        )
        return self.returns[code]

    @property
    def shipments(self) -> list[Shipment]:
        return [each for found in self.consignments.values() for each in found.shipments]

    def totals(self) -> dict[str, int]:
        """Sums for people."""
        found = list(self.consignments.values())
        results = Counter(
            word for notice in self.returns.values() for word in notice.results.values()
        )
        return {
            "sub-orders": len(found),
            "units ordered": sum(sum(each.ordered.values()) for each in found),
            "units packed": sum(each.packed.total() for each in found),
            "units cancelled": sum(sum(each.cancelled.values()) for each in found),
            "units cancelled by us": sum(sum(each.given_up.values()) for each in found),
            "shipments": len(self.shipments),
            "handed over": sum(each.is_handed_over for each in found),
            "returns": len(self.returns),
            "inspections passed": results["PASS"],
            "inspections failed": results["FAIL"],
            "notifications that came twice": self.duplicates,
        }

    def problems(self) -> Iterator[str]:
        """One sentence per contradiction within our own books."""
        yield from self.surprises
        for each in self.consignments.values():
            yield from (f"{each.order_code}: {sentence}" for sentence in each.problems())
        yield from _repeated("invoice", (each.invoice_code for each in self.shipments))
        yield from _repeated("tracking number", (each.awb_number for each in self.shipments))
        yield from _repeated("shipment", (str(each.shipment_id) for each in self.shipments))
        for notice in self.returns.values():
            if missing := notice.units.keys() - notice.results.keys():
                yield f"{notice.return_code}: not judged: {sorted(missing)}"


@dataclass
class Theirs:
    """The same facts as the order management system has them."""

    ordered: dict[Key, int] = field(default_factory=dict)
    shipped: dict[Key, int] = field(default_factory=dict)
    cancelled: dict[Key, int] = field(default_factory=dict)
    invoices: dict[str, float] = field(default_factory=dict)
    """Gross total by number."""
    tracking_numbers: set[str] = field(default_factory=set)
    results: dict[str, str] = field(default_factory=dict)
    """PASS or FAIL by return item code."""


def differences(books: Books, theirs: Theirs) -> Iterator[str]:
    """One sentence per fact in which both sides differ."""
    mine = Theirs(
        ordered=_by_key((each.order_code, each.ordered) for each in books.consignments.values()),
        shipped=_by_key((each.order_code, each.packed) for each in books.consignments.values()),
        cancelled=_by_key(
            (each.order_code, each.cancelled) for each in books.consignments.values()
        ),
    )
    for name in ("ordered", "shipped", "cancelled"):
        yield from _unequal(name, getattr(mine, name), getattr(theirs, name))
    invoices = {each.invoice_code: round(each.gross, 2) for each in books.shipments}
    yield from _unequal("invoice", invoices, {k: round(v, 2) for k, v in theirs.invoices.items()})
    numbers = {each.awb_number for each in books.shipments}
    for number in sorted(numbers ^ theirs.tracking_numbers):
        yield f"tracking number {number} is on one side only"
    results = {
        item: word for notice in books.returns.values() for item, word in notice.results.items()
    }
    yield from _unequal("inspection", results, theirs.results)


def _by_key(rows: Iterable[tuple[str, Mapping[str, int]]]) -> dict[Key, int]:
    return {(order, sku): count for order, units in rows for sku, count in units.items() if count}


def _unequal(what: str, mine: Mapping[Any, object], theirs: Mapping[Any, object]) -> Iterator[str]:
    for key in sorted(mine.keys() | theirs.keys()):
        if mine.get(key) != theirs.get(key):
            yield f"{what} {key}: the warehouse has {mine.get(key)}, we have {theirs.get(key)}"


def _repeated(what: str, numbers: Iterable[str]) -> Iterator[str]:
    for number, count in Counter(numbers).items():
        if count > 1:
            yield f"{what} {number} was given {count} times"

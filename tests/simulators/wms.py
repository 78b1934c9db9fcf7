"""A warehouse system of somebody else, written from the Increff contract for external systems.

It lists its codes (API 1), counts (2), takes sub-orders (3), gives up what it cannot find (4),
picks in groups (5, 6), packs (7), manifests (8), hands over (9, 12), takes returns (10) and judges
them (11). It keeps books of its own; `wms_books.differences` compares them with ours.
"""

import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from random import Random
from typing import Any, TypeVar

from tests.simulators.wms_books import Books, Consignment, ReturnNotice, Shipment
from tests.simulators.wms_wire import EfsClient, mailroom

Each = TypeVar("Each")

LISTINGS_A_CALL = 5000
COUNTS_A_CALL = 300
PDF = b"%PDF-"


@dataclass(frozen=True)
class Product:
    """What is on the shelf."""

    code: str
    barcode: str
    quantity: int


@dataclass(frozen=True)
class Habits:
    """How the warehouse works. Shares are decided by the seed alone, so a run can be repeated."""

    cancelled_lines: float = 0.05
    failed_inspections: float = 0.03
    split_orders: float = 0.1
    """Of those with several SKUs: packed as two shipments."""
    loose_orders: float = 0.2
    """Packed without a picklist."""
    wave: int = 50
    threads: int = 4
    seed: int = 1


@dataclass
class Timings:
    """Seconds of each pack call, and from it until both PDFs were here."""

    packs: list[float] = field(default_factory=list)
    papers: list[float] = field(default_factory=list)
    busy: float = 0.0
    """Seconds in which at least one pack call was under way."""


class Wms:
    """One location of one login."""

    def __init__(self, client: EfsClient, *, location: str, habits: Habits | None = None) -> None:
        self.client = client
        self.location = location
        self.habits = habits or Habits()
        self.books = Books()
        self.timings = Timings()
        self.problems: list[str] = []
        self._lock = threading.Lock()
        self._arrived: deque[Consignment] = deque()
        self._announced: deque[ReturnNotice] = deque()
        self._waves = 0

    @contextmanager
    def receiving(self, *, port: int = 0) -> Iterator[str]:
        """Take pushes until the block ends; yields the address of the mailroom.

        Connections to the other side are kept meanwhile, and closed then.
        """
        with mailroom(self._take, port=port) as room:
            try:
                yield room.url
            finally:
                self.client.close()

    def stock(self, products: Iterable[Product]) -> None:
        """Tell our codes and what we have."""
        goods = list(products)
        for batch in _batches(goods, LISTINGS_A_CALL):
            lines = [
                {"channelSkuCode": p.code, "channelSerialNo": p.code, "barcode": p.barcode}
                for p in batch
            ]
            self.client.call("POST", "/usp/listing/create", {"skuListings": lines})
        for batch in _batches(goods, COUNTS_A_CALL):
            counts = [{"channelSkuCode": p.code, "quantity": str(p.quantity)} for p in batch]
            answer = self.client.call(
                "PUT",
                "/usp/inventories/absolute",
                {"locationCode": self.location, "products": counts},
            )
            if answer["failureProducts"]:
                self.problems.append(f"not counted: {answer['failureProducts'][:5]}")

    def work(self) -> int:
        """One round: a wave of sub-orders to the carrier, and every return; how many were done."""
        with self._lock:
            ready = [each for each in self._arrived if not each.is_on_hold][: self.habits.wave]
            for each in ready:
                self._arrived.remove(each)
            notices = list(self._announced)
            self._announced.clear()
        if ready:
            self._waves += 1
            with ThreadPoolExecutor(self.habits.threads) as pool:
                self._run_wave(pool, ready)
        for notice in notices:
            self._try(notice.return_code, partial(self._judge, notice))
        return len(ready) + len(notices)

    def work_until(
        self, is_done: Callable[[], bool], *, seconds: float, pause: float = 0.2
    ) -> bool:
        """Work until there is no more to do; False when that took too long."""
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            if not self.work():
                if is_done():
                    return True
                time.sleep(pause)
        return False

    def _take(self, push: dict[str, Any]) -> None:
        with self._lock:
            if "returnOrderCode" in push:
                if notice := self.books.enter_return(push):
                    self._announced.append(notice)
            elif consignment := self.books.enter_order(push):
                self._arrived.append(consignment)

    def _run_wave(self, pool: ThreadPoolExecutor, wave: list[Consignment]) -> None:
        self._each(pool, wave, self._give_up)
        left = [each for each in wave if each.open_units]
        for channel, group in _by_channel(left).items():
            self._try(channel, partial(self._pick, channel, group))
        begun = time.monotonic()
        self._each(pool, left, self._pack)
        self.timings.busy += time.monotonic() - begun
        packed = [each for each in left if each.shipments]
        for (channel, transporter), group in _by_courier(packed).items():
            self._try(channel, partial(self._load, channel, transporter, group))

    def _give_up(self, consignment: Consignment) -> None:
        """Some lines are not on the shelf, wholly or in part."""
        found = {}
        for sku, count in consignment.ordered.items():
            dice = self._dice(consignment.order_code, sku)
            if dice.random() < self.habits.cancelled_lines:
                found[sku] = dice.randint(1, count)
        if not found:
            return
        items = [
            {"channelSkuCode": sku, "cancelledQuantity": str(count)} for sku, count in found.items()
        ]
        self.client.call("PUT", "/usp/order/cancel", self._of(consignment, orderItems=items))
        with self._lock:
            consignment.given_up = found

    def _pick(self, channel: str, group: list[Consignment]) -> None:
        """Most orders are picked as one group, the last of them added later; some without."""
        picked = [
            each
            for each in group
            if self._dice(each.order_code, "loose").random() >= self.habits.loose_orders
        ]
        if not picked:
            return
        first, late = picked[: max(1, len(picked) - 2)], picked[max(1, len(picked) - 2) :]
        code = f"WAVE-{self.habits.seed}-{self._waves}-{channel}"
        body = self._group(channel, first, pickListCode=code)
        numbers = [  # whoever heard nothing asks again
            int(self.client.call("POST", "/usp/picklist/create", body)["pickListId"])
            for _ in range(2)
        ]
        number = numbers[0]
        if len(set(numbers)) > 1:
            self.problems.append(f"picklist {code} was given the numbers {numbers}")
        if late:
            self.client.call(
                "POST", "/usp/picklist/add-order", self._group(channel, late, pickListId=number)
            )
        for each in picked:
            each.picklist = number

    def _pack(self, consignment: Consignment) -> None:
        units = consignment.open_units
        if self._dice(consignment.order_code, "split").random() < self.habits.split_orders:
            for sku, count in units.items():
                self._pack_one(consignment, {sku: count}, "MULTI_SHIPMENT_PARTIAL")
        else:
            self._pack_one(consignment, units, "BLOCK_COMPLETE")

    def _pack_one(self, consignment: Consignment, units: Mapping[str, int], kind: str) -> None:
        items = [
            {"channelSkuCode": sku, "quantityToPack": str(count)} for sku, count in units.items()
        ]
        body = self._of(consignment, fulfillmentType=kind, weight=500.0, shipmentItems=items)
        begun = time.monotonic()
        answer = self.client.call("POST", "/usp/order/pack", body)
        packed = time.monotonic()
        self._expect_pdf(answer["invoiceUrl"])
        self._expect_pdf(answer["shippingLabel"]["shippingLabelUrl"])
        ended = time.monotonic()
        lines = answer["invoiceDetails"]
        shipment = Shipment(
            shipment_id=answer["shipmentId"],
            invoice_code=answer["invoiceCode"],
            awb_number=answer["shippingLabel"]["awbNumber"],
            transporter=answer["shippingLabel"]["transporter"],
            units=dict(units),
            gross=sum(line["actualSellingPriceTotal"] for line in lines),
            net=sum(line["baseSellingPriceTotal"] for line in lines),
            tax=sum(line["netTaxAmountTotal"] for line in lines),
        )
        invoiced = {line["channelSkuCode"]: 0 for line in lines}
        for line in lines:
            invoiced[line["channelSkuCode"]] += line["quantity"]
        with self._lock:
            self.timings.packs.append(packed - begun)
            self.timings.papers.append(ended - begun)
            consignment.shipments.append(shipment)
            if invoiced != dict(units):
                self.problems.append(f"{consignment.order_code}: {units} packed, {invoiced} billed")

    def _expect_pdf(self, url: str) -> None:
        if not self.client.download(url).startswith(PDF):
            raise ValueError("what the address opens is no PDF")

    def _load(self, channel: str, transporter: str, group: list[Consignment]) -> None:
        """Every other wave goes with a manifest of its own, the rest in one step."""
        body = self._of_channel(channel, transporter=transporter, orderCodes=_codes(group))
        if self._waves % 2:
            manifest = self.client.call("POST", "/usp/manifest", body)
            answer = self.client.call(
                "POST", "/usp/handover", body | {"vehicleNumber": "KA01X1", "remarks": "gate 2"}
            )
            for each in group:
                each.manifest = manifest["manifestCode"]
        else:
            answer = self.client.call("POST", "/ewms/push/usp/handover/combined", body)
        self._expect_pdf(answer["handoverDocumentUrl"])
        for each in group:
            each.is_handed_over = True

    def _judge(self, notice: ReturnNotice) -> None:
        """The units come and are judged, each in a call of its own."""
        for item, sku in notice.units.items():
            fails = self._dice(notice.return_code, item).random() < self.habits.failed_inspections
            unit = {"returnItemCode": item, "channelSkuCode": sku, "qcStatus": "PASS"}
            if fails:
                unit |= {"qcStatus": "FAIL", "qcReason": "STAIN_DAMAGE"}
            body = {
                "returnOrderCode": notice.return_code,
                "forwardOrderCode": notice.order_code,
                "locationCode": self.location,
                "channelName": notice.channel,
                "awbNumber": notice.awb_number or "NONE",
                "transporter": notice.transporter or "SELF",
                "orderItems": [unit],
            }
            self.client.call("POST", "/usp/return", body)
            notice.results[item] = str(unit["qcStatus"])

    def _each(
        self,
        pool: ThreadPoolExecutor,
        wave: list[Consignment],
        action: Callable[[Consignment], None],
    ) -> None:
        list(
            pool.map(
                lambda each: self._try(each.order_code, lambda: action(each)),
                wave,
            )
        )

    def _try(self, what: str, action: Callable[[], None]) -> None:
        """Somebody else's failure is noted, and does not stop the others."""
        try:
            action()
        except Exception as fault:  # noqa: BLE001 told at the end
            self.problems.append(f"{what}: {type(fault).__name__} {fault}")

    def _dice(self, *words: str) -> Random:
        return Random(":".join([str(self.habits.seed), *words]))

    def _of_channel(self, channel: str, **members: object) -> dict[str, Any]:
        return {"locationCode": self.location, "channelName": channel, **members}

    def _of(self, consignment: Consignment, **members: object) -> dict[str, Any]:
        return self._of_channel(consignment.channel, orderCode=consignment.order_code, **members)

    def _group(
        self, channel: str, group: Iterable[Consignment], **members: object
    ) -> dict[str, Any]:
        orders = [{"orderCode": code} for code in _codes(group)]
        return self._of_channel(channel, orderList=orders, **members)


def _codes(group: Iterable[Consignment]) -> list[str]:
    return [each.order_code for each in group]


def _by_channel(wave: Iterable[Consignment]) -> dict[str, list[Consignment]]:
    found: defaultdict[str, list[Consignment]] = defaultdict(list)
    for each in wave:
        found[each.channel].append(each)
    return found


def _by_courier(packed: Iterable[Consignment]) -> dict[tuple[str, str], list[Consignment]]:
    """Orders by channel and the courier of their first label."""
    found: defaultdict[tuple[str, str], list[Consignment]] = defaultdict(list)
    for each in packed:
        found[each.channel, each.shipments[0].transporter].append(each)
    return found


def _batches(entries: Iterable[Each], size: int) -> Iterator[list[Each]]:
    iterator = iter(entries)
    while batch := list(islice(iterator, size)):
        yield batch

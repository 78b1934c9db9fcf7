"""What a source of orders knows: its tables, and what may happen to an order item."""

import datetime as dt
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from itertools import count

from tests.simulators import akinon_rows as rows
from tests.simulators.akinon_rows import Basket, Buyer, Sold
from tests.simulators.akinon_tables import Table, chosen, stamp
from tests.simulators.akinon_wire import Row

STATUSES = frozenset(
    {"50", "100", "200", "300", "350", "400", "450", "500", "510", "520", "540", "544", "545"}
    | {"550", "600"}
)
CANCELLED = frozenset({"50", "100"})
NEXT_STATUSES: Mapping[str, frozenset[str]] = {
    "200": frozenset({"300", "350", "400", "100"}),
    "300": frozenset({"350", "400", "100"}),
    "350": frozenset({"400", "100"}),
    "400": frozenset({"450", "500", "520"}),
    "450": frozenset({"500", "520"}),
    "500": frozenset({"510", "540", "550"}),
    "510": frozenset({"540", "550"}),
    "520": frozenset({"550"}),
    "540": frozenset({"550"}),
}
"""Forward only; what was cancelled or delivered stays so."""
WRITABLE = frozenset(
    {"status", "invoice_number", "invoice_date", "e_archive_url", "tracking_number"}
    | {"shipping_company", "extra_field", "attributes", "attributes_kwargs", "cancel_status"}
)
FLAT_ITEM = ("pk", "product", "status", "price")
FIRST_ORDER, FIRST_ITEM, FIRST_PRODUCT = 12345, 70193, 8362

News = Callable[[str, Row], None]


class ItemRefused(Exception):
    """What is wrong with one entry, by field."""

    def __init__(self, errors: Row) -> None:
        super().__init__(str(errors))
        self.errors = errors


class ShopBooks:
    """Orders, items, addresses, geography and the rest. Every change is stamped and announced."""

    def __init__(
        self,
        *,
        clock: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC),
        products: Mapping[str, str] | None = None,
        channels: Iterable[tuple[int, str]] = ((1, "Shop"),),
    ) -> None:
        self.lock = threading.RLock()
        self._clock = clock
        self._last: dt.datetime | None = None
        self._listeners: list[News] = []
        self._order_keys, self._item_keys = count(FIRST_ORDER), count(FIRST_ITEM)
        self._product_keys = count(FIRST_PRODUCT)
        self._before_cancel: dict[int, str] = {}
        self.histories: defaultdict[int, list[str]] = defaultdict(list)
        """The statuses of each item, in the order they came."""
        self.repeats: list[int] = []
        """Items that were told once more what they were already."""
        self.refusals: list[Row] = []
        self.tables = _tables()
        for name, found in rows.geography().items():
            self.tables[name].rows.update({row["pk"]: row for row in found})
        self._seed(channels, products or {})

    def _seed(self, channels: Iterable[tuple[int, str]], products: Mapping[str, str]) -> None:
        at = self.now()
        for pk, name in channels:
            self.tables["channels"].rows[pk] = rows.channel(pk, name, at)
        for pk, subject, kind in rows.REASONS:
            self.tables["cancellation_reasons"].add(
                pk=pk, subject=subject, cancellation_type=kind, order=pk, is_active=True
            )
        for pk, name, company in rows.CARGO_COMPANIES:
            self.tables["cargo_companies"].add(
                pk=pk, name=name, erp_code=company, shipping_company=company,
                created_date=stamp(at), modified_date=stamp(at),
            )  # fmt: skip
        for sku, name in products.items():
            self.add_product(sku, name)

    def listen(self, news: News) -> None:
        """Call with the event type and the payload of each change."""
        self._listeners.append(news)

    def now(self) -> dt.datetime:
        """The clock, a microsecond later where it stands still: no two changes are at once."""
        with self.lock:
            at = self._clock()
            if self._last is not None and at <= self._last:
                at = self._last + dt.timedelta(microseconds=1)
            self._last = at
            return at

    @property
    def orders(self) -> dict[int, Row]:
        return self.tables["orders"].rows

    @property
    def items(self) -> dict[int, Row]:
        return self.tables["order_items"].rows

    def items_of(self, order_pk: int) -> list[Row]:
        return [row for row in self.items.values() if row["order"] == order_pk]

    def add_product(self, sku: str, name: str = "") -> Row:
        pk = next(self._product_keys)
        self.tables["products"].rows[pk] = rows.product(pk, sku, name or sku, self.now())
        return self.tables["products"].rows[pk]

    def add_retail_store(self, erp_code: str, *, city: int = 1) -> Row:
        with self.lock:
            pk = len(self.tables["retail_stores"].rows) + 1
            home = self._address(Buyer(first_name="Store", last_name=erp_code, city=city), None)
            home |= {"address_type": "retail_store", "retail_store": pk}
            row = rows.retail_store(pk, erp_code, home["pk"], self.now())
            self.tables["retail_stores"].rows[pk] = row
            self._announce("retail_store.created", row)
            return row

    def change_retail_store(self, pk: int, **members: object) -> None:
        with self.lock:
            row = self.tables["retail_stores"].get(pk)
            row |= {**members, "modified_date": stamp(self.now())}
            self._announce("retail_store.updated", row)

    def place(self, basket: Basket) -> Row:
        """Take an order: one item per unit. Products nobody knew become known."""
        with self.lock:
            at = self.now()
            people = self._buyer(basket.buyer, basket.channel)
            row = rows.order(next(self._order_keys), basket, people, at)
            self.orders[row["pk"]] = row
            for place, sold in enumerate(basket.sold, 1):
                self._add_units(row, sold, f"{basket.number}-{place}", at)
            self._announce("order.created", self.expanded(row))
            return row

    def _add_units(self, row: Row, sold: Sold, line_key: str, at: dt.datetime) -> None:
        product = self._product(sold.sku)
        for _ in range(sold.quantity):
            pk = next(self._item_keys)
            self.items[pk] = rows.order_item(pk, row, sold, product, line_key=line_key, at=at)
            self.histories[pk].append(row["status"])

    def _product(self, sku: str) -> int:
        for row in self.tables["products"].rows.values():
            if row["sku"] == sku:
                return int(row["pk"])
        return int(self.add_product(sku)["pk"])

    def _buyer(self, buyer: Buyer, channel: int) -> Row:
        customers = self.tables["customers"]
        found = next((c for c in customers.rows.values() if c["email"] == buyer.email), None)
        if found is None:
            pk = len(customers.rows) + 1
            found = customers.rows[pk] = rows.customer(pk, buyer, channel, self.now())
        home = self._address(buyer, found["pk"])
        keys = {"shipping_address": home["pk"], "billing_address": home["pk"]}
        return {"customer": found["pk"], **keys}

    def _address(self, buyer: Buyer, customer: int | None) -> Row:
        addresses = self.tables["addresses"]
        country = self.tables["cities"].get(buyer.city)["country"]
        made = rows.address(len(addresses.rows) + 1, buyer, customer or 0, country, self.now())
        for row in addresses.rows.values():
            if row["hash_data"] == made["hash_data"]:
                return row
        addresses.rows[made["pk"]] = made
        return made

    def change_order(self, pk: int, **members: object) -> None:
        """The shop changes an order; a new `status` goes to its items as well."""
        with self.lock:
            row = self.tables["orders"].get(pk)
            row |= members
            at = stamp(self.now())
            row["modified_date"] = at
            for item in self.items_of(pk) if "status" in members else ():
                item |= {"status": members["status"], "modified_date": at}
                self.histories[item["pk"]].append(str(members["status"]))
            self._announce("order.updated", self.expanded(row))

    def check_item(self, pk: object, changes: Row) -> None:
        """Raises ItemRefused."""
        row = self.items.get(pk) if isinstance(pk, int) else None
        if row is None:
            raise ItemRefused({"id": [f'Invalid pk "{pk}" - object does not exist.']})
        if unknown := changes.keys() - WRITABLE:
            raise ItemRefused(
                {name: ["This field may not be changed."] for name in sorted(unknown)}
            )
        before = self._before_cancel.get(row["pk"]) or str(row["status"])
        status = str(changes.get("status", before))
        if status not in STATUSES:
            raise ItemRefused({"status": [f'"{status}" is not a valid choice.']})
        if status != before and status not in NEXT_STATUSES.get(before, ()):
            raise ItemRefused({"status": [f"{before} does not become {status}."]})

    def change_item(self, pk: int, changes: Row, *, is_announced: bool = True) -> None:
        """Change one item as its owner allows, and the order with it. Raises ItemRefused.

        Whoever changes many at once announces their orders afterwards, each once.
        While somebody judges whether it may be cancelled, its status only shows afterwards.
        """
        with self.lock:
            try:
                self.check_item(pk, changes)
            except ItemRefused as refused:
                self.refusals.append({"id": pk, **refused.errors})
                raise
            row = self.items[pk]
            if pk in self._before_cancel and "status" in changes:
                changes = {**changes}
                self._before_cancel[pk] = changes.pop("status")
            merged = {**row["extra_field"], **changes.get("extra_field", {})}
            if all(row[name] == value for name, value in changes.items()):
                self.repeats.append(pk)
                return
            before = row["status"]
            row |= {**changes, "extra_field": merged, "modified_date": stamp(self.now())}
            if row["status"] != before:
                self.histories[pk].append(row["status"])
            self._follow(row["order"])
            if is_announced:
                self.announce_order(row["order"])

    def announce_order(self, order_pk: int) -> None:
        """Tell whoever listens that an order changed."""
        with self.lock:
            self._announce("order.updated", self.expanded(self.orders[order_pk]))

    def _follow(self, order_pk: int) -> None:
        """An order is as far as the last of its items that still goes anywhere."""
        row = self.orders[order_pk]
        live = [i["status"] for i in self.items_of(order_pk) if i["status"] not in CANCELLED]
        row["status"] = min(live, key=int) if live else "100"
        row["modified_date"] = stamp(self.now())

    def ask_to_cancel(
        self, order_pk: int, items: Iterable[int], *, plan_type: str = "cancel"
    ) -> Row:
        """Make a plan; units to be cancelled wait for the judgement."""
        with self.lock:
            order, at = self.tables["orders"].get(order_pk), stamp(self.now())
            plan = self.tables["cancellation_plans"].add(
                plan_type=plan_type, status="waiting", order=order_pk, items=list(items),
                created_date=at, modified_date=at,
            )  # fmt: skip
            for pk in plan["items"] if plan_type == "cancel" else ():
                self._before_cancel[pk] = self.items[pk]["status"]
                self._turn(pk, "50")
            self._announce("cancellation_plan.created", self.plan_message(plan))
            self._announce("order.updated", self.expanded(order))
            return plan

    def settle(self, plan_pk: int, *, is_granted: bool) -> None:
        """The judgement came: the units are cancelled, or go on as before."""
        with self.lock:
            plan = self.tables["cancellation_plans"].get(plan_pk)
            if plan["status"] != "waiting":
                return
            plan |= {
                "status": "confirmed" if is_granted else "rejected",
                "modified_date": stamp(self.now()),
            }
            for pk in plan["items"] if plan["plan_type"] == "cancel" else ():
                before = self._before_cancel.pop(pk)
                self._turn(pk, "100" if is_granted else before)
            self._announce("cancellation_plan.updated", self.plan_message(plan))
            self._follow(plan["order"])
            self.announce_order(plan["order"])

    def _turn(self, pk: int, status: str) -> None:
        self.items[pk] |= {"status": status, "modified_date": stamp(self.now())}
        self.histories[pk].append(status)
        self.orders[self.items[pk]["order"]]["modified_date"] = stamp(self.now())

    def plan_message(self, plan: Row) -> Row:
        order = chosen(
            self.orders[plan["order"]], ("pk", "number", "status", "channel", "currency")
        )
        entries = [{"order_item": pk} for pk in plan["items"]]
        members = {name: value for name, value in plan.items() if name != "items"}
        return {**members, "order": order, "cancellationplanorderitem_set": entries}

    def expanded(self, row: Row) -> Row:
        """The detailed form: channel and customer as objects, and the items in short."""
        return {
            **row,
            "channel": self.tables["channels"].rows.get(row["channel"], row["channel"]),
            "customer": self.tables["customers"].rows.get(row["customer"], row["customer"]),
            "orderitem_set": [chosen(item, FLAT_ITEM) for item in self.items_of(row["pk"])],
        }

    def _announce(self, event_type: str, payload: Row) -> None:
        for listener in self._listeners:
            listener(event_type, deepcopy(payload))


def _tables() -> dict[str, Table]:
    place = frozenset({"name", "code", "country", "city", "township", "is_active"})
    dates = frozenset({"created_date", "modified_date"})
    return {
        "orders": Table(
            dates | {"number", "status", "channel", "date_placed", "customer", "is_send"}
        ),
        "order_items": Table(dates | {"order", "product", "status"}),
        "addresses": Table(dates | {"hash_data", "customer", "retail_store", "is_active"}),
        "countries": Table(place),
        "cities": Table(place),
        "townships": Table(place),
        "districts": Table(place),
        "customers": Table(dates | {"email", "channel"}),
        "channels": Table(dates | {"name", "channel_type", "is_active"}),
        "products": Table(dates | {"sku", "barcode", "base_code", "is_active"}),
        "retail_stores": Table(dates | {"erp_code", "name", "is_active"}),
        "cancellation_reasons": Table(frozenset({"cancellation_type", "is_active"})),
        "cancellation_plans": Table(dates | {"plan_type", "status", "order"}),
        "cargo_companies": Table(dates | {"erp_code", "shipping_company", "name"}),
    }

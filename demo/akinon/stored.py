"""What the database says of a run. Read only, as the owner; no model is needed."""

from dataclasses import dataclass, field

import psycopg

ORDERS = "SELECT external_id, count(*)::int FROM orders_order GROUP BY external_id"
UNITS = """
SELECT o.external_id, l.external_id, l.sku_code, l.quantity_ordered::int, l.quantity_cancelled::int
FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id
"""
PACKAGES = """
SELECT t.number, o.external_id, t.status, p.code, coalesce(p.supplier_code, '')
FROM fulfillment_fulfillmenttask t JOIN orders_order o ON o.id = t.order_id
JOIN locations_fulfillmentpoint p ON p.id = t.point_id
"""
CONTENTS = """
SELECT t.number, l.external_id
FROM fulfillment_taskline c JOIN fulfillment_fulfillmenttask t ON t.id = c.task_id
JOIN orders_orderline l ON l.id = c.order_line_id
WHERE c.quantity > c.quantity_cancelled
"""
STATES = {
    "CREATED": "100", "WAITING_REMOTE": "150", "ACCEPTED": "200", "PICKING": "200",
    "WAITING_TRANSFER": "300", "PICKED": "400", "PACKED": "500", "READY_FOR_PICKUP": "520",
    "SHIPPED": "600", "ATTEMPTED": "640", "DELIVERED": "650", "DELIVERY_FAILED": "660",
    "RETURNED_TO_POINT": "660", "LOST": "660", "CANCELLED": "900", "NEEDS_REPLANNING": "910",
    "OUT_OF_STOCK": "920", "BLOCKED": "1000", "PACKED_FOR_REFUND": "1100",
}  # fmt: skip
GONE = frozenset({"900"})


@dataclass(slots=True)
class Unit:
    """One order line, which is one item of the source."""

    order: str
    sku: str
    ordered: int
    cancelled: int


@dataclass(slots=True)
class Package:
    """One task as a package. `items` are those it still holds."""

    order: str
    state: str
    place: str
    supplier_code: str
    items: set[int] = field(default_factory=set)

    @property
    def is_live(self) -> bool:
        return self.state not in GONE


@dataclass(slots=True)
class Stored:
    """Orders by number, units by the source's key, packages by number."""

    orders: dict[str, int] = field(default_factory=dict)
    units: dict[int, list[Unit]] = field(default_factory=dict)
    packages: dict[str, Package] = field(default_factory=dict)

    def packages_of(self, item: int) -> list[Package]:
        """Live ones that hold a unit."""
        return [each for each in self.packages.values() if each.is_live and item in each.items]


def read(database_url: str) -> Stored:
    """Everything of the installation, as of one moment."""
    found = Stored()
    with psycopg.connect(database_url) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        found.orders = dict(connection.execute(ORDERS).fetchall())
        for order, key, *members in connection.execute(UNITS):
            found.units.setdefault(int(key), []).append(Unit(order, *members))
        for number, order, status, *place in connection.execute(PACKAGES):
            found.packages[digits(number)] = Package(order, STATES[status], *place)
        for number, key in connection.execute(CONTENTS):
            found.packages[digits(number)].items.add(int(key))
    return found


def digits(task_number: str) -> str:
    """A package's number, given its task's."""
    return task_number.removeprefix("FT")

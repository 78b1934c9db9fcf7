"""The demo world, read from the same file the installation applies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from demo.signing import Credentials

DEFAULT = Path(__file__).with_name("world.yaml")
PLENTY = 100  # from so many units on, nobody notices the demo's orders
SELF_DELIVERED = "OWN_CARRIER"


@dataclass(frozen=True, slots=True)
class Item:
    """What is sold."""

    code: str
    name: str
    brand_code: str
    brand_sku_code: str
    weight_g: int


@dataclass(frozen=True, slots=True)
class Shop:
    """A sales channel with its key, and what its points can serve."""

    code: str
    name: str
    delivery: str
    credentials: Credentials
    points: tuple[str, ...]
    listings: Mapping[str, str]
    plenty: tuple[Item, ...]
    """At every point, in quantity."""
    scarce: tuple[Item, ...]
    sold_out: tuple[Item, ...]
    apart: tuple[Item, Item] | None
    """Two items that no single point has together."""

    @property
    def is_self_delivered(self) -> bool:
        return self.delivery == SELF_DELIVERED

    @property
    def may_split(self) -> bool:
        """Whether a task may be packed into several parcels."""
        return self.delivery != "CHANNEL_CARRIER_SINGLE"


@dataclass(frozen=True, slots=True)
class Point:
    """A fulfillment point with its key and its shelf."""

    code: str
    name: str
    credentials: Credentials
    carriers: tuple[str, ...]
    stock: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class World:
    """Everything the players need to know."""

    shops: tuple[Shop, ...]
    points: tuple[Point, ...]
    items: Mapping[str, Item]

    @property
    def weights(self) -> dict[str, int]:
        """Grams by brand SKU code, which is what a warehouse reads on a task."""
        return {item.brand_sku_code: item.weight_g for item in self.items.values()}

    def shop_named(self, name: str) -> Shop | None:
        return next((shop for shop in self.shops if shop.name == name), None)


def load(path: Path = DEFAULT) -> World:
    """The world in a file; only channels and points that have an OMS4 key."""
    told: Mapping[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    items = {row["code"]: _item(row) for row in told.get("skus", ())}
    keys = _keys(told["clients"])
    points = tuple(
        Point(
            code=row["code"],
            name=row["name"],
            credentials=keys["fulfillment_point", row["code"]],
            carriers=tuple(row.get("carriers", ())),
            stock={
                level["sku"]: level["on_hand"]
                for level in told.get("stock", ())
                if level["fulfillment_point"] == row["code"]
            },
        )
        for row in told["fulfillment_points"]
        if ("fulfillment_point", row["code"]) in keys
    )
    shops = tuple(
        _shop(row, told.get("listings", ()), keys["channel", row["code"]], points, items)
        for row in told["channels"]
        if ("channel", row["code"]) in keys
    )
    return World(shops=shops, points=points, items=items)


def _item(row: Mapping[str, Any]) -> Item:
    return Item(
        code=row["code"],
        name=row.get("name", row["code"]),
        brand_code=row.get("brand_code", ""),
        brand_sku_code=row.get("brand_sku_code", ""),
        weight_g=row.get("weight_g") or 300,
    )


def _keys(clients: Sequence[Mapping[str, Any]]) -> dict[tuple[str, str], Credentials]:
    """The OMS4 key of each channel and point."""
    found = {}
    for client in clients:
        bound = next((k for k in ("channel", "fulfillment_point") if client.get(k)), None)
        for credential in client.get("credentials", ()):
            if bound and credential["kind"] == "oms4":
                found[bound, client[bound]] = Credentials(
                    client["organization"], credential["key"], credential["secret"]
                )
    return found


def _shop(
    row: Mapping[str, Any],
    listings: Sequence[Mapping[str, Any]],
    credentials: Credentials,
    points: Sequence[Point],
    items: Mapping[str, Item],
) -> Shop:
    codes: tuple[str, ...] = tuple(row["fulfillment_points"])
    shelves = [point.stock for point in points if point.code in codes]
    total = {code: sum(shelf.get(code, 0) for shelf in shelves) for code in items}
    known = [code for code in items if any(code in shelf for shelf in shelves)]
    plenty = [c for c in known if all(shelf.get(c, 0) >= PLENTY for shelf in shelves)]
    return Shop(
        code=row["code"],
        name=row["name"],
        delivery=row["delivery"],
        credentials=credentials,
        points=codes,
        listings={
            listing["sku"]: listing["channel_sku_code"]
            for listing in listings
            if listing["channel"] == row["code"]
        },
        plenty=tuple(items[code] for code in plenty),
        scarce=tuple(items[code] for code in known if 0 < total[code] < PLENTY),
        sold_out=tuple(items[code] for code in known if total[code] == 0),
        apart=_apart(shelves, [code for code in known if total[code] >= PLENTY], items),
    )


def _apart(
    shelves: Sequence[Mapping[str, int]], codes: Sequence[str], items: Mapping[str, Item]
) -> tuple[Item, Item] | None:
    for first in codes:
        for second in codes:
            if not any(shelf.get(first, 0) and shelf.get(second, 0) for shelf in shelves):
                return items[first], items[second]
    return None

"""Made-up orders: the same seed gives the same orders. No name, address or number is real."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from demo.plots import Plot, plots_for
from demo.world import Item, Shop, World

FIRST_NAMES = (
    "Amber", "Birch", "Cedar", "Clover", "Coral", "Flint", "Hazel", "Juniper", "Linden", "Maple",
    "Moss", "Opal", "Pebble", "Quartz", "Reed", "Saffron", "Sorrel", "Thistle", "Umber", "Willow",
)  # fmt: skip
LAST_NAMES = (
    "Anchor", "Basket", "Compass", "Dynamo", "Easel", "Funnel", "Gimbal", "Hammock", "Inkwell",
    "Kettle", "Lantern", "Mortar", "Needle", "Oarlock", "Pulley", "Quill", "Rudder", "Spindle",
    "Teapot", "Windmill",
)  # fmt: skip
CITIES = (
    ("SG", "", "Singapore", "0000{:02d}"),
    ("MY", "Johor", "Johor Bahru", "000{:02d}"),
    ("MY", "Selangor", "Petaling Jaya", "001{:02d}"),
    ("TH", "", "Bangkok", "000{:02d}"),
    ("ID", "Jawa Barat", "Bandung", "000{:02d}"),
    ("PH", "", "Cebu City", "00{:02d}"),
    ("VN", "", "Da Nang", "0000{:02d}"),
    ("TR", "", "İzmir", "000{:02d}"),
)
STREETS = ("Sample Street", "Example Avenue", "Specimen Lane", "Placeholder Road", "Model Quay")
REMARKS = ("", "", "", "", "Please ring twice.", "A gift: no invoice in the box, please.")
ALLOWED_TO_SPLIT = 0.3
MOST_LINES = 5
HOUR_MS = 3_600_000
UNKNOWN_CODE = "NO-SUCH-SKU"
WAITING = {Plot.UNKNOWN_SKU, Plot.SOLD_OUT, Plot.SCARCE}  # as a whole, not the half of it


@dataclass(frozen=True, slots=True)
class Line:
    """One position."""

    item_id: str
    sku_code: str
    channel_sku_code: str
    name: str
    quantity: int
    price_cents: int


@dataclass(frozen=True, slots=True)
class Purchase:
    """One order and its story."""

    number: str
    plot: Plot
    shop: Shop
    lines: tuple[Line, ...]
    may_split: bool
    buyer: str
    place: tuple[str, str, str, str]
    street: str
    remark: str
    created_at: int

    @property
    def units(self) -> int:
        return sum(line.quantity for line in self.lines)

    @property
    def is_paid_at_once(self) -> bool:
        return self.plot not in {Plot.UNPAID, Plot.PAY_LATER}

    def body(self, *, paid: bool) -> dict[str, object]:
        """As Create Order wants it. Paying is the same order again, a minute younger."""
        updated_at = self.created_at + (60_000 if paid else 0)
        total = sum(line.price_cents * line.quantity for line in self.lines) / 100
        body: dict[str, object] = {
            "order_no": self.number,
            "order_status": "PAID" if paid else "CREATED",
            "created_date": self.created_at,
            "updated_date": updated_at,
            "upstream_allow_split": int(self.may_split),
            "currency": "SGD",
            "country": self.place[0],
            "customer_id": f"buyer-{self.buyer.replace(' ', '-').lower()}",
            "customer_name": self.buyer,
            "customer_email": self._mail,
            "customer_remark": self.remark,
            "shipping_info": self._shipping(),
            "items": [_item_body(line) for line in self.lines],
        }
        if paid:
            payment = {"payment_method": "DEMO", "paid_time": updated_at, "total_amount": total}
            body["payment_info"] = payment
        return body

    @property
    def _mail(self) -> str:
        return f"{self.buyer.replace(' ', '.').lower()}@example.com"

    def _shipping(self) -> dict[str, object]:
        _, state, city, postcode = self.place
        return {
            "state": state,
            "city": city,
            "address": self.street,
            "postcode": postcode,
            "name": self.buyer,
            "email": self._mail,
            "phone": "+000 000 000",
        }


def _item_body(line: Line) -> dict[str, object]:
    return {
        "orig_order_item_id": line.item_id,
        "sc_sku_code": line.channel_sku_code,
        "seller_sku_code": line.sku_code,
        "sku_name": line.name,
        "qty": line.quantity,
        "unit_price": line.price_cents / 100,
    }


def purchases(world: World, *, count: int, seed: int, now: int) -> Iterator[Purchase]:
    """`count` orders, placed during the hour before `now` (epoch milliseconds)."""
    random = Random(seed)
    plots = plots_for(count)
    random.shuffle(plots)
    plots.sort(key=lambda plot: plot is not Plot.SCARCE)  # first come, first served
    for index, plot in enumerate(plots):
        created_at = now - HOUR_MS + index * HOUR_MS // max(count, 1)
        yield _purchase(world, Random(f"{seed}:{index}"), plot, index, seed, created_at)


def _purchase(
    world: World, random: Random, plot: Plot, index: int, seed: int, created_at: int
) -> Purchase:
    shop = random.choice(_shops_for(world, plot))
    country, state, city, postcode = random.choice(CITIES)
    items = _items_for(shop, plot, random)
    may_split = shop.may_split and random.random() < ALLOWED_TO_SPLIT and plot not in WAITING
    return Purchase(
        number=f"{shop.code}-{seed}-{index + 1:06d}",
        plot=plot,
        shop=shop,
        lines=tuple(
            _line(
                shop, item, 10_000 * (index + 1) + position, 2 if plot is Plot.SCARCE else 0, random
            )
            for position, item in enumerate(items, 1)
        ),
        may_split=may_split or plot is Plot.SPLIT,
        buyer=f"{random.choice(FIRST_NAMES)} {random.choice(LAST_NAMES)}",
        place=(country, state, city, postcode.format(random.randrange(100))),
        street=f"{random.randrange(1, 400)} {random.choice(STREETS)}",
        remark=random.choice(REMARKS),
        created_at=created_at,
    )


def _shops_for(world: World, plot: Plot) -> list[Shop]:
    """The shops where the story can happen."""
    if plot is Plot.SPLIT:
        return [shop for shop in world.shops if shop.apart] or list(world.shops)
    if plot is Plot.SCARCE:
        return [shop for shop in world.shops if shop.scarce] or list(world.shops)
    if plot is Plot.SOLD_OUT:
        return [shop for shop in world.shops if shop.sold_out]
    return list(world.shops)


def _items_for(shop: Shop, plot: Plot, random: Random) -> list[Item]:
    fewest = 2 if plot is Plot.CANCEL_LINE else 1
    items = random.sample(shop.plenty, random.randint(fewest, MOST_LINES))
    if plot is Plot.SPLIT and shop.apart:
        items = [*shop.apart, *items[:2]]
    elif plot is Plot.SCARCE and shop.scarce:
        items = [random.choice(shop.scarce)]
    elif plot is Plot.SOLD_OUT:
        items = [random.choice(shop.sold_out), *items[:1]]
    elif plot is Plot.UNKNOWN_SKU:
        items = [Item(f"{UNKNOWN_CODE}-{random.randrange(100)}", "Unknown", "", "", 0), *items[:1]]
    return items


def _line(shop: Shop, item: Item, item_id: int, quantity: int, random: Random) -> Line:
    return Line(
        item_id=str(item_id),
        sku_code=item.code,
        channel_sku_code=shop.listings.get(item.code, item.code),
        name=item.name,
        quantity=quantity or random.choice((1, 1, 1, 2, 3)),
        price_cents=random.randrange(490, 19_990, 50),
    )

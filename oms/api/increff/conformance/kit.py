"""What the checks work with: the login, the shop, the orders of the run, and patience."""

import itertools
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from . import shapes
from .listening import Mailbox, Push
from .options import Options, Product
from .shapes import Document
from .shop import Shop
from .verdicts import Broken, NotApplicable, expect
from .wire import Caller

Found = TypeVar("Found")

LISTING = "/usp/listing/create"
INVENTORY = "/usp/inventories/absolute"
CANCEL = "/usp/order/cancel"
CREATE_PICKLIST = "/usp/picklist/create"
ADD_TO_PICKLIST = "/usp/picklist/add-order"
PACK = "/usp/order/pack"
MANIFEST = "/usp/manifest"
HANDOVER = "/usp/handover"
RETURN = "/usp/return"
COMBINED = "/ewms/push/usp/handover/combined"

STOCK = 1000
_PAUSE = 0.25  # seconds between two looks


@dataclass(slots=True)
class Suborder:
    """The part of an order at our location."""

    order_code: str
    units: dict[str, int]
    """Ordered units by the EFS channel's SKU code."""
    packed: Document | None = None

    @property
    def shipped(self) -> Document:
        """What the pack call answered; without it the check cannot be made."""
        self.expect_packed()
        return self.packed or {}

    def expect_packed(self) -> None:
        """Without the pack call's answer the check cannot be made."""
        if self.packed is None:
            raise NotApplicable(f"order {self.order_code} was not packed")


@dataclass(slots=True)
class Kit:
    """The state of one run."""

    options: Options
    efs: Caller
    mailbox: Mailbox | None
    shop: Shop | None
    suborders: dict[str, Suborder] = field(default_factory=dict)
    kept: dict[str, object] = field(default_factory=dict)
    """Numbers one check leaves for the next."""
    began: int = field(default_factory=lambda: int(time.time()))
    _serial: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    @classmethod
    def begin(cls, options: Options, mailbox: Mailbox | None) -> "Kit":
        """A run that has done nothing yet."""
        shop = None if options.shop is None else Shop(options.shop)
        return cls(options, Caller(options.base_url, options.login), mailbox, shop)

    @property
    def first(self) -> Product:
        """The product orders are for."""
        return self.options.products[0]

    @property
    def second(self) -> Product:
        """The other product."""
        return self.options.products[1]

    @property
    def seller(self) -> Shop:
        """The shop; without it the check cannot be made."""
        if self.shop is None:
            raise NotApplicable("start with --shop-key to have orders placed")
        return self.shop

    def news(self) -> Mailbox:
        """The mailbox; without it the check cannot be made."""
        if self.mailbox is None:
            raise NotApplicable("start with --listen to take pushes")
        return self.mailbox

    def code(self, word: str) -> str:
        """A code nobody used before."""
        return f"CK-{self.began}-{word.upper()}{next(self._serial)}"

    def place(self, word: str, first: int, second: int = 0, /, **changes: object) -> Suborder:
        """Place an order of so many units of both products; its news is not awaited."""
        return self._placed(word, self.code(word), (first, second), changes)

    def place_awaited(
        self, word: str, first: int, /, *, before: Callable[[str], object]
    ) -> Suborder:
        """Place an order after telling somebody its code."""
        order_code = self.code(word)
        before(order_code)
        return self._placed(word, order_code, (first, 0), {})

    def _placed(
        self, word: str, order_code: str, counts: tuple[int, int], changes: Mapping[str, object]
    ) -> Suborder:
        self.news()  # an order nobody hears of is of no use
        first, second = counts
        wanted = {self.first: first, self.second: second}
        units = {product: count for product, count in wanted.items() if count}
        self.seller.place(
            order_code, {product.shop_sku: count for product, count in units.items()}, **changes
        )
        self.suborders[word] = Suborder(
            order_code, {product.code: count for product, count in units.items()}
        )
        return self.suborders[word]

    def arrived(self, word: str, first: int, second: int = 0, /, **changes: object) -> Suborder:
        """Place an order and wait until we are told of it."""
        suborder = self.place(word, first, second, **changes)
        self.told(suborder, "SUBORDER_CREATE")
        return suborder

    def suborder(self, word: str) -> Suborder:
        """An order placed before; without it the check cannot be made."""
        if word not in self.suborders:
            raise NotApplicable(f"the order {word!r} was not placed")
        return self.suborders[word]

    def told(
        self,
        suborder: Suborder,
        event_type: str,
        fits: Callable[[Document], bool] = lambda _: True,
    ) -> Document:
        """The first push of a type about an order, checked; or Broken."""

        def look() -> Push | None:
            pushes = self.news().of_order(suborder.order_code, event_type)
            return next((push for push in pushes if fits(push.document)), None)

        push = self.eventually(look, f"no {event_type} of {suborder.order_code} came")
        return shapes.check_order_event(push.document)

    def eventually(
        self, look: Callable[[], Found | None], what: str, *, patience: float = 0.0
    ) -> Found:
        """Look until there is something, or Broken after the operator's patience."""
        seconds = patience or self.options.patience
        ends = time.monotonic() + seconds
        while True:
            found = look()
            if found:
                return found
            if time.monotonic() > ends:
                raise Broken(f"{what} within {seconds:g} seconds")
            time.sleep(_PAUSE)

    def stocked(self) -> None:
        """Put enough of both products on the shelf."""
        products = [
            {"channelSkuCode": product.code, "quantity": STOCK} for product in self.options.products
        ]
        answer = self.efs.put(INVENTORY, self.at_location(products=products)).document()
        expect(answer["failureProducts"] == [], f"not counted: {answer['failureProducts']}")

    def at_location(self, **members: object) -> Document:
        """A body that names our location."""
        return {"locationCode": self.options.location, **members}

    def at_channel(self, **members: object) -> Document:
        """A body that names our location and the sales channel."""
        return self.at_location(channelName=self.seller.channel, **members)

    def of(self, suborder: Suborder, **members: object) -> Document:
        """A body about one order."""
        return self.at_channel(orderCode=suborder.order_code, **members)

    def cancellation(self, suborder: Suborder, units: Mapping[str, object]) -> Document:
        """A body of API 4."""
        return self.of(
            suborder,
            orderItems=[
                {"channelSkuCode": code, "cancelledQuantity": count}
                for code, count in units.items()
            ],
        )

    def contents(self, suborder: Suborder, units: Mapping[str, object] | None = None) -> Document:
        """A body of API 7 with nothing but what is required; all units unless told."""
        return self.of(
            suborder,
            shipmentItems=[
                {"channelSkuCode": code, "quantityToPack": count}
                for code, count in (units or suborder.units).items()
            ],
        )

    def group(self, *suborders: Suborder, **members: object) -> Document:
        """A body of APIs 5 and 6."""
        codes = [{"orderCode": suborder.order_code} for suborder in suborders]
        return self.at_channel(orderList=codes, **members)

    def load(self, *suborders: Suborder, **members: object) -> Document:
        """A body of APIs 8, 9 and 12."""
        codes = [suborder.order_code for suborder in suborders]
        return self.at_channel(transporter="SWIFT", orderCodes=codes) | members

    def packed(self, word: str, first: int = 1) -> Suborder:
        """An order that arrived and was packed."""
        suborder = self.arrived(word, first)
        answer = self.efs.post(PACK, self.contents(suborder)).document()
        suborder.packed = shapes.check_packed(answer)
        return suborder

    def events(self, suborder: Suborder) -> list[object]:
        """What was told of an order so far, every notification once."""
        told: dict[object, object] = {}
        for push in self.news().of_order(suborder.order_code):
            told.setdefault(push.document.get("messageId"), push.document.get("eventType"))
        return list(told.values())

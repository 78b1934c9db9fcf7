"""What the checks work with: both keys, the orders placed so far, and patience."""

import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from .listening import Mailbox
from .lives import Life
from .options import Options
from .reading import Readings
from .shapes import Document
from .verdicts import Broken, NotApplicable, expect
from .wire import Caller, now

Found = TypeVar("Found")

CREATE_ORDER = "/rest/sc_api/order/create"
CANCEL_ORDER = "/rest/sc_api/order/cancel"
SYNC = "/rest/fp_api/inventory/sync"

SINGLE_PARCEL, LABEL_PER_PARCEL, OWN_CARRIER = 1, 2, 3
STOCK = 1000
FIRST_ITEM = 90001
_PAUSE = 0.25  # seconds between two looks


@dataclass(slots=True)
class Kit(Readings):
    """The state of one run."""

    options: Options
    mailbox: Mailbox | None = None
    scenario: int | None = None
    """Which of the three delivery scenarios the channel has, once it is known."""
    lives: dict[str, Life] = field(default_factory=dict)
    began: int = field(default_factory=now)
    _serial: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    @classmethod
    def begin(cls, options: Options, mailbox: Mailbox | None) -> "Kit":
        """A run that has done nothing yet."""
        shop = Caller(options.base_url, options.channel)
        return cls(shop, Caller(options.base_url, options.point), options, mailbox)

    def number(self, word: str) -> str:
        """A number nobody used before."""
        return f"CK-{self.began}-{word}{next(self._serial)}"

    def order(self, order_no: str, lines: int = 1, /, **changes: object) -> Document:
        """An order for the SKU, as a well-behaved client writes it."""
        items = [
            {
                "orig_order_item_id": str(FIRST_ITEM + place),
                "sc_spu_id": "SPU-7",
                "sc_sku_code": "SKU-7-RED",
                "seller_sku_code": self.options.seller_sku,
                "sku_name": "conformance",
                "qty": 1,
                "unit_price": 29.9,
            }
            for place in range(lines)
        ]
        return {
            "order_no": order_no,
            "order_status": "PAID",
            "created_date": self.began - 60_000,
            "updated_date": self.began - 30_000,
            "cross_border": 0,
            "upstream_allow_split": 0,
            "currency": "SGD",
            "country": "SG",
            "customer_name": "A. Tan",
            "customer_email": "a.tan@example.com",
            "shipping_info": {
                "city": "Singapore",
                "address": "1 Sample Road #02-03",
                "postcode": "048624",
                "name": "A. Tan",
                "time_window_from": "09:00",
                "time_window_to": "20:30",
            },
            "payment_info": {"payment_method": "CARD", "total_amount": 59.8},
            "items": items,
            **changes,
        }

    def place(self, word: str, lines: int = 1, /, **changes: object) -> Life:
        """Place an order and remember it under a word."""
        life = Life(self.number(word.upper()))
        document = self.order(life.order_no, lines, **changes)
        self.shop.post(CREATE_ORDER, document).stored()
        self.lives[word] = life
        return life

    def life(self, word: str) -> Life:
        """An order placed before; without it the check cannot be made."""
        if word not in self.lives:
            raise NotApplicable(f"the order of the story {word!r} was not taken")
        return self.lives[word]

    def stocked(self, qty: int) -> None:
        """Report what the point has of the SKU."""
        record = {**self.sku(), "qty": qty}
        self.warehouse.post(SYNC, {"inventory": [record]}).succeeded()

    def sku(self) -> Document:
        """The SKU as the warehouse knows it."""
        return {"brand_code": self.options.sku_brand, "brand_sku_code": self.options.sku_code}

    def box(self, number: str, details: list[Document], **changes: object) -> Document:
        """A parcel of Parcel Packing Finished, with what the channel's scenario demands."""
        own: Document = {}
        if self.scenario == OWN_CARRIER:
            own = {"actual_delivery_partner": "Own Fleet", "actual_delivery_type": "Standard"}
            own["tracking_no"] = f"T-{number}"
        return {
            "fp_parcel_no": number,
            "parcel_packed_time": now(),
            "weight": 1.5,
            "length": 30,
            "height": 20,
            "width": 10,
            "parcel_items": [
                {"ft_detail_id": str(detail["task_detail_id"]), **self.sku()} for detail in details
            ],
            **own,
            **changes,
        }

    def eventually(self, look: Callable[[], Found | None], what: str) -> Found:
        """Look until there is something, or Broken after the operator's patience."""
        ends = time.monotonic() + self.options.patience
        while True:
            found = look()
            if found:
                return found
            if time.monotonic() > ends:
                raise Broken(f"{what} within {self.options.patience:g} seconds")
            time.sleep(_PAUSE)

    def await_task(self, life: Life) -> Document:
        """The task that allocation opens for an order, not read by number before."""
        life.task = self.eventually(
            lambda: next(iter(self.tasks(order_no=life.order_no)), None),
            "no fulfillment task for a paid order with stock",
        )
        return life.task

    def expect_scenario(self, *allowed: int) -> None:
        """The check cannot be made when the channel has another scenario."""
        if self.scenario is None:
            raise NotApplicable("the channel's delivery scenario did not become known")
        if self.scenario not in allowed:
            raise NotApplicable(f"the channel has delivery scenario {self.scenario}")

    def expect_same(self, caller: Caller, paths: list[str], document: Document) -> None:
        """Every path is the same operation: none of them is unknown."""
        for path in paths:
            code = caller.post(path, document).code
            expect(code != "404", f"{path} is unknown")
            expect(code == "400", f"{path} answers an empty body with {code}")

"""The packages that Seller Center knows, and what it makes of the news of them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.simulators.akinon_wire import Refusal, Row

CREATED = "package.created"
STATUS = "package.status."
DASHLESS = re.compile(r"[0-9a-f]{32}")
DIGITS = re.compile(r"\d{1,32}")
STATES = {
    "waiting": "100", "waiting_remote_action": "150", "preparing": "200",
    "waiting_transfer": "300", "ready_for_packaging": "400", "packed": "500",
    "ready_for_pickup": "520", "shipped": "600", "attempted_delivery": "640", "delivered": "650",
    "delivery_failed": "660", "cancellation_waiting": "800", "cancelled": "900",
    "needs_rescheduling": "910", "out_of_stock": "920", "blocked": "1000",
    "packed_for_refund": "1100",
}  # fmt: skip


@dataclass
class SellerPackage:
    """One package as the last message that was not stale had it."""

    number: str
    payload: Row
    states: list[str] = field(default_factory=list)
    """In the order in which they were taken, each once in a row."""

    @property
    def order_number(self) -> str:
        return str(self.payload["order_number"])

    @property
    def state(self) -> str:
        return self.states[-1]

    @property
    def erp_code(self) -> str:
        return str(self.payload["stock_location"]["erp_code"])

    @property
    def supplier_code(self) -> str:
        """The seller whose location it is; empty for a location of nobody's."""
        conf: Row = self.payload["stock_location"].get("conf") or {}
        return str(conf.get("supplier_code") or "")

    @property
    def items(self) -> frozenset[int]:
        """Keys of the order items in it."""
        entries = self.payload.get("packageitem_set") or []
        return frozenset(entry["order_item"]["omnitron_id"] for entry in entries)


class SellerBooks:
    """Takes envelopes; a uuid counts once, and what is older than what is known changes nothing."""

    def __init__(self) -> None:
        self.packages: dict[str, SellerPackage] = {}
        self.messages: dict[str, Row] = {}
        self.created: set[str] = set()
        self.duplicates = 0
        self.stale: list[str] = []
        self.problems: list[str] = []
        """Where a message broke the contract."""

    def take(self, envelope: Any, *, is_creation: bool, header: str | None) -> None:
        """Enter one message. Refused: 400 for a body that is no envelope."""
        event_type, uuid, payload = _opened(envelope)
        if header != event_type:
            self.problems.append(f"X-Whisperer-Event is {header}, the event {event_type}")
        if not DASHLESS.fullmatch(uuid):
            self.problems.append(f"the uuid {uuid} is not 32 hex digits")
        if known := self.messages.get(uuid):
            self.duplicates += 1
            if known != envelope:
                self.problems.append(f"{uuid} says something else than before")
            return
        self.messages[uuid] = envelope
        if is_creation != (event_type == CREATED):
            self.problems.append(f"{event_type} came to the wrong address")
        self._enter(event_type, payload)

    def _enter(self, event_type: str, payload: Row) -> None:
        number, value = payload["number"], payload["state"]["enum_value"]
        slug = event_type.removeprefix(STATUS)
        if event_type.startswith(STATUS) and STATES.get(slug, value) != value:
            self.problems.append(f"{event_type} of {number} says state {value}")
        if not DIGITS.fullmatch(number):
            self.problems.append(f"{number} is no package number")
        if event_type == CREATED and number in self.created:
            self.problems.append(f"{number} was created twice")
        if event_type == CREATED:
            self.created.add(number)
        package = self.packages.get(number)
        if package is None:
            self.packages[number] = SellerPackage(number, payload, [value])
            return
        if payload["modified_date"] < package.payload["modified_date"]:
            self.stale.append(f"{number}: {event_type}")
            return
        package.payload = payload
        if value != package.states[-1]:
            package.states.append(value)

    def of_order(self, order_number: str) -> list[SellerPackage]:
        return [each for each in self.packages.values() if each.order_number == order_number]

    def mixed_sellers(self, seller_of_item: dict[int, str]) -> Iterator[str]:
        """Packages whose items are not all of one seller, or not of the location's."""
        for package in self.packages.values():
            sellers = {seller_of_item.get(item, "") for item in package.items}
            if len(sellers) > 1:
                yield f"package {package.number} holds items of {sorted(sellers)}"
            elif package.state != STATES["out_of_stock"] and sellers != {package.supplier_code}:
                yield f"package {package.number} of {sellers} is at {package.supplier_code!r}"


def _opened(envelope: Any) -> tuple[str, str, Row]:
    """Type, uuid and payload. Refused: 400."""
    try:
        event, payload = envelope["event"], envelope["payload"]
        if envelope.keys() == {"event", "payload"} and event.keys() == {"type", "uuid"}:
            return str(event["type"]), str(event["uuid"]), dict(payload)
    except (KeyError, TypeError, AttributeError) as fault:
        raise Refusal(400, {"detail": "No envelope.", "code": "invalid"}) from fault
    raise Refusal(400, {"detail": "An envelope has event and payload.", "code": "invalid"})

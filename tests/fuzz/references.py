"""What a valid request can refer to: identifiers, SKUs, channels, currencies, cursors."""

import json
import random
import re
from collections.abc import Callable, Mapping
from typing import Any

from tests.fuzz.shop import SKUS, Document, Shop

_ID = re.compile(rb"(?:ord|oli|shp|cus|loc|adj|adr|whe|ret|rtu|crq)_[0-9A-Z]{26}|evt_[0-9a-f]{32}")
_FRESH = 3  # one call in so many gets an object of its own
_MOST = 100  # objects and cursors that are remembered of a kind
_URL = "https://client.example.com/hooks"

# The objects that parameters name, by the names of their makers.
OF_PARAMETER: Mapping[str, str] = {
    "order_id": "order",
    "shipment_id": "shipment",
    "return_id": "expected_return",
    "request_id": "cancellation_request",
    "customer_id": "customer",
    "endpoint_id": "endpoint",
    "adjustment_id": "adjustment",
}
# Operations that need their object in another state than a new one has.
OF_OPERATION: Mapping[str, str] = {
    "createShipment": "allocated",
    "getShipmentLabel": "labelled",
    "createReturn": "picked_up",
    "inspectReturn": "received_return",
    "resumeWebhookEndpoint": "paused_endpoint",
}


class References:
    """Everything that was made or seen on a server."""

    def __init__(self, shop: Shop, client: Mapping[str, str]) -> None:
        self._shop = shop
        self.client = dict(client)
        self._location: str = shop.location()["id"]
        self._made: dict[str, list[Document]] = {}
        self._pages: dict[str, list[tuple[Document, str]]] = {}
        self.seen: set[str] = {self._location}
        self.events: list[str] = []
        self.learn("", {}, json.dumps(shop.read("/events")).encode())

    def for_call(self, operation_id: str, *, is_step: bool) -> "StandIn":
        """The references of one call, which go together. A step takes up what others answered."""
        is_own = not is_step and operation_id in OF_OPERATION and bool(random.randrange(2))
        return StandIn(self, operation_id, keeps_known=not is_own)

    def learn(self, path: str, query: Document, body: bytes) -> None:
        """Remember the identifiers and the cursor of an answer."""
        found = {text.decode() for text in _ID.findall(body)}
        self.seen |= found
        self.events = [*self.events, *(text for text in found if text.startswith("evt_"))][-_MOST:]
        document = json.loads(body)
        page = document.get("page") if isinstance(document, dict) else None
        if page and page["next_cursor"]:
            pages = self._pages.setdefault(path, [])
            pages.append((query, page["next_cursor"]))
            del pages[:-_MOST]

    def page(self, path: str) -> Document | None:
        """The query of a page that has one after it, with the cursor of that."""
        pages = self._pages.get(path)
        if not pages:
            return None
        query, cursor = random.choice(pages)
        return {**query, "cursor": cursor}

    def an(self, kind: str) -> Document:
        """An object: a new one for some calls, which others share."""
        made = self._made.setdefault(kind, [])
        if made and random.randrange(_FRESH):
            return random.choice(made)
        maker: Callable[[], Document] = getattr(self._shop, kind)
        new = maker()
        self.seen.update(text.decode() for text in _ID.findall(json.dumps(new).encode()))
        made.append(new)
        del made[:-_MOST]
        return new

    @property
    def location(self) -> str:
        return self._location


class StandIn:
    """Puts real references in the place of made-up ones.

    What the server has shown stays, as schemathesis has its reasons for it; but now and then an
    operation that needs its object in another state gets one of its own.
    """

    def __init__(self, references: References, operation_id: str, *, keeps_known: bool) -> None:
        self._references = references
        self._operation_id = operation_id
        self._keeps_known = keeps_known
        self._subjects: dict[str, Document] = {}

    def members(self, members: Any) -> Any:
        """The parameters of a path, or the members of an object."""
        if not isinstance(members, dict):
            return members
        return {name: self._value(name, value) for name, value in members.items()}

    def query(self, query: Any, path: str) -> Any:
        """Query parameters; a cursor goes with the filters it was given for."""
        if not isinstance(query, dict):
            return query
        if "cursor" in query:
            page = self._references.page(path)
            without = {name: value for name, value in query.items() if name != "cursor"}
            return self.members(without) if page is None else page
        return self.members(query)

    def document(self, body: Any) -> Any:
        """A body, at every level."""
        if isinstance(body, list):
            return [self.document(each) for each in body]
        if self._operation_id == "createToken" and isinstance(body, dict):
            return body | self._references.client
        return self.members(body)

    def _value(self, name: str, value: Any) -> Any:
        if isinstance(value, dict):
            return self.members(value)
        if isinstance(value, list):
            return self._entries(name, value)
        if not isinstance(value, str):
            return value
        is_known = self._keeps_known and value in self._references.seen
        return value if is_known else self._reference(name, value)

    def _entries(self, name: str, entries: list[Any]) -> list[Any]:
        """Units of a return are named by their ids, as texts or in objects."""
        if name != "units" or "return_id" not in self._subjects:
            return [self.document(each) for each in entries]
        units = self._subjects["return_id"]["units"]
        return [
            {**each, "id": units[0]["id"]} if isinstance(each, dict) else units[0]["id"]
            for each in entries
        ]

    def _reference(self, name: str, value: str) -> str:
        plain: dict[str, str] = {
            "channel": "web",
            "currency": "VND",
            "amount": value.partition(".")[0],  # as many digits as the currency has
            "location_id": self._references.location,
            "url": _URL,
        }
        if name in plain:
            return plain[name]
        if name == "sku":
            return random.choice(SKUS)
        if name == "after" and self._references.events:
            return random.choice(self._references.events)
        if name == "order_line_id":
            return str(self._subject("order_id")["lines"][0]["id"])
        if name in OF_PARAMETER:
            return str(self._subject(name)["id"])
        return value

    def _subject(self, name: str) -> Document:
        """The object of this call that a parameter names."""
        if name not in self._subjects:
            kind = OF_OPERATION.get(self._operation_id, OF_PARAMETER[name])
            is_own = not self._subjects and self._operation_id in OF_OPERATION
            self._subjects[name] = self._references.an(kind if is_own else OF_PARAMETER[name])
        return self._subjects[name]

"""Omnitron, written from the contract: log-in, the pulled resources, status pushes and hooks.

`with Omnitron() as omnitron:` listens on loopback. Its books (`omnitron.books`) are what it knows;
`omnitron.misbehave(Fault(...))`, `go_down()` and `come_up()` are what goes wrong with it. Hooks of
an OMS come with `omnitron.whisperer.fill(...)`; then each change of the books is told to them.
"""

import re
import secrets
import time
from collections.abc import Callable, Mapping
from typing import Any, Self

from tests.simulators.akinon_books import ItemRefused, ShopBooks
from tests.simulators.akinon_rows import Basket, Buyer, Sold
from tests.simulators.akinon_tables import Table, page
from tests.simulators.akinon_wire import (
    Answer,
    Fault,
    NotFound,
    Refusal,
    Request,
    Row,
    SimulatedServer,
    bearer,
)
from tests.simulators.whisperer import Delivery, Whisperer, judgement

__all__ = ["Basket", "Buyer", "Fault", "Omnitron", "Resources", "Sold"]

USERNAME, PASSWORD = "oms", "omnitron-secret"
TOKEN_SECONDS = 3600.0
ROOT = re.compile(r"/api/(?:v1|i1)/(?:channel/(?P<channel>\d+)/)?(?P<rest>.*)")
BULK = "order_items/bulk_status_update"


class Resources:
    """The tables over HTTP, as both sources of orders serve them."""

    def __init__(self, books: ShopBooks, names: Mapping[str, Table]) -> None:
        self._books = books
        self._tables = names

    def respond(self, request: Request, rest: str) -> Answer:
        """`rest` is the path below the root. Refused: NotFound, and 400 by field."""
        parts = [part for part in rest.split("/") if part]
        if rest.strip("/") == BULK and request.method == "PATCH":
            return self._change_many(request)
        if len(parts) == 2 and parts[0] == "order_items" and request.method == "PATCH":
            return self._change_one(request, parts[1])
        if len(parts) == 2 and parts[0] == "orders" and request.method == "PATCH":
            return self._mark_sent(request, parts[1])
        if request.method != "GET":
            raise Refusal(405, {"detail": "Method not allowed.", "code": "method_not_allowed"})
        return self._read(request, parts)

    def _read(self, request: Request, parts: list[str]) -> Answer:
        table = self._tables.get(parts[0]) if parts else None
        if table is None:
            raise NotFound
        if len(parts) == 1 or parts == ["orders", "updates"]:
            return Answer(200, page(request, table.select(request.query)))
        if len(parts) != 2:
            raise NotFound
        return Answer(200, self._detailed(parts[0], table.get(parts[1])))

    def _detailed(self, name: str, row: Row) -> Row:
        if name == "orders":
            return self._books.expanded(row)
        if name == "cancellation_plans":
            return self._books.plan_message(row)
        return row

    def _change_many(self, request: Request) -> Answer:
        """All entries or none: errors stand at their entry, an empty object at a good one."""
        entries = _objects(request.document, "orderitem_set")
        errors = [self._errors(entry) for entry in entries]
        if any(errors):
            raise Refusal(400, {"orderitem_set": errors, "code": "invalid"})
        for entry in entries:
            self._books.change_item(entry["id"], _without_key(entry), is_announced=False)
        for order in dict.fromkeys(self._books.items[entry["id"]]["order"] for entry in entries):
            self._books.announce_order(order)
        return Answer(200, {"orderitem_set": [{"id": entry["id"]} for entry in entries]})

    def _errors(self, entry: Row) -> Row:
        try:
            self._books.check_item(entry.get("id"), _without_key(entry))
        except ItemRefused as refused:
            self._books.refusals.append({"id": entry.get("id"), **refused.errors})
            return {"id": entry.get("id"), **refused.errors}
        return {}

    def _change_one(self, request: Request, key: str) -> Answer:
        row = self._tables["order_items"].get(key)
        try:
            self._books.change_item(row["pk"], dict(request.document))
        except ItemRefused as refused:
            raise Refusal(400, {**refused.errors, "code": "invalid"}) from refused
        return Answer(200, row)

    def _mark_sent(self, request: Request, key: str) -> Answer:
        row, given = self._tables["orders"].get(key), request.document
        if given.keys() != {"is_send"} or not isinstance(given["is_send"], bool):
            raise Refusal(
                400, {"non_field_errors": ["Only is_send may change."], "code": "invalid"}
            )
        row["is_send"] = given["is_send"]
        return Answer(200, row)


class Omnitron(SimulatedServer):
    """A context manager. `clock` stamps rows, `ticks` (seconds) lets tokens grow old."""

    def __init__(
        self,
        *,
        books: ShopBooks | None = None,
        username: str = USERNAME,
        password: str = PASSWORD,
        token_seconds: float = TOKEN_SECONDS,
        ticks: Callable[[], float] = time.monotonic,
        port: int = 0,
    ) -> None:
        super().__init__(port=port)
        self.books = books or ShopBooks()
        self.username, self.password = username, password
        self.logins = 0
        self.whisperer = Whisperer()
        self.whisperer.learn = self._learn
        self.books.listen(self.whisperer.emit)
        self._ticks, self._token_seconds = ticks, token_seconds
        self._tokens: dict[str, float] = {}
        self._resources = Resources(self.books, self.books.tables)

    def __enter__(self) -> Self:
        super().__enter__()
        self.whisperer.start()
        return self

    def __exit__(self, *reason: object) -> None:
        self.whisperer.stop()
        super().__exit__(*reason)

    @property
    def base_url(self) -> str:
        """What `urls.base_url` names."""
        return f"{self.origin}/api/v1"

    def settings(self, *, oms_url: str = "http://127.0.0.1/api/v1", **more: object) -> Row:
        """The value of OMNITRON_CLIENT_SETTINGS that leads here."""
        return {
            "auth": {"username": self.username, "password": self.password},
            "urls": {"oms_url": oms_url, "base_url": self.base_url},
            "timeouts": {"read": 10, "connect": 5},
            **more,
        }

    def new_token(self) -> str:
        """One for an application that was not given a password."""
        key = secrets.token_hex(20)
        self._tokens[key] = self._ticks() + self._token_seconds
        return key

    def forget_tokens(self) -> None:
        self._tokens.clear()

    def respond(self, request: Request) -> Answer:
        found = ROOT.fullmatch(request.path)
        if found is None:
            raise NotFound
        rest = found["rest"]
        if rest.strip("/") == "auth/login":
            return self._log_in(request)
        self._check_token(request)
        if rest.startswith("whisperer/"):
            return self.whisperer.respond(request, rest.removeprefix("whisperer/"))
        if cancelled := re.fullmatch(r"orders/(\d+)/cancel/", rest):
            return self._cancel(request, int(cancelled[1]))
        with self.books.lock:
            return self._resources.respond(_of_channel(request, found["channel"], rest), rest)

    def _log_in(self, request: Request) -> Answer:
        if request.method != "POST":
            raise Refusal(405, {"detail": "Method not allowed.", "code": "method_not_allowed"})
        given = request.document
        pair = (given.get("username"), given.get("password"))
        if pair != (self.username, self.password):
            text = "Unable to log in with provided credentials."
            raise Refusal(400, {"non_field_errors": [text], "code": "authorization"})
        self.logins += 1
        return Answer(200, {"key": self.new_token()})

    def _check_token(self, request: Request) -> None:
        if self._tokens.get(bearer(request), 0.0) <= self._ticks():
            raise Refusal(401, {"detail": "Invalid token.", "code": "authentication_failed"})

    def _cancel(self, request: Request, order_pk: int) -> Answer:
        items = request.document.get("cancel_items")
        if request.method != "POST" or not isinstance(items, list):
            raise Refusal(400, {"cancel_items": ["This field is required."], "code": "required"})
        return Answer(201, self.books.plan_message(self.books.ask_to_cancel(order_pk, items)))

    def _learn(self, delivery: Delivery) -> None:
        """An OMS judged a plan."""
        is_answered = delivery.is_delivered or delivery.statuses[-1] == 406
        if delivery.event_type == "cancellation_plan.created" and is_answered:
            self.books.settle(delivery.payload["pk"], is_granted=judgement(delivery))


def _of_channel(request: Request, channel: str | None, rest: str) -> Request:
    """Below `channel/{pk}/` the orders are those of that channel."""
    if channel is None or not rest.startswith("orders/"):
        return request
    query = {**request.query, "channel": channel}
    return Request(
        request.method, request.path, query, request.headers, request.body, request.origin
    )


def _objects(document: Any, name: str) -> list[Row]:
    found = document.get(name) if isinstance(document, dict) else None
    if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
        raise Refusal(400, {name: ["This field is required."], "code": "required"})
    return found


def _without_key(entry: Row) -> Row:
    return {name: value for name, value in entry.items() if name != "id"}

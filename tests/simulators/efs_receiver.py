"""An external fulfilment system as a receiver of pushes, written from the contract: APIs 3 and 10.

A real HTTP server on loopback. It takes order events at /orders and return events at /returns,
wants the headers it handed out last at /credential, knows each message by its `messageId`, keeps
every sub-order as the last message had it, and notes whatever breaks the contract.
"""

import json
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

TEXT, MAYBE_TEXT = (str,), (str, type(None))
WHOLE, MAYBE_WHOLE = (int,), (int, type(None))
NUMBER, FLAG = (float, int, type(None)), (bool,)
MANY, MAYBE_MANY, OBJECT, MAYBE_OBJECT = (list,), (list, type(None)), (dict,), (dict, type(None))

ORDER = {
    "locationCode": TEXT,
    "messageId": WHOLE,
    "orderCode": TEXT,
    "parentOrderCode": MAYBE_TEXT,
    "orderTime": TEXT,
    "startProcessingTime": TEXT,
    "requiredBy": TEXT,
    "paymentMethod": TEXT,
    "isPriority": FLAG,
    "channelName": TEXT,
    "eventType": TEXT,
    "onHold": FLAG,
    "orderCustomAttributes": MAYBE_OBJECT,
    "orderItems": MANY,
    "shippingAddress": OBJECT,
    "billingAddress": OBJECT,
    "virtualSkuDefinitions": MAYBE_MANY,
    "bundledSkuDefinitions": MAYBE_MANY,
}
ORDER_ITEM = {
    "orderItemCodes": MANY,
    "clientSkuId": TEXT,
    "channelSkuCode": TEXT,
    "barcode": MAYBE_TEXT,
    "orderedQuantity": WHOLE,
    "cancelledQuantity": WHOLE,
    "customerCancelledQty": MAYBE_WHOLE,
    "sellerCancelledQty": MAYBE_WHOLE,
    "sellerRejectQty": MAYBE_WHOLE,
    "hoppedQuantity": MAYBE_WHOLE,
    "sellingPricePerUnit": NUMBER,
    "giftChargePerUnit": NUMBER,
    "channelDiscount": NUMBER,
    "sellerDiscount": NUMBER,
    "shippingCharge": NUMBER,
    "isVirtual": FLAG,
    "externalItemCodes": MANY,
    "orderItemCustomAttributes": MAYBE_OBJECT,
}
ADDRESS = {
    "name": TEXT,
    "line1": TEXT,
    "line2": MAYBE_TEXT,
    "line3": MAYBE_TEXT,
    "city": MAYBE_TEXT,
    "state": MAYBE_TEXT,
    "zip": MAYBE_TEXT,
    "country": MAYBE_TEXT,
    "email": MAYBE_TEXT,
    "phone": MAYBE_TEXT,
}
RETURN = {
    "forwardOrderCode": TEXT,
    "returnOrderCode": TEXT,
    "locationCode": TEXT,
    "channelName": TEXT,
    "eventType": TEXT,
    "returnOrderTime": MAYBE_TEXT,
    "orderItems": MANY,
    "orderType": TEXT,
    "awbNumber": TEXT,
    "transporter": TEXT,
    "status": MAYBE_TEXT,
    "orderCustomAttributes": MAYBE_OBJECT,
    "orderItemCustomAttributes": MAYBE_MANY,
    "virtualSkuDefinitions": MAYBE_MANY,
    "bundledSkuDefinitions": MAYBE_MANY,
}
RETURN_EXTRAS = {"logisticsStatus": MAYBE_TEXT, "approvedDate": MAYBE_TEXT, "isUploaded": FLAG}
RETURN_ITEM = {
    "returnItemCode": TEXT,
    "reason": TEXT,
    "channelSkuCode": TEXT,
    "status": MAYBE_TEXT,
    "isBundled": (bool, type(None)),
}
ORDER_EVENTS = {
    "SUBORDER_CREATE",
    "SUBORDER_PARTIAL_CANCEL",
    "SUBORDER_CANCEL",
    "SUBORDER_COMPLETE",
    "SUBORDER_PROPERTIES_UPDATE",
    "PACKED",
}
RETURN_EVENTS = {
    "RETURN_ORDER_CREATE",
    "RETURN_ORDER_UPDATE",
    "RETURN_ORDER_CANCEL",
    "RETURN_ORDER_PARTIAL_CANCEL",
    "RETURN_ORDER_COMPLETE",
}

Key = tuple[str, str, str]


@dataclass(frozen=True)
class Call:
    """One request as it came, and what it was answered."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    at: float
    status: int

    @property
    def message(self) -> dict:
        return json.loads(self.body)


@dataclass
class EfsReceiver:
    """A context manager. `clock` is what its log goes by, in Unix seconds."""

    clock: Callable[[], float] = time.time
    credential: dict[str, str] = field(default_factory=lambda: {"X-Auth-Key": "k-1"})
    """What calls have to bring."""
    next_credential: dict[str, str] | None = None
    """What Get Credential hands out, and wants from then on; None: what is wanted now."""
    credential_answers: list[tuple[int, bytes]] = field(default_factory=list)
    """What Get Credential answers first: statuses with bodies."""
    script: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    """Statuses a path answers first, one a call."""
    failing_orders: dict[str, int] = field(default_factory=dict)
    """Order codes with the status that their messages are answered."""
    calls: list[Call] = field(default_factory=list)
    accepted: dict[int, dict] = field(default_factory=dict)
    """Order events by `messageId`: what comes again changes nothing."""
    sub_orders: dict[Key, dict] = field(default_factory=dict)
    """The last message of each sub-order."""
    returns: dict[tuple[str, str], dict] = field(default_factory=dict)
    """Return events by code and type, which is what they are known by."""
    problems: list[str] = field(default_factory=list)
    """Where a message broke the contract."""

    def __enter__(self) -> Self:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_POST(self) -> None:
                receiver._answer(self)

            def do_GET(self) -> None:
                receiver._answer(self)

            def log_message(self, *_: object) -> None:
                """Quiet: what came is in `calls`."""

        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join(10)
        self._server.server_close()

    def url(self, path: str = "/orders") -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}{path}"

    def of(self, path: str = "/orders") -> list[Call]:
        """What reached a path, in the order it came."""
        return [call for call in self.calls if call.path == path]

    def events(self, order_code: str | None = None) -> list[str]:
        """The types of the order events that were taken, in the order they came."""
        return [
            message["eventType"]
            for message in self.accepted.values()
            if order_code in (None, message["orderCode"])
        ]

    def _answer(self, request: BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers.get("Content-Length") or 0))
        headers = {name.lower(): text for name, text in request.headers.items()}
        with self._lock:
            status, answer = self._said(request.command, request.path, headers, body)
            self.calls.append(
                Call(request.command, request.path, headers, body, self.clock(), status)
            )
        request.send_response_only(status)
        request.send_header("Content-Length", str(len(answer)))
        request.end_headers()
        request.wfile.write(answer)

    def _said(
        self, method: str, path: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, bytes]:
        if path == "/credential":
            return self._hand_out(method, body)
        if any(headers.get(name.lower()) != text for name, text in self.credential.items()):
            return 401, b'{"message":"who are you"}'
        if self.script[path]:
            return self.script[path].pop(0), b""
        message = json.loads(body)
        code = message.get("orderCode") or message.get("forwardOrderCode") or ""
        if code in self.failing_orders:
            return self.failing_orders[code], b""
        if headers.get("content-type") != "application/json":
            self.problems.append("the content type is not JSON")
        if "user-agent" in headers:
            self.problems.append("a user agent is named")
        (self._take_order if path == "/orders" else self._take_return)(message)
        return 200, b""

    def _hand_out(self, method: str, body: bytes) -> tuple[int, bytes]:
        if method != "GET" or body:
            self.problems.append("Get Credential is a GET without a body")
        if self.credential_answers:
            return self.credential_answers.pop(0)
        if self.next_credential is not None:
            self.credential, self.next_credential = self.next_credential, None
        return 200, json.dumps(self.credential).encode()

    def _take_order(self, message: dict) -> None:
        self._check(message, ORDER, "order event")
        if message["eventType"] not in ORDER_EVENTS:
            self.problems.append(f"no order event: {message['eventType']}")
        for name in ("shippingAddress", "billingAddress"):
            self._check(message[name], ADDRESS, name)
        for item in message["orderItems"]:
            self._check_item(item)
        known = self.accepted.get(message["messageId"])
        if known is not None and known != message:
            self.problems.append("the same messageId says something else")
        key = (message["channelName"], message["locationCode"], message["orderCode"])
        last = self.sub_orders.get(key)
        if known is None and last is not None and last["messageId"] > message["messageId"]:
            self.problems.append("a sub-order's messageId fell")
        self.accepted.setdefault(message["messageId"], message)
        self.sub_orders[key] = message

    def _check_item(self, item: dict) -> None:
        self._check(item, ORDER_ITEM, "orderItems")
        parts = ("customerCancelledQty", "sellerCancelledQty", "hoppedQuantity")
        if item["cancelledQuantity"] != sum(item[part] or 0 for part in parts):
            self.problems.append("cancelledQuantity is not the sum of its parts")
        if item["cancelledQuantity"] > item["orderedQuantity"]:
            self.problems.append("more is cancelled than was ordered")

    def _take_return(self, message: dict) -> None:
        extras = RETURN_EXTRAS if message.keys() & RETURN_EXTRAS.keys() else {}
        self._check(message, RETURN | extras, "return event")
        if message["eventType"] not in RETURN_EVENTS:
            self.problems.append(f"no return event: {message['eventType']}")
        for item in message["orderItems"]:
            self._check(item, RETURN_ITEM, "orderItems")
        self.returns[message["returnOrderCode"], message["eventType"]] = message

    def _check(self, given: dict, shape: dict[str, tuple], what: str) -> None:
        if given.keys() != shape.keys():
            self.problems.append(f"{what}: {sorted(given.keys() ^ shape.keys())}")
        for name, types in shape.items():
            value = given.get(name)
            is_flag = isinstance(value, bool) and bool not in types
            if name in given and (is_flag or not isinstance(value, types)):
                self.problems.append(f"{what}.{name} is {value!r}")
            if isinstance(value, str) and len(value) > 255:
                self.problems.append(f"{what}.{name} is too long")

"""The webhook component of Omnitron: the hooks resource, and a sender that repeats."""

import hashlib
import hmac
import http.client
import json
import queue
import threading
import time
import uuid
from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

from tests.simulators.akinon_tables import Table, page
from tests.simulators.akinon_wire import Answer, NotFound, Refusal, Request, Row

THE_SIX: Mapping[str, str] = {
    "order.created": "/api/v1/oms/orders_omnitron/",
    "order.updated": "/api/v1/oms/orders_omnitron/",
    "cancellation_plan.created": "/api/v1/oms/cancellation_plan/",
    "cancellation_plan.updated": "/api/v1/oms/cancellation_plan/",
    "retail_store.created": "/api/v1/oms/stocklocations-webhook",
    "retail_store.updated": "/api/v1/oms/stocklocations-webhook",
}
OTHERS = (
    "product.created", "product.updated", "category.created", "category.updated",
    "customer.created", "customer.updated", "catalog_item.created", "catalog_item.updated",
    "product_price.updated", "product_stock.updated", "sales_channel.updated",
    "order.created", "order.updated", "cancellation_plan.created", "retail_store.updated",
)  # fmt: skip
"""What other applications listen to; some of it are the same events, sent elsewhere."""
REGISTRY = frozenset(THE_SIX) | frozenset(OTHERS)
WRITABLE = (
    "event_type", "target_url", "secret_key", "additional_headers", "config",
    "retry_countdown_config", "callback", "is_active",
)  # fmt: skip
TRIES = 11
TIMEOUT = 30.0
PLAYED = ".example"
"""Receivers at names of this kind are other applications: they take everything, and none is asked
(RFC 2606: nobody ever answers there, some resolvers only after seconds).
"""


@dataclass
class Delivery:
    """One event on its way to one hook: the same bytes on each try."""

    hook: int
    event_type: str
    uuid: str
    body: bytes
    payload: Row
    statuses: list[int] = field(default_factory=list)
    answer: bytes = b""

    @property
    def is_delivered(self) -> bool:
        return bool(self.statuses) and 200 <= self.statuses[-1] < 300


class Whisperer:
    """Hooks and their deliveries. `learn` hears of each delivery that was answered."""

    def __init__(self, *, pause: float = 0.2) -> None:
        self.hooks = Table(frozenset({"event_type", "target_url", "is_active"}), key="id")
        self.deliveries: list[Delivery] = []
        self.pause = pause
        self.changed: list[int] = []
        """Hooks that a client changed, in the order it did."""
        self.learn: Callable[[Delivery], None] = _nothing
        self._queue: queue.Queue[Delivery | None] = queue.Queue()
        self._waiting = 0
        self._lock = threading.RLock()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """What still waits is not sent."""
        if self._thread is not None:
            self._queue.put(None)
            self._thread.join(TIMEOUT)
            self._thread = None

    def add_hook(self, event_type: str, target_url: str, **members: object) -> Row:
        return self.hooks.add(
            **{
                "event_type": event_type,
                "target_url": target_url,
                "secret_key": None,
                "additional_headers": {},
                "config": {},
                "retry_countdown_config": {"choice": "exponential", "kwargs": {"base": 2}},
                "callback": None,
                "is_active": True,
                **members,
            }
        )

    def fill(self, oms: str, *, total: int = 30, **members: object) -> list[int]:
        """The six of an OMS among hooks of others; the keys of the six."""
        ours, others = list(THE_SIX.items()), total - len(THE_SIX)
        found = []
        for place in range(others):
            event_type = OTHERS[place % len(OTHERS)]
            self.add_hook(event_type, f"https://erp.example/{place}/{event_type}")
            if ours and place % 4 == 3:
                found.append(self._add_ours(oms, ours.pop(0), **members))
        return found + [self._add_ours(oms, each, **members) for each in ours]

    def _add_ours(self, oms: str, named: tuple[str, str], **members: object) -> int:
        event_type, path = named
        return int(self.add_hook(event_type, oms + path, **members)["id"])

    def emit(self, event_type: str, payload: Row) -> None:
        """Queue one delivery for each active hook of the type."""
        with self._lock:
            for hook in list(self.hooks.rows.values()):
                if hook["event_type"] == event_type and hook["is_active"]:
                    self._enqueue(hook["id"], event_type, payload)

    def _enqueue(self, hook: int, event_type: str, payload: Row) -> None:
        name = uuid.uuid4().hex
        body = json.dumps({"event": {"type": event_type, "uuid": name}, "payload": payload})
        delivery = Delivery(hook, event_type, name, body.encode(), payload)
        self.deliveries.append(delivery)
        self._put(delivery)

    def send_again(self, delivery: Delivery) -> None:
        """As if the first answer had been lost."""
        with self._lock:
            self._put(delivery)

    def _put(self, delivery: Delivery) -> None:
        self._waiting += 1
        self._queue.put(delivery)

    def is_idle(self) -> bool:
        """Whether everything was answered or given up."""
        with self._lock:
            return self._waiting == 0

    def wait_idle(self, seconds: float = 30.0) -> bool:
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            if self.is_idle():
                return True
            time.sleep(0.02)
        return False

    def _run(self) -> None:
        while (delivery := self._queue.get()) is not None:
            self._try(delivery)

    def _try(self, delivery: Delivery) -> None:
        hook = self.hooks.rows[delivery.hook]
        status, answer = post(hook, delivery)
        delivery.statuses.append(status)
        delivery.answer = answer
        if status // 100 == 2 or status == 406 or len(delivery.statuses) % TRIES == 0:
            self.learn(delivery)
        else:
            timer = threading.Timer(self.pause, self._queue.put, (delivery,))
            timer.daemon = True
            timer.start()
            return
        with self._lock:
            self._waiting -= 1

    def respond(self, request: Request, rest: str) -> Answer:
        """The hooks resource; `rest` is the path below `whisperer/`."""
        parts = [part for part in rest.split("/") if part]
        if parts == ["hooks"]:
            return self._list(request) if request.method == "GET" else self._create(request)
        if parts == ["hooks", "get_registry"]:
            return Answer(200, sorted(REGISTRY))
        if parts == ["hook_events"]:
            return Answer(200, page(request, [_shown(each) for each in self.deliveries]))
        if len(parts) == 2 and parts[0] == "hooks":
            return self._one(request, self.hooks.get(parts[1]))
        raise NotFound

    def _list(self, request: Request) -> Answer:
        return Answer(200, page(request, self.hooks.select(request.query)))

    def _create(self, request: Request) -> Answer:
        if request.method != "POST":
            raise Refusal(405, {"detail": "Method not allowed.", "code": "method_not_allowed"})
        given = {name: request.document[name] for name in WRITABLE if name in request.document}
        for name in ("event_type", "target_url"):
            if not given.get(name):
                raise Refusal(400, {name: ["This field is required."], "code": "required"})
        self._check(given, except_for=None)
        return Answer(201, self.add_hook(**given))

    def _one(self, request: Request, hook: Row) -> Answer:
        if request.method == "GET":
            return Answer(200, hook)
        if request.method == "DELETE":
            self._change(hook, {"is_active": False})
            return Answer(204, None)
        given = {name: request.document[name] for name in WRITABLE if name in request.document}
        self._check({**hook, **given}, except_for=hook["id"])
        self._change(hook, given)
        return Answer(200, hook)

    def _change(self, hook: Row, members: Row) -> None:
        if any(hook[name] != value for name, value in members.items()):
            hook |= members
            self.changed.append(hook["id"])

    def _check(self, hook: Row, *, except_for: int | None) -> None:
        if hook["event_type"] not in REGISTRY:
            text = f'"{hook["event_type"]}" is not a valid choice.'
            raise Refusal(400, {"event_type": [text], "code": "invalid_choice"})
        for other in self.hooks.rows.values():
            is_same = all(other[name] == hook[name] for name in ("event_type", "target_url"))
            if is_same and other["id"] != except_for and _both_active(other, hook):
                raise Refusal(406, {"code": "hook_100_1", "en": "This hook is there already."})


def _both_active(one: Row, other: Row) -> bool:
    return bool(one["is_active"] and other.get("is_active", True))


def _shown(delivery: Delivery) -> Row:
    return {
        "uuid": delivery.uuid,
        "webhook": delivery.hook,
        "event_type": delivery.event_type,
        "delivered": delivery.is_delivered,
        "response_http_status": delivery.statuses[-1] if delivery.statuses else None,
        "retry_count": len(delivery.statuses),
    }


def signature(secret: str, body: bytes) -> str:
    """What `X-Whisperer-Signature` says of exactly these bytes."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def post(hook: Mapping[str, Any], delivery: Delivery) -> tuple[int, bytes]:
    """One try; no answer counts as 500, as the component has it."""
    if (urlsplit(hook["target_url"]).hostname or "").endswith(PLAYED):
        return 200, b"{}"
    headers = {"Content-Type": "application/json", "X-Whisperer-Event": delivery.event_type}
    if hook["secret_key"]:
        headers["X-Whisperer-Signature"] = signature(hook["secret_key"], delivery.body)
    try:
        headers |= _authorization(hook["config"].get("auth"))
        headers |= hook["additional_headers"]
        return _exchange(hook["target_url"], delivery.body, headers)
    except (OSError, http.client.HTTPException, ValueError, KeyError):
        return 500, b""


def _authorization(auth: Mapping[str, str] | None) -> dict[str, str]:
    """Basic says who; token asks `url` for a key before each send."""
    if not auth:
        return {}
    if auth["auth_type"] == "basic":
        pair = f"{auth['username']}:{auth['password']}".encode()
        return {"Authorization": f"Basic {b64encode(pair).decode()}"}
    form = {
        auth.get("username_field", "username"): auth["username"],
        auth.get("password_field", "password"): auth["password"],
    }
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    _, answer = _exchange(auth["url"], urlencode(form).encode(), kind)
    key = json.loads(answer)[auth.get("token_key", "key")]
    return {"Authorization": auth.get("header_format", "Token {}").format(key)}


def _exchange(url: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, bytes]:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=TIMEOUT)
    try:
        target = parts._replace(scheme="", netloc="").geturl() or "/"
        connection.request("POST", target, body, dict(headers))
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def judgement(delivery: Delivery) -> bool:
    """What an OMS said of a cancellation plan: whether the units may be cancelled."""
    said: Row = json.loads(delivery.answer) if delivery.answer else {}
    return delivery.is_delivered and bool(said.get("cancellable", True))


def _nothing(_: Delivery) -> None:
    """Nobody listens."""


def ours(hooks: Iterable[Row], oms: str) -> list[Row]:
    """The active ones of a list that call this OMS."""
    return [hook for hook in hooks if hook["is_active"] and hook["target_url"].startswith(oms)]

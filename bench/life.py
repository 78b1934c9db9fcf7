"""Whole lives of orders over both HTTP APIs: one thread plays the shop, the warehouse, the courier.

Created, routed, accepted, picked, packed, label printed, shipped, delivered; a new order begins
whenever one was delivered.
"""

import time
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from functools import partial
from statistics import median
from typing import TypeVar

import msgspec

from bench import orders
from bench.engine import Engine
from bench.helpers import Job, Result, serve
from bench.sizes import CLIENTS
from demo.messages import Envelope, Shipping, Task
from demo.oms4 import LABELS_A_CALL, PAGE, SHIPPING, TASK_PAGE, now_ms
from demo.packing import boxes, parcel_body
from demo.signing import Credentials

WINDOW = 64  # orders between creation and delivery
PAUSE = 0.02  # between two looks for tasks or labels
TASKS = "/rest/fp_api/fulfillment_task/get"
ACTIVITY = "/rest/fp_api/fulfillment_task/update_activity"
PACKED = "/rest/fp_api/fulfillment_task/set_parcel_packed"
LABELS = "/rest/fp_api/fulfillment_task/get_shipping_info"
PARCEL = "/rest/fp_api/fulfillment_task/update_parcel_activity"
DELIVERED = "/rest/sc_api/parcel/update_status"

Answer = TypeVar("Answer")


class LifeError(Exception):
    """A call was refused: nothing may be, in a life without accidents."""


def main() -> None:
    serve(prepare)


def prepare(job: Job) -> Callable[[], Result]:
    """Sign the orders ahead; the other calls depend on answers."""
    made = orders.requests(
        job["orders"],
        prefix=job["prefix"],
        port=job["port"],
        path=orders.CREATE,
        key=Credentials(*job["channel_key"]),
        hot=False,
        paid=True,
    )
    player = Player(
        job["port"],
        made,
        channel=Credentials(*job["channel_key"]),
        point=Credentials(*job["point_key"]),
        most_seconds=job["most_seconds"],
    )
    return player.play


class Player:
    """Everybody who calls."""

    def __init__(
        self,
        port: int,
        made: list[bytes],
        *,
        channel: Credentials,
        point: Credentials,
        most_seconds: float,
    ) -> None:
        self._port = port
        self._engine = Engine(port, connections=CLIENTS)
        self._orders = deque(made)
        self._count = len(made)
        self._channel = channel
        self._point = point
        self._most_seconds = most_seconds
        self._labels: deque[Task] = deque()
        self._seen: set[str] = set()
        self._delivered = 0
        self._labels_under_way = 0
        self._calls = 0
        self._taken: defaultdict[str, list[float]] = defaultdict(list)

    def play(self) -> Result:
        """Until every order is delivered."""
        begun, cpu = time.perf_counter(), time.process_time()
        for _ in range(min(WINDOW, self._count)):
            self._create()
        self._later(self._look_for_tasks)
        self._later(self._look_for_labels)
        self._engine.run(until=begun + self._most_seconds)
        seconds = time.perf_counter() - begun
        self._engine.close()
        return {
            "per_second": self._delivered / seconds,
            "seconds": seconds,
            "calls": self._calls,
            "cpu_seconds": time.process_time() - cpu,
            "milliseconds": {
                name: [len(taken), median(taken) * 1000] for name, taken in self._taken.items()
            },
        }

    @property
    def _is_over(self) -> bool:
        return self._delivered == self._count

    def _later(self, action: Callable[[], None]) -> None:
        self._engine.call_at(time.perf_counter() + PAUSE, action)

    def _send(self, request: bytes, then: Callable[[bytes], None], *, name: str) -> None:
        def answered(status: int, body: bytes, seconds: float) -> None:
            self._calls += 1
            self._taken[name].append(seconds)
            if status >= 300 or b'"code":"200"' not in body[:40]:  # noqa: PLR2004
                raise LifeError(f"{status} {body[:300]!r} to {request[:120]!r}")
            then(body)

        self._engine.submit(request, answered)

    def _post(
        self, path: str, key: Credentials, body: Mapping[str, object], then: Callable[[], None]
    ) -> None:
        encoded = msgspec.json.encode(body)
        request = orders.signed(path, encoded, port=self._port, key=key)
        self._send(request, lambda _: then(), name=path.rpartition("/")[2])

    def _get(self, path: str, then: Callable[[bytes], None], **query: str) -> None:
        pairs = tuple(query.items())
        request = orders.signed(
            path, b"", port=self._port, key=self._point, method="GET", query=pairs
        )
        self._send(request, then, name=path.rpartition("/")[2])

    def _create(self) -> None:
        if self._orders:
            self._send(self._orders.popleft(), lambda _: None, name="create")

    def _look_for_tasks(self) -> None:
        if len(self._seen) < self._count:
            self._get(TASKS, self._take, status="CREATED", limit=str(PAGE), offset="0")

    def _take(self, body: bytes) -> None:
        page = _data(TASK_PAGE, body)
        for task in page.ft_list:
            if task.ft_no not in self._seen:
                self._seen.add(task.ft_no)
                self._report(task, "RECEIVED", then=partial(self._pick, task))
        if len(page.ft_list) == PAGE:
            self._look_for_tasks()
        else:
            self._later(self._look_for_tasks)

    def _report(self, task: Task, milestone: str, *, then: Callable[[], None]) -> None:
        body = {
            "ft_no": task.ft_no,
            "milestone": milestone,
            "description": milestone.lower(),
            "event_time": now_ms(),
        }
        self._post(ACTIVITY, self._point, body, then)

    def _pick(self, task: Task) -> None:
        self._report(task, "PICKED", then=partial(self._pack, task))

    def _pack(self, task: Task) -> None:
        parcels = [
            parcel_body(box, packed_at=now_ms(), weights={}, delivery=None) for box in boxes(task)
        ]
        body = {"ft_no": task.ft_no, "order_no": task.order_no, "parcels": parcels}
        self._post(PACKED, self._point, body, partial(self._labels.append, task))

    def _look_for_labels(self) -> None:
        while self._labels:
            batch = [self._labels.popleft() for _ in range(min(LABELS_A_CALL, len(self._labels)))]
            wanted = f"[{','.join(task.ft_no for task in batch)}]"
            self._get(LABELS, partial(self._print, batch), ft_no=wanted)
        if not self._is_over:
            self._later(self._look_for_labels)

    def _print(self, batch: list[Task], body: bytes) -> None:
        entries = {entry.ft_no: entry for entry in _data(SHIPPING, body)}
        for task in batch:
            entry = entries[task.ft_no]
            if all(parcel.shipping_label for parcel in entry.parcels):
                self._ship(task, entry)
            else:
                self._labels.append(task)

    def _ship(self, task: Task, entry: Shipping) -> None:
        for parcel in entry.parcels:
            body = {
                "ft_no": task.ft_no,
                "fp_parcel_no": parcel.fp_parcel_no,
                "milestone": "SHIPPING",
                "description": "handed over",
                "event_time": now_ms(),
            }
            deliver = partial(self._deliver, task, parcel.parcel_id)
            self._post(PARCEL, self._point, body, deliver)

    def _deliver(self, task: Task, parcel_id: int) -> None:
        body = {
            "order_no": task.order_no,
            "us_parcel_no": f"US-{parcel_id}",
            "parcel_id": str(parcel_id),
            "status": "DELIVERED",
            "event_time": now_ms() + 1,
        }
        self._post(DELIVERED, self._channel, body, self._finish)

    def _finish(self) -> None:
        self._delivered += 1
        self._create()


def _data(decoder: "msgspec.json.Decoder[Envelope[Answer]]", body: bytes) -> Answer:
    data = decoder.decode(body).data
    if data is None:
        raise LifeError(f"nothing in {body[:200]!r}")
    return data


if __name__ == "__main__":
    main()

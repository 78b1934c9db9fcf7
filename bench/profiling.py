"""The two profiles: one intake by phase, and every call of an order's life."""

import cProfile
import io
import pstats
import time
from collections.abc import Callable
from random import Random
from typing import Any

import msgspec
from django.utils import timezone

from bench import life, orders, stocking, world
from bench.inprocess import Caller, Cost, order
from bench.phases import WHOLE, Stopwatch, instrumented
from demo.messages import Task
from demo.packing import boxes, parcel_body
from fulfillment import services as fulfillment
from oms.kernel.actors import SYSTEM
from oms.orders.models import Order

WARM_UP = 200
LABELS_A_CALL = 5
MILLION = 1_000_000


def load() -> None:
    """SKUs and stock."""
    stocking.load(now=timezone.now())


def of_intake(count: int) -> str:
    """Milliseconds of one intake by phase, over `count` orders."""
    watch = instrumented()
    caller = Caller()
    caller.serve = watch.timed(WHOLE, caller.serve)
    _place(caller, "WARM", WARM_UP)
    watch.clear()
    _place(caller, "PHASE", count)
    return _phases(watch, count)


def of_functions(count: int, *, shown: int) -> str:
    """The functions in which an intake spends most of its own time."""
    caller = Caller()
    _place(caller, "WARMF", WARM_UP)
    return _profiled(lambda: _place(caller, "FUNC", count), shown=shown)


def of_life_functions(count: int, *, shown: int) -> str:
    """The functions in which a whole life spends most of its own time."""
    caller = Caller()
    _live(caller, "WARMG", 10)
    return _profiled(lambda: _live(caller, "LIFEG", count), shown=shown)


def _profiled(work: Callable[[], None], *, shown: int) -> str:
    profile = cProfile.Profile()
    profile.enable()
    work()
    profile.disable()
    text = io.StringIO()
    pstats.Stats(profile, stream=text).strip_dirs().sort_stats("tottime").print_stats(shown)
    return text.getvalue()


def of_lives(count: int) -> str:
    """What each call between creation and delivery costs, one process, one client."""
    caller = Caller()
    _live(caller, "WARML", 10)
    caller.costs.clear()
    _live(caller, "LIFE", count)
    return _costs(caller.costs, count)


def _place(caller: Caller, prefix: str, count: int) -> None:
    random = Random(prefix)
    key = world.INTAKE.channel_key
    for number in range(count):
        caller.post(orders.CREATE, order(f"{prefix}-{number:06d}", random), key)


def _live(caller: Caller, prefix: str, count: int) -> None:
    lane, random = world.LIFE, Random(prefix)
    for number in range(count):
        body = order(f"{prefix}-{number:06d}", random)
        caller.post(orders.CREATE, body, lane.channel_key)
    due = list(Order.objects.filter(external_id__startswith=f"{prefix}-").values_list("pk"))
    ids = [pk for (pk,) in due]
    caller.measured("(route all of them)", lambda: _route(ids))
    tasks = _tasks(caller, count)
    for task in tasks:
        _report(caller, task, "RECEIVED")
        _report(caller, task, "PICKED")
        _pack(caller, task)
    caller.measured("(make all labels)", _make_labels)
    for start in range(0, len(tasks), LABELS_A_CALL):
        batch = tasks[start : start + LABELS_A_CALL]
        numbers = f"[{','.join(task.ft_no for task in batch)}]"
        for entry in caller.get(life.LABELS, lane.point_key, ft_no=numbers):
            _ship(caller, entry)


def _route(ids: list[int]) -> None:
    for start in range(0, len(ids), 100):
        fulfillment.allocate_orders(
            order_ids=ids[start : start + 100], actor=SYSTEM, now=timezone.now()
        )


def _make_labels() -> None:
    while fulfillment.fetch_due_labels(now=timezone.now()):
        pass


def _tasks(caller: Caller, count: int) -> list[Task]:
    found: list[Task] = []
    while len(found) < count:
        data = caller.get(life.TASKS, world.LIFE.point_key, status="CREATED", limit="50")
        found += [msgspec.convert(row, Task, strict=False) for row in data["ft_list"]]
    return found


def _report(caller: Caller, task: Task, milestone: str) -> None:
    body = {
        "ft_no": task.ft_no,
        "milestone": milestone,
        "description": milestone.lower(),
        "event_time": _now_ms(),
    }
    name = f"update_activity {milestone}"
    caller.post(life.ACTIVITY, msgspec.json.encode(body), world.LIFE.point_key, name=name)


def _pack(caller: Caller, task: Task) -> None:
    parcels = [
        parcel_body(box, packed_at=_now_ms(), weights={}, delivery=None) for box in boxes(task)
    ]
    body = {"ft_no": task.ft_no, "order_no": task.order_no, "parcels": parcels}
    caller.post(life.PACKED, msgspec.json.encode(body), world.LIFE.point_key)


def _ship(caller: Caller, entry: dict[str, Any]) -> None:
    for parcel in entry["parcels"]:
        left = {
            "ft_no": entry["ft_no"],
            "fp_parcel_no": parcel["fp_parcel_no"],
            "milestone": "SHIPPING",
            "description": "handed over",
            "event_time": _now_ms(),
        }
        caller.post(life.PARCEL, msgspec.json.encode(left), world.LIFE.point_key)
        order_no = Order.objects.values_list("external_id", flat=True).get(
            tasks__number=entry["ft_no"]
        )
        arrived = {
            "order_no": order_no,
            "us_parcel_no": f"US-{parcel['parcel_id']}",
            "parcel_id": str(parcel["parcel_id"]),
            "status": "DELIVERED",
            "event_time": _now_ms() + 1,
        }
        caller.post(life.DELIVERED, msgspec.json.encode(arrived), world.LIFE.channel_key)


def _now_ms() -> int:
    return time.time_ns() // MILLION


def _phases(watch: Stopwatch, count: int) -> str:
    """A table of milliseconds per order."""
    wall = sum(spent.wall for spent in watch.phases.values())
    cpu = sum(spent.cpu for spent in watch.phases.values())
    lines = [f"{'phase':<32}{'ms':>8}{'share':>8}{'CPU ms':>9}{'calls':>8}"]
    ordered = sorted(watch.phases.items(), key=lambda entry: -entry[1].wall)
    for name, spent in ordered:
        each = spent.wall / count / MILLION
        lines.append(
            f"{name:<32}{each:>8.3f}{spent.wall / wall:>8.0%}"
            f"{spent.cpu / count / MILLION:>9.3f}{spent.calls / count:>8.1f}"
        )
    lines.append(f"{'together':<32}{wall / count / MILLION:>8.3f}{1:>8.0%}")
    lines[-1] += f"{cpu / count / MILLION:>9.3f}"
    per_second = count / (cpu / MILLION / 1000)
    lines.append(f"At most {per_second:,.0f}/s a processor, without the server and PostgreSQL.")
    return "\n".join(lines)


def _costs(costs: dict[str, Cost], count: int) -> str:
    lines = [f"{'call':<28}{'an order':>9}{'ms':>8}{'CPU ms':>8}{'statements':>12}{'ms/order':>10}"]
    for name, cost in costs.items():
        lines.append(
            f"{name:<28}{cost.calls / count:>9.2f}{cost.wall / cost.calls * 1000:>8.2f}"
            f"{cost.cpu / cost.calls * 1000:>8.2f}{cost.statements / cost.calls:>12.1f}"
            f"{cost.wall / count * 1000:>10.2f}"
        )
    wall = sum(cost.wall for cost in costs.values()) / count * 1000
    cpu = sum(cost.cpu for cost in costs.values()) / count * 1000
    lines.append(f"One life: {wall:.1f} ms, of which {cpu:.1f} ms of this processor.")
    return "\n".join(lines)

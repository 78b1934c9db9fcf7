"""One run: connect, let orders in, work them off, disturb, and compare every book at the end."""

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from random import Random

from demo import progress, summary
from demo.akinon import books, outage, scenery, setting_up, stored
from demo.akinon.api import Api
from demo.akinon.outage import Outage
from demo.akinon.staff import Habits, Staff
from tests.simulators.akinon_books import ShopBooks
from tests.simulators.akinon_rows import Basket
from tests.simulators.omnitron import Omnitron
from tests.simulators.seller_center import SellerCenter

MOST_SECONDS = 3600.0
CANCELLED_ORDERS = 0.03
PAUSE = 1.0
QUIET_LOOKS = 30
HOOKS = 30
ORDERS_A_ROUND = 25


@dataclass(frozen=True, slots=True)
class Plan:
    """What to play. `outage_seconds` of zero disturbs nothing."""

    mode: str
    baskets: Sequence[Basket]
    outage_seconds: float = 0.0
    seed: int = 1
    threads: int = 4
    patience: float = MOST_SECONDS
    """Seconds after which what is not there will never be."""
    is_calm: bool = False
    """Nobody refuses a package or misses anything, so every order can be delivered."""

    @property
    def half(self) -> int:
        """Orders that are there at the beginning: at least one, for a channel comes with it."""
        return (len(self.baskets) + 1) // 2


@dataclass(frozen=True, slots=True)
class Where:
    """The installation that is played with."""

    base_url: str
    database_url: str


@dataclass(slots=True)
class Stage:
    """The other systems of a run, and what does not add up so far."""

    plan: Plan
    omnitron: Omnitron
    seller_center: SellerCenter | None
    problems: list[str] = field(default_factory=list)
    six: list[int] = field(default_factory=list)
    """Keys of the hooks at Omnitron that call this OMS."""

    @property
    def source(self) -> ShopBooks:
        """Where orders come from."""
        seller_center = self.seller_center
        return self.omnitron.books if seller_center is None else seller_center.orders


def open_stage(stack: ExitStack, plan: Plan, skus: Sequence[str]) -> Stage:
    """Start the other systems; both know the same goods under the same keys."""
    goods = {sku: sku for sku in skus}
    omnitron = stack.enter_context(Omnitron(books=ShopBooks(products=goods)))
    if plan.mode == "a":
        return Stage(plan, omnitron, None)
    orders = ShopBooks(products=goods)
    seller_center = stack.enter_context(SellerCenter(orders=orders, secret=scenery.SIGNATURE_KEY))
    return Stage(plan, omnitron, seller_center)


def play(where: Where, stage: Stage) -> list[str]:
    """Play, print the tables, and return what does not add up."""
    api = Api(where.base_url, scenery.USERNAME, scenery.PASSWORD)
    began = time.monotonic()
    _set_up(api, stage)
    _cancel_early(where, stage)
    plan = stage.plan
    habits = Habits(may_replan=plan.mode == "a", threads=plan.threads, seed=plan.seed)
    if plan.is_calm:
        habits = replace(habits, refused=0.0, missing=0.0)
    staff = Staff(api, habits)
    disturbance = Outage(stage.omnitron, stage.seller_center, plan.outage_seconds)
    _work_all_off(where, stage, staff, disturbance)
    disturbance.join()
    found = _wait_for_news(where, stage)
    print(summary.table(_rows(stage, staff, found, time.monotonic() - began), title="\nThe run"))
    problems = [*stage.problems, *staff.problems, *_contradictions(stage, found)]
    return problems + [f"package {number} is not done" for number in books.unfinished(found)]


def _set_up(api: Api, stage: Stage) -> None:
    """Half of the orders are there before anybody looks, the others come while work goes on."""
    half = stage.plan.half
    setting_up.connect(api, stage.omnitron, stage.seller_center)
    stage.six = setting_up.let_in(api, stage.omnitron, total=HOOKS)
    if stage.seller_center is None:
        setting_up.make_scenario(api, "a", channel=None)
        _place(stage, stage.plan.baskets[:half])
        return
    setting_up.subscribe(api, stage.seller_center)
    _place(stage, stage.plan.baskets[:half])
    channel = _awaited(lambda: setting_up.static_channel(api), stage.plan.patience / 6)
    if channel is None:
        stage.problems.append("no static channel came into being")
    else:
        setting_up.make_scenario(api, "b", channel=channel)


def _place(stage: Stage, baskets: Sequence[Basket]) -> None:
    for basket in baskets:
        stage.source.place(basket)


def _work_all_off(where: Where, stage: Stage, staff: Staff, disturbance: Outage) -> None:
    plan = stage.plan
    batch: list[Basket] = []
    late = list(plan.baskets[plan.half :])
    ends = time.monotonic() + plan.patience
    with progress.bar(len(plan.baskets), "Delivered") as advance:
        shown = 0
        while time.monotonic() < ends:
            if stage.seller_center is None:
                _cancel_some(stage, batch)
            batch, late = late[:ORDERS_A_ROUND], late[ORDERS_A_ROUND:]
            _place(stage, batch)
            has_worked = bool(staff.work() or batch)
            count = _finished(stage.source)
            advance(count - shown)
            shown = count
            if plan.outage_seconds and not disturbance.has_begun and not late:
                disturbance.begin()
            if not has_worked and _is_over(where, stage):
                return
            time.sleep(0 if has_worked else PAUSE)
    stage.problems.append(f"{shown} of {len(plan.baskets)} orders came to their end in time")


def _cancel_early(where: Where, stage: Stage) -> None:
    """Once half of the orders are here, and before anybody works on them, some are cancelled."""
    half = stage.plan.baskets[: stage.plan.half]
    expected = len(half)

    def stored_orders() -> int | None:
        count = len(stored.read(where.database_url).orders)
        return count if count >= expected else None

    if _awaited(stored_orders, stage.plan.patience) is None:
        stage.problems.append(f"fewer than {expected} orders came in time")
    cancelled = _cancel_some(stage, half)

    def all_known() -> int | None:
        units = stored.read(where.database_url).units
        known = sum(bool(units[key][0].cancelled) for key in cancelled if key in units)
        return known if known == len(cancelled) else None

    if cancelled and _awaited(all_known, stage.plan.patience / 6) is None:
        stage.problems.append(f"not all of {len(cancelled)} early cancellations were heard")


def _cancel_some(stage: Stage, batch: Sequence[Basket]) -> list[int]:
    """Customers of some of these orders change their minds about the first piece."""
    source, cancelled = stage.source, []
    orders = {row["number"]: row["pk"] for row in list(source.orders.values())}
    for basket in batch:
        if Random(f"{stage.plan.seed}:{basket.number}:cancel").random() < CANCELLED_ORDERS:
            order = orders[basket.number]
            cancelled.append(int(source.items_of(order)[0]["pk"]))
            source.ask_to_cancel(order, cancelled[-1:])
    return cancelled


def _finished(source: ShopBooks) -> int:
    return sum(row["status"] in ("550", "100") for row in list(source.orders.values()))


def _is_over(where: Where, stage: Stage) -> bool:
    """Whether every order is here and planned, and nobody has to work on a package."""
    found = stored.read(where.database_url)
    if len(found.orders) < len(stage.plan.baskets):
        return False
    return not books.unplanned(found) and not books.unfinished(found)


def _wait_for_news(where: Where, stage: Stage) -> stored.Stored:
    """What is stored once the last news arrived, or nothing comes any more, or it is late."""
    last, quiet = -1, 0
    ends = time.monotonic() + 4 * stage.plan.patience + stage.plan.outage_seconds
    while True:
        found = stored.read(where.database_url)
        if time.monotonic() > ends:
            return found
        if not _contradictions(stage, found) and stage.omnitron.whisperer.is_idle():
            return found
        seen = len(stage.omnitron.calls)
        seen += len(stage.seller_center.calls) if stage.seller_center else 0
        quiet = quiet + 1 if seen == last else 0
        if quiet >= QUIET_LOOKS + stage.plan.outage_seconds:
            return found
        last = seen
        time.sleep(PAUSE * 4)


def _contradictions(stage: Stage, found: stored.Stored) -> list[str]:
    problems = list(books.of_source(stage.source, found))
    if stage.seller_center is not None:
        sellers = stage.seller_center.seller_of_items()
        problems += books.of_sellers(stage.seller_center.books, found, sellers)
    return problems


def _rows(
    stage: Stage, staff: Staff, found: stored.Stored, seconds: float
) -> list[tuple[str, object]]:
    states: dict[str, int] = {}
    for package in found.packages.values():
        states[package.state] = states.get(package.state, 0) + 1
    return [
        ("mode", stage.plan.mode.upper()),
        ("orders at the source", len(stage.source.orders)),
        ("orders stored", len(found.orders)),
        ("items (units)", len(found.units)),
        ("packages", len(found.packages)),
        *((f"  in state {state}", states[state]) for state in sorted(states, key=int)),
        ("commands done", staff.done.total()),
        *((f"  {slug}", count) for slug, count in sorted(staff.done.items())),
        ("commands overtaken by others", staff.overtaken.total()),
        *outage.counted(stage.omnitron, stage.seller_center),
        ("seconds", round(seconds, 1)),
    ]


def _awaited(look: Callable[[], int | None], seconds: float) -> int | None:
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if (found := look()) is not None:
            return found
        time.sleep(PAUSE)
    return None

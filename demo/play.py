"""One run of the demo: shops and warehouses against a server, then the audit."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from demo import audit, books
from demo.agenda import Agenda
from demo.books import Books
from demo.courier import Courier
from demo.habits import Habits
from demo.labels import LabelBook
from demo.messages import Task
from demo.oms4 import COUNTS_A_CALL, ChannelApi, PointApi
from demo.orders import purchases
from demo.packing import Delivery
from demo.shop import Shops
from demo.story import Story
from demo.warehouse import Warehouse
from demo.wire import Patience, Wire
from demo.world import World

WATCH_PAUSE = 0.4
SETTLE_PAUSE = 1.0


class TooSlowError(Exception):
    """The orders did not come to their end in time."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to play, and how hard."""

    base_url: str
    orders: int
    seed: int = 1
    threads: int = 8
    senders: int = 4
    orders_per_second: float | None = None
    most_seconds: float = 900.0
    patience: Patience = field(default_factory=Patience)


@dataclass(slots=True)
class Outcome:
    """What came of it."""

    story: Story
    books: Books
    labels: LabelBook
    tally: dict[str, int]
    refusals: dict[str, int]
    problems: list[str]
    seconds: float
    calls: int
    retries: int


class Stage:
    """All players of one run."""

    def __init__(self, world: World, plan: Plan, *, now: int) -> None:
        self.plan = plan
        self.world = world
        self.wire = Wire(plan.base_url, patience=plan.patience)
        made = purchases(world, count=plan.orders, seed=plan.seed, now=now)
        self.story = Story(made)
        self.labels = LabelBook()
        self.channels = {shop.code: ChannelApi(self.wire, shop.credentials) for shop in world.shops}
        self.points = {point.code: PointApi(self.wire, point.credentials) for point in world.points}
        self.agenda = Agenda(threads=plan.threads, name="demo")
        self.couriers = {
            shop.name: Courier(
                self.channels[shop.code], self.agenda, extent_of=self.story.extent_of
            )
            for shop in world.shops
            if not shop.is_self_delivered
        }
        self.warehouses = [self._warehouse(api) for api in self.points.values()]
        self.players: list[Warehouse | Courier] = [*self.warehouses, *self.couriers.values()]
        self.shops = Shops(
            self.channels, self.agenda, self.story, orders_per_second=plan.orders_per_second
        )

    def _warehouse(self, api: PointApi) -> Warehouse:
        deliveries = {
            shop.name: Delivery("Own Fleet") for shop in self.world.shops if shop.is_self_delivered
        }
        return Warehouse(
            api,
            self.agenda,
            habits=Habits(weights=self.world.weights, deliveries=deliveries),
            labels=self.labels,
            extent_of=self.story.extent_of,
            on_left=self._tell_courier,
        )

    def _tell_courier(self, task: Task) -> None:
        self.couriers[task.sales_channel].tell(task.order_no)

    def count_stock(self) -> None:
        """The warehouses count what they have in plenty, so that every run has enough."""
        plenty = {item.code for shop in self.world.shops for item in shop.plenty}
        for point in self.world.points:
            counts: list[dict[str, object]] = [
                {
                    "brand_code": self.world.items[code].brand_code,
                    "brand_sku_code": self.world.items[code].brand_sku_code,
                    "qty": max(quantity, 2 * self.plan.orders),
                }
                for code, quantity in point.stock.items()
                if code in plenty
            ]
            for start in range(0, len(counts), COUNTS_A_CALL):
                self.points[point.code].sync_inventory(counts[start : start + COUNTS_A_CALL])

    def open(self) -> None:
        """Everybody begins."""
        for player in self.players:
            player.start()
        self.shops.open(senders=self.plan.senders)

    def problems(self) -> list[str]:
        """What the players could not make sense of."""
        return [
            *(f"{type(error).__name__}: {error}" for error in self.agenda.problems),
            *self.shops.problems,
            *self.labels.problems,
        ]

    def refusals(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for player in self.players:
            for sentence, count in player.refusals.items():
                found[sentence] = found.get(sentence, 0) + count
        return found


def play(
    stage: Stage, *, progress: Callable[[int], None], is_enough: Callable[[], bool] = lambda: True
) -> Outcome:
    """Play until every order came to its end and `is_enough`, then audit.

    Raises TooSlowError when the orders do not come to their end in time.
    """
    begun = time.monotonic()
    stage.count_stock()
    stage.open()
    try:
        _watch(stage, progress, is_enough, until=begun + stage.plan.most_seconds)
        seconds = time.monotonic() - begun
        problems, read = _settled_audit(stage)
    finally:
        stage.agenda.close()
    return Outcome(
        story=stage.story,
        books=read,
        labels=stage.labels,
        tally=dict(stage.shops.tally),
        refusals=stage.refusals(),
        problems=stage.problems() + problems,
        seconds=seconds,
        calls=stage.wire.traffic.calls,
        retries=stage.wire.traffic.retries,
    )


def _watch(
    stage: Stage, progress: Callable[[int], None], is_enough: Callable[[], bool], *, until: float
) -> None:
    while not (stage.story.is_over and is_enough()):
        if time.monotonic() > until:
            waiting = stage.story.unsettled
            raise TooSlowError(
                f"{len(waiting)} of {stage.plan.orders} orders did not come to their end, "
                f"{stage.plan.orders - stage.story.sent} were not even sent; first: {waiting[:5]}"
            )
        stage.shops.watch(progress)
        time.sleep(WATCH_PAUSE)


def _settled_audit(stage: Stage, *, tries: int = 5) -> tuple[list[str], Books]:
    """Audit; again after a moment when something is off, for the last reports may be on the way."""
    while True:
        tries -= 1
        problems, read = _audit(stage)
        if not problems or tries == 0:
            return problems, read
        time.sleep(SETTLE_PAUSE)


def _audit(stage: Stage) -> tuple[list[str], Books]:
    story, read = stage.story.purchases, Books()
    points = list(stage.points.values())
    books.read_channels(read, stage.channels, story.values())
    books.read_points(read, points, story.keys())
    labelled = [
        task.ft_no
        for number, tasks in read.tasks.items()
        if not story[number].shop.is_self_delivered
        for task in tasks
    ]
    books.read_labels(read, points, labelled, stage.labels)
    scarce = {item.code for shop in stage.world.shops for item in shop.scarce}
    stock = sum(point.stock.get(code, 0) for point in stage.world.points for code in scarce)
    problems = list(audit.audit_scarce(list(story.values()), read, stock))
    for purchase in story.values():
        problems += audit.audit_order(purchase, read)
        problems += audit.audit_labels(purchase, read)
    return problems, read

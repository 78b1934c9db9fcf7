"""`python -m demo.real`: a real file of orders through a fresh installation, to the last parcel."""

import argparse
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from demo import installation, retail, summary, world
from demo.agenda import Agenda
from demo.books import batches
from demo.courier import Courier
from demo.habits import Habits, always_deliver
from demo.labels import LabelBook
from demo.oms4 import COUNTS_A_CALL, PAGE, ChannelApi, PointApi
from demo.progress import bar
from demo.retail import Key
from demo.warehouse import Warehouse
from demo.wire import Wire
from oms.runtime import signals
from oms.runtime.home import PROJECT_ROOT, Home
from oms.runtime.home_lock import only_launcher
from oms.runtime.problems import StartupProblem

FILE_NAME = "online_retail.csv.gz"
ABSENT = (
    "The file {} does not exist. Get *Online Retail* (Daqing Chen, UCI Machine Learning "
    "Repository, DOI 10.24432/C5BW33, CC BY 4.0) from https://doi.org/10.24432/C5BW33, save it as "
    "CSV with ISO date-times, and name it with --file."
)
TEMPLATE = Path(__file__).with_name("real.yaml")
ON_THE_WAY = ("CREATED", "PAID", "PROCESSING", "PACKED", "SHIPPING", "PENDING DELIVERY")
WATCH_PAUSE = 1.0
STOP_SECONDS = 60.0
MOST_SECONDS = 3600.0


@dataclass(slots=True)
class Seen:
    """What the channel's API says at the end: units by row of the file."""

    states: Counter[str] = field(default_factory=Counter)
    stored: dict[Key, int] = field(default_factory=dict)
    shipped: Counter[Key] = field(default_factory=Counter)
    parcels: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class Run:
    """Everything known about one run."""

    title: str
    file: retail.File
    printed: dict[str, int] = field(default_factory=dict)
    refused: dict[Key, str] = field(default_factory=dict)
    seen: Seen = field(default_factory=Seen)
    seconds: dict[str, float] = field(default_factory=dict)
    counted: int = 0
    labels: int = 0

    @contextmanager
    def timed(self, what: str) -> Iterator[None]:
        begun = time.monotonic()
        yield
        self.seconds[what] = time.monotonic() - begun

    def rows(self) -> Iterator[tuple[str, object]]:
        """The summary."""
        ordered, shipped = sum(self.seen.stored.values()), self.seen.shipped.total()
        orders = self.seen.states.total()
        yield "rows in the file", len(self.file.rows)
        yield "  order lines", len(self.seen.stored)
        yield "  charges", self.printed.get("charges", 0)
        yield "  cancellations", self.printed.get("cancellations", 0)
        yield "  refused", len(self.refused)
        for reason, number in Counter(self.refused.values()).most_common():
            yield f"    {reason}", number
        yield "orders", orders
        yield from ((f"  {state}", number) for state, number in self.seen.states.most_common())
        yield "units ordered", ordered
        yield "  shipped", shipped
        yield "  cancelled", ordered - shipped
        yield "SKUs counted", self.counted
        yield "parcels", self.seen.parcels.total()
        yield "labels read (PDF)", self.labels
        for what, seconds in self.seconds.items():
            yield f"{what}: seconds", round(seconds, 1)
            yield f"{what}: orders per second", round(orders / max(seconds, 0.001), 1)

    def contradictions(self) -> Iterator[str]:
        """What does not add up."""
        for state in ON_THE_WAY:
            if self.seen.states[state]:
                yield f"{self.seen.states[state]} orders are still {state}"
        yield from retail.contradictions(
            self.file,
            stored=self.seen.stored,
            shipped=self.seen.shipped,
            refused=self.refused,
            printed=self.printed,
        )


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 0 only if everything adds up to the file and every invariant holds."""
    signals.interrupt_on_all()
    chosen = _parser().parse_args(arguments)
    if not chosen.file.is_file():
        print(ABSENT.format(chosen.file), file=sys.stderr)
        return 2
    installation.forget_other_installations()
    port = int(os.environ.get("OMS_PORT") or installation.free_port())
    home = Home(PROJECT_ROOT / (os.environ.get("OMS_HOME") or "var/real"), port=port)
    try:
        file = retail.read(chosen.file)
        _make_fresh(home, file)
        with _running(home):
            problems = _fill_and_ship(home, chosen.file, file)
            verified = installation.manage(home, "verify_invariants")
            print(verified.stdout)
    except StartupProblem as problem:
        print(problem, file=sys.stderr)
        return 1
    if problems:
        print(summary.of_problems(problems))
    elif verified.returncode == 0:
        print("Everything adds up to the file.")
    return 1 if problems else verified.returncode


def _make_fresh(home: Home, file: retail.File) -> None:
    """An empty home with the world of this run; an earlier run's is removed."""
    if home.path.exists():
        with only_launcher(home):
            installation.remove(home)
    home.ensure_writable()
    retail.write_world(TEMPLATE, home.path / "world.yaml", file)


@contextmanager
def _running(home: Home) -> Iterator[None]:
    """The installation as `make run` starts it, without its demo."""
    log = home.logs / "launcher.log"
    with log.open("wb") as output:
        launcher = subprocess.Popen(
            [sys.executable, "-m", "oms.runtime", "up", "--demo-orders", "0"],
            env=installation.told(home, OMS_WORLD=str(home.path / "world.yaml")),
            cwd=PROJECT_ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        _wait_ready(home, launcher, log)
        yield
    finally:
        launcher.terminate()
        with suppress(subprocess.TimeoutExpired):
            launcher.wait(STOP_SECONDS)


def _wait_ready(home: Home, launcher: "subprocess.Popen[bytes]", log: Path) -> None:
    """Until the launcher says so: it asks /readyz itself."""
    deadline = time.monotonic() + installation.READY_SECONDS
    while "Ready after" not in log.read_text("utf-8", "replace"):
        if launcher.poll() is not None or time.monotonic() > deadline:
            raise StartupProblem(f"The installation did not start:\n{log.read_text('utf-8')}")
        time.sleep(0.1)
    print(f"The installation runs at {home.base_url}/admin/ (admin, admin).")


def _fill_and_ship(home: Home, path: Path, file: retail.File) -> list[str]:
    """Import, count, ship, look; prints the table and returns what does not add up."""
    told = world.load(home.path / "world.yaml")
    wire = Wire(home.base_url)
    channel = ChannelApi(wire, told.shops[0].credentials)
    depot = PointApi(wire, told.points[0].credentials)
    refused_path = home.path / "refused.csv"
    run = Run(path.name, file)
    with run.timed("import"):
        imported = installation.manage(
            home, "import_orders", str(path.resolve()), "--channel", told.shops[0].code,
            "--mapping", "online_retail", "--create-skus", "--refused", str(refused_path),
        )  # fmt: skip
    print(imported.stdout)
    if imported.returncode != 0:
        return ["the import failed"]
    run.printed = retail.printed_totals(imported.stdout)
    run.refused = retail.refused_rows(refused_path)
    with run.timed("shipping"):
        run.counted = _count_stock(depot, file)
        run.labels, problems = _ship(channel, depot, run.printed["Orders"])
    run.seen = _look(channel)
    print(summary.table(list(run.rows()), title=path.name))
    return [*problems, *run.contradictions()]


def _count_stock(depot: PointApi, file: retail.File) -> int:
    """As much of everything as was sold, 200 SKUs a call; how many were counted."""
    counts: list[dict[str, object]] = [
        {"brand_code": retail.BRAND, "brand_sku_code": code, "qty": units}
        for code, units in sorted(file.sold.items())
    ]
    starts = range(0, len(counts), COUNTS_A_CALL)
    return sum(depot.sync_inventory(counts[start : start + COUNTS_A_CALL]) for start in starts)


def _ship(channel: ChannelApi, depot: PointApi, orders: int) -> tuple[int, list[str]]:
    """Let the warehouse and the carrier work until no order is on its way; labels and problems."""
    agenda, labels = Agenda(threads=8, name="real"), LabelBook()
    courier = Courier(channel, agenda, extent_of=always_deliver, recheck=60.0)
    depot_player = Warehouse(
        depot,
        agenda,
        habits=Habits(recheck=60.0),
        labels=labels,
        on_left=lambda task: courier.tell(task.order_no),
    )
    until, done = time.monotonic() + MOST_SECONDS, 0
    courier.start()
    depot_player.start()
    try:
        with bar(orders, "shipping") as advance:
            while channel.orders(statuses=ON_THE_WAY) and time.monotonic() < until:
                time.sleep(WATCH_PAUSE)
                advance(len(labels) - done)
                done = len(labels)
    finally:
        agenda.close()
    problems = [*map(repr, agenda.problems), *labels.problems]
    return len(labels), problems + [str(entry) for entry in depot_player.refusals.items()]


def _look(channel: ChannelApi) -> Seen:
    """Every order and every parcel of the channel."""
    seen = Seen()
    numbers: list[str] = []
    while page := channel.orders(offset=len(numbers)):
        for order in page:
            numbers.append(order.order_no)
            seen.states[order.order_status] += 1
            for item in order.items:
                seen.stored[order.order_no, int(item.orig_order_item_id)] = item.qty
    for batch in batches(numbers, PAGE):
        for parcel in channel.parcels_of(batch):
            if not parcel.is_live:
                continue
            seen.parcels[parcel.status] += 1
            for content in parcel.items:
                seen.shipped[parcel.order_no, int(content.orig_order_item_id)] += content.qty
    return seen


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m demo.real",
        description="Import a file of real orders (Online Retail, UCI) into a fresh installation "
        "of its own (OMS_HOME, default var/real; what is there is removed), give it stock, let the "
        "warehouse ship everything over its API, and compare the outcome with the file, row by "
        "row.",
    )
    default = installation.data_file(FILE_NAME)
    parser.add_argument("--file", type=Path, default=default, metavar="PATH")
    return parser


if __name__ == "__main__":
    sys.exit(main())

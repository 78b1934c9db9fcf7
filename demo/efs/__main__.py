"""`python -m demo.efs`: an external warehouse system packs real orders of a fresh installation."""

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from demo import installation, retail, summary
from demo.efs import goods, run, scenery
from demo.efs.scenery import SECRET, Tenant
from demo.keeper import Keeper
from oms.accounts.keys import new_key
from oms.runtime import servers, signals
from oms.runtime.home import Home
from oms.runtime.problems import StartupProblem
from tests.simulators.wms import Habits, Wms
from tests.simulators.wms_wire import EfsClient

FILE_NAME = "online_retail.csv.gz"
KIT = "oms.api.increff.conformance"
KIT_SKUS = (("TEE-RED-M", "Tee red M"), ("TEE-BLUE-M", "Tee blue M"))
KIT_HEADER = ("X-Kit-Tenant", "north")


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 0 only if everything reconciles, every invariant holds and the kit passes."""
    signals.interrupt_on_all()
    chosen = _parser().parse_args(arguments)
    installation.forget_other_installations()
    path = Path(tempfile.mkdtemp(prefix="oms-efs-"))
    path.chmod(0o711)  # the account that runs PostgreSQL must get in
    home = Home(path, port=installation.free_port())
    try:
        home.ensure_writable()
        problems = _play(home, chosen)
    except StartupProblem as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Interrupted.", file=sys.stderr)
        return 130
    finally:
        if chosen.keep:
            print(f"Kept: {path}")
        else:
            installation.remove(home)
    if problems:
        print(summary.of_problems(problems))
        return 1
    print("Everything reconciles.")
    return 0


def _play(home: Home, chosen: argparse.Namespace) -> list[str]:
    orders = home.path / "orders.csv"
    written = goods.write(orders, orders=chosen.orders, source=_source(chosen), seed=chosen.seed)
    print(f"{written} orders from {_source(chosen) or 'the demo'}.")
    sold = retail.read(orders)
    skus = goods.sold(sold.sold)
    habits = Habits(
        cancelled_lines=chosen.cancelled,
        failed_inspections=chosen.failed,
        threads=chosen.threads,
        seed=chosen.seed,
    )
    tenant = _tenant("DEMO")
    wms = Wms(
        EfsClient(home.base_url, tenant.user, SECRET), location=tenant.location, habits=habits
    )
    with wms.receiving() as mailroom:
        tenant = replace(tenant, mailroom=mailroom)
        kit = _tenant("KIT", f"http://127.0.0.1:{installation.free_port()}", is_kit=True)
        named = [(code, sold.names[code] or code) for code in skus]
        scenery.write(home.path / "world.yaml", [(tenant, named), (kit, KIT_SKUS)])
        plan = run.Plan(tenant, orders, skus, chosen.returned, chosen.seed)
        with _working(home):
            problems = run.play(home, plan, wms)
            if chosen.kit and not _is_kept(home, kit):
                problems.append("the conformance kit fails")
            return problems + installation.broken_invariants(home)


def _source(chosen: argparse.Namespace) -> Path | None:
    """The file of real orders, if there is one and made-up ones are not asked for."""
    if chosen.made_up or not chosen.file.is_file():
        return None
    found: Path = chosen.file
    return found


def _tenant(code: str, mailroom: str = "", *, is_kit: bool = False) -> Tenant:
    return Tenant(
        code=code,
        currency="INR",
        country="IN",
        timezone="Asia/Kolkata",
        mailroom=mailroom,
        api_key=new_key(is_test=False).text,
        static_headers=(KIT_HEADER,) if is_kit else (),
        is_unlimited=not is_kit,
    )


@contextmanager
def _working(home: Home) -> Iterator[None]:
    """Servers, web, worker and beat, with the world of this run."""
    told = installation.told(home, OMS_WORLD=str(home.path / "world.yaml"))
    with ExitStack() as stack:
        stack.enter_context(servers.running(servers.needed(home)))
        world = str(home.path / "world.yaml")
        if installation.run_module(home, ["oms.runtime.prepare"], OMS_WORLD=world) != 0:
            raise StartupProblem("The installation could not be prepared.")
        keeper = Keeper(home, told)
        keeper.start()
        stack.callback(keeper.stop)
        installation.wait_ready(home)
        yield


def _is_kept(home: Home, kit: Tenant) -> bool:
    """Whether the conformance kit finds nothing wrong; prints its table."""
    host_port = kit.mailroom.removeprefix("http://")
    words = [
        KIT,
        home.base_url,
        *("--user", kit.user, "--password", SECRET, "--location", kit.location),
        *("--closed-location", kit.closed_location, "--currency", kit.currency),
        *("--channel", kit.shop, "--shop-url", f"{home.base_url}/v1", "--shop-key", kit.api_key),
        *("--listen", host_port, "--header", "=".join(KIT_HEADER)),
    ]
    for place, (code, _) in enumerate(KIT_SKUS, 1):
        words += ["--sku", f"{scenery.efs_code(code)}:{scenery.barcode(place)}:{code}"]
    return installation.run_module(home, words) == 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m demo.efs",
        description="Start an installation, import orders, and let a warehouse system that speaks "
        "the Increff contract list, pick, pack, manifest, hand over and take returns. Its own "
        "books are compared with the database, and the invariants are verified.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    add = parser.add_argument
    add("--orders", type=_natural, default=1000, metavar="N")
    default = installation.data_file(FILE_NAME)
    add("--file", type=Path, default=default, metavar="PATH", help="orders as Online Retail has")
    add("--made-up", action="store_true", help="the demo's orders, whether there is a file or not")
    add("--cancelled", type=float, default=0.05, metavar="SHARE", help="lines given up")
    add("--returned", type=float, default=0.06, metavar="SHARE", help="orders of which some return")
    add("--failed", type=float, default=0.5, metavar="SHARE", help="units that fail inspection")
    add("--threads", type=_natural, default=4, metavar="N", help="pack calls at once")
    add("--seed", type=int, default=1, metavar="S")
    add("--kit", action="store_true", help="run the conformance kit as well (some minutes)")
    add("--keep", action="store_true", help="keep the installation's directory")
    return parser


def _natural(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


if __name__ == "__main__":
    sys.exit(main())

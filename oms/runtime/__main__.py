"""`python -m oms.runtime`: what the Makefile calls."""

import argparse
import os
import sys
from collections.abc import Sequence

from oms.runtime import launcher, signals
from oms.runtime.home import Home
from oms.runtime.problems import StartupProblem

DEMO_ORDERS = "200"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one subcommand; what keeps it from starting is told in one sentence, with exit code 1."""
    signals.interrupt_on_all()
    chosen = _parser().parse_args(arguments)
    try:
        return _dispatch(chosen)
    except StartupProblem as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Interrupted.", file=sys.stderr)
        return 130


def _dispatch(chosen: argparse.Namespace) -> int:
    home = Home.from_env()
    if chosen.command == "servers":
        return launcher.serve_servers(home)
    if chosen.command == "exec":
        command = chosen.words[1:] if chosen.words[:1] == ["--"] else chosen.words
        if not command:
            raise StartupProblem("exec needs a command: python -m oms.runtime exec -- COMMAND")
        return launcher.execute(home, command)
    options = launcher.Options(_demo_orders(chosen.demo_orders), is_loud=chosen.foreground_logs)
    return launcher.up(home, options)


def _demo_orders(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise StartupProblem(f"OMS_DEMO_ORDERS must be a whole number, not {text!r}.")
    return int(text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m oms.runtime",
        description="Run oms on this machine.",
        epilog="OMS_HOME, OMS_PORT, OMS_BIND, OMS_DATABASE_URL, OMS_REDIS_URL, OMS_WORLD and "
        "OMS_DEMO_ORDERS are read from the environment.",
    )
    commands = parser.add_subparsers(dest="command", required=True)
    up = commands.add_parser("up", help="servers, migrations, demo world, web, worker, beat, demo")
    up.add_argument(
        "--demo-orders",
        metavar="N",
        default=os.environ.get("OMS_DEMO_ORDERS") or DEMO_ORDERS,
        help="orders the demo plays on the first start; 0 for none (default: %(default)s)",
    )
    up.add_argument(
        "--foreground-logs",
        action="store_true",
        default=bool(os.environ.get("OMS_LOG_FORMAT")),
        help="show what the processes log here instead of in files",
    )
    commands.add_parser("servers", help="only the embedded servers, until Ctrl-C")
    execute = commands.add_parser("exec", help="run a command with the servers, started if needed")
    execute.add_argument("words", nargs=argparse.REMAINDER, metavar="-- COMMAND ...")
    return parser


if __name__ == "__main__":
    sys.exit(main())

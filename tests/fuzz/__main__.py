"""`python -m tests.fuzz`: starts an installation and tries everything its document promises."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from oms.runtime import signals
from oms.runtime.problems import StartupProblem
from tests.fuzz import place, report, tally

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(sys.executable).with_name("schemathesis")
CONFIGURATION = Path(__file__).with_name("schemathesis.toml")
PHASES = "examples,coverage,fuzzing,stateful"


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 0 when nothing was found and enough operations were reached with a 2xx."""
    signals.interrupt_on_all()
    chosen = _parser().parse_args(arguments)
    try:
        with place.running(keep=chosen.keep) as target:
            return _try(target, chosen)
    except StartupProblem as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Interrupted.", file=sys.stderr)
        return 130


def _try(target: place.Target, chosen: argparse.Namespace) -> int:
    document = f"{target.base_url}/v1/openapi.json"
    with tempfile.TemporaryDirectory(prefix="oms-fuzz-") as directory:
        said, events = Path(directory, "report.json"), Path(directory, "events.ndjson")
        counted = Path(directory, "tally")
        subprocess.run(
            [
                PROGRAM,
                *("--config-file", CONFIGURATION, "run", document, "--checks", "all"),
                *("--phases", chosen.phases, "--max-examples", str(chosen.examples)),
                *(("--seed", str(chosen.seed)) if chosen.seed is not None else ()),
                *("--report", "json,ndjson", "--no-color"),
                *("--report-json-path", said, "--report-ndjson-path", events),
            ],
            env=_environment(target, counted),
            cwd=directory,
            check=False,
        )
        with events.open() as lines:
            outcome = report.Outcome(
                operations=_operations(document),
                answers=tally.read(counted),
                verdict=json.loads(said.read_text()),
                checks=report.checks_of(lines),
            )
    print(report.told(outcome))
    return 0 if outcome.is_good else 1


def _environment(target: place.Target, counted: Path) -> dict[str, str]:
    """What the hooks and the configuration are told."""
    return os.environ | {
        "PYTHONPATH": str(ROOT),
        "OMS_FUZZ_URL": target.base_url,
        "OMS_FUZZ_KEY": target.api_key,
        "OMS_FUZZ_CLIENT_ID": target.client_id,
        "OMS_FUZZ_CLIENT_SECRET": target.client_secret,
        "OMS_FUZZ_TALLY": str(counted),
    }


def _operations(url: str) -> list[str]:
    """The ids of all operations of the document."""
    with urllib.request.urlopen(url, timeout=30) as answer:
        document: dict[str, Any] = json.load(answer)
    return [
        operation["operationId"]
        for item in document["paths"].values()
        for operation in item.values()
    ]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.fuzz",
        description="Start an installation of its own, and have schemathesis try every operation "
        "of /v1 in all ways its document allows and forbids. Ends with a table.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    add = parser.add_argument
    add("--examples", type=int, default=50, metavar="N", help="random requests per operation")
    add("--phases", default=PHASES, help="comma list of what to do")
    add("--seed", type=int, metavar="S", help="repeat a run")
    add("--keep", action="store_true", help="keep the installation's directory")
    return parser


if __name__ == "__main__":
    sys.exit(main())

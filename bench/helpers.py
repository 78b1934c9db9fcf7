"""Processes that measure: told a job, ready when it is prepared, and off together.

A helper is a module with a `main` that calls `serve`. One line each way, JSON: the job, `ready`,
`go`, the result; then the next job.
"""

import json
import logging
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Any, Self

from oms.runtime.home import PROJECT_ROOT

logger = logging.getLogger(__name__)

Job = Mapping[str, Any]
Result = dict[str, Any]
Prepare = Callable[[Job], Callable[[], Result]]


class HelperError(Exception):
    """A helper ended before it had a result."""


class Helper:
    """One process. Context manager: ends with its block."""

    def __init__(self, module: str) -> None:
        self._module = module
        self._process = subprocess.Popen(  # noqa: S603 - modules of this package
            [sys.executable, "-m", module],
            cwd=PROJECT_ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def prepare(self, job: Job) -> None:
        """Hand over a job."""
        self._write(json.dumps(job))

    def await_ready(self) -> None:
        if (line := self._read()) != "ready":
            raise HelperError(f"{self._module} said {line!r}")

    def go(self) -> None:
        self._write("go")

    def result(self) -> Result:
        """Wait for it."""
        result: Result = json.loads(self._read())
        if "error" in result:
            raise HelperError(f"{self._module}: {result['error']}")
        return result

    def run(self, job: Job) -> Result:
        """All four steps."""
        self.prepare(job)
        self.await_ready()
        self.go()
        return self.result()

    def close(self) -> None:
        if self._process.stdin:
            self._process.stdin.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout:
            self._process.stdout.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _write(self, line: str) -> None:
        if self._process.stdin is None:
            raise HelperError("no way to talk to the helper")
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()

    def _read(self) -> str:
        line = self._process.stdout.readline() if self._process.stdout else ""
        if not line:
            raise HelperError(f"{self._module} ended with exit code {self._process.wait()}")
        return line.rstrip("\n")


def run_together(helpers: Sequence[Helper], jobs: Sequence[Job]) -> list[Result]:
    """Prepare all, start all at once, wait for all."""
    pairs = list(zip(helpers, jobs, strict=True))
    for helper, job in pairs:
        helper.prepare(job)
    for helper in helpers:
        helper.await_ready()
    for helper in helpers:
        helper.go()
    return [helper.result() for helper in helpers]


def serve(prepare: Prepare) -> None:
    """The helper's side: jobs until standard input ends. A job that fails is told, not fatal."""
    for line in sys.stdin:
        run = _prepared(prepare, json.loads(line))
        print("ready", flush=True)
        if sys.stdin.readline().strip() != "go":
            return
        print(json.dumps(_outcome(run)), flush=True)


def _prepared(prepare: Prepare, job: Job) -> Callable[[], Result]:
    try:
        return prepare(job)
    except Exception as error:
        logger.exception("A job could not be prepared")
        problem = {"error": f"{type(error).__name__}: {error}"}
        return lambda: problem


def _outcome(run: Callable[[], Result]) -> Result:
    try:
        return run()
    except Exception as error:
        logger.exception("A job failed")
        return {"error": f"{type(error).__name__}: {error}"}
